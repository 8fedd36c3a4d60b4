"""The same register again, mended, extended or broken off: twice is once, and nothing half-way."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from referrals import moving
from referrals.exchange.cells import Cell
from referrals.exchange.workbooks import read_sheets
from storage.engine import reading, transaction
from storage.tables import Case, Consent
from tests.looking import open_rules, planned, rows_of
from tests.referrals.exchange.books import a_workbook
from tests.referrals.exchange.importing import NOW, all_rows, people_in, take_in
from tests.referrals.exchange.registers import (
    ACCEPTED,
    FATIMA,
    PEOPLE,
    REFUSED,
    Row,
    a_register,
)


def test_importing_twice_changes_nothing(engine: Engine, library: int, tmp_path: Path) -> None:
    path = a_register(tmp_path / "r.xlsx")
    take_in(engine, library, path)
    before, people = all_rows(engine), people_in(engine)
    again = take_in(engine, library, path, now=NOW + timedelta(days=1))
    assert (again.already, again.cases, again.events, again.people) == (ACCEPTED, 0, 0, 0)
    assert len(again.refused) == 2
    assert (all_rows(engine), people_in(engine)) == (before, people)


def test_a_dry_run_tells_the_same_and_writes_nothing(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path, copies = a_register(tmp_path / "r.xlsx"), tmp_path / "copies"
    before = all_rows(engine)
    tried = take_in(engine, library, path, dry_run=True, copies=copies)
    assert all_rows(engine) == before
    assert not copies.exists() and tried.dry_run and tried.refused_copy is None
    done = take_in(engine, library, path)
    told = {"dry_run", "refused_copy"}
    assert {k: v for k, v in tried.as_json().items() if k not in told} == {
        k: v for k, v in done.as_json().items() if k not in told
    }


def test_a_mended_copy_brings_in_just_those_rows(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    report = take_in(engine, library, a_register(tmp_path / "r.xlsx"), copies=tmp_path / "copies")
    assert report.refused_copy is not None
    [sheet] = read_sheets(Path(report.refused_copy))
    assert len(sheet.rows) == 1 + len(REFUSED)
    mended: list[list[Cell | None]] = [
        ["31-3-2018" if cell == "31-2-2018" else cell for cell in row] for row in sheet.rows
    ]

    again = take_in(engine, library, a_workbook(tmp_path / "m.xlsx", {sheet.name: mended}))

    assert (again.rows, again.accepted, again.already, again.cases) == (2, 2, 0, 2)
    assert not again.refused
    assert people_in(engine)["contact"] == PEOPLE["contact"] + 2
    # and the register itself has nothing new by then
    assert take_in(engine, library, a_register(tmp_path / "r.xlsx")).already == ACCEPTED


def test_a_row_that_was_extended_extends_its_case(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    jan: Row = [9, "Kim", "Prins", "0612345679", 1990, None, None, "zelf", "2-5-2018"]
    further: Row = [*jan, "9-5-2018", "14-5-2018"]
    path = a_register(tmp_path / "r.xlsx", more=[jan], only_more=True)
    take_in(engine, library, path)
    path = a_register(tmp_path / "r.xlsx", more=[further], only_more=True)
    again = take_in(engine, library, path, now=NOW + timedelta(days=1))
    assert (again.people, again.cases, again.events) == (1, 0, 2)
    with reading(engine) as session:
        [case] = rows_of(session, Case)
        assert case.stage == "agreed"
        # the call ended, and what comes next is planned
        assert open_rules(session, case.id or 0).keys() == {"find_a_place"}
        assert len(planned(session, case.id or 0)) == 2
        assert len(rows_of(session, Consent)) == 1
        case_id = case.id or 0
    with transaction(engine) as session:
        outcome = moving.move_cases(session, [case_id], "look_again", by=None, now=NOW)
        assert outcome.refused
    assert people_in(engine) == {"contact": 1, "trust": 1, "agreed": 1}


def test_a_row_that_was_mended_is_still_the_same_case(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    take_in(engine, library, a_register(tmp_path / "r.xlsx"))
    before = all_rows(engine)
    other = [*FATIMA]
    other[-1] = "belt liever overdag"
    again = take_in(engine, library, a_register(tmp_path / "r.xlsx", fatima=other))
    assert (again.already, again.cases, again.events) == (ACCEPTED - 1, 0, 0)
    after = all_rows(engine)
    assert (after["cases"], after["participant"], after["stage_entry"]) == (
        before["cases"], before["participant"], before["stage_entry"],
    )  # fmt: skip


def test_when_it_breaks_off_half_way_nothing_remains(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    before = all_rows(engine)

    def breaks(_sentence: str) -> str:
        raise KeyboardInterrupt

    path = a_register(tmp_path / "r.xlsx")
    with pytest.raises(KeyboardInterrupt):
        take_in(engine, library, path, copies=tmp_path / "copies", say=breaks)
    assert all_rows(engine) == before
    assert take_in(engine, library, path).cases == 4
