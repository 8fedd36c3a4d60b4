"""Partners, the contact people there, and the courses that providers give."""

from datetime import date, datetime

from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue, NotFound
from core.words import Told
from referrals.phones import read_email
from storage.queries import referrals
from storage.tables import ContactPerson, Course, Partner
from storage.tables.partner import PARTNER_KINDS


def add_partner(
    session: Session, organisation_id: int, name: str, kind: str, *, now: datetime
) -> Partner:
    """A new partner of a library; raises `AlreadyThere` when the name is taken."""
    if kind not in PARTNER_KINDS:
        remedy = Told("Choose one of: {names}.", names=", ".join(PARTNER_KINDS))
        raise FaultyValue(kind, remedy=remedy)
    if not name.strip():
        raise FaultyValue("name", remedy="Name the organisation.")
    if referrals.partner(session, organisation_id, name):
        raise AlreadyThere(name, remedy="Choose the partner from the list.")
    partner = Partner(
        organisation_id=organisation_id, name=" ".join(name.split()), kind=kind, created_at=now
    )
    session.add(partner)
    session.flush()
    return partner


def known_or_new(
    session: Session, organisation_id: int, name: str, kind: str, *, now: datetime
) -> tuple[Partner, bool]:
    """The partner with this name, and whether it had to be added."""
    known = referrals.partner(session, organisation_id, " ".join(name.split()))
    if known is not None:
        return known, False
    return add_partner(session, organisation_id, name, kind, now=now), True


def add_contact_person(
    session: Session, partner: Partner, name: str, *, email: str | None, phone: str | None
) -> ContactPerson:
    """A human at a partner; raises `FaultyValue` for an address that cannot be mailed, and without
    a way to reach them."""
    email = read_email(email) or None if email else None
    if not (email or phone):
        raise FaultyValue(name, remedy="Add an e-mail address or a phone number.")
    assert partner.id is not None
    person = ContactPerson(
        organisation_id=partner.organisation_id, partner_id=partner.id, name=name, email=email,
        phone=phone,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def add_course(
    session: Session,
    organisation_id: int,
    provider_id: int,
    title: str,
    *,
    subject: str = "language",
    kind: str = "non_formal_volunteer",
    place: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    seats: int | None = None,
) -> Course:
    """A course of a provider; raises `FaultyValue` when it would end before it starts."""
    if starts_on and ends_on and ends_on < starts_on:
        raise FaultyValue(title, remedy="The last day must come after the first.")
    provider = session.get(Partner, provider_id)
    if provider is None or provider.organisation_id != organisation_id:
        raise NotFound(f"provider {provider_id}")
    course = Course(
        organisation_id=organisation_id, provider_id=provider_id, title=title, subject=subject,
        kind=kind, place=place, starts_on=starts_on, ends_on=ends_on, seats=seats,
    )  # fmt: skip
    session.add(course)
    session.flush()
    return course
