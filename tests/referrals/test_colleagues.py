"""The people of a library: added with an address, mailed as they wish, away with a stand-in."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue
from referrals import colleagues
from referrals.colleagues import HOURS, Wishes
from storage.queries import staff
from storage.tables import JournalEntry, Leave, Staff
from tests.builders import NOW, TODAY, a_library, a_staff
from tests.looking import refused_by_the_database, rows_of


def test_somebody_is_added_with_a_role_and_an_address(session: Session) -> None:
    library = a_library(session)
    ann = rows_of(session, Staff)[0].id
    added = colleagues.add(
        session, library, "  Bas   Verzonnen ", "Bas@Voorbeeld.NL", role="coordinator", by=ann,
        now=NOW,
    )  # fmt: skip
    [row] = rows_of(session, Staff, id=added.id)
    assert (row.name, row.email, row.role) == ("Bas Verzonnen", "bas@voorbeeld.nl", "coordinator")
    assert (row.digest_hour, row.digest_days, row.single_mails) == (8, "1 2 3 4 5", True)
    assert (row.active, row.language, row.paused_until) == (True, "nl", None)
    [line] = rows_of(session, JournalEntry, what="staff.added")
    assert (line.by_staff_id, line.subject_id, line.at) == (ann, row.id, NOW)


@pytest.mark.parametrize(
    ("name", "email", "role", "error"),
    [
        (" ", "bas@voorbeeld.nl", "staff", FaultyValue),
        ("Bas", "bas", "staff", FaultyValue),
        ("Bas", "bas@voorbeeld.nl, cas@voorbeeld.nl", "staff", FaultyValue),
        ("Bas", "bas@voorbeeld.nl\nBcc: x@y.nl", "staff", FaultyValue),
        ("Bas", "", "staff", FaultyValue),
        ("Bas", "bas@voorbeeld.nl", "boss", FaultyValue),
        ("Ann", "ANN@voorbeeld.nl", "staff", AlreadyThere),
    ],
)
def test_who_cannot_be_added_is_refused(
    session: Session, name: str, email: str, role: str, error: type[Exception]
) -> None:
    library = a_library(session)
    with pytest.raises(error):
        colleagues.add(session, library, name, email, role=role, by=None, now=NOW)
    assert len(rows_of(session, Staff)) == 1


def test_two_libraries_can_know_the_same_person(session: Session) -> None:
    a_library(session)
    elsewhere = a_library(session, "elders")
    bas = colleagues.add(session, elsewhere, "Bas", "bas@voorbeeld.nl", by=None, now=NOW)
    assert (bas.organisation_id, bas.role) == (elsewhere, "staff")


def a_bas(session: Session) -> Staff:
    return session.get_one(Staff, a_staff(session, a_library(session), "Bas"))


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes(digest_hour=4), {"digest_hour": 4}),
        (Wishes(digest_hour=22), {"digest_hour": 22}),
        (Wishes(digest_days=(4, 1, 1)), {"digest_days": "1 4"}),
        (Wishes(digest_days=(7,)), {"digest_days": "7"}),
        (Wishes(single_mails=False), {"single_mails": False}),
        (Wishes(paused_until=TODAY), {"paused_until": TODAY}),
        (Wishes(language="en"), {"language": "en"}),
        (Wishes(), {}),
    ],
)
def test_a_wish_changes_what_it_names_and_nothing_else(
    session: Session, wishes: Wishes, expected: dict[str, Any]
) -> None:
    person = a_bas(session)
    names = ("digest_hour", "digest_days", "single_mails", "paused_until", "language")
    before = {name: getattr(person, name) for name in names}
    colleagues.wish(session, person, wishes, by=None, now=NOW)
    [row] = rows_of(session, Staff, id=person.id)
    assert {name: getattr(row, name) for name in names} == before | expected
    assert len(rows_of(session, JournalEntry, what="staff.wishes")) == 1


def test_a_pause_can_be_ended(session: Session) -> None:
    person = a_bas(session)
    colleagues.wish(session, person, Wishes(paused_until=TODAY), by=None, now=NOW)
    colleagues.wish(session, person, Wishes(resume=True), by=None, now=NOW)
    assert rows_of(session, Staff, id=person.id)[0].paused_until is None


@pytest.mark.parametrize(
    "wish",
    [
        {"digest_hour": 3}, {"digest_hour": 23}, {"digest_hour": -1}, {"digest_days": ()},
        {"digest_days": (0,)}, {"digest_days": (1, 8)}, {"language": "fr"},
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_granted_is_refused(wish: dict[str, Any]) -> None:
    with pytest.raises(FaultyValue) as refusal:
        Wishes(**wish)
    assert refusal.value.remedy


def test_the_database_refuses_the_hours_that_a_wish_cannot_name(session: Session) -> None:
    person = a_bas(session)
    for hour in (HOURS[0] - 1, HOURS[-1] + 1):
        with refused_by_the_database(session):
            person.digest_hour = hour


def test_leave_names_its_days_and_who_stands_in(session: Session) -> None:
    bas = a_bas(session)
    cas = session.get_one(Staff, a_staff(session, bas.organisation_id, "Cas"))
    first, last = TODAY, TODAY + timedelta(days=13)
    colleagues.leave(session, bas, first, last, stand_in=cas, by=cas.id, now=NOW)
    colleagues.leave(session, bas, last, last, stand_in=None, by=None, now=NOW)
    one, other = rows_of(session, Leave)
    assert (one.staff_id, one.first_day, one.last_day) == (bas.id, first, last)
    assert (one.stand_in_id, other.stand_in_id) == (cas.id, None)
    lines = rows_of(session, JournalEntry, what="staff.leave")
    assert [(line.by_staff_id, line.subject_id) for line in lines] == [
        (cas.id, bas.id),
        (None, bas.id),
    ]


def test_leave_that_cannot_be_is_refused(session: Session) -> None:
    bas = a_bas(session)
    with pytest.raises(FaultyValue):
        colleagues.leave(session, bas, TODAY, date(2018, 4, 2), stand_in=None, by=None, now=NOW)
    with pytest.raises(FaultyValue):
        colleagues.leave(session, bas, TODAY, TODAY, stand_in=bas, by=None, now=NOW)
    assert rows_of(session, Leave) == []


def test_days_away_can_be_forgotten(session: Session) -> None:
    library = a_library(session)
    ann = rows_of(session, Staff)[0]
    away = colleagues.leave(session, ann, TODAY, TODAY, stand_in=None, by=None, now=NOW)
    assert staff.leave(session, library, away.id or 0) == away
    assert staff.leave(session, library + 1, away.id or 0) is None
    colleagues.end_leave(session, away, by=None, now=NOW)
    assert staff.leaves(session, library, TODAY) == []
    assert [line.what for line in rows_of(session, JournalEntry)] == [
        "staff.leave", "staff.leave_ended",
    ]  # fmt: skip
