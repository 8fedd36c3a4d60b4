"""`brug workflow`: list, show, check, draw, discover and publish."""

from pathlib import Path

import pytest

from tests.cli.running import Brug
from tests.referrals.exchange.test_event_imports import a_log, as_csv
from workflows.library import builtin, builtin_names


def _file(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_published_routes_are_listed(brug: Brug) -> None:
    rows = brug.json("workflow", "list")
    assert [row["name"] for row in rows] == list(builtin_names())
    assert all(row["version"] == 1 and row["stages"] == 17 for row in rows)
    assert "Via de werkgever" in brug("workflow", "list")


def test_a_route_is_shown_by_name_and_from_a_file(brug: Brug) -> None:
    shown = brug.json("workflow", "show", "parents")
    assert shown["start"] and {move["name"] for move in shown["moves"]} >= {"agree", "refer"}
    path = _file("parents.yaml", builtin("parents"))
    assert brug.json("workflow", "show", path) == shown
    assert "agree" in brug("workflow", "show", "parents")
    brug("workflow", "show", "nowhere", code=1)
    assert "open-door" in brug.complaint


@pytest.mark.parametrize("name", builtin_names())
def test_the_built_in_routes_have_no_faults(bare: Brug, name: str) -> None:
    bare("workflow", "check", _file("route.yaml", builtin(name)))


def test_all_faults_are_told_at_once_with_file_line_and_remedy(bare: Brug) -> None:
    text = builtin("open-door").replace("to: trust", "to: nowhere").replace("owner", "neighbour", 1)
    path = _file("route.yaml", text)
    bare("workflow", "check", path, code=1)
    lines = [line for line in bare.complaint.splitlines() if line.startswith("route.yaml:")]
    assert len(lines) >= 2
    assert all(line.split(":")[1].isdigit() for line in lines)
    faults = bare.json("workflow", "check", path, code=1)["faults"]
    assert len(faults) == len(lines)
    assert all(fault["line"] and fault["why"] and fault["remedy"] for fault in faults)


def _opening(name: str) -> Path:
    text = builtin("employers").replace("opens: open-door", f"opens: {name}")
    return _file(f"to-{name}.yaml", text)


def test_a_route_that_is_opened_must_be_there(brug: Brug) -> None:
    brug("workflow", "check", _opening("caffe"), code=1)
    assert "caffe" in brug.complaint and brug.complaint.startswith("to-caffe.yaml:")
    brug("workflow", "publish", "to-caffe.yaml", code=1)
    cafe = builtin("parents").replace("name: parents", "name: cafe")
    brug("workflow", "publish", _file("cafe.yaml", cafe))
    brug("workflow", "check", "to-caffe.yaml", code=1)
    assert "cafe?" in brug.complaint
    for command in ("check", "show", "draw", "publish"):
        brug("workflow", command, _opening("cafe"))


def test_a_file_is_checked_without_a_database_and_with_settings_that_are_none(
    brug: Brug, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _file("r.yaml", builtin("employers"))
    for name, value in (
        ("BRUG_DATABASE_URL", "sqlite:///none.sqlite"), ("BRUG_DATABASE_URL", "mysql://x"),
        ("BRUG_DUE_HOUR", "soon"),
    ):  # fmt: skip
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            brug("workflow", "check", path)
            brug("workflow", "show", path)
            brug("workflow", "check", _opening("cafe"), code=1)
    assert not Path("none.sqlite").exists()


def test_a_faulty_file_never_becomes_a_version(brug: Brug) -> None:
    path = _file("route.yaml", builtin("open-door").replace("to: trust", "to: nowhere"))
    before = brug.json("workflow", "list")
    brug("workflow", "publish", path, code=1)
    brug("workflow", "publish", "no-such-file.yaml", code=1)
    assert brug.json("workflow", "list") == before


def test_publishing_makes_the_next_version_for_new_cases(brug: Brug) -> None:
    before = brug.json("case", "open")["reference"]
    text = builtin("open-door") + "\n# aangescherpt\n"
    assert brug.json("workflow", "publish", _file("r.yaml", text))["version"] == 2
    after = brug.json("case", "open")["reference"]
    versions = [brug.json("case", "show", ref)["route_version"] for ref in (before, after)]
    assert versions == [1, 2]
    brug("workflow", "publish", "r.yaml", code=1)


def test_a_route_is_drawn_as_svg_and_as_mermaid(brug: Brug) -> None:
    assert "<svg" in brug("workflow", "draw", "parents")
    mermaid = brug("workflow", "draw", "parents", "--format", "mermaid")
    assert mermaid.startswith(("flowchart", "stateDiagram", "%%", "---"))
    brug("workflow", "draw", "parents", "--out", "route.svg", "--counts")
    assert Path("route.svg").read_text().startswith(("<svg", "<?xml"))
    brug("workflow", "draw", "parents", "--format", "crayon", code=2)


def test_a_route_is_discovered_checked_and_published(brug: Brug) -> None:
    log = a_log(40)
    path = as_csv(Path("log.csv"), log)
    found = brug.json("workflow", "discover", path, "--name", "helpdesk", "--out", "h.yaml")
    activities = {activity for events in log.values() for activity, _ in events}
    assert (found["stages"], found["cases"]) == (len(activities), len(log))
    brug("workflow", "check", "h.yaml")
    published = brug.json("workflow", "discover", path, "--name", "helpdesk", "--publish")
    assert published["version"] == 1
    brug.json("import", "events", path, "--route", "helpdesk")
    rows = brug.json("reach", "--by", "stage", "--route", "helpdesk")["rows"]
    assert {row["stage"] for row in rows} == activities


def test_a_log_that_is_none_is_refused(bare: Brug) -> None:
    bare("workflow", "discover", _file("log.csv", "a;b\n1;2\n"), "--name", "x", code=1)
    assert bare.complaint
    bare("workflow", "discover", "none.csv", "--name", "x", code=1)


def test_columns_of_a_log_can_be_named(bare: Brug) -> None:
    path = _file("log.csv", "wie;wat;wanneer\n1;Intake;2018-04-03 10:00\n")
    bare("workflow", "discover", path, "--name", "x", code=1)
    words = ("--case", "wie", "--activity", "wat", "--time", "wanneer")
    assert "Intake" in bare("workflow", "discover", path, "--name", "x", *words)
