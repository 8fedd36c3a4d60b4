"""The first morning of a newcomer: init, the register of the Taalhuis, and the right reach."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.referrals.exchange.registers import PEOPLE, REFUSED, a_register

ROOT = Path(__file__).parents[2]


def _brug(folder: Path, *words: str, code: int = 0) -> str:
    """A command in a process of its own, as in an office without any settings."""
    settings = {name: value for name, value in os.environ.items() if "BRUG" not in name}
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "cli.main", *words],
        cwd=folder, env={**settings, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


def _json(folder: Path, *words: str) -> Any:
    return json.loads(_brug(folder, *words, "--json"))


def test_from_nothing_to_the_reach_of_a_register(tmp_path: Path) -> None:
    a_register(tmp_path / "register.xlsx")
    _brug(tmp_path, "case", "list", code=1)
    assert "brug" in _brug(tmp_path, "init")
    assert "--dry-run" in _brug(tmp_path, "import", "register", "register.xlsx", "--dry-run")

    report = _json(tmp_path, "import", "register", "register.xlsx", "--accept-doubles")
    assert [(r["sheet"], r["row"], r["code"]) for r in report["refused"]] == REFUSED

    reach = _json(tmp_path, "reach", "--by", "stage")
    assert {row["stage"]: row["people"] for row in reach["rows"]} == PEOPLE
    _brug(tmp_path, "reach", "--verify")

    ria = next(row for row in _json(tmp_path, "case", "list") if row["first_name"] == "Ria")
    assert ria["reference"] in _brug(tmp_path, "case", "move", ria["reference"], "-m", "know")
    reach = _json(tmp_path, "reach", "--by", "stage")
    people = {row["stage"]: row["people"] for row in reach["rows"]}
    assert people == {**PEOPLE, "trust": PEOPLE["trust"] + 1}
    assert all(finding["well"] for finding in _json(tmp_path, "doctor"))
