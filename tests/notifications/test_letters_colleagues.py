"""What cannot wait reaches staff at once, unless they want no single mails or it is not so now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.references import reference
from notifications.views import AnswerView, IntroducedView, UndeliveredView
from referrals import answering, consent, follow_ups
from referrals.consent import Agreement
from storage.queries import links
from storage.queries.outbox import Outgoing
from storage.tables import FollowUp, Message, Participant, Referral, Staff
from tests.builders import NOW, TODAY, a_case, a_contact, a_library, a_partner, a_staff
from tests.looking import rows_of, the_case
from tests.notifications.post import EMAIL, FIRST_NAME, a_message, claimed, letter, needed, written

LATER = NOW + timedelta(hours=1)


def an_answer(session: Session, given: str = "declined") -> tuple[int, Outgoing]:
    """A provider's answer, and the message to the owner of the case about it."""
    library = a_library(session)
    case = a_case(session, library, "referred", owner=a_staff(session, library, "Bas"))
    note = "In mei begint een nieuwe groep."
    answering.answer(session, case, given, by=None, now=NOW, note=note)
    [row] = rows_of(session, Message, kind="answer")
    return case, claimed(session, row)


def test_an_answer_tells_what_was_said_and_what_comes_next(session: Session) -> None:
    case, message = an_answer(session)
    found = needed(session, message, LATER)
    view = found.values["answer"]
    assert isinstance(view, AnswerView)
    assert (view.name, view.reference, view.first_name) == ("Bas", reference(case), "Fatima")
    assert view.provider == f"Taalhuis {case} (verzonnen)"
    assert (view.answer, view.note) == ("past niet", "In mei begint een nieuwe groep.")
    assert view.next_step == "Zoek een aanbieder die past en verwijs de deelnemer."
    [next_step] = rows_of(session, FollowUp, case_id=case, rule="find_a_place", state="open")
    link = links.found(session, (view.url or "").rpartition("/")[2])
    assert link is not None
    assert (link.subject_id, link.staff_id) == (next_step.id, message.staff_id)
    assert link.version == the_case(session, case).version
    assert found.thread == reference(case)


def test_an_answer_after_which_nothing_is_planned_has_no_button(session: Session) -> None:
    case, message = an_answer(session)
    for row in rows_of(session, FollowUp, case_id=case, state="open"):
        follow_ups.do(session, row.id or 0, by=None, now=LATER)
    view = needed(session, message, LATER).values["answer"]
    assert isinstance(view, AnswerView)
    assert (view.next_step, view.url) == ("", None)
    mail = written(session, message, LATER)
    for part in (mail.text, mail.html):
        assert "Wat nu" not in part and "Open het traject" not in part


def test_the_subject_of_an_answer_names_nobody(session: Session) -> None:
    case, message = an_answer(session)
    mail = written(session, message, LATER)
    assert reference(case) in mail.subject and "Fatima" not in mail.subject
    assert "Fatima" in mail.text


def test_an_answer_that_does_not_hold_any_more_is_not_told(session: Session) -> None:
    _, message = an_answer(session)
    [row] = rows_of(session, Referral)
    row.state = "sent"
    assert letter(session, message, LATER) is None


def introduced(session: Session, number: int = 3, partner: bool = True) -> Outgoing:
    """A message to a coordinator about new introductions."""
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    cases = [a_case(session, library) for _ in range(min(number, 12))]
    employer = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig") if partner else None
    detail = {"number": number, "partner": employer, "cases": cases}
    return a_message(session, library, "introductions", staff_id=ann.id, detail=detail)


def test_introductions_are_counted_and_the_first_ten_named(session: Session) -> None:
    message = introduced(session, 14)
    view = needed(session, message).values["introduced"]
    assert isinstance(view, IntroducedView)
    assert (view.partner, view.number) == ("Schoonmaakbedrijf Denkbeeldig", 14)
    assert view.references == tuple(map(reference, message.detail["cases"][:10]))
    assert view.not_shown == 4
    assert "Fatima" not in written(session, message).source.decode()


def test_introductions_need_no_partner(session: Session) -> None:
    view = needed(session, introduced(session, 1, partner=False)).values["introduced"]
    assert isinstance(view, IntroducedView)
    assert (view.partner, view.not_shown) == (None, 0)


