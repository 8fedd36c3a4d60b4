"""A register comes in whole: every row taken or refused, with all that it says."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.errors import FaultyFile, NotFound
from referrals.reach.counting import Question
from storage.engine import reading, transaction
from storage.queries import cases
from storage.tables import Case, Consent, Note, Participant, Partner, Referral
from tests.builders import a_library
from tests.looking import counted, open_rules, rows_of
from tests.referrals.exchange.books import DATA, a_workbook
from tests.referrals.exchange.importing import all_rows, people_in, take_in
from tests.referrals.exchange.registers import (
    ACCEPTED,
    FATIMA,
    HEADINGS,
    PEOPLE,
    PIET,
    REFUSED,
    ROWS,
    WITH_A_BSN,
    Row,
    a_register,
)


def test_every_row_is_taken_or_refused_and_counted(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    report = take_in(engine, library, a_register(tmp_path / "r.xlsx"), accept_doubles=True)
    assert (report.rows, report.accepted, report.already) == (ROWS, ACCEPTED, 0)
    assert [(r.sheet, r.row, r.code) for r in report.refused] == REFUSED
    assert all(refusal.why and refusal.remedy for refusal in report.refused)
    assert (report.people, report.cases, report.doubles_merged) == (4, 4, 1)
    assert report.events == 10
    assert set(report.columns) == {"Deelnemers 2018", "2019"}
    assert people_in(engine) == PEOPLE


def test_the_register_of_the_taalhuis_gives_the_reach_that_its_makers_counted(
    engine: Engine, library: int
) -> None:
    expected = json.loads((DATA / "expected.json").read_text())["register-taalhuis.xlsx"]
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    path = DATA / "register-taalhuis.xlsx"
    report = take_in(engine, library, path, accept_doubles=True, now=now)
    assert (report.rows, report.accepted) == (
        expected["rows_with_content"], expected["accepted_rows"],
    )  # fmt: skip
    refused = [{"sheet": r.sheet, "row": r.row, "why": r.code} for r in report.refused]
    assert refused == expected["refused"]
    people = people_in(engine)
    assert people.pop("stopped") == expected["people_stopped"]
    assert people == expected["people_per_stage"]

    before = all_rows(engine)
    again = take_in(engine, library, path, accept_doubles=True, now=now + timedelta(days=1))
    assert (again.already, again.people, again.cases, again.events) == (report.accepted, 0, 0, 0)
    assert all_rows(engine) == before


def test_what_a_row_says_beside_its_path_is_kept(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    take_in(engine, library, a_register(tmp_path / "r.xlsx"))
    with reading(engine) as session:
        [fatima] = rows_of(session, Participant, first_name="Fatima")
        assert (fatima.last_name, fatima.phone, fatima.birth_year) == (
            "Çelik", "+31612345678", 1981,
        )  # fmt: skip
        assert (fatima.mother_tongue, fatima.municipality_code) == ("nt2", "GM0537")
        [case] = rows_of(session, Case, participant_id=fatima.id)
        assert (case.channel, case.municipality_code) == ("school", "GM0537")
        [agreed] = rows_of(session, Consent, participant_id=fatima.id)
        # nobody noted the day: it counts on that of the next step
        assert (agreed.given_on, agreed.text_version) == (date(2018, 4, 3), "register")
        [provider] = rows_of(session, Partner)
        [referral] = rows_of(session, Referral)
        assert (provider.name, provider.kind) == ("Taalhuis (verzonnen)", "provider")
        assert (referral.case_id, referral.provider_id, referral.state) == (
            case.id, provider.id, "sent",
        )  # fmt: skip
        [note] = rows_of(session, Note, case_id=case.id)
        assert "belt liever" in note.text
        [jan] = rows_of(session, Participant, first_name="Jan")
        [stopped] = rows_of(session, Case, participant_id=jan.id)
        assert stopped.closed_at is not None and stopped.closed_at.date() == date(2018, 5, 1)
        history = cases.histories(session, [stopped.id or 0])[stopped.id or 0]
        assert (history[-1].to_stage, history[-1].reason) == ("stopped", "shame")


def test_a_second_row_about_the_same_case_adds_its_stages(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    take_in(engine, library, a_register(tmp_path / "r.xlsx"))
    with reading(engine) as session:
        [fatima] = rows_of(session, Participant, first_name="Fatima")
        [case] = rows_of(session, Case, participant_id=fatima.id)
        assert (case.stage, case.stage_day) == ("intake", date(2018, 5, 2))


def test_what_is_vague_is_kept_as_vague(engine: Engine, library: int, tmp_path: Path) -> None:
    take_in(engine, library, a_register(tmp_path / "r.xlsx"))
    with reading(engine) as session:
        [fatima] = rows_of(session, Participant, first_name="Fatima")
        [case] = rows_of(session, Case, participant_id=fatima.id)
        history = cases.histories(session, [case.id or 0])[case.id or 0]
    steps = {entry.to_stage: (entry.day, entry.precision) for entry in history}
    assert steps["trust"] == (date(2018, 3, 12), "month")
    assert steps["agreed"] == (date(2018, 4, 3), "unknown")
    with transaction(engine) as session:
        march = Question(first=date(2018, 3, 1), last=date(2018, 3, 31))
        reached = {row.reached: row.people for row in counted(session, march)}
    assert reached == {"contact": 2, "trust": 1}


def test_a_path_that_the_route_would_not_allow_is_history_and_told(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    report = take_in(engine, library, a_register(tmp_path / "r.xlsx"))
    about_piet = [str(warning) for warning in report.warnings if str(warning).startswith("2019 5")]
    assert any("consent" in warning for warning in about_piet)
    assert any("Contact → " in warning for warning in about_piet)


def test_somebody_must_act_on_cases_that_are_open(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    take_in(engine, library, a_register(tmp_path / "r.xlsx"))
    with reading(engine) as session:
        planned = {}
        for case in rows_of(session, Case):
            who = rows_of(session, Participant, id=case.participant_id)[0].first_name
            planned[who] = set(open_rules(session, case.id or 0))
    assert planned == {
        "Fatima": set(), "Jan": set(), "Ria": {"first_call"}, "Piet": {"week_two"},
    }  # fmt: skip


def test_suggested_doubles_are_taken_only_when_told_to(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    twice: list[Row] = [
        [1, "Noor", "de Wit", None, 1977, None, None, None, "1-5-2018"],
        [2, "Noor", "de Wit", None, 1977, None, None, None, "3-5-2018"],
    ]
    path = a_register(tmp_path / "r.xlsx", more=twice, only_more=True)
    careful = take_in(engine, library, path, dry_run=True)
    assert (careful.people, careful.doubles_suggested, careful.doubles_merged) == (2, 1, 0)
    told = take_in(engine, library, path, accept_doubles=True)
    assert (told.people, told.doubles_suggested, told.doubles_merged) == (1, 0, 1)
    [double] = told.doubles
    assert (double.row, double.same_as, double.merged) == (3, "Deelnemers 2018 2", True)
    assert people_in(engine) == {"contact": 1}


def test_somebody_of_another_library_is_somebody_else(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        elsewhere = a_library(session, "elders")
    path = a_register(tmp_path / "r.xlsx")
    take_in(engine, library, path)
    report = take_in(engine, elsewhere, path)
    assert (report.people, report.cases, report.already) == (4, 4, 0)
    with reading(engine) as session:
        assert len(rows_of(session, Participant, organisation_id=elsewhere)) == 4


def test_what_is_no_register_or_no_route_changes_nothing(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    before = all_rows(engine)
    noise = tmp_path / "r.xlsx"
    noise.write_bytes(b"%PDF-1.4")
    with pytest.raises(FaultyFile):
        take_in(engine, library, noise)
    with pytest.raises(NotFound):
        take_in(engine, library, a_register(noise), route="parents")
    assert all_rows(engine) == before


def test_a_register_of_refused_rows_alone_is_refused_row_by_row(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path = a_workbook(tmp_path / "r.xlsx", {"B": [HEADINGS, WITH_A_BSN]})
    report = take_in(engine, library, path)
    assert (report.rows, report.accepted, report.people, report.cases) == (1, 0, 0, 0)


def test_a_place_that_does_not_exist_is_told_and_left_empty(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    row = [*FATIMA]
    row[5] = "Verweggistan"
    report = take_in(engine, library, a_register(tmp_path / "r.xlsx", fatima=row))
    assert any("municipality" in str(warning) for warning in report.warnings)
    assert PIET[-1] == "Leiden"
    with reading(engine) as session:
        places = {row.first_name: row.municipality_code for row in rows_of(session, Participant)}
    assert places == {"Fatima": None, "Jan": "GM0537", "Ria": None, "Piet": "GM0546"}
