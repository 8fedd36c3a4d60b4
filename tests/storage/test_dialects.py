"""The shortest ways of both databases do exactly what the long way does."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlmodel import Session

from storage import dialects
from storage.dialects import among, append, insert_once, reserve_numbers, take_turn
from storage.engine import open_engine, transaction
from storage.tables import Consent, JournalEntry, Participant, ReachCell, ReachWay
from tests.builders import NOW, a_library
from tests.looking import rows_of

PEOPLE: Table = Participant.__table__  # type: ignore[attr-defined]
JOURNAL: Table = JournalEntry.__table__  # type: ignore[attr-defined]
CELLS: Table = ReachCell.__table__  # type: ignore[attr-defined]
WAYS: Table = ReachWay.__table__  # type: ignore[attr-defined]
_LINE = ("organisation_id", "at", "what", "subject", "subject_id", "detail")


@pytest.mark.parametrize("count", [0, 1, 39, 40, 41, 500])
def test_one_row_and_many_are_added_alike(session: Session, count: int) -> None:
    library = a_library(session)
    rows = [
        (library, NOW + timedelta(seconds=n), "x", "case", n, {"naam": "Çelik; \t\n\\", "n": n})
        for n in range(count)
    ]
    append(session, JOURNAL, _LINE, iter(rows))
    found = rows_of(session, JournalEntry, what="x")
    assert sorted((row.subject_id, row.at, row.detail["n"]) for row in found) == [
        (n, NOW + timedelta(seconds=n), n) for n in range(count)
    ]
    assert all(row.detail["naam"] == "Çelik; \t\n\\" for row in found)


@pytest.mark.parametrize("count", [1, 60])
def test_added_rows_equal_those_of_the_long_way(session: Session, count: int) -> None:
    library = a_library(session)
    at = datetime(2018, 4, 3, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=2)))
    session.add(
        JournalEntry(organisation_id=library, at=at, what="long", subject="s", subject_id=1)
    )
    session.flush()
    append(session, JOURNAL, _LINE, [(library, at, "short", "s", 1, {})] * count)
    [long] = rows_of(session, JournalEntry, what="long")
    for short in rows_of(session, JournalEntry, what="short"):
        assert short.model_dump(exclude={"id", "what"}) == long.model_dump(exclude={"id", "what"})
        assert short.at == datetime(2018, 4, 2, 23, 2, 3, 4, tzinfo=UTC)


def test_a_naive_moment_is_not_slipped_in_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        library = a_library(session)
        with pytest.raises(ValueError, match="time zone"):
            append(session, JOURNAL, _LINE, [(library, datetime(2018, 4, 3), "x", "s", 1, {})])
    engine.dispose()


def test_numbers_are_reserved_before_the_rows_are_there(session: Session) -> None:
    library = a_library(session)
    first = reserve_numbers(session, PEOPLE, 3)
    assert first == sorted(set(first)) and len(first) == 3
    rows = [(number, library, number, NOW) for number in first]
    append(session, PEOPLE, ("id", "organisation_id", "person_key", "created_at"), rows)
    second = reserve_numbers(session, PEOPLE, 2)
    assert min(second) > max(first)
    assert reserve_numbers(session, PEOPLE, 0) == []


def test_a_row_from_the_long_way_comes_after_those_with_reserved_numbers(
    session: Session,
) -> None:
    library = a_library(session)
    numbers = reserve_numbers(session, PEOPLE, 5)
    rows = [(number, library, number, NOW) for number in numbers]
    append(session, PEOPLE, ("id", "organisation_id", "person_key", "created_at"), rows)
    row = Participant(organisation_id=library, person_key=99, created_at=NOW)
    session.add(row)
    session.flush()
    assert row.id is not None and row.id > max(numbers)


def test_inserting_once_leaves_what_is_there(session: Session) -> None:
    library = a_library(session)
    way = {
        "organisation_id": library, "route": "parents", "version": 1, "pilot_id": 0,
        "campaign_id": 0, "channel": "self", "partner_id": 0, "municipality_code": "",
    }  # fmt: skip
    insert_once(session, WAYS, way)
    [before] = rows_of(session, ReachWay)
    insert_once(session, WAYS, way)
    assert rows_of(session, ReachWay) == [before]


@pytest.mark.parametrize("count", [3, 120])
def test_sums_are_added_to_what_is_there(session: Session, count: int) -> None:
    columns = ("cube", "route", "month", "previous", "reached", "part", "people", "cases")

    def rows(people: int) -> list[tuple[object, ...]]:
        return [("stage", "", 0, 0, f"s{n:03}", "", people, people * 2) for n in range(count)]

    for people in (5, -2, 0):
        dialects.add_up(session, CELLS, ("people", "cases"), columns, rows(people))
    dialects.add_up(session, CELLS, ("people", "cases"), columns, [])
    found = rows_of(session, ReachCell)
    assert [(row.reached, row.people, row.cases) for row in found] == [
        (f"s{n:03}", 3, 6) for n in range(count)
    ]


def test_among_takes_none_one_and_very_many(session: Session) -> None:
    library = a_library(session)
    columns = ("id", "organisation_id", "person_key", "first_name", "created_at")
    append(
        session, PEOPLE, columns,
        [(n, library, n, "Fatima" if n % 2 else "O'Brien \"x\"", NOW) for n in range(1, 11)],
    )  # fmt: skip
    by_number = select(PEOPLE.c.id).where(among(PEOPLE.c.id, "ids")).order_by(PEOPLE.c.id)

    def found(ids: list[int]) -> list[int]:
        return list(session.connection().execute(by_number, {"ids": ids}).scalars())

    assert found([]) == []
    assert found([3]) == [3]
    assert found(list(range(5, 100_000))) == [5, 6, 7, 8, 9, 10]
    by_word = select(PEOPLE.c.id).where(among(PEOPLE.c.first_name, "words", words=True))
    words = {"words": ['O\'Brien "x"', "nobody"]}
    assert sorted(session.connection().execute(by_word, words).scalars()) == [2, 4, 6, 8, 10]


def test_taking_a_turn_twice_is_one_turn(session: Session) -> None:
    take_turn(session, "reach")
    take_turn(session, "reach")


def test_fresh_statistics_can_be_asked_for(session: Session) -> None:
    dialects.for_the_planner(session, "reach_cell", "cases")


def test_a_day_and_nothing_come_back_as_they_went_in(session: Session) -> None:
    library = a_library(session)
    columns = ("organisation_id", "participant_id", "basis", "purposes", "receivers", "given_on",
               "text_version", "language", "form", "expires_on", "created_at")  # fmt: skip
    [number] = reserve_numbers(session, PEOPLE, 1)
    append(session, PEOPLE, ("id", "organisation_id", "person_key", "created_at"),
           [(number, library, 1, NOW)])  # fmt: skip
    values: list[Any] = [library, number, "consent", ["refer"], [], date(2018, 2, 28), "1", "nl"]
    values += ["spoken", None, NOW]
    append(session, Consent.__table__, columns, [values])  # type: ignore[attr-defined]
    [found] = rows_of(session, Consent)
    assert (found.given_on, found.expires_on) == (date(2018, 2, 28), None)
    assert (found.purposes, found.receivers) == (["refer"], [])
