"""What somebody chooses about their mails: read from a form, written, and put back as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException

from core.errors import NothingToUndo
from core.words import LANGUAGES
from referrals import colleagues, journal
from referrals.colleagues import HOURS, Wishes
from referrals.journal import Line
from storage.queries import doors
from storage.tables import ContactPerson, Staff
from web.access import Door, Holder
from web.forms import Sent
from web.receipts import Outcome, Receipt

#: weekdays, 1 for Monday; a digest comes on workdays only
DAYS = (1, 2, 3, 4, 5)
PAUSES = ("none", "week", "fortnight", "until")
#: a longer absence is leave, for which somebody stands in
LONGEST_PAUSE = timedelta(days=92)
FORTNIGHT = timedelta(days=14)
_STAFF = ("digest_hour", "digest_days", "single_mails", "paused_until", "language")
_CONTACT = ("mails", "language")
CHANGED_SINCE = "The choices were changed since. Look at them again."
#: a field and what it holds, as a receipt keeps it
Values = dict[str, Any]


@dataclass(frozen=True)
class Choices:
    """What somebody chose, as the page shows it."""

    is_staff: bool
    language: str
    mails: bool = True
    hour: int = 8
    days: tuple[int, ...] = DAYS
    single_mails: bool = True
    #: the last day of a pause that has not passed
    paused_until: date | None = None


Person = Staff | ContactPerson


def person(session: Session, holder: Holder) -> Person:
    """Whose choices these are: whoever is signed in or holds the link, and nobody else."""
    if isinstance(holder, Door):
        return _behind(session, holder)
    found = doors.colleague(session, holder.organisation_id, holder.staff_id)
    if found is None:
        raise HTTPException(404)
    return found


def _behind(session: Session, door: Door) -> Person:
    found: Person | None
    if door.link.staff_id is not None:
        number = door.link.staff_id
        found = doors.colleague(session, door.organisation_id, number)
    else:
        number = door.link.contact_person_id or 0
        found = doors.contact_person(session, door.organisation_id, number)
    if found is None or door.link.subject_id != number:
        raise HTTPException(404)
    return found


def present(session: Session, holder: Holder) -> Choices:
    """What holds now."""
    row = person(session, holder)
    if isinstance(row, ContactPerson):
        return Choices(False, row.language, mails=row.mails)
    until = row.paused_until
    return Choices(
        True,
        row.language,
        hour=row.digest_hour,
        days=tuple(int(day) for day in row.digest_days.split()),
        single_mails=row.single_mails,
        paused_until=until if until and until >= holder.today else None,
    )


def save(session: Session, holder: Holder, sent: Sent) -> Outcome:
    """Keep what was chosen; raises `NotFilledIn` with everything that is wrong."""
    row = person(session, holder)
    is_staff = isinstance(row, Staff)
    language = sent.one_of("language", LANGUAGES)
    if is_staff:
        values = {**_staff(holder, sent), "language": language}
    else:
        values = {"mails": sent.one_of("mails", ("yes", "no")) == "yes", "language": language}
    sent.check()
    return {"did": "mails.chosen", **_write(session, holder, row, values)}


def _staff(holder: Holder, sent: Sent) -> Values:
    hour = sent.one_of("hour", [str(hour) for hour in HOURS])
    days = [day for day in DAYS if str(day) in sent["days"].split()]
    if not days:
        sent.refuse("days", "No day is chosen.", "Choose a day, or pause the mails below.")
    single = sent.one_of("single", ("yes", "no"))
    return {
        "digest_hour": int(hour or 0),
        "digest_days": " ".join(map(str, days)),
        "single_mails": single == "yes",
        "paused_until": _pause(holder, sent),
    }


def _pause(holder: Holder, sent: Sent) -> date | None:
    """The last day without mail."""
    chosen = sent.one_of("pause", PAUSES)
    if chosen == "until":
        first = holder.today + timedelta(days=1)
        return sent.day("day", first, holder.today + LONGEST_PAUSE)
    lengths = {"week": timedelta(days=7), "fortnight": FORTNIGHT}
    return holder.today + lengths[chosen] if chosen in lengths else None


def turn_off(session: Session, door: Door) -> Outcome:
    """Mails stop: of a partner until they want them again, of staff for two weeks.

    Staff who hear nothing any more lose people: their digest comes back by itself.
    """
    row = person(session, door)
    if isinstance(row, ContactPerson):
        return {"did": "off", **_write(session, door, row, {"mails": False})}
    until = max(door.today + FORTNIGHT, row.paused_until or door.today)
    return {"did": "off", **_write(session, door, row, {"paused_until": until})}


def put_back(session: Session, holder: Holder, receipt: Receipt) -> Outcome:
    """Put back what a form changed; raises `NothingToUndo` when it was changed since."""
    if receipt.undone:
        raise NothingToUndo(holder.name, remedy=CHANGED_SINCE)
    return take_back(session, holder, receipt.values)


def take_back(session: Session, holder: Holder, kept: Mapping[str, Any]) -> Outcome:
    """Put back what a form kept as ``before``; raises `NothingToUndo` like `put_back`."""
    row = person(session, holder)
    if not may_put_back(row, kept):
        raise NothingToUndo(holder.name, remedy=CHANGED_SINCE)
    values = {name: _value(name, value) for name, value in kept["before"].items()}
    _write(session, holder, row, values)
    return {"did": "undone"}


def may_put_back(row: Person, kept: Mapping[str, Any]) -> bool:
    """Whether everything is still as the form left it."""
    after = kept.get("after")
    return after is not None and after == _kept(row, after)


def _write(session: Session, holder: Holder, row: Person, values: Values) -> Values:
    """Write the fields, and return what they held before and hold now."""
    before = _kept(row, values)
    if isinstance(row, Staff):
        colleagues.wish(session, row, _wishes(values), by=holder.by, now=holder.now)
    else:
        row.mails = values.get("mails", row.mails)
        row.language = values.get("language", row.language)
        session.add(row)
        session.flush()
        line = Line(
            row.organisation_id, holder.now, None, "contact_person.wishes", "contact_person",
            row.id or 0,
        )  # fmt: skip
        journal.write(session, [line])
    return {"before": before, "after": _kept(row, values)}


def _wishes(values: Values) -> Wishes:
    days = values.get("digest_days")
    return Wishes(
        digest_hour=values.get("digest_hour"),
        digest_days=tuple(map(int, days.split())) if days else None,
        single_mails=values.get("single_mails"),
        paused_until=values.get("paused_until"),
        resume="paused_until" in values and values["paused_until"] is None,
        language=values.get("language"),
    )


def _kept(row: Person, names: Values) -> Values:
    known = _STAFF if isinstance(row, Staff) else _CONTACT
    held = {name: getattr(row, name) for name in names if name in known}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in held.items()}


def _value(name: str, kept: Any) -> Any:
    return date.fromisoformat(kept) if name == "paused_until" and kept else kept
