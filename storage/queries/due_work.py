"""Questions about what is due, for whoever tells people: escalations, digests, second requests."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Session

from storage.dialects import among
from storage.queries.cases import CASES, PEOPLE
from storage.queries.follow_ups import FOLLOW_UPS, OUTSIDE
from storage.tables import Organisation, Referral, Staff

_LIBRARIES: Table = Organisation.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_REFERRALS: Table = Referral.__table__  # type: ignore[attr-defined]
_INSIDE = ("owner", "coordinator")
#: written out, not bound: SQLite uses the partial index only when it can see the words
_TO_ASK = text(
    "follow_up.state = 'open' AND follow_up.mailed_on IS NULL"
    " AND follow_up.receiver IN ('referrer', 'provider')"
)


class Waiting(NamedTuple):
    """An open follow-up that the program itself must do something about."""

    id: int
    organisation_id: int
    case_id: int
    rule: str
    seq: int
    occurrence: int
    receiver: str
    owner_id: int | None
    workflow_version_id: int
    zone: str
    closed_days: str


_WAITING = (
    select(
        *(FOLLOW_UPS.c[name] for name in Waiting._fields[:7]),
        CASES.c.owner_id,
        CASES.c.workflow_version_id,
        _LIBRARIES.c.zone,
        _LIBRARIES.c.closed_days,
    )
    .join(CASES, CASES.c.id == FOLLOW_UPS.c.case_id)
    .join(_LIBRARIES, _LIBRARIES.c.id == FOLLOW_UPS.c.organisation_id)
    .where(FOLLOW_UPS.c.state == "open")
)


def to_escalate(session: Session, now: datetime, limit: int) -> list[Waiting]:
    """What nobody did in time and somebody else must hear of, the longest overdue first."""
    return _due(session, FOLLOW_UPS.c.escalates_at, now, limit)


def to_repeat(session: Session, now: datetime, limit: int) -> list[Waiting]:
    """What somebody at a partner was mailed about, did not answer, and is asked again."""
    return _due(session, FOLLOW_UPS.c.repeats_at, now, limit)


def _due(session: Session, column: Any, now: datetime, limit: int) -> list[Waiting]:
    rows = _WAITING.where(column <= now).order_by(column).limit(limit)
    # cases are locked before their follow-ups, as moves do; one that moves right now is left for
    # the next tick, when it may not be due any more
    rows = rows.with_for_update(of=CASES, skip_locked=True)
    return [Waiting._make(row) for row in session.connection().execute(rows)]


def forget(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Write the same values into these follow-ups, such as ``escalates_at=None``."""
    where = among(FOLLOW_UPS.c.id, "ids")
    session.connection().execute(update(FOLLOW_UPS).where(where).values(**values), {"ids": ids})


class Reader(NamedTuple):
    """A member of staff for whom it may be time to think of a digest."""

    id: int
    organisation_id: int
    digest_hour: int
    digest_days: str
    paused_until: date | None
    #: the local day for which that was done last
    digested_on: date | None
    zone: str
    closed_days: str


def readers(session: Session, now: datetime) -> list[Reader]:
    """Active staff whose last digest day lies before today, wherever on earth it is that."""
    rows = (
        select(
            *(_STAFF.c[name] for name in Reader._fields[:6]),
            _LIBRARIES.c.zone,
            _LIBRARIES.c.closed_days,
        )
        .join(_LIBRARIES, _LIBRARIES.c.id == _STAFF.c.organisation_id)
        .where(
            _STAFF.c.active.is_(True),
            _STAFF.c.role != "national_office",
            or_(_STAFF.c.digested_on.is_(None), _STAFF.c.digested_on < _latest_day(now)),
        )
        .order_by(_STAFF.c.organisation_id, _STAFF.c.id)
    )
    return [Reader._make(row) for row in session.connection().execute(rows)]


def _latest_day(now: datetime) -> date:
    """The day that it is in the zone farthest ahead (UTC+14)."""
    return (now + timedelta(hours=14)).date()


def mark_digested(session: Session, days: Sequence[tuple[int, date]]) -> None:
    """For these members of staff the digest of this day was thought of."""
    if days:
        statement = update(_STAFF).where(_STAFF.c.id == bindparam("number"))
        session.connection().execute(
            statement.values(digested_on=bindparam("day")),
            [{"number": number, "day": day} for number, day in days],
        )


def due_per_receiver(
    session: Session, organisation_id: int, until: datetime
) -> list[tuple[int | None, str]]:
    """(assignee, receiver) of everything that staff of a library must do by a moment, once each."""
    rows = (
        select(FOLLOW_UPS.c.assignee_id, FOLLOW_UPS.c.receiver)
        .where(_open_until(organisation_id, until), FOLLOW_UPS.c.receiver.in_(_INSIDE))
        .group_by(FOLLOW_UPS.c.assignee_id, FOLLOW_UPS.c.receiver)
    )
    return [(row.assignee_id, row.receiver) for row in session.connection().execute(rows)]


