"""Referrals: sent with a course or without, one open at a time, following what the case does."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, ChangedMeanwhile, MoveRefused, NotFound
from referrals import moving, referring, routes
from referrals.moving import Answers
from storage.queries import cases, referrals
from storage.tables import JournalEntry, Referral
from tests.builders import NOW, a_case, a_colleague, a_course, a_library, a_participant, a_provider
from tests.looking import open_rules, rows_of, the_case

LATER = NOW + timedelta(days=1)


def test_a_move_to_referred_sends_a_referral(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    case = a_case(session, library, "agreed")

    answers = Answers(provider=provider, course=course, warm_handover=True)
    moving.move_cases(session, [case], "refer", by=bo, now=LATER, answers=answers)

    [row] = rows_of(session, Referral)
    assert (row.state, row.version, row.warm_handover, row.made_by) == ("sent", 1, True, bo)
    assert (row.case_id, row.provider_id, row.course_id) == (case, provider, course)
    assert (row.participant_id, row.organisation_id) == (
        the_case(session, case).participant_id, library,
    )  # fmt: skip
    assert (row.sent_at, row.created_at, row.answered_at) == (LATER, LATER, None)
    [line] = rows_of(session, JournalEntry, what="referral.sent")
    assert (line.subject, line.subject_id, line.detail) == ("referral", row.id, {"case": case})


def test_placing_plans_a_call_before_the_course_begins(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    case = a_case(session, library, "agreed")
    answers = Answers(provider=provider, course=course)
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=answers)
    moving.move_cases(session, [case], "place", by=None, now=NOW).raise_refusal()
    # three workdays before Monday 7 May
    assert open_rules(session, case) == {"before_start": "2018-05-02"}
    moving.move_cases(session, [case], "start", by=None, now=NOW).raise_refusal()
    # eight days on; and two workdays after Monday 2 July
    assert open_rules(session, case) == {"week_two": "2018-04-11", "at_the_end": "2018-07-04"}


def test_the_open_referral_follows_a_step_that_its_answer_would_have_caused(
    session: Session,
) -> None:
    case = a_case(session, a_library(session), "referred")
    for move, state in (("wait", "waiting"), ("place", "accepted"), ("start", "started"),
                        ("complete", "finished")):  # fmt: skip
        moving.move_cases(session, [case], move, by=None, now=LATER).raise_refusal()
        [row] = rows_of(session, Referral, case_id=case)
        assert (row.state, row.answered_at) == (state, LATER)
    assert row.version == 5


def test_a_participant_is_referred_once_to_a_course_while_that_is_open(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    who = a_participant(session, library)
    rows = cases.standing(session, [a_case(session, library, "agreed", participant=who)])

    def refer() -> list[int]:
        return referring.refer(
            session, rows, provider_id=provider, course_id=course, warm_handover=False, by=None,
            now=NOW,
        )  # fmt: skip

    [number] = refer()
    with pytest.raises(AlreadyThere) as refusal:
        refer()
    assert "Withdraw" in refusal.value.remedy
    published = routes.newest(session, "open-door")
    referring.note_answer(session, number, "withdrawn", published, by=None, now=NOW)
    assert refer() != [number]


def test_a_provider_cannot_accept_a_withdrawn_referral(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    published = routes.newest(session, "open-door")
    [row] = referrals.of_case(session, case)
    number = row.id or 0
    noted = referring.note_answer(session, number, "withdrawn", published, by=None, now=NOW)
    assert (noted.state, noted.causes, noted.case_id) == ("withdrawn", None, case)
    with pytest.raises(MoveRefused) as refusal:
        referring.note_answer(session, number, "accepted", published, by=None, now=NOW)
    assert refusal.value.faults[0].remedy
    with pytest.raises(NotFound):
        referring.note_answer(session, 777, "accepted", published, by=None, now=NOW)


def test_whoever_saw_an_older_answer_is_told(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    published = routes.newest(session, "open-door")
    [row] = referrals.of_case(session, case)
    number = row.id or 0
    referring.note_answer(
        session, number, "waiting", published, by=None, now=NOW, expected_version=1
    )
    with pytest.raises(ChangedMeanwhile) as refusal:
        referring.note_answer(
            session, number, "accepted", published, by=None, now=NOW, expected_version=1
        )
    assert (refusal.value.change.stage, refusal.value.change.field) == ("waiting", "referral")


def test_the_waiting_list_and_the_seats_of_a_course_can_be_seen(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    published = routes.newest(session, "open-door")
    numbers = []
    for hour, answer in enumerate(["waiting", "accepted", "waiting", "started", "declined"]):
        case = a_case(session, library, "agreed")
        [number] = referring.refer(
            session, cases.standing(session, [case]), provider_id=provider, course_id=course,
            warm_handover=False, by=None, now=NOW,
        )  # fmt: skip
        at = NOW - timedelta(hours=hour)
        referring.note_answer(session, number, answer, published, by=None, now=at)
        numbers.append(number)
    [load] = referrals.course_load(session, library)
    assert (load["taken"], load["waiting"], load["seats"]) == (2, 2, 8)
    waiting = referrals.waiting_list(session, course)
    assert [row.id for row in waiting] == [numbers[2], numbers[0]]
