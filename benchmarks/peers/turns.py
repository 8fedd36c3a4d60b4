"""How a peer in a process of its own takes its turns: a line in for a round, a line out after."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

READY = "ready"


def take_turns(work: Callable[[], int]) -> None:
    """In the peer: make a round for each line that comes in, and say how many moves it made."""
    print(READY, flush=True)
    for _ in sys.stdin:
        print(work(), flush=True)


class Peer:
    """A peer as seen from here: `go()` makes one round there and returns how many moves."""

    def __init__(self, module: str, folder: Path, cases: int, rounds: int):
        command = [sys.executable, "-m", module, str(folder), str(cases), str(rounds)]
        self._log = (folder / f"{module}.log").open("w")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        answer = ""
        while answer != READY:
            answer = self._answer()

    def go(self) -> int:
        """One round."""
        assert self._process.stdin is not None
        print("go", file=self._process.stdin, flush=True)
        return int(self._answer())

    def stop(self) -> None:
        """Let the peer end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._log.close()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._log.flush()
            raise RuntimeError(Path(self._log.name).read_text()[-2000:])
        return line.strip()
