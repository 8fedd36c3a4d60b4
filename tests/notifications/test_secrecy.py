"""No mail to a partner betrays who it is about, and no subject names anybody."""

from datetime import timedelta

from sqlmodel import Session

from notifications import digest
from notifications.kinds import KINDS
from referrals import consent, moving, participants, telling
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.moving import Answers
from referrals.participants import Newcomer
from storage.tables import (
    ContactPerson,
    Introduction,
    Link,
    Message,
    Participant,
    Partner,
    Staff,
)
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_contact,
    a_library,
    a_partner,
    a_provider,
    a_staff,
    an_introduction,
)
from tests.looking import rows_of, the_case
from tests.notifications.moments import DUE, at
from tests.notifications.post import (
    CANARIES,
    EMAIL,
    FIRST_NAME,
    LAST_NAME,
    PHONE,
    a_message,
    claimed,
    everything,
    letter,
    needed,
    written,
)

PURPOSES = ("refer", "follow_up", "message", "tell_referrer")


def a_life(session: Session) -> int:
    """A participant whose case makes a mail of every kind that goes to partners, and to them."""
    library = a_library(session)
    school = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    hanna = a_contact(session, school, "hanna@school.example", name="Hanna Denkbeeldig")
    provider = a_provider(session, library)
    wim = a_contact(session, provider, "wim@aanbieder.example")
    who = Person(first_name=FIRST_NAME, last_name=LAST_NAME, phone=PHONE, email=EMAIL)
    new = Newcomer(who, wish=f"{FIRST_NAME} wil lezen", best_moment=f"bel {PHONE}")
    [person] = participants.register(session, library, [new], now=NOW)
    agreement = Agreement(given_on=TODAY, purposes=PURPOSES)
    consent.note_consent(session, library, [(person.id, agreement)], now=NOW)
    owner = a_staff(session, library, "Bas")
    case = a_case(session, library, "agreed", participant=person, partner=school, owner=owner)
    an_introduction(session, case, school, hanna)
    refer = Answers(provider=provider, note=f"{FIRST_NAME}, {PHONE}")
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=refer).raise_refusal()
    telling.of_introductions(
        session, session.get_one(Partner, school), rows_of(session, Introduction), TODAY, NOW
    )
    digest.ask_partners(session, at(DUE, 8), due_hour=8)
    _of_links(session, library, wim)
    return case


def _of_links(session: Session, library: int, wim: int) -> None:
    """What was asked for on a page."""
    [message] = rows_of(session, Message, kind="referral")
    detail = {"purpose": "referral", "subject": message.referral_id}
    a_message(session, library, "new_link", contact_person_id=wim, detail=detail)
    found = needed(session, claimed(session, message))
    [link] = rows_of(session, Link, purpose="referral")
    a_message(session, library, "code", contact_person_id=wim, detail={"link": link.hash})
    assert found.thread is not None


def _of_partners(session: Session, case: int) -> dict[str, str]:
    """Kind → everything in the mail, of all that goes to somebody at a partner."""
    mails = {}
    for row in rows_of(session, Message):
        if KINDS[row.kind].audience == "partner":
            now = at(DUE, 9) if row.kind == "partner_digest" else NOW
            mails[row.kind] = everything(written(session, claimed(session, row), now))
    intake = Answers(date=DUE)
    moving.move_cases(session, [case], "plan_intake", by=None, now=NOW, answers=intake)
    for row in rows_of(session, Message, kind="arrived"):
        mails[row.kind] = everything(written(session, claimed(session, row)))
    return mails


def test_no_mail_to_a_partner_betrays_the_participant(session: Session) -> None:
    case = a_life(session)
    mails = _of_partners(session, case)
    assert set(mails) == {kind for kind in KINDS if KINDS[kind].audience == "partner"}
    for kind, shown in mails.items():
        assert len(shown) > 1000
        for canary in CANARIES:
            assert canary not in shown, f"{canary} in {kind}"
    # the outbox and the links hold nothing of it either
    kept = repr([row.model_dump() for table in (Message, Link) for row in rows_of(session, table)])
    for canary in CANARIES:
        assert canary not in kept


def test_the_canaries_would_be_seen(session: Session) -> None:
    case = a_life(session)
    _of_partners(session, case)
    [row] = rows_of(session, Message, kind="appointment")
    shown = everything(written(session, claimed(session, row)))
    assert FIRST_NAME in shown and EMAIL in shown


def test_no_subject_names_anybody(session: Session) -> None:
    case = a_life(session)
    _of_partners(session, case)
    library = the_case(session, case).organisation_id
    bas = the_case(session, case).owner_id
    day = DUE + timedelta(days=7)
    a_message(session, library, "digest", staff_id=bas, detail={"day": str(day)})
    for row in rows_of(session, Message):
        now = at(day, 9) if row.kind == "digest" else NOW
        if row.kind == "partner_digest":
            now = at(DUE, 9)
        found = letter(session, claimed(session, row), now)
        if found is not None:
            subject = written(session, claimed(session, row), now).subject
            assert all(canary not in subject for canary in CANARIES)
            assert all(person.name not in subject for person in rows_of(session, Staff))
            assert all(person.name not in subject for person in rows_of(session, ContactPerson))
            assert "laaggeletterd" not in subject
    assert rows_of(session, Participant)[0].first_name == FIRST_NAME
