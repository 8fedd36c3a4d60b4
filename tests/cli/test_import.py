"""`brug import`: registers, introductions and event logs, from the command line."""

import json
from datetime import datetime
from pathlib import Path

from tests.cli.running import Brug
from tests.referrals.exchange.books import DATA, a_workbook
from tests.referrals.exchange.registers import ACCEPTED, PEOPLE, REFUSED, ROWS, a_register
from tests.referrals.exchange.test_event_imports import a_log, as_csv, cases_per_activity


def _reach(brug: Brug, *words: object) -> dict[str, int]:
    rows = brug.json("reach", "--by", "stage", *words)["rows"]
    return {row["stage"]: row["people"] for row in rows}


def test_a_register_comes_in_and_reach_follows(brug: Brug) -> None:
    told = brug.json("import", "register", a_register(Path("r.xlsx")), "--accept-doubles")
    assert (told["rows"], told["accepted"]) == (ROWS, ACCEPTED)
    assert [(r["sheet"], r["row"], r["code"]) for r in told["refused"]] == REFUSED
    assert (told["people"], told["cases"], told["doubles_merged"]) == (4, 4, 1)
    assert Path(told["refused_copy"]).exists()
    assert Path(told["refused_copy"]).parent == brug.folder / "data" / "refused"
    assert _reach(brug) == PEOPLE


def test_the_register_of_the_taalhuis_comes_in_through_the_command(brug: Brug) -> None:
    told = brug.json("import", "register", DATA / "register-taalhuis.xlsx", "--accept-doubles")
    expected = json.loads((DATA / "expected.json").read_text())["register-taalhuis.xlsx"]
    assert told["accepted"] == expected["accepted_rows"]
    people = _reach(brug)
    assert people.pop("stopped") == expected["people_stopped"]
    assert people == expected["people_per_stage"]


def test_people_see_columns_refusals_and_doubles(brug: Brug) -> None:
    shown = brug("import", "register", a_register(Path("r.xlsx")), "--accept-doubles")
    for word in ("Deelnemers 2018: 18", "2019: 7", "BSN", "I (Eerste contact)"):
        assert word in shown
    assert "111222333" not in shown


def test_a_dry_run_writes_nothing(brug: Brug) -> None:
    told = brug.json("import", "register", a_register(Path("r.xlsx")), "--dry-run")
    assert told["dry_run"] and told["cases"] == 4
    assert brug.json("case", "list") == [] and _reach(brug) == {}


def test_a_saved_mapping_overrules_what_is_guessed(brug: Brug) -> None:
    rows = [["Aap", "Noot", "Mies"], ["Ria", "0612345678", "12-3-2018"]]
    path = a_workbook(Path("r.xlsx"), {"B": rows})
    brug("import", "register", path, code=1)
    mapping = {"Aap": "first_name", "Noot": "phone", "Mies": "agreed"}
    Path("m.json").write_text(json.dumps(mapping))
    told = brug.json("import", "register", path, "--mapping", "m.json")
    assert told["accepted"] == 1
    assert _reach(brug) == {"agreed": 1}


def test_introductions_come_in_for_a_partner(brug: Brug) -> None:
    path = DATA / "werkgever-aanmeldingen.xlsx"
    told = brug.json("import", "introductions", path, "--partner", "Bouw BV")
    expected = json.loads((DATA / "expected.json").read_text())["werkgever-aanmeldingen.xlsx"]
    assert (told["rows"], told["accepted"]) == (expected["rows"], expected["accepted"])
    assert _reach(brug, "--route", "employers") == {"contact": told["people"]}
    again = brug.json("import", "introductions", path, "--partner", "bouw bv")
    assert (again["already"], again["cases"]) == (expected["accepted"], 0)


def test_a_log_comes_in_on_a_route_that_was_discovered_in_it(brug: Brug) -> None:
    log = a_log(60)
    path = as_csv(Path("log.csv.gz"), log)
    brug("workflow", "discover", path, "--name", "helpdesk", "--publish")
    told = brug.json("import", "events", path, "--route", "helpdesk")
    assert (told["cases"], told["events"]) == (60, sum(map(len, log.values())))
    assert _reach(brug, "--route", "helpdesk") == cases_per_activity(log)


def test_columns_of_a_log_can_be_named(brug: Brug) -> None:
    Path("log.csv").write_text("wie;wat;wanneer\n1;contact;2018-04-03 10:00\n")
    words = ("--case", "wie", "--activity", "wat", "--time", "wanneer")
    told = brug.json("import", "events", "log.csv", "--route", "open-door", *words)
    assert told["accepted"] == 1
    [row] = brug.json("case", "list")
    assert datetime.fromisoformat(row["since"]).date().isoformat() == "2018-04-03"


def test_a_file_that_is_not_there_is_told_by_the_whole_name_that_was_given(brug: Brug) -> None:
    for name in ("/nergens/nope.xlsx", "nergens/nope.xlsx"):
        for words in (
            ("register", name),
            ("introductions", name, "--partner", "X"),
            ("events", name, "--route", "open-door"),
        ):
            brug("import", *words, code=1)
            assert brug.complaint.startswith(f"{name}: Dit bestand bestaat niet.")
    register = a_register(Path("r.xlsx"))
    brug("import", "register", register, "--mapping", "nergens/m.json", code=1)
    assert brug.complaint.startswith("nergens/m.json: Dit bestand bestaat niet.")
    brug("import", "register", brug.folder, code=1)
    assert brug.complaint.startswith(f"{brug.folder}: Dit is een map.")
    Path("nergens").mkdir()
    a_workbook(Path("nergens/leeg.xlsx"), {"B": [["aap"]]})
    brug("import", "register", "nergens/leeg.xlsx", code=1)
    assert "nergens/leeg.xlsx" in brug.complaint


def test_what_cannot_be_read_is_refused_in_words(brug: Brug) -> None:
    Path("r.xlsx").write_bytes(b"%PDF-1.4")
    for words in (
        ("register", "r.xlsx"),
        ("register", "no-such.xlsx"),
        ("introductions", "r.xlsx", "--partner", "X"),
        ("events", "r.xlsx", "--route", "open-door"),
        ("events", "r.xlsx", "--route", "nowhere"),
    ):
        brug("import", *words, code=1)
        assert brug.complaint
    brug("import", "introductions", a_register(Path("s.xlsx")), "--partner", " ", code=2)
    assert "partner" in brug.complaint
    assert brug.json("case", "list") == []
