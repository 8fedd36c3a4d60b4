"""The language comes from the environment, or else from `brug.toml`, before anything is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _help(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("BRUG_")}
    env |= {"PYTHONPATH": str(ROOT), "BRUG_DATA": str(folder / "data")} | environment
    command = [sys.executable, "-m", "cli.main", "case", "list"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("written", "environment", "said"),
    [
        ('language = "en"', {}, "not ready"),
        ('language = "en"', {"BRUG_LANGUAGE": "nl"}, "niet klaar"),
        ("", {}, "niet klaar"),
        ("language = en", {}, "Dit is geen geldige TOML."),
        ('langauge = "en"', {}, "Bedoel je language?"),
        ('language = "fr"', {}, "Kies uit: nl, en."),
    ],
)
def test_the_language_is_chosen(
    tmp_path: Path, written: str, environment: dict[str, str], said: str
) -> None:
    (tmp_path / "brug.toml").write_text(written, encoding="utf-8")
    ended = _help(tmp_path, **environment)
    assert said in ended.stderr and "Traceback" not in ended.stderr
    assert ended.returncode in (1, 2)
