"""A participant is mailed about an appointment on their wish, and only while it stands."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from notifications.letter import Appointment
from notifications.views import AppointmentView
from referrals import consent, moving, undoing
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.moving import Answers
from storage.queries.outbox import Outgoing
from storage.tables import Message
from tests.builders import NOW, TODAY, a_case, a_library, a_participant
from tests.looking import rows_of, the_case
from tests.notifications.moments import at
from tests.notifications.post import EMAIL, FIRST_NAME, claimed, everything, letter, needed, written

DAY = date(2018, 4, 17)
LATER = NOW + timedelta(hours=1)


def an_appointment(
    session: Session, *purposes: str, first_name: str | None = FIRST_NAME
) -> tuple[int, Outgoing]:
    """A case with an intake on a day, and the message to the participant about it."""
    library = a_library(session)
    person = a_participant(session, library, person=Person(first_name=first_name, email=EMAIL))
    if purposes:
        agreement = Agreement(given_on=TODAY, purposes=purposes)
        consent.note_consent(session, library, [(person.id, agreement)], now=NOW)
    case = a_case(session, library, "spoken", participant=person)
    answers = Answers(date=DAY)
    moving.move_cases(session, [case], "plan_intake", by=None, now=NOW, answers=answers)
    [row] = rows_of(session, Message, kind="appointment")
    return case, claimed(session, row)


def test_an_appointment_is_a_day_and_a_place(session: Session) -> None:
    case, message = an_appointment(session, "message")
    found = needed(session, message, LATER)
    library = "Bibliotheek de-voorbeeld"
    assert found.values == {"appointment": AppointmentView(FIRST_NAME, DAY, library, None)}
    assert found.appointment == Appointment(f"appointment-{case}@voorbeeld.nl", DAY, library)
    assert (found.to.email, found.language) == (EMAIL, "nl")
    assert (found.preferences, found.unsubscribe) == (None, None)


def test_subject_and_calendar_say_nothing_about_what_for(session: Session) -> None:
    _, message = an_appointment(session, "message")
    mail = written(session, message, LATER)
    assert mail.subject == "Afspraak bibliotheek"
    assert "dinsdag 17 april" in mail.text
    shown = everything(mail)
    assert "SUMMARY:Afspraak bibliotheek" in shown and "DTSTART;VALUE=DATE:20180417" in shown
    assert "geletterd" not in shown.lower()


def test_without_a_name_nobody_is_called_by_it(session: Session) -> None:
    _, message = an_appointment(session, "message", first_name=None)
    found = needed(session, message, LATER)
    assert found.values == {
        "appointment": AppointmentView(None, DAY, "Bibliotheek de-voorbeeld", None)
    }
    assert "None" not in everything(written(session, message, LATER))


@pytest.mark.parametrize("purposes", [(), ("refer",), ("follow_up", "tell_referrer")])
def test_only_who_asked_for_it_is_mailed(session: Session, purposes: tuple[str, ...]) -> None:
    _, message = an_appointment(session, *purposes)
    assert letter(session, message, LATER) is None


def _withdrawn(session: Session, case: int) -> None:
    consent.withdraw_consent(session, the_case(session, case).participant_id, by=None, now=LATER)


def _another_day(session: Session, case: int) -> None:
    undoing.undo(session, case, by=None, now=LATER)
    other = Answers(date=DAY + timedelta(days=1))
    moving.move_cases(session, [case], "plan_intake", by=None, now=LATER, answers=other)


def _undone(session: Session, case: int) -> None:
    undoing.undo(session, case, by=None, now=LATER)


def _stopped(session: Session, case: int) -> None:
    stop = Answers(reason="moved")
    moving.move_cases(session, [case], "stop", by=None, now=LATER, answers=stop).raise_refusal()


@pytest.mark.parametrize("meanwhile", [_withdrawn, _another_day, _undone, _stopped])
def test_an_appointment_that_does_not_stand_any_more_is_not_mailed(
    session: Session, meanwhile: object
) -> None:
    case, message = an_appointment(session, "message")
    assert letter(session, message, LATER) is not None
    assert callable(meanwhile)
    meanwhile(session, case)
    assert letter(session, message, LATER) is None


def test_of_an_appointment_on_another_day_there_is_one_letter(session: Session) -> None:
    case, _ = an_appointment(session, "message")
    _another_day(session, case)
    letters = [
        letter(session, claimed(session, row), LATER)
        for row in rows_of(session, Message, kind="appointment")
    ]
    days = [found.appointment.day for found in letters if found and found.appointment]
    assert days == [DAY + timedelta(days=1)]


def test_an_appointment_is_mailed_until_its_day(session: Session) -> None:
    _, message = an_appointment(session, "message")
    assert letter(session, message, at(DAY, 23)) is not None
    assert letter(session, message, at(DAY + timedelta(days=1), 0)) is None
