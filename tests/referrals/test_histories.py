"""Cases with a past: written in bulk as they were, also where the route would not have it so."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from referrals import histories, participants, routes
from referrals.histories import PastCase, PastStep
from referrals.opening import NewCase
from referrals.participants import Newcomer, Registered
from storage.queries import cases
from storage.tables import Case, JournalEntry, ReachEntry
from tests.builders import NOW, a_colleague, a_library
from tests.looking import assert_whole, open_rules, people_per, rows_of, the_case

DAYS = [date(2018, 1, 8), date(2018, 2, 5), date(2018, 3, 5)]


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def _path(*stages: str) -> list[PastStep]:
    days = zip(stages, DAYS, strict=False)
    return [PastStep(stage, _at(day), day) for stage, day in days]


def _people(session: Session, library: int, count: int) -> list[Registered]:
    return participants.register(session, library, [Newcomer()] * count, now=NOW)


def test_a_past_is_written_as_it_was(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    [who] = _people(session, library, 1)
    steps = [
        PastStep("contact", _at(DAYS[0]), DAYS[0], "month"),
        PastStep("stopped", _at(DAYS[1]), DAYS[1], "unknown", "childcare"),
    ]
    published = routes.newest(session, "open-door")
    [case] = histories.write_cases(
        session, library, published, [PastCase(NewCase(who, channel="school"), steps)], by=bo,
        now=NOW,
    )  # fmt: skip
    first, last = cases.histories(session, [case])[case]
    assert (first.kind, first.precision, first.at, first.day) == (
        "history", "month", _at(DAYS[0]), DAYS[0],
    )  # fmt: skip
    assert (last.move, last.from_stage, last.reason, last.by_staff_id) == (
        "stop", "contact", "childcare", bo,
    )  # fmt: skip
    row = the_case(session, case)
    assert (row.stage, row.stage_day, row.seq, row.version) == ("stopped", DAYS[1], 2, 1)
    assert (row.opened_on, row.closed_at, row.created_at) == (DAYS[0], _at(DAYS[1]), NOW)
    assert_whole(session, case)


def test_steps_are_recorded_now_or_when_they_were_made(session: Session) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    for at_once, who in zip((False, True), _people(session, library, 2), strict=True):
        past = [PastCase(NewCase(who), _path("contact"))]
        histories.write_cases(
            session, library, published, past, by=None, now=NOW, recorded_at_once=at_once
        )
        [entry] = rows_of(session, ReachEntry, person_key=who.person_key)
        assert entry.recorded_at == (_at(DAYS[0]) if at_once else NOW)


def test_follow_ups_are_planned_for_open_cases_from_the_day_that_is_given(
    session: Session,
) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    people = _people(session, library, 3)
    past = [
        PastCase(NewCase(people[0]), _path("contact", "agreed"), plan_from=date(2018, 4, 3)),
        PastCase(NewCase(people[1]), _path("contact", "agreed")),
        PastCase(NewCase(people[2]), _path("contact", "stopped"), plan_from=date(2018, 4, 3)),
    ]
    numbers = histories.write_cases(session, library, published, past, by=None, now=NOW)
    assert [open_rules(session, case) for case in numbers] == [
        {"find_a_place": "2018-04-10"}, {}, {},
    ]  # fmt: skip


def test_many_are_written_in_their_order_and_counted_at_once(session: Session) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    people = _people(session, library, 120)
    stages = [("contact",), ("contact", "screened"), ("contact", "screened", "agreed")]
    past = [
        PastCase(NewCase(who, channel=("self", "school")[place % 2]), _path(*stages[place % 3]))
        for place, who in enumerate(people)
    ]
    numbers = histories.write_cases(session, library, published, past, by=None, now=NOW)
    rows = rows_of(session, Case)
    assert [(row.id, row.participant_id) for row in rows] == [
        (number, who.id) for number, who in zip(numbers, people, strict=True)
    ]
    assert people_per(session) == {"contact": 120, "screened": 80, "agreed": 40}
    assert rows_of(session, JournalEntry) == []
    for number in numbers[:3]:
        assert_whole(session, number)


def test_steps_that_the_route_does_not_have_are_named(session: Session) -> None:
    a_library(session)
    published = routes.newest(session, "open-door")
    assert histories.unusual_steps(published, _path("contact", "screened", "agreed")) == []
    assert histories.unusual_steps(published, _path("contact", "started", "contact")) == [
        ("contact", "started"), ("started", "contact"),
    ]  # fmt: skip


def test_nothing_to_write_writes_nothing(session: Session) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    assert histories.write_cases(session, library, published, [], by=None, now=NOW) == []


def test_a_date_of_the_case_can_be_planned_from(session: Session) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    [who] = _people(session, library, 1)
    past = PastCase(
        NewCase(who), _path("contact", "intake"), plan_from=date(2018, 4, 3),
        dates={"appointment": date(2018, 4, 12)},
    )  # fmt: skip
    [case] = histories.write_cases(session, library, published, [past], by=None, now=NOW)
    assert open_rules(session, case) == {"before_intake": "2018-04-11"}
    assert the_case(session, case).appointment_on == date(2018, 4, 12)
    assert the_case(session, case).created_at - timedelta() == NOW
