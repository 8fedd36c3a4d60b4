"""A case that was opened by mistake goes again, and counts no more from then on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel

from core.errors import NotFound, NothingToUndo
from referrals import consent, follow_ups, moving, newcomers, participants, withdrawing
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.newcomers import Contact, Welcomed
from referrals.participants import Newcomer
from referrals.reach import verifying
from referrals.reach.counting import Question, count
from storage.tables import (
    Case,
    FollowUp,
    JournalEntry,
    Note,
    Participant,
    ParticipantWord,
    StageEntry,
)
from tests.builders import NOW, TODAY, a_library, a_staff
from tests.looking import rows_of

LATER = NOW + timedelta(minutes=2)


def _opened(session: Session, library: int) -> Welcomed:
    ann = a_staff(session, library, f"Bo{len(rows_of(session, JournalEntry))}")
    contact = Contact("self", Person(first_name="Amira"), wish="Lezen")
    return newcomers.welcome(session, library, contact, by=ann, now=NOW)


def _take_back(session: Session, library: int, opened: Welcomed) -> bool:
    return withdrawing.take_back(
        session, library, opened.case_id, with_person=opened.new, by=None, now=LATER
    )


def test_nothing_is_left_but_voided_entries_and_the_journal(session: Session) -> None:
    library = a_library(session)
    opened = _opened(session, library)
    assert withdrawing.may_take_back(session, library, opened.case_id)
    assert _take_back(session, library, opened)
    gone: tuple[type[SQLModel], ...] = (Case, StageEntry, FollowUp, Participant, ParticipantWord)
    for table in gone:
        assert not rows_of(session, table)
    assert [line.what for line in rows_of(session, JournalEntry)][-2:] == [
        "case.taken_back", "participant.taken_back",
    ]  # fmt: skip
    assert count(session, Question()).rows == ()
    assert [row.people for row in count(session, Question(as_known_on=TODAY)).rows] == []
    assert all(not found for _, found in verifying.verify(session))
    assert not withdrawing.may_take_back(session, library, opened.case_id)


def test_a_reference_that_was_given_out_is_given_to_nobody_else(session: Session) -> None:
    library = a_library(session)
    first = _opened(session, library)
    _take_back(session, library, first)
    second = _opened(session, library)
    assert second.case_id > first.case_id and second.participant_id > first.participant_id


def _moved(session: Session, opened: Welcomed, library: int) -> None:
    moving.move_cases(session, [opened.case_id], "know", by=None, now=LATER).raise_refusal()


def _noted(session: Session, opened: Welcomed, library: int) -> None:
    session.add(Note(organisation_id=library, case_id=opened.case_id, text="Belt terug", at=LATER))
    session.flush()


def _planned(session: Session, opened: Welcomed, library: int) -> None:
    follow_ups.plan_by_hand(
        session, opened.case_id, "Bel", TODAY, assignee_id=None, by=None, now=LATER
    )


def _done(session: Session, opened: Welcomed, library: int) -> None:
    row = rows_of(session, FollowUp, case_id=opened.case_id)[0]
    follow_ups.do(session, row.id or 0, by=None, now=LATER)


@pytest.mark.parametrize("happened", [_moved, _noted, _planned, _done])
def test_a_case_to_which_something_happened_stays(
    session: Session, happened: Callable[[Session, Welcomed, int], None]
) -> None:
    library = a_library(session)
    opened = _opened(session, library)
    happened(session, opened, library)
    assert not withdrawing.may_take_back(session, library, opened.case_id)
    with pytest.raises(NothingToUndo):
        _take_back(session, library, opened)
    assert rows_of(session, Case)
    assert rows_of(session, Participant)


def test_a_participant_of_whom_something_is_known_by_now_stays(session: Session) -> None:
    library = a_library(session)
    opened = _opened(session, library)
    agreement = (opened.participant_id, Agreement(given_on=TODAY))
    consent.note_consent(session, library, [agreement], now=LATER)
    assert not _take_back(session, library, opened)
    assert rows_of(session, Participant) and not rows_of(session, Case)


def test_another_librarys_case_is_not_there(session: Session) -> None:
    opened = _opened(session, a_library(session))
    other = a_library(session, "elders")
    assert not withdrawing.may_take_back(session, other, opened.case_id)
    with pytest.raises(NotFound):
        _take_back(session, other, opened)


def test_somebody_who_was_just_added_is_taken_back_unless_known_by_now(session: Session) -> None:
    library = a_library(session)
    [one, two] = participants.register(session, library, [Newcomer(), Newcomer()], now=NOW)
    participants.take_back(session, library, one.id, by=None, now=LATER)
    agreement = (two.id, Agreement(given_on=TODAY))
    consent.note_consent(session, library, [agreement], now=LATER)
    with pytest.raises(NothingToUndo):
        participants.take_back(session, library, two.id, by=None, now=LATER)
    assert [row.id for row in rows_of(session, Participant)] == [two.id]
