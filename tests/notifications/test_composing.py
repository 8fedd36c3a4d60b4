"""Every kind of mail is written for whom it is, with where to answer and how to get fewer."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.errors import FaultyValue, NoAddress
from core.references import reference
from notifications.letter import Address
from notifications.letters import WRITERS
from referrals import consent, follow_ups, moving
from referrals.consent import Agreement
from referrals.moving import Answers
from storage.queries import links, mail_texts
from storage.tables import (
    ContactPerson,
    FollowUp,
    Link,
    Message,
    Organisation,
    Participant,
)
from storage.tables.message import MESSAGE_KINDS
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_contact,
    a_library,
    a_partner,
    a_staff,
)
from tests.looking import rows_of, the_case
from tests.notifications.moments import at
from tests.notifications.post import (
    a_message,
    claimed,
    letter,
    needed,
    written,
)

THURSDAY = date(2018, 4, 12)


def test_every_kind_of_message_has_a_writer() -> None:
    assert set(WRITERS) == set(MESSAGE_KINDS)


def _received(session: Session, contact: int) -> int:
    """A message to somebody at a partner that is needed as long as they want mail."""
    library = session.get_one(ContactPerson, contact).organisation_id
    detail = {"number": 7, "day": str(TODAY)}
    return a_message(session, library, "received", contact_person_id=contact, detail=detail).id


def test_somebody_without_an_address_cannot_be_mailed(session: Session) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"), None, phone="+31201234567")
    number = _received(session, contact)
    [row] = rows_of(session, Message, id=number)
    with pytest.raises(NoAddress):
        letter(session, claimed(session, row))


def test_of_what_is_not_needed_nobody_has_to_mend_the_address(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "spoken")
    person = the_case(session, case).participant_id
    intake = Answers(date=TODAY + timedelta(days=7))
    moving.move_cases(session, [case], "plan_intake", by=None, now=NOW, answers=intake)
    [row] = rows_of(session, Message, kind="appointment")
    # most participants have no e-mail address and asked for no mail
    assert session.get_one(Participant, person).email is None
    assert letter(session, claimed(session, row)) is None
    agreement = Agreement(given_on=TODAY, purposes=("message",))
    consent.note_consent(session, library, [(person, agreement)], now=NOW)
    with pytest.raises(NoAddress):
        letter(session, claimed(session, row))
    assert rows_of(session, Link) == []


@pytest.mark.parametrize("change", [{"active": False}, {"mails": False}])
def test_somebody_who_left_or_wants_no_mail_gets_none(
    session: Session, change: dict[str, bool]
) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"))
    [row] = rows_of(session, Message, id=_received(session, contact))
    assert letter(session, claimed(session, row)) is not None
    for name, value in change.items():
        setattr(session.get_one(ContactPerson, contact), name, value)
    assert letter(session, claimed(session, row)) is None


def test_what_somebody_asks_for_comes_also_when_they_want_no_other_mail(session: Session) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"), mails=False)
    detail = {"purpose": "contact_preferences", "subject": contact}
    message = a_message(session, library, "new_link", contact_person_id=contact, detail=detail)
    assert letter(session, message) is not None
    session.get_one(ContactPerson, contact).active = False
    assert letter(session, message) is None


def test_an_address_that_cannot_be_mailed_is_refused(session: Session) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"), "wim bedacht@x")
    [row] = rows_of(session, Message, id=_received(session, contact))
    with pytest.raises(FaultyValue):
        letter(session, claimed(session, row))


def test_the_address_is_the_one_of_the_moment_of_sending(session: Session) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"))
    [row] = rows_of(session, Message, id=_received(session, contact))
    session.get_one(ContactPerson, contact).email = "nieuw@bedrijf.example"
    assert needed(session, claimed(session, row)).to == Address(
        "Wim Bedacht", "nieuw@bedrijf.example"
    )


def test_answers_go_to_the_library_or_else_to_somebody_who_reads_them(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    a_case(session, library, owner=bas)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"))
    [row] = rows_of(session, Message, id=_received(session, contact))
    partners = claimed(session, row)
    own = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    assert needed(session, partners).reply_to == Address("Ann (verzonnen)", "ann@voorbeeld.nl")
    assert needed(session, own, at(THURSDAY, 9)).reply_to is None
    session.get_one(Organisation, library).mail_address = "taalhuis@voorbeeld.nl"
    for message, now in ((partners, NOW), (own, at(THURSDAY, 9))):
        found = needed(session, message, now)
        assert found.reply_to == Address("Bibliotheek de-voorbeeld", "taalhuis@voorbeeld.nl")


def test_partners_get_the_signature_of_the_library_and_staff_get_none(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    a_case(session, library, owner=bas)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"))
    [row] = rows_of(session, Message, id=_received(session, contact))
    assert "Met vriendelijke groet" in written(session, claimed(session, row)).text
    mail_texts.keep(session, library, "signature", "nl", "Tot ziens bij {{bibliotheek}}", NOW)
    assert "Tot ziens bij Bibliotheek de-voorbeeld" in written(session, claimed(session, row)).text
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    assert needed(session, message, at(THURSDAY, 9)).texts == {}


def test_the_language_is_that_of_the_reader(session: Session) -> None:
    library = a_library(session)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"), language="en")
    [row] = rows_of(session, Message, id=_received(session, contact))
    assert needed(session, claimed(session, row)).language == "en"
    assert "Kind regards" in written(session, claimed(session, row)).text


def test_a_mail_that_comes_again_can_be_ended_and_the_others_can_be_chosen(
    session: Session,
) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    a_case(session, library, owner=bas)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    found = needed(session, message, at(THURSDAY, 9))
    assert found.preferences and found.preferences.startswith("https://brug.voorbeeld.nl/m/")
    assert found.unsubscribe == f"{found.preferences}/off"
    link = links.found(session, found.preferences.rpartition("/")[2])
    assert link is not None and (link.purpose, link.subject_id) == ("preferences", bas)
    contact = a_contact(session, a_partner(session, library, "Bedrijf"))
    [row] = rows_of(session, Message, id=_received(session, contact))
    single = needed(session, claimed(session, row))
    assert (single.unsubscribe, single.preferences is None) == (None, False)


def test_links_of_a_mail_that_is_not_needed_are_not_kept(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, owner=bas)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    for row in rows_of(session, FollowUp, case_id=case):
        follow_ups.do(session, row.id or 0, by=None, now=at(THURSDAY, 8))
    assert letter(session, message, at(THURSDAY, 9)) is None
    assert rows_of(session, Link) == []


def test_each_line_of_a_digest_opens_a_page_for_this_reader(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, "screened", owner=bas)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    mail = written(session, message, at(THURSDAY, 9))
    [tell] = rows_of(session, FollowUp, case_id=case, rule="tell_the_result")
    [link] = rows_of(session, Link, purpose="follow_up")
    assert (link.subject_id, link.staff_id, link.contact_person_id) == (tell.id, bas, None)
    assert (link.version, the_case(session, case).version) == (3, 3)
    [token] = {word.rpartition("/")[2] for word in mail.text.split() if "/a/" in word}
    assert links.fingerprint(token) == link.hash


def test_the_subject_of_a_digest_counts_and_names_nobody(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, owner=bas)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    mail = written(session, message, at(THURSDAY, 9))
    assert mail.subject == "Vandaag te doen: 1, waarvan 1 te laat"
    for part in (mail.text, mail.html):
        assert reference(case) in part and "Fatima" in part
