"""`brug tick` and `brug worker`: each job says what it came to, and a worker ends when told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.running import Brug

ROOT = Path(__file__).parents[2]


def test_a_tick_tells_what_each_job_came_to(brug: Brug) -> None:
    told = brug.json("tick")
    assert (told["plan"], told["digest"], told["release"]) == (0, 0, 0)
    assert told["send"] == {"unreachable": None}
    assert "passed on" in brug("tick") or "doorgegeven" in brug("tick")


def test_a_worker_runs_until_it_is_told_to_end(tmp_path: Path) -> None:
    settings = {name: value for name, value in os.environ.items() if "BRUG" not in name}
    settings |= {"PYTHONPATH": str(ROOT), "BRUG_DATA": str(tmp_path), "BRUG_LANGUAGE": "en"}
    words = [sys.executable, "-u", "-m", "cli.main"]
    subprocess.run([*words, "init", "--library", "X"], env=settings, check=True, timeout=60)
    with subprocess.Popen([*words, "worker"], env=settings, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert b"The worker runs" in worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
