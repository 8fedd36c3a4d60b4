"""Follow-ups that come again or go on to somebody else: norms, escalations, repeats and twins."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from referrals import consent, follow_ups, moving
from referrals.follow_ups import Tried
from referrals.moving import Answers
from storage.tables import FollowUp
from tests.builders import NOW, TODAY, a_case, a_colleague, a_library
from tests.looking import planned, rows_of, the_case

LATER = NOW + timedelta(days=1)


def _the(session: Session, case: int, rule: str, **values: object) -> FollowUp:
    [row] = rows_of(session, FollowUp, case_id=case, rule=rule, **values)
    return row


def a_twin(session: Session, row: FollowUp, receiver: str) -> FollowUp:
    """What an escalation makes: the same for somebody else."""
    same = row.model_dump(include={"organisation_id", "case_id", "rule", "seq", "occurrence"})
    twin = FollowUp(
        **same, receiver=receiver, due_on=TODAY, due_at=NOW, state="open", created_at=LATER
    )
    session.add(twin)
    session.flush()
    return twin


def _not_now(session: Session) -> int:
    """A case in which to ask again after three months, twice at most, also when it was done."""
    case = a_case(session, a_library(session))
    answers = Answers(reason="moved")
    moving.move_cases(session, [case], "postpone", by=None, now=NOW, answers=answers)
    return case


def test_a_case_that_stands_longer_than_its_norm_is_followed_up(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "trust", owner=bo)
    row = _the(session, case, "norm", state="open")
    # the norm of this stage is 15 workdays; King's Day is none
    assert (row.due_on, row.receiver, row.assignee_id) == (date(2018, 4, 24), "owner", bo)
    assert row.due_at == datetime(2018, 4, 24, 6, 0, tzinfo=UTC)
    assert row.escalates_at == datetime(2018, 5, 2, 6, 0, tzinfo=UTC)


def test_the_norm_of_a_stage_ends_when_the_case_leaves_it(session: Session) -> None:
    case = a_case(session, a_library(session))
    moving.move_cases(session, [case], "know", by=None, now=LATER)
    contact, trust = rows_of(session, FollowUp, case_id=case, rule="norm")
    assert (contact.seq, contact.state, contact.done_at) == (1, "ended", LATER)
    assert (trust.seq, trust.state) == (2, "open")


def test_a_closed_case_has_no_norm(session: Session) -> None:
    case = a_case(session, a_library(session), "stopped")
    assert rows_of(session, FollowUp, case_id=case, rule="norm", state="open") == []


def test_what_escalates_says_when(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _the(session, case, "first_call")
    assert (call.due_on, call.escalates_at) == (
        date(2018, 4, 10), datetime(2018, 4, 17, 6, 0, tzinfo=UTC),
    )  # fmt: skip
    moving.move_cases(session, [case], "screen", by=None, now=NOW)
    # nobody else hears of this one
    assert _the(session, case, "tell_the_result").escalates_at is None


def test_the_attempt_after_one_in_vain_escalates_too(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _the(session, case, "first_call")
    follow_ups.try_in_vain(session, call.id or 0, by=None, now=LATER)
    again = _the(session, case, "first_call", state="open")
    assert (again.due_on, again.escalates_at) == (
        date(2018, 4, 11), datetime(2018, 4, 18, 6, 0, tzinfo=UTC),
    )  # fmt: skip


def test_putting_off_puts_the_escalation_off_too(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _the(session, case, "first_call")
    follow_ups.put_off(session, call.id or 0, date(2018, 10, 25), by=None, now=NOW, due_hour=9)
    row = _the(session, case, "first_call")
    # five workdays later it is winter time
    assert row.escalates_at == datetime(2018, 11, 1, 8, 0, tzinfo=UTC)


def test_what_recurs_comes_again_on_its_day_until_the_last(session: Session) -> None:
    case = _not_now(session)
    first = _the(session, case, "ask_again")
    assert first.due_on == date(2018, 7, 3)
    in_july = datetime(2018, 7, 5, 9, 0, tzinfo=UTC)

    assert follow_ups.do(session, first.id or 0, by=None, now=in_july) == date(2018, 10, 5)

    second = _the(session, case, "ask_again", state="open")
    assert (second.occurrence, second.due_on, second.seq) == (2, date(2018, 10, 5), first.seq)
    assert second.created_at == in_july
    assert follow_ups.do(session, second.id or 0, by=None, now=in_july) is None
    assert planned(session, case, state="open") == []


def test_the_last_time_in_vain_the_move_is_offered(session: Session) -> None:
    case = _not_now(session)
    follow_ups.do(session, _the(session, case, "ask_again").id or 0, by=None, now=LATER)
    second = _the(session, case, "ask_again", state="open")
    tried = follow_ups.try_in_vain(session, second.id or 0, by=None, now=LATER)
    assert tried == Tried(None, "stop")


def test_what_does_not_recur_is_done_once(session: Session) -> None:
    case = a_case(session, a_library(session))
    call = _the(session, case, "first_call")
    assert follow_ups.do(session, call.id or 0, by=None, now=LATER) is None
    assert planned(session, case, state="open") == []


@pytest.mark.parametrize("by_twin", [False, True])
@pytest.mark.parametrize("act", [follow_ups.do, follow_ups.try_in_vain])
def test_who_does_it_does_it_for_the_others_too(session: Session, act, by_twin: bool) -> None:  # type: ignore[no-untyped-def]
    case = a_case(session, a_library(session))
    call = _the(session, case, "first_call")
    pair = [call, a_twin(session, call, "coordinator")]
    doing, other = pair[::-1] if by_twin else pair

    act(session, doing.id or 0, by=None, now=LATER)

    session.refresh(other)
    assert (other.state, other.done_at, other.done_by) == ("ended", LATER, None)
    assert _the(session, case, "norm").state == "open"


def test_the_attempt_after_that_of_the_coordinator_is_for_the_owner(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, owner=bo)
    twin = a_twin(session, _the(session, case, "first_call"), "coordinator")
    follow_ups.hand_over(session, twin.id or 0, bo, by=None, now=LATER)
    cor = a_colleague(session, library, "cor@voorbeeld.nl")
    follow_ups.hand_over(session, twin.id or 0, cor, by=None, now=LATER)
    follow_ups.try_in_vain(session, twin.id or 0, by=cor, now=LATER)
    again = _the(session, case, "first_call", state="open")
    assert (again.receiver, again.assignee_id, again.occurrence) == ("owner", bo, 2)


def test_the_attempt_after_one_that_was_handed_over_stays_there(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library)
    call = _the(session, case, "first_call")
    follow_ups.hand_over(session, call.id or 0, bo, by=None, now=LATER)
    follow_ups.try_in_vain(session, call.id or 0, by=bo, now=LATER)
    assert _the(session, case, "first_call", state="open").assignee_id == bo


def test_after_withdrawing_a_partner_is_not_asked_again(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    twin = a_twin(session, _the(session, case, "contact_made"), "owner")
    person = the_case(session, case).participant_id
    consent.withdraw_consent(session, person, by=None, now=LATER)
    tried = follow_ups.try_in_vain(session, twin.id or 0, by=None, now=LATER)
    assert tried.next_on is None
    assert planned(session, case, state="open") == []


def test_what_was_planned_by_hand_at_one_moment_is_done_one_by_one(session: Session) -> None:
    case = a_case(session, a_library(session))
    first, second = (
        follow_ups.plan_by_hand(session, case, what, TODAY, assignee_id=None, by=None, now=NOW)
        for what in ("Bel", "Breng de folder")
    )
    follow_ups.do(session, first.id or 0, by=None, now=LATER)
    session.refresh(second)
    assert second.state == "open"
