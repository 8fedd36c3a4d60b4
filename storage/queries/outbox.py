"""The outbox as workers see it: claiming, writing while the claim holds, letting go of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    func,
    literal_column,
    null,
    select,
    text,
    update,
)
from sqlmodel import Session, col

from storage.dialects import among
from storage.prepared import Prepared
from storage.queries.messages import MESSAGES
from storage.tables import ContactPerson, Organisation, Participant, Referral, Staff
from storage.types import UtcMoment

_ORGANISATIONS: Table = Organisation.__table__  # type: ignore[attr-defined]


class Outgoing(NamedTuple):
    """A mail as a worker holds it."""

    id: int
    organisation_id: int
    key: str
    kind: str
    state: str
    staff_id: int | None
    contact_person_id: int | None
    participant_id: int | None
    case_id: int | None
    referral_id: int | None
    detail: dict[str, Any]
    address: str | None
    attempts: int
    next_at: datetime
    created_at: datetime
    first_tried_at: datetime | None
    #: whoever claimed it last; every write of that worker asks whether it still holds
    claim_token: str | None


class Waiting(NamedTuple):
    """A mail that should have gone out, and what the last try said."""

    id: int
    next_at: datetime
    fault: str | None
    error: str | None


_COLUMNS = [MESSAGES.c[name] for name in Outgoing._fields]
#: written out, not bound: SQLite uses a partial index only when it can see the words
_PENDING: ColumnElement[bool] = MESSAGES.c.state == literal_column("'pending'")
_UNDER_WAY = text("message.state IN ('claimed', 'data_started')")
_NOW = bindparam("now", type_=UtcMoment())
_PICKED = (
    select(MESSAGES.c.id)
    .where(_PENDING, MESSAGES.c.next_at <= _NOW)
    .order_by(MESSAGES.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("picked")
)
_CLAIM = (
    update(MESSAGES)
    .where(MESSAGES.c.id.in_(select(_PICKED.c.id)))
    .values(
        state=bindparam("to_state"),
        claim_token=bindparam("token"),
        lease_until=bindparam("until", type_=UtcMoment()),
    )
    .returning(*_COLUMNS)
)


def claim(
    session: Session, now: datetime, *, to_state: str, token: str, until: datetime, most: int
) -> list[Outgoing]:
    """Claim the mails that have waited longest, past those that others are claiming right now."""
    values = {"now": now, "to_state": to_state, "token": token, "until": until, "most": most}
    rows = session.connection().execute(_CLAIM, values)
    claimed = [Outgoing._make(row) for row in rows]
    return sorted(claimed, key=lambda mail: (mail.next_at, mail.id))


_WAITING = Prepared(
    select(MESSAGES.c.id, MESSAGES.c.next_at, MESSAGES.c.fault, MESSAGES.c.error)
    .where(_PENDING, MESSAGES.c.next_at <= _NOW)
    .order_by(MESSAGES.c.next_at)
    .limit(1)
)


def longest_waiting(session: Session, now: datetime) -> Waiting | None:
    """The mail that has been due longest, if any is due."""
    rows = _WAITING.rows(session, {"now": now})
    return Waiting._make(rows[0]) if rows else None


def how_many_wait(session: Session, now: datetime) -> int:
    """How many mails are due and not on their way."""
    due = select(func.count()).where(_PENDING, MESSAGES.c.next_at <= now)
    return int(session.connection().execute(due).scalar_one())


_HELD = (
    MESSAGES.c.id == bindparam("row"),
    MESSAGES.c.claim_token == bindparam("token"),
    MESSAGES.c.state == bindparam("from_state"),
)
_START = Prepared(
    update(MESSAGES)
    .where(*_HELD)
    .values(
        state=bindparam("to_state"),
        address=bindparam("to_address"),
        message_id=bindparam("header"),
        lease_until=bindparam("until", type_=UtcMoment()),
    )
)


class Begun(NamedTuple):
    """A claimed mail that is about to be handed over, and where to."""

    mail: Outgoing
    address: str
    message_id: str


def start(
    session: Session, begun: Sequence[Begun], from_state: str, to_state: str, until: datetime
) -> int:
    """Write down that mails are about to be handed over; returns how many claims held."""
    same = {"from_state": from_state, "to_state": to_state, "until": until}
    rows = [
        {
            "row": mail.id, "token": mail.claim_token, "to_address": address,
            "header": message_id, **same,
        }
        for mail, address, message_id in begun
    ]  # fmt: skip
    return _START.write_each(session, rows)


_SETTLE = Prepared(
    update(MESSAGES)
    .where(*_HELD)
    .values(
        state=bindparam("to_state"),
        address=func.coalesce(bindparam("to_address"), MESSAGES.c.address),
        attempts=bindparam("tries"),
        next_at=bindparam("again_at", type_=UtcMoment()),
        first_tried_at=bindparam("first_at", type_=UtcMoment()),
        sent_at=bindparam("gone_at", type_=UtcMoment()),
        error=bindparam("words"),
        fault=bindparam("kind_of_fault"),
        claim_token=null(),
        lease_until=null(),
    )
)


class Settled(NamedTuple):
    """What becomes of a mail after a try; the names are those of the statement."""

    from_state: str
    to_state: str
    to_address: str | None
    tries: int
    again_at: datetime
    first_at: datetime | None
    gone_at: datetime | None
    words: str | None
    kind_of_fault: str | None


def settle(session: Session, settled: Sequence[tuple[Outgoing, Settled]]) -> int:
    """Write how tries ended and end the claims; returns how many of them held until now."""
    rows = [{**each._asdict(), "row": mail.id, "token": mail.claim_token} for mail, each in settled]
    return _SETTLE.write_each(session, rows)


def put_back(session: Session, mails: Iterable[Outgoing], from_state: str, to_state: str) -> None:
    """End the claims of mails that were not tried."""
    mails = list(mails)
    if not mails:
        return
    values = {"state": to_state, "claim_token": None, "lease_until": None}
    session.connection().execute(
        update(MESSAGES)
        .where(
            among(MESSAGES.c.id, "ids"),
            MESSAGES.c.state == from_state,
            MESSAGES.c.claim_token == mails[0].claim_token,
        )
        .values(values),
        {"ids": [mail.id for mail in mails]},
    )


_EXPIRED = (
    select(*_COLUMNS)
    .where(_UNDER_WAY, MESSAGES.c.lease_until < _NOW)
    .with_for_update(skip_locked=True)
)


def expired(session: Session, now: datetime) -> list[Outgoing]:
    """Mails whose worker did not settle them in time; nobody else changes them meanwhile."""
    return [Outgoing._make(row) for row in session.connection().execute(_EXPIRED, {"now": now})]


def wake(session: Session, from_state: str, to_state: str, now: datetime) -> int:
    """Make ready again what waits for another try in a state of its own; returns how many.

    Asked by library, because that is what the index begins with.
    """
    libraries = select(_ORGANISATIONS.c.id)
    found = session.connection().execute(
        select(MESSAGES.c.id).where(
            MESSAGES.c.organisation_id.in_(libraries),
            MESSAGES.c.state == from_state,
            MESSAGES.c.next_at <= now,
        )
    )
    ids = list(found.scalars())
    if ids:
        session.connection().execute(
            update(MESSAGES)
            .where(among(MESSAGES.c.id, "ids"), MESSAGES.c.state == from_state)
            .values(state=to_state),
            {"ids": ids},
        )
    return len(ids)


def at_hand(session: Session, mails: Sequence[Outgoing]) -> list[object]:
    """The libraries, receivers and referrals of mails, fetched together.

    As long as somebody holds what is returned, `session.get` finds them without asking again.
    """
    found: list[object] = []
    for table, numbers in (
        (Organisation, {mail.organisation_id for mail in mails}),
        (Staff, {mail.staff_id for mail in mails}),
        (ContactPerson, {mail.contact_person_id for mail in mails}),
        (Participant, {mail.participant_id for mail in mails}),
        (Referral, {mail.referral_id for mail in mails}),
    ):
        ids = [number for number in numbers if number is not None]
        if ids:
            wanted = select(table).where(among(col(table.id), "ids"))
            found += session.execute(wanted, {"ids": ids}).scalars()
    return found


def by_key(session: Session, key: str) -> Outgoing | None:
    """The mail with this key."""
    return _one(session, MESSAGES.c.key == key)


def by_message_id(session: Session, message_id: str) -> Outgoing | None:
    """The mail with this Message-ID; looks through all of them."""
    return _one(session, MESSAGES.c.message_id == message_id)


def by_number(session: Session, number: int) -> Outgoing | None:
    """The mail with this row number."""
    return _one(session, MESSAGES.c.id == number)


def _one(session: Session, condition: ColumnElement[bool]) -> Outgoing | None:
    row = session.connection().execute(select(*_COLUMNS).where(condition).with_for_update()).first()
    return None if row is None else Outgoing._make(row)


def write(session: Session, number: int, from_states: Sequence[str], **values: Any) -> bool:
    """Change a mail that no worker holds; False when it is in none of these states."""
    changed = session.connection().execute(
        update(MESSAGES)
        .where(MESSAGES.c.id == number, MESSAGES.c.state.in_(from_states))
        .values(values)
    )
    return changed.rowcount == 1
