"""With what people sign in to the demo: one of each role, all with the same invented password."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from referrals import invitations, passwords
from storage.queries import selections, staff
from storage.tables import Organisation, Staff

#: invented, printed, and good for nothing but the demo
PASSWORD = "zeven groene eenden"
#: open cases from which it makes no difference any more
_MANY = 100_000
_ORDER = ("coordinator", "staff", "administrator", "national_office")


@dataclass(frozen=True)
class Way:
    """Somebody who can sign in to the demo."""

    role: str
    name: str
    email: str
    library: str


def open_doors(session: Session, now: datetime) -> list[Way]:
    """Give one person of each role the password; returns who they are."""
    there = staff.organisations(session)
    libraries = [each for each in there if each.kind == "library"]
    library = max(libraries, key=lambda each: _open(session, _number(each)))
    office = next(each for each in there if each.kind == "national_office")
    people = _busiest(session, _number(library))
    people["administrator"] = people.get("administrator") or _administrator(session, library, now)
    people["national_office"] = staff.active(session, _number(office))[0]
    hashed = passwords.hashed(PASSWORD)
    for role in _ORDER:
        invitations.keep_hash(session, people[role], hashed, now)
    return [
        Way(
            role, people[role].name, people[role].email,
            office.name if role == "national_office" else library.name,
        )
        for role in _ORDER
    ]  # fmt: skip


def _busiest(session: Session, library: int) -> dict[str, Staff]:
    """Of each role whoever has most to do, so that there is something to see."""
    busy = sorted(staff.active(session, library), key=lambda who: _open(session, library, who.id))
    return {each.role: each for each in busy}


def _open(session: Session, library: int, owner: int | None = None) -> int:
    """The open cases of a library, or of somebody there."""
    names = ("open", "owner") if owner else ("open",)
    return selections.count(session, selections.wanted(library, None, *names, owner=owner), _MANY)


def _administrator(session: Session, library: Organisation, now: datetime) -> Staff:
    row = Staff(
        organisation_id=_number(library), name="Zohra (verzonnen)", role="administrator",
        email=f"zohra.{library.short_name}@voorbeeld.example", created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _number(row: Organisation) -> int:
    return row.id or 0
