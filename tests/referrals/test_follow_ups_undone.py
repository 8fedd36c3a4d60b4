"""Undoing what was done with a follow-up: everything is as it was, or nothing is touched."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.errors import NotFound, NothingToUndo
from referrals import consent, extending, follow_ups, moving, routes, undoing
from referrals.histories import PastStep
from referrals.moving import Answers
from storage.tables import FollowUp, JournalEntry
from tests.builders import NOW, TODAY, a_case, a_colleague, a_library
from tests.looking import assert_whole, open_rules, planned, rows_of, the_case
from tests.referrals.test_follow_ups_again import a_twin

LATER = NOW + timedelta(days=1)
MUCH_LATER = NOW + timedelta(days=2)
Act = Callable[[Session, int, int], Any]
#: what can be done with a follow-up: (session, follow-up, colleague)
ACTS: dict[str, Act] = {
    "do": lambda s, n, who: follow_ups.do(s, n, by=who, now=LATER, outcome="Komt langs."),
    "put_off": lambda s, n, who: follow_ups.put_off(s, n, date(2018, 11, 1), by=who, now=LATER),
    "hand_over": lambda s, n, who: follow_ups.hand_over(s, n, who, by=None, now=LATER),
    "try_in_vain": lambda s, n, who: follow_ups.try_in_vain(s, n, by=who, now=LATER),
}


def _call(session: Session, case: int) -> FollowUp:
    """The first attempt of the one rule of the stage."""
    [row] = [row for row in planned(session, case) if row.receiver == "owner"]
    return row


def _everything(session: Session, case: int) -> list[dict[str, Any]]:
    return [row.model_dump() for row in rows_of(session, FollowUp, case_id=case)]


def _undo(session: Session, row: FollowUp, now: datetime = MUCH_LATER) -> None:
    follow_ups.undo(session, row.id or 0, by=None, now=now)


def _refused(session: Session, case: int, row: FollowUp) -> NothingToUndo:
    """The refusal, which leaves everything as it was."""
    before = _everything(session, case)
    with pytest.raises(NothingToUndo) as refusal:
        _undo(session, row)
    assert refusal.value.remedy
    assert _everything(session, case) == before
    return refusal.value


@pytest.mark.parametrize("move", ["know", "postpone"])
@pytest.mark.parametrize("name", ACTS)
def test_everything_is_as_it_was(session: Session, name: str, move: str) -> None:
    """Of a call that is tried again (`contact`), and of one that comes again when done."""
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library)
    if move == "postpone":
        answers = Answers(reason="moved")
        moving.move_cases(session, [case], move, by=None, now=NOW, answers=answers)
    [call] = planned(session, case, state="open")
    a_twin(session, call, "coordinator")
    before = _everything(session, case)

    ACTS[name](session, call.id or 0, bo)
    assert _everything(session, case) != before
    follow_ups.undo(session, call.id or 0, by=bo, now=MUCH_LATER)

    assert _everything(session, case) == before
    [line] = rows_of(session, JournalEntry, what="follow_up.undone")
    assert (line.by_staff_id, line.subject_id, line.at) == (bo, call.id, MUCH_LATER)
    # and it can be done as if nothing had happened
    follow_ups.do(session, call.id or 0, by=bo, now=MUCH_LATER)


def test_only_the_last_thing_is_taken_back(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _call(session, case)
    follow_ups.put_off(session, call.id or 0, date(2018, 5, 1), by=None, now=LATER)
    put_off = _everything(session, case)
    follow_ups.do(session, call.id or 0, by=None, now=LATER)
    _undo(session, call)
    assert _everything(session, case) == [{**row, "former": None} for row in put_off]
    _refused(session, case, call)


def test_where_nothing_was_done_nothing_is_undone(session: Session) -> None:
    case = a_case(session, a_library(session))
    _refused(session, case, _call(session, case))
    with pytest.raises(NotFound):
        follow_ups.undo(session, 777, by=None, now=LATER)


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_undone_twice(session: Session, name: str) -> None:
    library = a_library(session)
    case = a_case(session, library)
    call = _call(session, case)
    ACTS[name](session, call.id or 0, a_colleague(session, library, "bo@voorbeeld.nl"))
    _undo(session, call)
    _refused(session, case, call)


@pytest.mark.parametrize("name", ACTS)
def test_when_the_case_has_moved_on_nothing_is_undone(session: Session, name: str) -> None:
    library = a_library(session)
    case = a_case(session, library)
    call = _call(session, case)
    ACTS[name](session, call.id or 0, a_colleague(session, library, "bo@voorbeeld.nl"))
    moving.move_cases(session, [case], "know", by=None, now=LATER)
    _refused(session, case, call)
    assert_whole(session, case)


@pytest.mark.parametrize("name", ACTS)
def test_when_the_move_was_undone_it_can_be(session: Session, name: str) -> None:
    library = a_library(session)
    case = a_case(session, library)
    before, call = _everything(session, case), _call(session, case)
    ACTS[name](session, call.id or 0, a_colleague(session, library, "bo@voorbeeld.nl"))
    moving.move_cases(session, [case], "know", by=None, now=LATER + timedelta(hours=1))
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    _undo(session, call)
    assert [row for row in _everything(session, case) if row["seq"] == 1] == before


@pytest.mark.parametrize("stage", ["screened", "completed", "not_now"])
def test_what_an_undone_step_planned_stays_done(session: Session, stage: str) -> None:
    """Also when it would outlive its stage, and when the step before led to the same stage."""
    case = a_case(session, a_library(session), "started")
    moves = {"screened": ["stop", "return", "screen"], "not_now": ["postpone", "postpone"]}
    for move in moves.get(stage, ["complete"]):
        answers = Answers(reason="moved")
        moving.move_cases(session, [case], move, by=None, now=NOW, answers=answers).raise_refusal()
    done = rows_of(session, FollowUp, case_id=case, state="open")[-1]
    follow_ups.do(session, done.id or 0, by=None, now=LATER)
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    _refused(session, case, done)


def test_what_somebody_else_did_is_not_opened_by_who_had_put_it_off(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _call(session, case)
    twin = a_twin(session, call, "coordinator")
    follow_ups.put_off(session, twin.id or 0, date(2018, 5, 1), by=None, now=LATER)
    follow_ups.do(session, call.id or 0, by=None, now=LATER)
    _refused(session, case, twin)


def test_a_call_that_outlives_its_stage_can_be_undone_until_a_move_ends_it(
    session: Session,
) -> None:
    case = a_case(session, a_library(session), "completed")
    [call, _] = planned(session, case, state="open")
    follow_ups.do(session, call.id or 0, by=None, now=LATER)
    moving.move_cases(session, [case], "go_on", by=None, now=LATER)
    _undo(session, call)
    assert open_rules(session, case).keys() == {"after_three_months", "after_six_months"}
    follow_ups.do(session, call.id or 0, by=None, now=LATER)
    moving.move_cases(session, [case], "return", by=None, now=LATER)
    _refused(session, case, call)


def test_what_was_planned_by_hand_can_be_undone_wherever_the_case_is(session: Session) -> None:
    case = a_case(session, a_library(session))
    row = follow_ups.plan_by_hand(session, case, "Bel", TODAY, assignee_id=None, by=None, now=NOW)
    follow_ups.do(session, row.id or 0, by=None, now=LATER)
    moving.move_cases(session, [case], "know", by=None, now=LATER)
    _undo(session, row)
    session.refresh(row)
    assert row.state == "open"


def test_a_step_that_an_import_adds_later_does_not_move_the_case_on(session: Session) -> None:
    case = a_case(session, a_library(session), "trust")
    [call] = rows_of(session, FollowUp, case_id=case, rule="norm", state="open")
    follow_ups.do(session, call.id or 0, by=None, now=LATER)
    past = PastStep("screened", NOW - timedelta(days=9), TODAY - timedelta(days=9))
    published = routes.newest(session, "open-door")
    assert extending.extend_case(session, published, case, [past], by=None, now=LATER) == 1
    assert the_case(session, case).stage == "trust"
    _undo(session, call)


def test_the_attempt_after_it_is_undone_first(session: Session) -> None:
    case = a_case(session, a_library(session))
    first = _call(session, case)
    before = _everything(session, case)
    follow_ups.try_in_vain(session, first.id or 0, by=None, now=LATER)
    [second] = planned(session, case, state="open")
    follow_ups.try_in_vain(session, second.id or 0, by=None, now=MUCH_LATER)
    assert "first" in _refused(session, case, first).remedy
    _undo(session, second)
    _undo(session, first)
    assert _everything(session, case) == before
    assert rows_of(session, FollowUp, id=second.id) == []


def test_of_somebody_who_withdrew_partners_do_not_hear_again(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    [asked] = planned(session, case, state="open")
    twin = a_twin(session, asked, "owner")
    follow_ups.do(session, twin.id or 0, by=None, now=LATER)
    person = the_case(session, case).participant_id
    consent.withdraw_consent(session, person, by=None, now=LATER)
    _undo(session, twin)
    assert [row.receiver for row in planned(session, case, state="open")] == ["owner"]


def test_a_partner_who_answered_is_not_asked_again_after_withdrawing(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    [asked] = planned(session, case, state="open")
    follow_ups.do(session, asked.id or 0, by=None, now=LATER)
    person = the_case(session, case).participant_id
    consent.withdraw_consent(session, person, by=None, now=LATER)
    _refused(session, case, asked)


def test_undoing_a_step_does_not_open_what_was_done_at_the_same_moment(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _call(session, case)
    a_twin(session, call, "coordinator")
    follow_ups.do(session, call.id or 0, by=None, now=LATER)
    moving.move_cases(session, [case], "know", by=None, now=LATER)
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert planned(session, case, state="open") == []
