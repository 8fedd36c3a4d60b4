"""Follow-ups: done, put off, handed over, tried in vain, and then something is offered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from core.errors import BsnFound, FaultyValue, MoveRefused, NotFound
from referrals import follow_ups, moving
from referrals.follow_ups import Tried
from storage.queries import follow_ups as queries
from storage.tables import FollowUp, JournalEntry
from tests.builders import NOW, TODAY, a_case, a_colleague, a_library
from tests.looking import planned, rows_of, the_case


def _call(session: Session, case: int) -> int:
    [row] = planned(session, case, state="open")
    assert row.id is not None
    return row.id


def _row(session: Session, number: int) -> FollowUp:
    [row] = rows_of(session, FollowUp, id=number)
    return row


def test_something_to_do_can_be_planned_by_hand(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "trust")

    planned = follow_ups.plan_by_hand(
        session, case, "  Breng de folder ", date(2018, 4, 7), assignee_id=bo, by=bo, now=NOW,
        due_hour=10,
    )  # fmt: skip

    row = _row(session, planned.id or 0)
    assert (row.what, row.rule, row.seq, row.assignee_id) == ("Breng de folder", None, 2, bo)
    # a Saturday, for whoever chooses so
    assert (row.due_on, row.state) == (date(2018, 4, 7), "open")
    assert row.due_at == datetime(2018, 4, 7, 8, 0, tzinfo=UTC)
    [line] = rows_of(session, JournalEntry, what="follow_up.planned")
    assert (line.by_staff_id, line.subject_id, line.detail) == (bo, row.id, {"case": case})


@pytest.mark.parametrize(
    ("what", "day", "error"),
    [
        (" ", TODAY, FaultyValue),
        ("Bel", TODAY - timedelta(days=1), FaultyValue),
        ("Bel 111222333", TODAY, BsnFound),
    ],
)
def test_what_cannot_be_planned_is_refused(
    session: Session, what: str, day: date, error: type[Exception]
) -> None:
    case = a_case(session, a_library(session))
    with pytest.raises(error):
        follow_ups.plan_by_hand(session, case, what, day, assignee_id=None, by=None, now=NOW)
    assert len(planned(session, case)) == 1


def test_nothing_is_planned_for_a_case_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        follow_ups.plan_by_hand(session, 77, "Bel", TODAY, assignee_id=None, by=None, now=NOW)


def test_what_is_done_is_done_with_who_and_what_came_of_it(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    call = _call(session, a_case(session, library))
    follow_ups.do(session, call, by=bo, now=NOW, outcome="Komt dinsdag.")
    row = _row(session, call)
    assert (row.state, row.outcome, row.done_at, row.done_by) == ("done", "Komt dinsdag.", NOW, bo)
    with pytest.raises(MoveRefused):
        follow_ups.do(session, call, by=bo, now=NOW)
    assert len(rows_of(session, JournalEntry, what="follow_up.done")) == 1


def test_what_a_move_ended_cannot_be_done_any_more(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _call(session, case)
    moving.move_cases(session, [case], "know", by=None, now=NOW)
    for act in (
        lambda: follow_ups.do(session, call, by=None, now=NOW),
        lambda: follow_ups.put_off(session, call, date(2018, 5, 1), by=None, now=NOW),
        lambda: follow_ups.try_in_vain(session, call, by=None, now=NOW),
        lambda: follow_ups.hand_over(session, call, 1, by=None, now=NOW),
    ):
        with pytest.raises(MoveRefused):
            act()


def test_an_outcome_with_a_bsn_is_refused(session: Session) -> None:
    call = _call(session, a_case(session, a_library(session)))
    with pytest.raises(BsnFound):
        follow_ups.do(session, call, by=None, now=NOW, outcome="111222333")
    assert _row(session, call).state == "open"


def test_a_follow_up_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        follow_ups.do(session, 77, by=None, now=NOW)


def test_putting_off_moves_the_day_and_the_moment(session: Session) -> None:
    call = _call(session, a_case(session, a_library(session)))
    follow_ups.put_off(session, call, date(2018, 11, 1), by=None, now=NOW)
    row = _row(session, call)
    assert (row.due_on, row.state) == (date(2018, 11, 1), "open")
    # winter time by then
    assert row.due_at == datetime(2018, 11, 1, 7, 0, tzinfo=UTC)
    with pytest.raises(FaultyValue):
        follow_ups.put_off(session, call, TODAY, by=None, now=NOW)


def test_a_colleague_can_take_over(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    call = _call(session, a_case(session, library))
    follow_ups.hand_over(session, call, bo, by=None, now=NOW)
    assert _row(session, call).assignee_id == bo


def test_after_three_attempts_in_vain_losing_touch_is_offered(session: Session) -> None:
    case = a_case(session, a_library(session))
    tried = []
    for attempt in range(3):
        now = NOW + timedelta(days=7 * (attempt + 1))
        tried.append(follow_ups.try_in_vain(session, _call(session, case), by=None, now=now))
    # five workdays after each attempt, without King's Day
    assert tried == [
        Tried(date(2018, 4, 17), None), Tried(date(2018, 4, 24), None), Tried(None, "lose_touch"),
    ]  # fmt: skip
    rows = planned(session, case)
    assert [(row.occurrence, row.state, row.seq) for row in rows] == [
        (1, "missed", 1), (2, "missed", 1), (3, "missed", 1),
    ]  # fmt: skip
    assert moving.move_cases(session, [case], "lose_touch", by=None, now=NOW).moved


def test_an_attempt_that_was_planned_by_hand_has_no_next(session: Session) -> None:
    case = a_case(session, a_library(session), "trust")
    row = follow_ups.plan_by_hand(session, case, "Bel", TODAY, assignee_id=None, by=None, now=NOW)
    assert follow_ups.try_in_vain(session, row.id or 0, by=None, now=NOW) == Tried(None, None)
    assert _row(session, row.id or 0).state == "missed"


def test_what_is_due_comes_by_how_long_it_waits(session: Session) -> None:
    library = a_library(session)
    elsewhere = a_library(session, "elders")
    late = a_case(session, library, now=NOW - timedelta(days=30))
    early = a_case(session, library, now=NOW)
    a_case(session, elsewhere, now=NOW - timedelta(days=60))
    assert queries.due(session, library, NOW - timedelta(days=29)) == []
    a_month_on = queries.due(session, library, NOW + timedelta(days=30))
    calls = [row for row in a_month_on if row.rule == "first_call"]
    assert [row.case_id for row in calls] == [late, early]
    assert [row.case_id for row in a_month_on] == [late, late, early, early]
    first = queries.next_of_cases(session, [late, early, 77])
    assert {case: row.case_id for case, row in first.items()} == {late: late, early: early}


def test_a_follow_up_is_due_at_the_hour_and_not_before(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library)
    due = _row(session, _call(session, case)).due_at
    assert due == datetime(2018, 4, 10, 6, 0, tzinfo=UTC)
    assert queries.due(session, library, due - timedelta(microseconds=1)) == []
    assert [row.rule for row in queries.due(session, library, due)] == ["first_call", "norm"]
    assert the_case(session, case).stage == "contact"
