"""What a library sets for itself: where answers to its mails go, its quiet hours, its days off."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from core.errors import FaultyValue
from core.words import Told
from referrals import bsn, journal, names
from referrals.journal import Line
from referrals.phones import read_email
from storage.tables import Organisation

#: hours in which quiet can begin in the evening and end in the morning; never 2 or 3
EVENING, MORNING = range(12, 24), range(4, 13)


@dataclass(frozen=True)
class Changes:
    """What changes; what is none stays as it is."""

    #: the name that people know it by
    name: str | None = None
    #: the address that people answer mails to; empty: there is none
    mail_address: str | None = None
    #: local hours between which nothing but digests goes out
    quiet_from: int | None = None
    quiet_to: int | None = None
    #: local days on which the library is closed besides weekends and holidays
    closed_days: tuple[date, ...] | None = None
    zone: str | None = None


def change(
    session: Session, library: Organisation, changes: Changes, *, by: int | None, now: datetime
) -> None:
    """Change the settings of a library; raises `FaultyValue` and changes nothing then."""
    values = {
        "name": _name(changes.name),
        "quiet_from": _hour(changes.quiet_from, EVENING),
        "quiet_to": _hour(changes.quiet_to, MORNING),
        "zone": _zone(changes.zone),
    }
    address = read_email(changes.mail_address) or None if changes.mail_address else None
    if changes.closed_days is not None:
        days = sorted({day.isoformat() for day in changes.closed_days})
        values["closed_days"] = " ".join(days)
    for name, value in values.items():
        if value is not None:
            setattr(library, name, value)
    if changes.mail_address is not None:
        library.mail_address = address
    session.add(library)
    session.flush()
    number = library.id or 0
    journal.write(session, [Line(number, now, by, "library.changed", "organisation", number)])


def _name(text: str | None) -> str | None:
    if text is None:
        return None
    cleaned = names.read_text(text, "name")
    bsn.refuse(cleaned, "name")
    if not cleaned:
        raise FaultyValue("name", remedy="Name the library.")
    return cleaned


def _hour(hour: int | None, hours: range) -> int | None:
    if hour is not None and hour not in hours:
        remedy = Told("Choose an hour from {first} to {last}.", first=hours[0], last=hours[-1])
        raise FaultyValue(str(hour), remedy=remedy)
    return hour


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise FaultyValue(name, remedy="Write for example: Europe/Amsterdam.") from error
    return name