def lost(session: Session, **about: Any) -> Outgoing:
    """A message to a coordinator about a mail that was not delivered."""
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    if "case" in about:
        about = {"case_id": (case := a_case(session, library))}
        about["participant_id"] = the_case(session, case).participant_id
    if "contact" in about:
        partner = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig")
        about = {"contact_person_id": a_contact(session, partner)}
    if not about:
        about = {"staff_id": a_staff(session, library, "Bas")}
    kind = "appointment" if "case_id" in about else "referral" if about.keys() else "digest"
    sent = a_message(session, library, kind, **about)
    row = session.get_one(Message, sent.id)
    row.state, row.address, row.error = "failed", "weg@voorbeeld.nl", "550 5.1.1 No such user"
    session.flush()
    return a_message(session, library, "undelivered", staff_id=ann.id, detail={"message": sent.id})


@pytest.mark.parametrize(
    ("about", "receiver", "what"),
    [
        ({"contact": 1}, "Wim Bedacht", "een verwijzing"),
        ({"case": 1}, "de deelnemer", "een afspraak"),
        ({}, "Bas", "een verwijzing"),
    ],
)
def test_a_mail_that_was_not_delivered_names_the_address_to_mend(
    session: Session, about: dict[str, object], receiver: str, what: str
) -> None:
    message = lost(session, **about)
    view = needed(session, message).values["undelivered"]
    assert isinstance(view, UndeliveredView)
    assert (view.receiver, view.what) == (receiver, what)
    assert (view.address, view.reason) == ("weg@voorbeeld.nl", "550 5.1.1 No such user")
    assert (view.reference is not None) == ("case" in about)
    assert "weg@voorbeeld.nl" not in written(session, message).subject


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("no_address", "De ontvanger heeft geen bruikbaar adres."),
        ("broken", "De mail kon niet worden geschreven."),
        ("refused", "550 5.1.1 No such user"),
        ("undeliverable", "550 5.1.1 No such user"),
    ],
)
def test_what_the_mail_server_did_not_say_is_said_in_our_words(
    session: Session, fault: str, reason: str
) -> None:
    message = lost(session)
    [row] = rows_of(session, Message, id=message.detail["message"])
    row.fault = fault
    session.flush()
    view = needed(session, message).values["undelivered"]
    assert isinstance(view, UndeliveredView)
    assert view.reason == reason


def test_a_mail_that_is_tried_again_needs_no_mending(session: Session) -> None:
    message = lost(session)
    [row] = rows_of(session, Message, id=message.detail["message"])
    row.state = "pending"
    assert letter(session, message) is None


@pytest.mark.parametrize("make", [introduced, lambda session: an_answer(session)[1]])
@pytest.mark.parametrize(
    ("wish", "comes"),
    [
        ({}, True),
        ({"single_mails": False}, False),
        ({"paused_until": TODAY}, False),
        ({"paused_until": TODAY - timedelta(days=1)}, True),
        ({"active": False}, False),
    ],
)
def test_who_wants_no_single_mails_gets_none(
    session: Session, make: Callable[[Session], Outgoing], wish: dict[str, object], comes: bool
) -> None:
    message = make(session)
    person = session.get_one(Staff, message.staff_id)
    for name, value in wish.items():
        setattr(person, name, value)
    assert (letter(session, message, LATER) is not None) == comes


def test_what_was_not_delivered_is_told_also_to_who_wants_no_single_mails(
    session: Session,
) -> None:
    message = lost(session)
    session.get_one(Staff, message.staff_id).single_mails = False
    assert letter(session, message) is not None


def test_the_address_of_a_participant_stands_where_it_must_be_mended_and_no_name(
    session: Session,
) -> None:
    message = lost(session, case=1)
    [person] = rows_of(session, Participant)
    person.first_name, person.email = FIRST_NAME, EMAIL
    session.flush()
    assert FIRST_NAME not in written(session, message).source.decode()
    agreement = Agreement(given_on=TODAY, purposes=("message",))
    consent.note_consent(session, person.organisation_id, [(person.id or 0, agreement)], now=NOW)
    assert letter(session, message) is not None
