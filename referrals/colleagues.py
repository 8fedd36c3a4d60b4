"""The people of a library: who works there, when they want mail, and who stands in for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue
from core.words import LANGUAGES, Told
from referrals import journal
from referrals.journal import Line
from referrals.phones import read_email
from storage.queries import staff
from storage.tables import Leave, Staff
from storage.tables.staff import ROLES

#: local hours at which a digest can come; nothing is ever due at night
HOURS = range(4, 23)
WEEKDAYS = "1234567"


@dataclass(frozen=True)
class Wishes:
    """How somebody wants mail; what is none stays as it is."""

    digest_hour: int | None = None
    #: weekdays, 1 for Monday, such as ``(1, 2, 4)``
    digest_days: tuple[int, ...] | None = None
    single_mails: bool | None = None
    #: the last day of a pause; `resume` ends one
    paused_until: date | None = None
    resume: bool = False
    language: str | None = None

    def __post_init__(self) -> None:
        if self.digest_hour is not None and self.digest_hour not in HOURS:
            remedy = Told("Choose an hour from {first} to {last}.", first=HOURS[0], last=HOURS[-1])
            raise FaultyValue(str(self.digest_hour), remedy=remedy)
        if self.digest_days is not None and not set(map(str, self.digest_days)) <= set(WEEKDAYS):
            raise FaultyValue("digest_days", remedy="Write days as 1 (Monday) to 7 (Sunday).")
        if self.digest_days == ():
            raise FaultyValue("digest_days", remedy="Choose a day, or pause the mails.")
        if self.language is not None and self.language not in LANGUAGES:
            raise FaultyValue(self.language, remedy="Choose one of: nl, en.")


def add(
    session: Session,
    organisation_id: int,
    name: str,
    email: str,
    *,
    role: str = "staff",
    by: int | None,
    now: datetime,
) -> Staff:
    """Somebody new; raises `FaultyValue` for an address that cannot be mailed, `AlreadyThere`."""
    if role not in ROLES:
        raise FaultyValue(role, remedy=Told("Choose one of: {names}.", names=", ".join(ROLES)))
    if not name.strip():
        raise FaultyValue("name", remedy="Write a name.")
    address = read_email(email)
    if not address:
        raise FaultyValue("e-mail", remedy="Write one address, such as naam@voorbeeld.nl.")
    if staff.with_address(session, organisation_id, address):
        raise AlreadyThere(address, remedy="Choose another address.")
    person = Staff(
        organisation_id=organisation_id, name=" ".join(name.split()), email=address, role=role,
        created_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    _write_journal(session, person, "staff.added", by, now)
    return person


def wish(session: Session, person: Staff, wishes: Wishes, *, by: int | None, now: datetime) -> None:
    """Note how somebody wants mail."""
    changed: dict[str, Any] = {
        "digest_hour": wishes.digest_hour,
        "single_mails": wishes.single_mails,
        "paused_until": wishes.paused_until,
        "language": wishes.language,
    }
    if wishes.digest_days is not None:
        changed["digest_days"] = " ".join(map(str, sorted(set(wishes.digest_days))))
    for name, value in changed.items():
        if value is not None:
            setattr(person, name, value)
    if wishes.resume:
        person.paused_until = None
    session.add(person)
    session.flush()
    _write_journal(session, person, "staff.wishes", by, now)


def leave(
    session: Session,
    person: Staff,
    first_day: date,
    last_day: date,
    *,
    stand_in: Staff | None,
    by: int | None,
    now: datetime,
) -> Leave:
    """Somebody is away, from one local day up to and with another; who stands in gets their work.

    Raises `FaultyValue` when the days are in the wrong order or somebody stands in for themselves.
    """
    if last_day < first_day:
        raise FaultyValue(str(last_day), remedy="The last day must come after the first.")
    if stand_in is not None and stand_in.id == person.id:
        raise FaultyValue(person.name, remedy="Choose somebody else to stand in.")
    away = Leave(
        organisation_id=person.organisation_id, staff_id=person.id or 0, first_day=first_day,
        last_day=last_day, stand_in_id=stand_in.id if stand_in else None,
    )  # fmt: skip
    session.add(away)
    session.flush()
    _write_journal(session, person, "staff.leave", by, now)
    return away


def end_leave(session: Session, away: Leave, *, by: int | None, now: datetime) -> None:
    """Forget days away: the mails come again, and nobody stands in any more."""
    session.delete(away)
    session.flush()
    line = Line(away.organisation_id, now, by, "staff.leave_ended", "staff", away.staff_id)
    journal.write(session, [line])


def _write_journal(
    session: Session, person: Staff, what: str, by: int | None, now: datetime
) -> None:
    line = Line(person.organisation_id, now, by, what, "staff", person.id or 0)
    journal.write(session, [line])
