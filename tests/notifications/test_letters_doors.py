"""A code is worth ten minutes, and an old link is replaced while there is something to say."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from notifications.links import Maker
from notifications.rendering import render
from notifications.views import CodeView, NewLinkView
from storage.queries import links, reading_codes
from storage.queries.outbox import Outgoing
from storage.tables import ContactPerson, FollowUp, Link, Message, Referral
from tests.builders import NOW, a_case, a_contact, a_library, a_partner, a_staff
from tests.looking import rows_of, the_case
from tests.notifications.mails import DESK
from tests.notifications.post import a_message, letter, needed, written


def a_code(session: Session) -> tuple[str, Outgoing]:
    """(link, message with a code for it) that somebody at a partner asked for."""
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Taalhuis"))
    maker = Maker("https://brug.voorbeeld.nl", NOW)
    token = maker.referral(1, 1, session.get_one(ContactPerson, contact)).rpartition("/")[2]
    maker.save(session)
    found = links.fingerprint(token)
    detail = {"link": found}
    return found, a_message(session, library, "code", contact_person_id=contact, detail=detail)


def test_a_code_comes_within_ten_minutes_or_not_at_all(session: Session) -> None:
    link, message = a_code(session)
    late = NOW + timedelta(minutes=10)
    view = needed(session, message, late).values["code"]
    assert isinstance(view, CodeView)
    assert view.minutes == 10
    assert letter(session, message, late + timedelta(seconds=1)) is None
    # the one that was mailed is the one that works, counted from when it left
    tried = reading_codes.attempt(session, link, view.code, late + timedelta(minutes=9))
    assert tried.result == "right"


def test_a_code_stands_in_its_mail_and_not_in_the_subject(session: Session) -> None:
    _, message = a_code(session)
    found = needed(session, message)
    view = found.values["code"]
    assert isinstance(view, CodeView)
    mail = render(found, key=message.key, sender=DESK.sender, now=NOW)
    assert view.code in mail.text and view.code in mail.html
    assert view.code not in mail.subject
    assert view.code not in str(rows_of(session, Message)[0].detail)


@pytest.mark.parametrize("who", ["staff", "contact"])
def test_a_new_link_opens_the_same_page_for_the_same_person(session: Session, who: str) -> None:
    library = a_library(session)
    case = a_case(session, library, "screened", owner=a_staff(session, library, "Bas"))
    [row] = rows_of(session, FollowUp, case_id=case, rule="tell_the_result")
    receiver = (
        {"staff_id": row.assignee_id}
        if who == "staff"
        else {"contact_person_id": a_contact(session, a_partner(session, library, "School"))}
    )
    detail = {"purpose": "follow_up", "subject": row.id}
    message = a_message(session, library, "new_link", detail=detail, **receiver)
    view = needed(session, message).values["link"]
    assert isinstance(view, NewLinkView)
    link = links.found(session, view.url.rpartition("/")[2])
    assert link is not None
    assert (link.purpose, link.subject_id) == ("follow_up", row.id)
    assert link.version == the_case(session, case).version
    there = {"staff_id": link.staff_id, "contact_person_id": link.contact_person_id}
    assert {name: number for name, number in there.items() if number} == receiver
    assert f"{DESK.base_url}/a/" in written(session, message).text


def test_a_new_link_to_preferences_is_for_whoever_asked(session: Session) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Taalhuis"))
    detail = {"purpose": "contact_preferences", "subject": contact}
    message = a_message(session, library, "new_link", contact_person_id=contact, detail=detail)
    view = needed(session, message).values["link"]
    assert isinstance(view, NewLinkView)
    link = links.found(session, view.url.rpartition("/")[2])
    assert link is not None
    assert (link.purpose, link.subject_id) == ("contact_preferences", contact)


def test_a_new_link_to_a_referral_is_for_the_provider(session: Session) -> None:
    library = a_library(session)
    a_case(session, library, "referred")
    [sent] = rows_of(session, Referral)
    contact = a_contact(session, sent.provider_id)
    detail = {"purpose": "referral", "subject": sent.id}
    message = a_message(session, library, "new_link", contact_person_id=contact, detail=detail)
    needed(session, message)
    [link] = rows_of(session, Link, purpose="referral")
    assert (link.subject_id, link.version) == (sent.id, sent.version)
    assert link.contact_person_id == contact
    assert link.expires_at == NOW + timedelta(days=180)


@pytest.mark.parametrize(
    "detail",
    [
        {"purpose": "referral", "subject": 77}, {"purpose": "follow_up", "subject": 77},
    ],
)  # fmt: skip
def test_of_what_is_gone_there_is_no_new_link(session: Session, detail: dict[str, object]) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Taalhuis"))
    message = a_message(session, library, "new_link", contact_person_id=contact, detail=detail)
    assert letter(session, message) is None
    assert rows_of(session, Link) == []


def test_what_was_asked_for_is_nothing_to_unsubscribe_from(session: Session) -> None:
    _, message = a_code(session)
    assert needed(session, message).unsubscribe is None
    session.get_one(ContactPerson, message.contact_person_id).active = False
    assert letter(session, message) is None
