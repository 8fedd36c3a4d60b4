"""Choosing a password by a link in a mail: the first one, or a new one."""

from datetime import datetime

from sqlmodel import Session

from core.errors import Fault, NotFound
from referrals import journal, passwords
from referrals.journal import Line
from storage.queries import accounts, key_links, messages, visits
from storage.queries.key_links import Opened
from storage.queries.messages import Queued
from storage.tables import Staff

#: minutes in which somebody gets one mail of a kind, however often it is asked for
_PAUSE = 15


def invite(session: Session, person: Staff, *, by: int | None, now: datetime) -> None:
    """Queue the mail with which somebody chooses their first password."""
    _queue(session, "invitation", person.organisation_id, person.id or 0, now)
    _write(session, person, "staff.invited", by, now)


def send_reset(session: Session, person: Staff, *, by: int | None, now: datetime) -> None:
    """Queue the mail with which somebody chooses a new password."""
    _queue(session, "reset", person.organisation_id, person.id or 0, now)
    _write(session, person, "staff.reset_sent", by, now)


def ask_reset(session: Session, address: str, now: datetime) -> None:
    """Somebody forgot a password: queue a mail for everybody with this address, if there is one.

    It gives nothing back, so that nobody learns here whether an address is known.
    """
    for who in accounts.with_address(session, address):
        _queue(session, "reset", who.organisation_id, who.staff_id, now)


def link_for(session: Session, person: Staff, *, by: int | None, now: datetime) -> tuple[str, str]:
    """(purpose, token) of a link to hand over by hand, where no mail can go out."""
    row = accounts.secrets_of(session, person.id or 0)
    purpose = "reset" if row and row.password_hash else "invitation"
    token = key_links.fresh(session, purpose, person.organisation_id, person.id or 0, now)
    _write(session, person, "staff.link_made", by, now)
    return purpose, token


def choose(session: Session, opened: Opened, hashed: str, now: datetime) -> None:
    """Keep the password that somebody chose by a link, which is used up by it.

    Whoever was signed in as them is not any more. Raises `NotFound` when the link was used
    meanwhile.
    """
    if not key_links.use(session, opened.link, now):
        raise over()
    person, number = opened.person, opened.person.id or 0
    accounts.keep_password(session, person, hashed, now)
    _forget(session, person)
    key_links.drop_others(session, number)
    _write(session, person, "staff.password_chosen", number, now)


def set_password(session: Session, person: Staff, password: str, now: datetime) -> None:
    """Give somebody a password; raises `FaultyValue`. Their visits end."""
    keep_hash(session, person, passwords.hashed(check(person, "", password)), now)


def keep_hash(session: Session, person: Staff, hashed: str, now: datetime) -> None:
    """Give somebody the password of which this is the hash. Their visits end."""
    accounts.keep_password(session, person, hashed, now)
    _forget(session, person)


def change(session: Session, person: Staff, hashed: str, visit: str, now: datetime) -> None:
    """Somebody changed their own password: every visit ends but the one they did it in."""
    accounts.keep_password(session, person, hashed, now)
    visits.end_all(session, person.id or 0, but=visit)
    accounts.drop_devices(session, person.id or 0)
    key_links.drop_others(session, person.id or 0)
    _write(session, person, "staff.password_changed", person.id, now)


def check(person: Staff, library: str, given: str) -> str:
    """A password that somebody wants, cleaned; raises `FaultyValue`."""
    return passwords.check(given, (person.name, person.email, library))


def over() -> NotFound:
    """What is said of a link that is unknown, used, or too old."""
    why, remedy = "This link does not work any more.", "Ask for a new one."
    return NotFound("link", remedy=remedy, faults=(Fault("link", why, remedy),))


def _forget(session: Session, person: Staff) -> None:
    visits.end_all(session, person.id or 0)
    accounts.drop_devices(session, person.id or 0)


def _queue(session: Session, kind: str, organisation_id: int, staff_id: int, now: datetime) -> None:
    quarter = f"{now:%Y%m%d%H}{now.minute // _PAUSE}"
    mail = Queued(organisation_id, f"{kind}:{staff_id}:{quarter}", kind, now, staff_id=staff_id)
    messages.queue(session, [mail], now)


def _write(session: Session, person: Staff, what: str, by: int | None, now: datetime) -> None:
    line = Line(person.organisation_id, now, by, what, "staff", person.id or 0)
    journal.write(session, [line])
