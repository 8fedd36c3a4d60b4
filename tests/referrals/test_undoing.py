"""Undoing: a step back is a step too, and whatever the order, everything stays whole."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.errors import NotFound, NothingToUndo
from referrals import answering, consent, follow_ups, moving, referring, undoing
from referrals.consent import Agreement
from referrals.moving import Answers
from storage.queries import cases
from storage.tables import JournalEntry, Referral
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_colleague,
    a_course,
    a_library,
    a_participant,
    a_provider,
    a_route,
)
from tests.looking import (
    assert_whole,
    effective,
    open_rules,
    people_per,
    planned,
    rows_of,
    the_case,
)

LATER = NOW + timedelta(days=1)
MUCH_LATER = NOW + timedelta(days=2)


def test_undoing_a_step_puts_the_case_back_and_voids_the_step(session: Session) -> None:
    case = a_case(session, a_library(session))
    moving.move_cases(session, [case], "screen", by=None, now=LATER)

    undone = undoing.undo(session, case, by=None, now=MUCH_LATER)

    assert (undone.from_stage, undone.to_stage, undone.remains) == ("screened", "contact", ())
    row = the_case(session, case)
    assert (row.stage, row.seq, row.version, row.stage_day) == ("contact", 3, 3, TODAY)
    history = cases.history(session, case)
    assert [(e.kind, e.move, e.voided_by) for e in history] == [
        ("open", None, None), ("move", "screen", 3), ("undo", "screen", None),
    ]  # fmt: skip
    assert (history[2].from_stage, history[2].to_stage, history[2].at) == (
        "screened", "contact", MUCH_LATER,
    )  # fmt: skip
    assert people_per(session) == {"contact": 1}


def test_undoing_is_in_the_journal_with_who_did_it(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "trust")
    undoing.undo(session, case, by=bo, now=LATER)
    [line] = rows_of(session, JournalEntry, what="case.undone")
    assert (line.by_staff_id, line.subject_id, line.at) == (bo, case, LATER)
    assert line.detail == {"from": "trust", "to": "contact", "seq": 3}


def test_steps_are_undone_one_by_one_until_the_opening(session: Session) -> None:
    case = a_case(session, a_library(session), "started")
    stages = [undoing.undo(session, case, by=None, now=LATER).to_stage for _ in range(5)]
    assert stages == ["intake", "spoken", "referred", "agreed", "contact"]
    with pytest.raises(NothingToUndo) as refusal:
        undoing.undo(session, case, by=None, now=LATER)
    assert refusal.value.remedy
    assert_whole(session, case)


def test_a_case_that_does_not_exist_cannot_be_undone(session: Session) -> None:
    with pytest.raises(NotFound):
        undoing.undo(session, 12345, by=None, now=NOW)


def test_undoing_opens_a_closed_case_and_closes_a_returned_one(session: Session) -> None:
    case = a_case(session, a_library(session), "stopped")
    moving.move_cases(session, [case], "return", by=None, now=LATER)
    assert the_case(session, case).closed_at is None

    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert (the_case(session, case).stage, the_case(session, case).closed_at) == ("stopped", NOW)

    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert (the_case(session, case).stage, the_case(session, case).closed_at) == ("contact", None)


def test_what_the_step_had_ended_is_to_be_done_again_on_its_own_day(session: Session) -> None:
    case = a_case(session, a_library(session))
    before = open_rules(session, case)
    moving.move_cases(session, [case], "screen", by=None, now=LATER)
    assert open_rules(session, case).keys() == {"tell_the_result"}

    undoing.undo(session, case, by=None, now=MUCH_LATER)

    assert open_rules(session, case) == before == {"first_call": "2018-04-10"}


def test_undoing_keeps_attempts_that_were_made_before_the_step(session: Session) -> None:
    case = a_case(session, a_library(session))
    [call] = planned(session, case)
    follow_ups.try_in_vain(session, call.id or 0, by=None, now=LATER)
    moving.move_cases(session, [case], "screen", by=None, now=MUCH_LATER)

    undoing.undo(session, case, by=None, now=MUCH_LATER + timedelta(hours=1))

    [again] = planned(session, case, state="open")
    assert (again.rule, again.occurrence) == ("first_call", 2)


def test_undoing_leaves_what_was_planned_by_hand(session: Session) -> None:
    case = a_case(session, a_library(session))
    moving.move_cases(session, [case], "screen", by=None, now=LATER)
    follow_ups.plan_by_hand(
        session, case, "Breng de folder", TODAY + timedelta(days=9), assignee_id=None, by=None,
        now=LATER,
    )  # fmt: skip
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert [row.what for row in planned(session, case, state="open")] == [
        None, "Breng de folder",
    ]  # fmt: skip


def test_calls_after_three_and_six_months_are_planned_once(session: Session) -> None:
    case = a_case(session, a_library(session), "completed")
    planned = open_rules(session, case)
    assert planned.keys() == {"after_three_months", "after_six_months"}
    moving.move_cases(session, [case], "go_on", by=None, now=LATER)
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert open_rules(session, case) == planned


def test_calls_that_the_undone_step_planned_are_dropped(session: Session) -> None:
    case = a_case(session, a_library(session), "started")
    moving.move_cases(session, [case], "complete", by=None, now=LATER).raise_refusal()
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert open_rules(session, case) == {"week_two": "2018-04-11"}


def test_calls_that_a_return_ended_come_back_when_it_is_undone(session: Session) -> None:
    case = a_case(session, a_library(session), "completed")
    planned = open_rules(session, case)
    moving.move_cases(session, [case], "go_on", by=None, now=LATER)
    moving.move_cases(session, [case], "return", by=None, now=MUCH_LATER)
    assert open_rules(session, case).keys() == {"welcome_back"}
    undoing.undo(session, case, by=None, now=MUCH_LATER + timedelta(hours=1))
    assert open_rules(session, case) == planned


def test_undoing_withdraws_the_referral_that_the_step_sent(session: Session) -> None:
    case = a_case(session, a_library(session), "agreed")
    provider = a_provider(session, the_case(session, case).organisation_id)
    answers = Answers(provider=provider)
    moving.move_cases(session, [case], "refer", by=None, now=LATER, answers=answers)
    assert undoing.undo(session, case, by=None, now=MUCH_LATER).remains == ()
    [referral] = rows_of(session, Referral, case_id=case)
    assert referral.state == "withdrawn"


def test_undoing_says_that_a_referral_was_answered_meanwhile(session: Session) -> None:
    case = a_case(session, a_library(session), "agreed")
    provider = a_provider(session, the_case(session, case).organisation_id)
    course = a_course(session, the_case(session, case).organisation_id, provider, seats=0)
    answers = Answers(provider=provider, course=course)
    moving.move_cases(session, [case], "refer", by=None, now=LATER, answers=answers)
    # there is no seat, so the case does not follow
    assert answering.answer(session, case, "accepted", by=None, now=MUCH_LATER).refused
    [remains] = undoing.undo(session, case, by=None, now=MUCH_LATER).remains
    assert "answered" in remains
    [referral] = rows_of(session, Referral, case_id=case)
    assert referral.state == "accepted"


def test_undoing_takes_the_answer_of_a_provider_back(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    answering.answer(session, case, "waiting", by=None, now=LATER, note="nog even")
    answering.answer(session, case, "declined", by=None, now=MUCH_LATER, reason="cost")
    undone = undoing.undo(session, case, by=None, now=MUCH_LATER + timedelta(hours=1))
    assert (undone.to_stage, undone.remains) == ("waiting", ())
    [referral] = rows_of(session, Referral, case_id=case)
    assert (referral.state, referral.answered_at, referral.reason, referral.note) == (
        "waiting", LATER, None, "nog even",
    )  # fmt: skip
    undoing.undo(session, case, by=None, now=MUCH_LATER + timedelta(hours=2))
    session.refresh(referral)
    assert (referral.state, referral.answered_at) == ("sent", None)


def test_an_answer_is_not_taken_back_into_a_course_that_was_asked_for_again(
    session: Session,
) -> None:
    library = a_library(session)
    course = a_course(session, library, a_provider(session, library))
    case = a_case(session, library, "agreed")
    answers = Answers(provider=a_provider(session, library, "Ander Taalhuis"), course=course)
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=answers)
    answering.answer(session, case, "declined", by=None, now=LATER)
    row = cases.standing(session, [case])
    referring.refer(
        session, row, provider_id=answers.provider or 0, course_id=course, warm_handover=False,
        by=None, now=MUCH_LATER,
    )  # fmt: skip
    [remains] = undoing.undo(session, case, by=None, now=MUCH_LATER).remains
    assert "answered" in remains
    assert [each.state for each in rows_of(session, Referral, case_id=case)] == ["declined", "sent"]


def test_undoing_says_that_a_consent_stays(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    case = a_case(session, library, participant=who)
    consent.note_consent(session, library, [(who.id, Agreement(given_on=TODAY))], now=LATER)
    moving.move_cases(session, [case], "agree", by=None, now=LATER).raise_refusal()
    [remains] = undoing.undo(session, case, by=None, now=MUCH_LATER).remains
    assert "consent" in remains


def test_undoing_says_that_a_linked_case_stays(session: Session) -> None:
    library = a_library(session)
    a_route(session, "language-to-digital")
    case = a_case(session, library, "completed")
    [moved] = moving.move_cases(session, [case], "cross", by=None, now=LATER).moved
    undone = undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert len(undone.remains) == 1 and "linked" in undone.remains[0]
    assert moved.opened is not None and the_case(session, moved.opened).stage


def test_an_undone_step_made_again_gives_the_same_state(session: Session) -> None:
    case = a_case(session, a_library(session), "agreed")
    steps = [entry.to_stage for entry in effective(session, case)]
    planned, people = open_rules(session, case), people_per(session)

    undoing.undo(session, case, by=None, now=LATER)
    moving.move_cases(session, [case], "agree", by=None, now=NOW).raise_refusal()

    assert [entry.to_stage for entry in effective(session, case)] == steps
    assert (open_rules(session, case), people_per(session)) == (planned, people)
    assert_whole(session, case)