class Due(NamedTuple):
    """Something that is due, with the case it belongs to."""

    id: int
    case_id: int
    rule: str | None
    what: str | None
    receiver: str
    assignee_id: int | None
    due_on: date
    version: int
    stage: str
    stage_day: date
    workflow_version_id: int
    owner_id: int | None
    partner_id: int | None
    first_name: str | None


_DUE = (
    select(
        *(FOLLOW_UPS.c[name] for name in Due._fields[:7]),
        *(CASES.c[name] for name in Due._fields[7:13]),
        PEOPLE.c.first_name,
    )
    .join(CASES, CASES.c.id == FOLLOW_UPS.c.case_id)
    .join(PEOPLE, PEOPLE.c.id == CASES.c.participant_id)
    .order_by(FOLLOW_UPS.c.due_at, FOLLOW_UPS.c.id)
)


def of_staff(
    session: Session,
    organisation_id: int,
    until: datetime,
    *,
    assignees: Sequence[int],
    unowned: bool,
) -> list[Due]:
    """What these members of staff must do by a moment; `unowned`: also what is nobody's."""
    mine: ColumnElement[bool] = FOLLOW_UPS.c.assignee_id.in_(assignees)
    if unowned:
        mine = or_(mine, FOLLOW_UPS.c.assignee_id.is_(None))
    where = (_open_until(organisation_id, until), FOLLOW_UPS.c.receiver.in_(_INSIDE), mine)
    return _rows(session, _DUE.where(*where))


def awaited(
    session: Session, organisation_id: int, until: datetime, owners: Sequence[int]
) -> list[Due]:
    """What people at partners should have told by a moment about cases of these owners."""
    where = (
        _open_until(organisation_id, until),
        FOLLOW_UPS.c.receiver.in_(OUTSIDE),
        CASES.c.owner_id.in_(owners),
    )
    return _rows(session, _DUE.where(*where))


def of_partners(session: Session, until: datetime) -> list[tuple[int, Due]]:
    """(library, what people at partners must still be asked), each follow-up that was not yet."""
    rows = _DUE.add_columns(FOLLOW_UPS.c.organisation_id).where(
        _TO_ASK, FOLLOW_UPS.c.due_at <= until
    )
    found = session.connection().execute(rows)
    return [(row.organisation_id, Due._make(row[:-1])) for row in found]


def mailed_to_partners(
    session: Session, organisation_id: int, day: date, ids: Sequence[int]
) -> list[Due]:
    """Of these follow-ups those that are still open, asked for on a day."""
    rows = _DUE.add_columns(FOLLOW_UPS.c.organisation_id, FOLLOW_UPS.c.state).where(
        among(FOLLOW_UPS.c.id, "ids"), FOLLOW_UPS.c.mailed_on == day
    )
    found = session.connection().execute(rows, {"ids": ids})
    # asked afterwards: it would keep SQLite from looking by number
    return [Due._make(row[:-2]) for row in found if row[-2:] == (organisation_id, "open")]


def providers_of(session: Session, cases: Sequence[int]) -> dict[int, int]:
    """Case → the provider of its newest referral that something can still come of."""
    rows = (
        select(_REFERRALS.c.case_id, _REFERRALS.c.provider_id)
        .where(
            among(_REFERRALS.c.case_id, "ids"),
            _REFERRALS.c.state.in_(("sent", "accepted", "waiting", "started")),
        )
        .order_by(_REFERRALS.c.id)
    )
    found = session.connection().execute(rows, {"ids": cases})
    return {row.case_id: row.provider_id for row in found}


def _open_until(organisation_id: int, until: datetime) -> ColumnElement[bool]:
    return and_(
        FOLLOW_UPS.c.organisation_id == organisation_id,
        FOLLOW_UPS.c.state == "open",
        FOLLOW_UPS.c.due_at <= until,
    )


def _rows(session: Session, rows: Select[Any]) -> list[Due]:
    return [Due._make(row) for row in session.connection().execute(rows)]


def overdue_per_person(
    session: Session, organisation_id: int, before: datetime
) -> list[tuple[int | None, int]]:
    """(member of staff or nobody, how much of theirs was due before a moment), the most first.

    Nobody comes after whoever has as much.
    """
    number = func.count().label("number")
    rows = (
        select(FOLLOW_UPS.c.assignee_id, number)
        .where(_open_until(organisation_id, before), FOLLOW_UPS.c.receiver.in_(_INSIDE))
        .group_by(FOLLOW_UPS.c.assignee_id)
        .order_by(number.desc(), FOLLOW_UPS.c.assignee_id.nulls_last())
    )
    return [(row.assignee_id, row.number) for row in session.connection().execute(rows)]
