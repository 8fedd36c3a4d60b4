"""Who works at a library and as what: changed, taken off, taken back."""

from datetime import datetime

from sqlmodel import Session

from core.errors import Fault, FaultyValue, Refused
from core.words import LANGUAGES, Told
from referrals import journal
from referrals.journal import Line
from storage.dialects import take_turn
from storage.queries import accounts, key_links, visits
from storage.tables import Staff
from storage.tables.staff import ROLES


def change_role(
    session: Session, person: Staff, role: str, *, by: int | None, now: datetime
) -> None:
    """Somebody gets another role; raises `Refused` for the last administrator."""
    if role not in ROLES:
        raise FaultyValue(role, remedy=Told("Choose one of: {names}.", names=", ".join(ROLES)))
    if role != "administrator":
        _keep_one(session, person)
    former, person.role = person.role, role
    _keep(session, person, "staff.role", by, now, former=former, role=role)


def deactivate(session: Session, person: Staff, *, by: int | None, now: datetime) -> None:
    """Somebody left: they are signed out at once and can't come in; their work stays where it is.

    Raises `Refused` for the last administrator.
    """
    _keep_one(session, person)
    person.active = False
    visits.end_all(session, person.id or 0)
    accounts.drop_devices(session, person.id or 0)
    key_links.drop_others(session, person.id or 0)
    _keep(session, person, "staff.deactivated", by, now)


def activate(session: Session, person: Staff, *, by: int | None, now: datetime) -> None:
    """Somebody is back, with the password they had."""
    person.active = True
    _keep(session, person, "staff.activated", by, now)


def stop_codes(session: Session, person: Staff, *, by: int | None, now: datetime) -> None:
    """No code is asked for any more, such as when a telephone is lost."""
    accounts.keep_totp(session, person, None, None, None)
    _keep(session, person, "staff.codes_off", by, now)


def note_codes(session: Session, person: Staff, *, now: datetime) -> None:
    """Somebody is asked for codes from now on, because they wanted that."""
    _keep(session, person, "staff.codes_on", person.id, now)


def describe(
    session: Session, person: Staff, name: str, language: str, *, keys: bool, now: datetime
) -> None:
    """What somebody chooses for themselves: name, language, whether single keys do something."""
    if not name.strip():
        raise FaultyValue("name", remedy="Write a name.")
    if language not in LANGUAGES:
        raise FaultyValue(language, remedy="Choose one of: nl, en.")
    person.name, person.language = " ".join(name.split()), language
    person.desk = {**(person.desk or {}), "keys": keys}
    _keep(session, person, "staff.described", person.id, now)


def _keep_one(session: Session, person: Staff) -> None:
    """A library without an administrator could not let anybody in any more."""
    if person.role != "administrator" or not person.active:
        return
    # two who demote each other would both see two
    take_turn(session, f"administrators:{person.organisation_id}")
    if accounts.administrators(session, person.organisation_id) < 2:
        why = "This is the only administrator."
        remedy = "Make somebody else administrator first."
        raise Refused(person.name, remedy=remedy, faults=(Fault("role", why, remedy),))


def _keep(
    session: Session, person: Staff, what: str, by: int | None, now: datetime, **detail: str
) -> None:
    session.add(person)
    session.flush()
    line = Line(person.organisation_id, now, by, what, "staff", person.id or 0, detail)
    journal.write(session, [line])
