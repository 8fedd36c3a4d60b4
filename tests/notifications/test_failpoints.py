"""Workers die where they are told to, in tests, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from notifications import failpoints

ROOT = Path(__file__).parents[2]
PROGRAM = "from notifications.failpoints import passing; [passing(n) for n in ('claimed',) * 3]"


@pytest.mark.parametrize(
    ("setting", "code"),
    [("", 0), ("claimed", 70), ("claimed:3", 70), ("claimed:4", 0), ("settled", 0), ("elders", 1)],
)
def test_a_worker_dies_where_the_environment_says(setting: str, code: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "BRUG_FAIL_AT": setting},
        capture_output=True,
    )
    assert ran.returncode == code


def test_without_the_setting_nobody_dies() -> None:
    for name in failpoints.POINTS:
        failpoints.passing(name)
