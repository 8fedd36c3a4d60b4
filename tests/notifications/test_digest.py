"""One digest a workday for whoever has something to do, at their hour and on their days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from notifications import digest
from referrals import follow_ups
from storage.engine import transaction
from storage.queries.due_work import Reader
from storage.tables import FollowUp, Message, Organisation, Staff
from tests.builders import (
    a_case,
    a_leave,
    a_library,
    a_staff,
)
from tests.looking import rows_of
from tests.notifications.moments import AMSTERDAM, BONAIRE, DUE, at
from workflows.workdays import calendar


def a_busy_one(session: Session, library: int, name: str = "Bas", **wishes: Any) -> int:
    """Somebody who owns a case of which the first call is due on the tenth."""
    number = a_staff(session, library, name, **wishes)
    a_case(session, library, owner=number)
    return number


def keys(session: Session, kind: str = "digest") -> list[str]:
    return [row.key for row in rows_of(session, Message, kind=kind)]


def test_the_digest_comes_at_the_hour_of_each_person(session: Session) -> None:
    library = a_library(session)
    early = a_busy_one(session, library, "Bas", digest_hour=7)
    late = a_busy_one(session, library, "Cas", digest_hour=16)
    assert digest.plan(session, at(DUE, 6, 59)) == 0
    assert digest.plan(session, at(DUE, 7)) == 1
    assert digest.plan(session, at(DUE, 15, 59)) == 0
    assert digest.plan(session, at(DUE, 16)) == 1
    first, second = rows_of(session, Message)
    assert (first.key, first.staff_id) == (f"digest:{early}:2018-04-10", early)
    assert (first.next_at, first.state) == (at(DUE, 7), "pending")
    assert first.detail == {"day": "2018-04-10"}
    assert (second.key, second.staff_id) == (f"digest:{late}:2018-04-10", late)


def test_the_hour_is_that_of_the_library(session: Session) -> None:
    here, there = a_library(session), a_library(session, "bonaire")
    session.get_one(Organisation, there).zone = BONAIRE
    session.flush()
    bas, cas = a_busy_one(session, here, "Bas"), a_busy_one(session, there, "Cas")
    digest.plan(session, at(DUE, 8))
    assert keys(session) == [f"digest:{bas}:2018-04-10"]
    digest.plan(session, at(DUE, 7, 59, BONAIRE))
    assert len(keys(session)) == 1
    digest.plan(session, at(DUE, 8, 0, BONAIRE))
    assert keys(session)[1:] == [f"digest:{cas}:2018-04-10"]


@pytest.mark.parametrize(
    ("day", "wishes", "comes"),
    [
        (date(2018, 4, 9), {}, False),  # nothing is due yet
        (date(2018, 4, 10), {}, True),
        (date(2018, 4, 14), {}, False),  # a Saturday
        (date(2018, 4, 27), {}, False),  # King's Day
        (date(2018, 4, 30), {}, False),  # the library is closed
        (date(2018, 5, 2), {}, True),
        (date(2018, 4, 14), {"digest_days": "6 7"}, False),
        (date(2018, 4, 11), {"digest_days": "1 2 4 5"}, False),
        (date(2018, 4, 12), {"digest_days": "1 2 4 5"}, True),
        (date(2018, 4, 11), {"paused_until": date(2018, 4, 11)}, False),
        (date(2018, 4, 12), {"paused_until": date(2018, 4, 11)}, True),
        (date(2018, 4, 11), {"active": False}, False),
    ],
)
def test_days_on_which_it_comes(
    session: Session, day: date, wishes: dict[str, Any], comes: bool
) -> None:
    library = a_library(session)
    session.get_one(Organisation, library).closed_days = "2018-04-30"
    bas = a_busy_one(session, library, **wishes)
    for hour in (7, 8, 9, 23):
        digest.plan(session, at(day, hour))
    assert (f"digest:{bas}:{day}" in keys(session)) == comes


def test_without_anything_due_nothing_comes_also_not_later_that_day(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, "trust", owner=bas)
    assert digest.plan(session, at(DUE, 8)) == 0
    follow_ups.plan_by_hand(
        session, case, "Bel", DUE, assignee_id=bas, by=None, now=at(DUE, 11), due_hour=12
    )
    for hour in (12, 13, 16, 23):
        assert digest.plan(session, at(DUE, hour)) == 0
    assert rows_of(session, Message) == []
    tomorrow = DUE + timedelta(days=1)
    assert digest.plan(session, at(tomorrow, 8)) == 1


def test_what_becomes_due_in_the_course_of_the_day_stands_in_the_digest_of_the_morning(
    session: Session,
) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas", digest_hour=7)
    case = a_case(session, library, "trust", owner=bas)
    follow_ups.plan_by_hand(
        session, case, "Bel", DUE, assignee_id=bas, by=None, now=at(DUE, 6), due_hour=16
    )
    assert digest.plan(session, at(DUE, 7)) == 1


def test_a_tick_that_comes_again_changes_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        bas = a_busy_one(session, a_library(session))
    for minute in range(0, 60, 15):
        with transaction(engine) as session:
            assert digest.plan(session, at(DUE, 8, minute)) == (minute == 0)
    # a tick that stopped before it could write down what it did
    with transaction(engine) as session:
        session.get_one(Staff, bas).digested_on = None
        session.flush()
        digest.plan(session, at(DUE, 9))
        assert keys(session) == [f"digest:{bas}:2018-04-10"]


def test_what_only_a_partner_must_do_makes_no_digest(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    a_case(session, library, "referred", owner=bas)
    due = rows_of(session, FollowUp, due_on=DUE, state="open")
    assert [row.receiver for row in due] == ["referrer"]
    assert digest.plan(session, at(DUE, 8)) == 0


def test_whoever_stands_in_gets_it_and_whoever_is_away_does_not(session: Session) -> None:
    library = a_library(session)
    bas, cas = a_busy_one(session, library), a_staff(session, library, "Cas")
    a_leave(session, library, bas, DUE, DUE + timedelta(days=1), cas)
    digest.plan(session, at(DUE, 9))
    assert keys(session) == [f"digest:{cas}:2018-04-10"]
    digest.plan(session, at(DUE + timedelta(days=2), 9))
    assert keys(session)[1:] == [f"digest:{bas}:2018-04-12"]


def test_whoever_is_away_is_left_alone_also_when_nobody_else_is_there(session: Session) -> None:
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    a_case(session, library, owner=ann.id)
    a_leave(session, library, ann.id or 0, DUE, DUE + timedelta(days=6))
    monday = DUE + timedelta(days=6)
    for day in (DUE, monday):
        digest.plan(session, at(day, 9))
    assert rows_of(session, Message) == []
    digest.plan(session, at(monday + timedelta(days=1), 9))
    assert keys(session) == [f"digest:{ann.id}:2018-04-17"]


def test_without_a_stand_in_and_without_an_owner_the_coordinators_get_it(session: Session) -> None:
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    bas = a_busy_one(session, library)
    a_leave(session, library, bas, DUE, DUE)
    a_case(session, a_library(session, "elders"))
    digest.plan(session, at(DUE, 9))
    [other] = rows_of(session, Staff, email=ann.email, name=ann.name)[1:]
    assert keys(session) == [f"digest:{ann.id}:2018-04-10", f"digest:{other.id}:2018-04-10"]


def test_the_national_office_hears_of_nobody(session: Session) -> None:
    library = a_library(session)
    a_busy_one(session, library, role="national_office")
    [ann] = rows_of(session, Staff, role="coordinator")
    digest.plan(session, at(DUE, 9))
    assert keys(session) == [f"digest:{ann.id}:2018-04-10"]


@pytest.mark.parametrize(
    ("day", "role", "comes"),
    [
        (date(2018, 4, 9), "coordinator", True),
        (date(2018, 4, 10), "coordinator", False),
        (date(2018, 4, 9), "staff", False),
        (date(2018, 4, 9), "administrator", False),
        (date(2018, 4, 2), "coordinator", False),  # Easter Monday
    ],
)
def test_the_overview_of_the_week_comes_to_coordinators_on_monday(
    session: Session, day: date, role: str, comes: bool
) -> None:
    library = a_library(session)
    number = a_staff(session, library, "Bas", role)
    digest.plan(session, at(day, 8))
    assert (f"roll_up:{number}:{day}" in keys(session, "roll_up")) == comes


def changing(zone: str) -> list[date]:
    """The days of ten years on which the clocks of a zone are changed."""
    days = [date(2018, 4, 11) + timedelta(days=number) for number in range(3652)]
    offsets = {day: at(day, 12, 0, zone).hour for day in days}
    return [day for day in days[1:] if offsets[day] != offsets[day - timedelta(days=1)]]


@pytest.mark.parametrize("hour", [4, 22])
def test_when_summer_time_begins_and_ends_each_workday_brings_one_at_that_hour(
    session: Session, hour: int
) -> None:
    bas = a_busy_one(session, a_library(session), digest_hour=hour)
    changes = changing(AMSTERDAM)
    assert len(changes) == 20
    days = [day + timedelta(days=away) for day in changes for away in range(-2, 3)]
    for day in days:
        for utc in range(hour - 4, hour + 2):
            digest.plan(session, datetime(day.year, day.month, day.day, utc, tzinfo=UTC))
    mails = rows_of(session, Message, staff_id=bas)
    came = [row.next_at.astimezone(ZoneInfo(AMSTERDAM)) for row in mails]
    workdays = calendar(AMSTERDAM)
    assert [moment.date() for moment in came] == [day for day in days if workdays.is_workday(day)]
    assert {moment.hour for moment in came} == {hour}


@pytest.mark.parametrize(("zone", "hour"), [(AMSTERDAM, 4), (AMSTERDAM, 8), (BONAIRE, 22)])
def test_in_ten_years_each_workday_has_one_moment_for_it(zone: str, hour: int) -> None:
    reader = Reader(1, 1, hour, "1 2 3 4 5", None, None, zone, "")
    first = datetime(2018, 4, 10, tzinfo=UTC)
    came = []
    for moment in (first + timedelta(hours=number) for number in range(3653 * 24)):
        if digest.may_come(reader, moment):
            local = moment.astimezone(ZoneInfo(zone))
            assert local.hour == hour
            came.append(local.date())
            reader = reader._replace(digested_on=local.date())
    days = [came[0] + timedelta(days=number) for number in range((came[-1] - came[0]).days + 1)]
    workdays = calendar(zone)
    assert came == [day for day in days if workdays.is_workday(day)]
    assert len(came) > 2500
