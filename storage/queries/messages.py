"""Questions about the outbox, and the one way into it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select
from sqlmodel import Session

from storage.dialects import among, append_once
from storage.queries.staff import STAFF
from storage.tables import ContactPerson, Message, Organisation
from workflows.lifecycles import MESSAGE
from workflows.workdays import calendar, closed_days, office_moment

MESSAGES: Table = Message.__table__  # type: ignore[attr-defined]
CONTACTS: Table = ContactPerson.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "organisation_id", "key", "kind", "state", "staff_id", "contact_person_id", "participant_id",
    "case_id", "referral_id", "detail", "attempts", "next_at", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail to write and send: to whom, about what, and not before when."""

    organisation_id: int
    #: what must go out once has one key
    key: str
    #: of `storage.tables.message.MESSAGE_KINDS`
    kind: str
    #: none: at once, or when the quiet hours of the library are over
    next_at: datetime | None = None
    staff_id: int | None = None
    contact_person_id: int | None = None
    participant_id: int | None = None
    case_id: int | None = None
    referral_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def queue(session: Session, mails: Iterable[Queued], now: datetime) -> None:
    """Put mails into the outbox, in the transaction of what causes them; each key only once."""
    loud: dict[int, datetime] = {}
    rows = []
    for each in mails:
        number = each.organisation_id
        if each.next_at is None and number not in loud:
            loud[number] = _when_loud(session, number, now)
        rows.append(
            (
                number, each.key, each.kind, MESSAGE.initial, each.staff_id,
                each.contact_person_id, each.participant_id, each.case_id, each.referral_id,
                each.detail, 0, each.next_at or loud[number], now,
            )
        )  # fmt: skip
    append_once(session, MESSAGES, _COLUMNS, rows)


def _when_loud(session: Session, organisation_id: int, now: datetime) -> datetime:
    library = session.get_one(Organisation, organisation_id)
    days = calendar(library.zone, closed_days(library.closed_days))
    return office_moment(now, days, library.quiet_from, library.quiet_to)


class Listed(NamedTuple):
    """A mail as a list shows it."""

    id: int
    kind: str
    state: str
    receiver: str | None
    address: str | None
    case_id: int | None
    attempts: int
    next_at: datetime
    created_at: datetime
    sent_at: datetime | None
    fault: str | None
    error: str | None
    message_id: str | None


_RECEIVER = func.coalesce(STAFF.c.name, CONTACTS.c.name)
_LISTED = (
    select(
        *(MESSAGES.c[name] for name in ("id", "kind", "state")),
        _RECEIVER.label("receiver"),
        *(MESSAGES.c[name] for name in Listed._fields[4:]),
    )
    .outerjoin(STAFF, STAFF.c.id == MESSAGES.c.staff_id)
    .outerjoin(CONTACTS, CONTACTS.c.id == MESSAGES.c.contact_person_id)
)


def listed(
    session: Session, organisation_id: int, *, states: Sequence[str], kind: str | None, limit: int
) -> list[Listed]:
    """The newest mails of a library, in these states (none given: in any)."""
    rows = _LISTED.where(MESSAGES.c.organisation_id == organisation_id)
    if states:
        rows = rows.where(MESSAGES.c.state.in_(states))
    if kind:
        rows = rows.where(MESSAGES.c.kind == kind)
    found = session.connection().execute(rows.order_by(MESSAGES.c.id.desc()).limit(limit))
    return [Listed._make(row) for row in found]


def one(session: Session, organisation_id: int, number: int) -> Listed | None:
    """A mail of a library, by number."""
    where = (MESSAGES.c.organisation_id == organisation_id, MESSAGES.c.id == number)
    row = session.connection().execute(_LISTED.where(*where)).first()
    return Listed._make(row) if row else None


def per_person(
    session: Session, organisation_id: int, since: datetime
) -> list[tuple[str, str, date, int]]:
    """(name, e-mail address, day, mails) of what went out to staff since a moment.

    The day is that of UTC: nothing goes out at the hours at which it differs from the local one.
    """
    day = func.date(MESSAGES.c.sent_at).label("day")
    rows = (
        select(STAFF.c.name, STAFF.c.email, day, func.count().label("mails"))
        .join(STAFF, STAFF.c.id == MESSAGES.c.staff_id)
        .where(MESSAGES.c.organisation_id == organisation_id, MESSAGES.c.sent_at >= since)
        .group_by(STAFF.c.name, STAFF.c.email, day)
        .order_by(STAFF.c.name, STAFF.c.email, day)
    )
    return [
        (row.name, row.email, _day(row.day), row.mails)
        for row in session.connection().execute(rows)
    ]


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def there(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of the keys that a mail was queued under already."""
    rows = select(MESSAGES.c.key).where(among(MESSAGES.c.key, "keys", words=True))
    return set(session.connection().execute(rows, {"keys": keys}).scalars())
