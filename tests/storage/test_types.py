"""Column types: a moment is aware and in UTC, a word is one of a fixed set."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from storage.tables import JournalEntry, Organisation, Staff
from storage.types import as_plain, one_of
from tests.builders import NOW, a_library
from tests.looking import refused_by_the_database, rows_of, savepoint


def test_a_naive_moment_is_refused(session: Session) -> None:
    row = Organisation(short_name="x", name="X", created_at=datetime(2018, 4, 3, 9, 0))
    with pytest.raises(StatementError, match="without a time zone"), savepoint(session):
        session.add(row)


def test_a_moment_comes_back_in_utc_to_the_microsecond(session: Session) -> None:
    library = a_library(session)
    east = timezone(timedelta(hours=5, minutes=30))
    at = datetime(2018, 4, 3, 1, 2, 3, 456_789, tzinfo=east)
    session.add(
        JournalEntry(organisation_id=library, at=at, what="x", subject="case", subject_id=1)
    )
    session.flush()
    session.expunge_all()
    [row] = rows_of(session, JournalEntry, what="x")
    assert row.at == at and row.at.tzinfo is UTC
    assert row.at == datetime(2018, 4, 2, 19, 32, 3, 456_789, tzinfo=UTC)


def test_moments_are_found_and_ordered_across_zones(session: Session) -> None:
    library = a_library(session)
    west = timezone(timedelta(hours=-4))
    moments = [NOW.astimezone(west), NOW + timedelta(microseconds=1), NOW - timedelta(hours=1)]
    for number, at in enumerate(moments):
        session.add(
            JournalEntry(organisation_id=library, at=at, what="y", subject="z", subject_id=number)
        )
    session.flush()
    assert [row.subject_id for row in rows_of(session, JournalEntry, what="y", at=NOW)] == [0]
    by_time = sorted(rows_of(session, JournalEntry, what="y"), key=lambda row: row.at)
    assert [row.subject_id for row in by_time] == [2, 0, 1]


def test_the_database_refuses_a_word_that_it_does_not_know(session: Session) -> None:
    library = a_library(session)
    boss = Staff(
        organisation_id=library, name="X", email="x@voorbeeld.nl", role="boss", created_at=NOW
    )
    with refused_by_the_database(session):
        session.add(boss)


def test_a_constraint_carries_the_name_of_its_column() -> None:
    assert one_of("state", ("open", "done")).name == "state_known"
    assert "IN ('open', 'done')" in str(one_of("state", ("open", "done")).sqltext)


def test_days_and_moments_can_be_put_into_json() -> None:
    assert as_plain(date(2018, 4, 3)) == "2018-04-03"
    assert as_plain(NOW) == "2018-04-03T09:00:00+00:00"
    assert as_plain(7) == 7
