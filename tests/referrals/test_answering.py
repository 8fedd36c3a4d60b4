"""Answers of a provider: noted on the referral, and the case makes the step that they cause."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.errors import BsnFound, FaultyValue, MoveRefused, NotFound, Unclear
from referrals import answering, moving
from referrals.moving import Answers
from storage.queries import cases
from storage.tables import JournalEntry, Referral
from tests.builders import NOW, a_case, a_colleague, a_course, a_library, a_participant, a_provider
from tests.looking import assert_whole, open_rules, rows_of, the_case

LATER = NOW + timedelta(days=1)


def _referral(session: Session, case: int) -> Referral:
    return rows_of(session, Referral, case_id=case)[-1]


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ("accepted", "placed"),
        ("waiting", "waiting"),
        ("declined", "agreed"),
        ("started", "started"),
        ("no_show", "agreed"),
    ],
)
def test_an_answer_moves_the_case(session: Session, given: str, stage: str) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "referred")

    outcome = answering.answer(session, case, given, by=bo, now=LATER, note="Past niet.")

    assert [moved.to_stage for moved in outcome.moved] == [stage]
    referral = _referral(session, case)
    assert (referral.state, referral.version, referral.answered_at) == (given, 2, LATER)
    assert referral.note == "Past niet."
    assert cases.history(session, case)[-1].note == "Past niet."
    [line] = rows_of(session, JournalEntry, what=f"referral.{given}")
    assert (line.by_staff_id, line.subject_id) == (bo, referral.id)
    assert_whole(session, case)


def test_a_course_is_finished_after_it_started(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    with pytest.raises(MoveRefused):
        answering.answer(session, case, "finished", by=None, now=LATER)
    answering.answer(session, case, "started", by=None, now=LATER)
    outcome = answering.answer(session, case, "finished", by=None, now=LATER)
    assert [moved.to_stage for moved in outcome.moved] == ["completed"]
    assert _referral(session, case).state == "finished"


def test_the_last_seat_is_for_whoever_the_provider_accepts(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider, seats=1)
    first, second = (
        a_case(session, library, "agreed", participant=a_participant(session, library))
        for _ in range(2)
    )
    answers = Answers(provider=provider, course=course)
    moving.move_cases(session, [first, second], "refer", by=None, now=NOW, answers=answers)

    assert answering.answer(session, first, "accepted", by=None, now=LATER).moved
    outcome = answering.answer(session, second, "waiting", by=None, now=LATER)
    assert [moved.to_stage for moved in outcome.moved] == ["waiting"]
    refused = moving.move_cases(session, [second], "place", by=None, now=LATER).refused
    assert [fault.thing for fault in refused[second].faults] == ["seat_free"]


def test_an_answer_stands_when_the_case_cannot_follow(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    moving.move_cases(session, [case], "stop", by=None, now=NOW, answers=Answers(reason="moved"))
    outcome = answering.answer(session, case, "accepted", by=None, now=LATER)
    assert not outcome.moved and outcome.refused[case].faults
    assert _referral(session, case).state == "accepted"
    assert the_case(session, case).stage == "stopped"


def test_without_a_referral_there_is_nothing_to_answer(session: Session) -> None:
    case = a_case(session, a_library(session), "agreed")
    with pytest.raises(NotFound) as refusal:
        answering.answer(session, case, "accepted", by=None, now=LATER)
    assert "referral" in str(refusal.value)


def test_a_declined_referral_has_had_its_answer(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    answering.answer(session, case, "declined", by=None, now=LATER, reason="nothing_available")
    assert _referral(session, case).reason == "nothing_available"
    with pytest.raises(NotFound):
        answering.answer(session, case, "accepted", by=None, now=LATER)


@pytest.mark.parametrize("given", ["maybe", "sent", "draft"])
def test_a_word_that_is_no_answer_is_refused(session: Session, given: str) -> None:
    case = a_case(session, a_library(session), "referred")
    with pytest.raises(FaultyValue, match="accepted, waiting, declined"):
        answering.answer(session, case, given, by=None, now=LATER)
    assert _referral(session, case).state == "sent"


def test_a_note_with_a_bsn_is_refused(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    with pytest.raises(BsnFound):
        answering.answer(session, case, "accepted", by=None, now=LATER, note="111222333")
    assert _referral(session, case).state == "sent"


def test_a_referral_without_an_answer_is_asked_after_until_contact_was_made(
    session: Session,
) -> None:
    case = a_case(session, a_library(session), "referred")
    assert open_rules(session, case) == {"contact_made": "2018-04-10"}
    moving.move_cases(session, [case], "speak", by=None, now=LATER)
    assert open_rules(session, case) == {}
    assert_whole(session, case)


def _elsewhere(session: Session, case: int) -> tuple[Referral, Referral]:
    """A case that waits at one provider and was then referred to another."""
    answering.answer(session, case, "waiting", by=None, now=LATER)
    other = a_provider(session, the_case(session, case).organisation_id, "Ander Taalhuis")
    answers = Answers(provider=other)
    moving.move_cases(session, [case], "refer", by=None, now=LATER, answers=answers)
    first, second = rows_of(session, Referral, case_id=case)
    assert (first.state, second.state) == ("waiting", "sent")
    return first, second


@pytest.mark.parametrize("given", ["declined", "no_show", "accepted", "withdrawn"])
def test_an_answer_leaves_other_referrals_of_the_case_alone(session: Session, given: str) -> None:
    case = a_case(session, a_library(session), "referred")
    first, second = _elsewhere(session, case)
    answering.answer(session, case, given, referral_id=second.id, by=None, now=LATER)
    for row in (first, second):
        session.refresh(row)
    assert (first.state, second.state) == ("waiting", given)


def test_with_several_open_referrals_the_answer_must_say_of_whom(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    _elsewhere(session, case)
    with pytest.raises(Unclear, match="Ander Taalhuis"):
        answering.answer(session, case, "declined", by=None, now=LATER)


def test_a_step_by_hand_is_followed_by_the_newest_referral_alone(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    first, second = _elsewhere(session, case)
    moving.move_cases(session, [case], "look_again", by=None, now=LATER).raise_refusal()
    for row in (first, second):
        session.refresh(row)
    # nobody said "not suitable" or "did not come": we take it back ourselves
    assert (first.state, second.state) == ("waiting", "withdrawn")
