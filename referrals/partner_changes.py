"""Partners and the humans there, as they change: names, addresses, who wants mail, who left."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue, NothingToUndo
from core.words import LANGUAGES, Told
from referrals import bsn, journal, names
from referrals.journal import Line
from referrals.phones import read_email
from storage.queries import contacts, pointers, referrals, refused_addresses
from storage.tables import ContactPerson, Partner
from storage.tables.partner import PARTNER_KINDS

PARTNERS: Table = Partner.__table__  # type: ignore[attr-defined]
CONTACTS: Table = ContactPerson.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PartnerFacts:
    """What a library knows of a partner and may change."""

    name: str
    kind: str
    #: CBS code of its place, such as ``GM0363``
    municipality_code: str | None = None
    #: whether it can be chosen
    active: bool = True


@dataclass(frozen=True)
class ContactFacts:
    """What a library knows of a human at a partner and may change."""

    name: str
    #: in lower case
    email: str | None = None
    #: E.164
    phone: str | None = None
    language: str = "nl"
    #: whether this person wants mails about what waits for them
    mails: bool = True
    #: whether this person still works there
    active: bool = True


def facts_of_partner(partner: Partner) -> PartnerFacts:
    """What is known of a partner."""
    return PartnerFacts(partner.name, partner.kind, partner.municipality_code, partner.active)


def facts_of_contact(person: ContactPerson) -> ContactFacts:
    """What is known of a human at a partner."""
    return ContactFacts(
        person.name, person.email, person.phone, person.language, person.mails, person.active
    )


def change_partner(
    session: Session, partner: Partner, facts: PartnerFacts, *, by: int | None, now: datetime
) -> PartnerFacts:
    """Change a partner and return what it was; raises `AlreadyThere` when the name is taken."""
    if facts.kind not in PARTNER_KINDS:
        remedy = Told("Choose one of: {names}.", names=", ".join(PARTNER_KINDS))
        raise FaultyValue(facts.kind, remedy=remedy)
    if not names.clean(facts.name):
        raise FaultyValue("name", remedy="Name the organisation.")
    bsn.refuse(facts.name, "name")
    namesake = referrals.partner(session, partner.organisation_id, names.clean(facts.name))
    if namesake is not None and namesake.id != partner.id:
        raise AlreadyThere(facts.name, remedy="Choose the partner from the list.")
    before = facts_of_partner(partner)
    _write(session, partner, asdict(facts), "partner", asdict(before), by, now)
    return before


def note_added(session: Session, partner: Partner, *, by: int | None, now: datetime) -> None:
    """Note in the journal who added a partner."""
    _note(session, partner, "partner", "added", {}, by, now)


def take_back_partner(session: Session, partner: Partner, *, by: int | None, now: datetime) -> None:
    """Take a partner away that nothing points at; raises `NothingToUndo` when something does."""
    if not pointers.remove_unused(session, PARTNERS, partner.id or 0):
        remedy = "Something rests on this partner by now. Close it instead."
        raise NothingToUndo(partner.name, remedy=remedy)
    session.expunge(partner)
    _note(session, partner, "partner", "taken_back", {}, by, now)


def add_contact(
    session: Session, partner: Partner, facts: ContactFacts, *, by: int | None, now: datetime
) -> ContactPerson:
    """A human at a partner; raises `FaultyValue` for an address that cannot be mailed."""
    _check(facts)
    person = ContactPerson(
        organisation_id=partner.organisation_id, partner_id=partner.id or 0, **asdict(facts)
    )
    session.add(person)
    session.flush()
    _note(session, person, "contact_person", "added", {}, by, now)
    return person


def change_contact(
    session: Session, person: ContactPerson, facts: ContactFacts, *, by: int | None, now: datetime
) -> ContactFacts:
    """Change a human at a partner and return what was; an address that was refused is mended."""
    _check(facts)
    before = facts_of_contact(person)
    _write(session, person, asdict(facts), "contact_person", asdict(before), by, now)
    if before.email and before.email != facts.email:
        _forget_unused(session, person.organisation_id, before.email)
    return before


def take_back_contact(
    session: Session, person: ContactPerson, *, by: int | None, now: datetime
) -> None:
    """Take a human away whom nothing points at; raises `NothingToUndo` when something does."""
    if not pointers.remove_unused(session, CONTACTS, person.id or 0):
        remedy = "Something rests on this person by now. Say instead that they left."
        raise NothingToUndo(person.name, remedy=remedy)
    session.expunge(person)
    _note(session, person, "contact_person", "taken_back", {}, by, now)


def mend_address(
    session: Session,
    organisation_id: int,
    refused: str,
    right: str,
    *,
    by: int | None,
    now: datetime,
) -> int:
    """Give everybody at partners who had an address that was refused the right one.

    The same address again says that it works after all. Returns for how many people it changed;
    raises `FaultyValue` for one that cannot be mailed.
    """
    address = read_email(right)
    if not address:
        raise FaultyValue("e-mail", remedy="Write one address, such as naam@voorbeeld.nl.")
    people = contacts.with_address(session, organisation_id, refused)
    for person in people if address != refused else ():
        person.email = address
        session.add(person)
    session.flush()
    refused_addresses.mend(session, organisation_id, refused)
    lines = [_line(person, "contact_person", "mended", {}, by, now) for person in people]
    journal.write(session, lines)
    return len(people)


def _check(facts: ContactFacts) -> None:
    if not names.clean(facts.name):
        raise FaultyValue("name", remedy="Write a name.")
    bsn.refuse(facts.name, "name")
    if facts.language not in LANGUAGES:
        raise FaultyValue(facts.language, remedy="Choose one of: nl, en.")
    if not (facts.email or facts.phone):
        raise FaultyValue(facts.name, remedy="Add an e-mail address or a phone number.")


def _forget_unused(session: Session, organisation_id: int, address: str) -> None:
    """An address that nobody has any more needs no mending."""
    if not contacts.with_address(session, organisation_id, address):
        refused_addresses.mend(session, organisation_id, address)


def _write(
    session: Session,
    row: Partner | ContactPerson,
    values: Mapping[str, Any],
    subject: str,
    before: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> None:
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    session.flush()
    _note(session, row, subject, "changed", {"fields": changed}, by, now)


def _note(
    session: Session,
    row: Partner | ContactPerson,
    subject: str,
    what: str,
    detail: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> None:
    journal.write(session, [_line(row, subject, what, detail, by, now)])


def _line(
    row: Partner | ContactPerson,
    subject: str,
    what: str,
    detail: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> Line:
    number = row.id or 0
    return Line(row.organisation_id, now, by, f"{subject}.{what}", subject, number, detail)
