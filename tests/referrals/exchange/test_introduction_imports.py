"""Introductions: whom a partner sends gets a case, once, and somebody who calls them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from core.errors import FaultyValue, NotFound
from referrals.exchange.cells import Cell
from referrals.exchange.introduction_imports import import_introductions
from referrals.exchange.report import ImportReport
from storage.engine import reading, transaction
from storage.tables import Case, Introduction, Note, Participant, Partner, ReachWay
from tests.builders import a_route
from tests.looking import open_rules, rows_of
from tests.referrals.exchange.books import DATA, a_workbook
from tests.referrals.exchange.importing import NOW, all_rows, people_in

HEADINGS: list[Cell] = ["Personeelsnr", "Naam", "Mobiel", "Afdeling", "Wil graag", "Opmerking"]
OMAR: list[Cell] = [101, "Omar Yilmaz", "0612345678", "Magazijn", "beter lezen", "vroege dienst"]
LIN: list[Cell] = [102, "Lin Chen", "0612345679", "Inpak", "", ""]
NOBODY: list[Cell] = [103, "Ad Groen", "", "Inpak", "", ""]


@pytest.fixture
def employers(engine: Engine, library: int) -> int:
    """The library, with the route of employers published."""
    with transaction(engine) as session:
        a_route(session, "employers")
    return library


def _import(engine: Engine, library: int, path: Path, **options: Any) -> ImportReport:
    usual = {"partner": "Bouw BV (verzonnen)", "organisation_id": library, "now": NOW}
    return import_introductions(engine, path, **{**usual, **options})


def _sheet(path: Path, *rows: list[Cell]) -> Path:
    return a_workbook(path, {"Aanmeldingen": [HEADINGS, *rows]})


def test_whoever_is_introduced_gets_a_case_and_is_called(
    engine: Engine, employers: int, tmp_path: Path
) -> None:
    report = _import(engine, employers, _sheet(tmp_path / "a.xlsx", OMAR, LIN, NOBODY))
    assert (report.rows, report.accepted, report.people, report.cases) == (3, 2, 2, 2)
    assert [refusal.code for refusal in report.refused] == ["no way to reach"]
    assert any("new and was added" in str(warning) for warning in report.warnings)
    with reading(engine) as session:
        [partner] = rows_of(session, Partner)
        assert (partner.name, partner.kind) == ("Bouw BV (verzonnen)", "employer")
        [omar] = rows_of(session, Participant, first_name="Omar")
        assert (omar.last_name, omar.wish) == ("Yilmaz", "beter lezen")
        [case] = rows_of(session, Case, participant_id=omar.id)
        assert (case.stage, case.channel, case.partner_id) == ("contact", "employer", partner.id)
        assert open_rules(session, case.id or 0).keys() == {"first_call"}
        [introduction] = rows_of(session, Introduction, participant_id=omar.id)
        assert (introduction.case_id, introduction.state) == (case.id, "new")
        assert (introduction.partner_id, introduction.received_at) == (partner.id, NOW)
        [note] = rows_of(session, Note)
        assert (note.case_id, note.text) == (case.id, "vroege dienst")
        [way] = rows_of(session, ReachWay, id=case.way_id)
        assert (way.route, way.channel, way.partner_id) == ("employers", "employer", partner.id)
    assert people_in(engine, "employers") == {"contact": 2}


def test_the_sheet_of_the_employer_gives_what_its_makers_counted(
    engine: Engine, employers: int
) -> None:
    expected = json.loads((DATA / "expected.json").read_text())["werkgever-aanmeldingen.xlsx"]
    path = DATA / "werkgever-aanmeldingen.xlsx"
    report = _import(engine, employers, path)
    assert (report.rows, report.accepted) == (expected["rows"], expected["accepted"])
    assert [{"row": r.row, "why": r.code} for r in report.refused] == expected["refused"]
    before = all_rows(engine)
    again = _import(engine, employers, path, now=NOW + timedelta(days=1))
    assert (again.already, again.cases, again.people) == (expected["accepted"], 0, 0)
    assert all_rows(engine) == before


def test_sent_again_with_somebody_new_only_the_new_one_comes_in(
    engine: Engine, employers: int, tmp_path: Path
) -> None:
    _import(engine, employers, _sheet(tmp_path / "a.xlsx", OMAR))
    report = _import(engine, employers, _sheet(tmp_path / "a.xlsx", LIN, OMAR))
    assert (report.already, report.cases, report.people) == (1, 1, 1)
    assert not report.warnings


def test_whoever_has_an_open_case_there_keeps_that_one(
    engine: Engine, employers: int, tmp_path: Path
) -> None:
    _import(engine, employers, _sheet(tmp_path / "a.xlsx", OMAR))
    changed = [*OMAR[:4], "beter schrijven", ""]
    report = _import(engine, employers, _sheet(tmp_path / "a.xlsx", changed))
    assert (report.cases, report.doubles_merged) == (0, 1)
    with reading(engine) as session:
        [case] = rows_of(session, Case)
        assert {row.case_id for row in rows_of(session, Introduction)} == {case.id}
        assert len(rows_of(session, Introduction)) == 2


def test_two_rows_about_one_person_are_one_case(
    engine: Engine, employers: int, tmp_path: Path
) -> None:
    twice = [*OMAR[:3], "Expeditie", "", ""]
    report = _import(engine, employers, _sheet(tmp_path / "a.xlsx", OMAR, twice))
    assert (report.accepted, report.people, report.cases) == (2, 1, 1)


def test_another_partner_may_introduce_the_same_person(
    engine: Engine, employers: int, tmp_path: Path
) -> None:
    path = _sheet(tmp_path / "a.xlsx", OMAR)
    _import(engine, employers, path)
    report = _import(engine, employers, path, partner="Zorg BV (verzonnen)")
    assert (report.already, report.people, report.cases) == (0, 1, 0)
    assert people_in(engine, "employers") == {"contact": 1}


@pytest.mark.parametrize(
    ("kind", "route", "channel"),
    [("school", "parents", "school"), ("help_desk", "digital-to-language", "digital_desk"),
     ("welfare", "open-door", "partner")],
)  # fmt: skip
def test_the_kind_of_partner_says_along_which_route(
    engine: Engine, library: int, tmp_path: Path, kind: str, route: str, channel: str
) -> None:
    with transaction(engine) as session:
        if route != "open-door":
            a_route(session, route)
    _import(engine, library, _sheet(tmp_path / "a.xlsx", OMAR), kind=kind)
    with reading(engine) as session:
        [case] = rows_of(session, Case)
        [way] = rows_of(session, ReachWay)
        assert (way.route, case.channel) == (route, channel)


def test_a_dry_run_and_a_broken_one_leave_nothing(
    engine: Engine, employers: int, tmp_path: Path
) -> None:
    before = all_rows(engine)
    path = _sheet(tmp_path / "a.xlsx", OMAR, NOBODY)
    tried = _import(engine, employers, path, dry_run=True, copies=tmp_path / "c")
    assert tried.cases == 1
    assert [str(each) for each in tried.warnings if "new" in each] == [
        "Bouw BV (verzonnen): This partner is new and would be added."
    ]
    assert all_rows(engine) == before and not (tmp_path / "c").exists()

    def breaks(_sentence: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(engine, employers, path, copies=tmp_path / "c", say=breaks)
    assert all_rows(engine) == before


def test_without_a_partner_or_a_route_nothing_comes_in(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path = _sheet(tmp_path / "a.xlsx", OMAR)
    before = all_rows(engine)
    with pytest.raises(FaultyValue):
        _import(engine, library, path, partner="  ")
    with pytest.raises(FaultyValue):
        _import(engine, library, path, kind="circus")
    with pytest.raises(NotFound):
        _import(engine, library, path)
    assert all_rows(engine) == before
