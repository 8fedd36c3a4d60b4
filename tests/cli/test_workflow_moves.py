"""`brug workflow preview` and `migrate`: shown before it is done, and brought back."""

from pathlib import Path

from tests.cli.running import Brug
from tests.referrals.test_migrating import RENAMED
from workflows.library import builtin


def _file(text: str) -> Path:
    path = Path("open-door.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def _case(brug: Brug, *moves: str) -> str:
    opened = brug.json("case", "open", "--route", "open-door", "--first-name", "Fatima")
    case = str(opened["reference"])
    for move in moves:
        brug("case", "move", case, "--move", move)
    return case


def _stage(brug: Brug, case: str) -> str:
    return str(brug.json("case", "show", case)["stage"])


def test_what_would_change_is_shown_and_nothing_is_written(brug: Brug) -> None:
    _case(brug, "know")
    told = brug.json("workflow", "preview", _file(RENAMED))
    assert told["cases"] == 1
    assert [(each["stage"], each["to"]) for each in told["stages"]] == [("trust", None)]
    assert "--map trust=" in brug("workflow", "preview", "open-door.yaml")
    assert [
        row["version"] for row in brug.json("workflow", "list") if row["name"] == "open-door"
    ] == [1]


def test_cases_go_over_only_when_told_to_and_come_back(brug: Brug) -> None:
    case = _case(brug, "know")
    brug("workflow", "publish", _file(RENAMED))
    words = ("workflow", "migrate", "open-door", "--map", "trust=met")
    assert "--yes" in brug(*words)
    assert _stage(brug, case) == "trust"
    assert brug.json(*words, "--yes")["done"] is True
    assert _stage(brug, case) == "met"
    assert brug.json("workflow", "migrate", "open-door", "--back")["cases"] == 1
    brug("workflow", "migrate", "open-door", "--back", "--yes")
    assert _stage(brug, case) == "trust"
    brug("workflow", "migrate", "open-door", "--back", "--yes", code=1)


def test_a_stage_without_counterpart_refuses_all(brug: Brug) -> None:
    case = _case(brug, "know")
    brug("workflow", "publish", _file(RENAMED))
    brug("workflow", "migrate", "open-door", "--yes", code=1)
    assert "trust" in brug.complaint
    assert _stage(brug, case) == "trust"
    brug("workflow", "migrate", "open-door", "--map", "trust", code=2)
    brug("workflow", "migrate", "open-door", "--map", "trust=nowhere", code=2)


def test_an_unknown_pilot_is_told(brug: Brug) -> None:
    brug("workflow", "publish", _file(builtin("open-door") + "# 2\n"))
    brug("workflow", "migrate", "open-door", "--pilot", "Nergens", code=1)
