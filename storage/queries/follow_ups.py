"""Questions about what somebody must do."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import among
from storage.prepared import Prepared
from storage.tables import FollowUp
from workflows.definition import NORM

FOLLOW_UPS: Table = FollowUp.__table__  # type: ignore[attr-defined]
#: receivers who work at a partner
OUTSIDE = ("referrer", "provider")
COLUMNS = (
    "organisation_id",
    "case_id",
    "rule",
    "seq",
    "occurrence",
    "receiver",
    "assignee_id",
    "due_on",
    "due_at",
    "escalates_at",
    "state",
    "created_at",
)

_END = (
    update(FOLLOW_UPS)
    .where(
        among(FOLLOW_UPS.c.case_id, "ids"),
        FOLLOW_UPS.c.state == "open",
        FOLLOW_UPS.c.rule.is_not(None),
        not_(among(FOLLOW_UPS.c.rule, "keep", words=True)),
    )
    .values(state="ended", done_at=bindparam("now", type_=FOLLOW_UPS.c.done_at.type))
)

_END_PLANNED = Prepared(_END)


def end_planned(
    session: Session, cases: Sequence[int], now: datetime, keep: Sequence[str] = ()
) -> int:
    """End the open follow-ups that rules planned for these cases, except by rules to keep."""
    values = {"ids": cases, "now": now, "keep": keep}
    return _END_PLANNED.write(session, values)


def end(session: Session, ids: Sequence[int], now: datetime) -> None:
    """End these open follow-ups, because the day that they were planned from is another."""
    where = (among(FOLLOW_UPS.c.id, "ids"), FOLLOW_UPS.c.state == "open")
    ended = update(FOLLOW_UPS).where(*where).values(state="ended", done_at=now)
    session.connection().execute(ended, {"ids": ids})


class Attempt(NamedTuple):
    """A follow-up that a rule planned."""

    id: int
    case_id: int
    rule: str
    seq: int
    occurrence: int
    receiver: str
    assignee_id: int | None
    state: str


_ATTEMPTS = select(*(FOLLOW_UPS.c[name] for name in Attempt._fields)).where(
    among(FOLLOW_UPS.c.case_id, "ids"), FOLLOW_UPS.c.rule.is_not(None)
)


def attempts_of(session: Session, cases: Sequence[int]) -> dict[int, list[Attempt]]:
    """Case → everything that rules planned for it, whatever became of it."""
    found: dict[int, list[Attempt]] = {}
    for row in session.connection().execute(_ATTEMPTS, {"ids": cases}):
        found.setdefault(row.case_id, []).append(Attempt._make(row))
    return found


def of_case(session: Session, case_id: int) -> list[FollowUp]:
    """All follow-ups of a case, by day."""
    return list(
        session.exec(
            select_rows(FollowUp)
            .where(FollowUp.case_id == case_id)
            .order_by(col(FollowUp.due_on), col(FollowUp.id))
        )
    )


def by_number(session: Session, number: int) -> FollowUp | None:
    """A follow-up, whatever became of it."""
    return session.get(FollowUp, number, populate_existing=True)


def due(session: Session, organisation_id: int, now: datetime) -> list[FollowUp]:
    """What is open and due in a library, the longest overdue first."""
    return list(
        session.exec(
            select_rows(FollowUp)
            .where(
                FollowUp.organisation_id == organisation_id,
                FollowUp.state == "open",
                col(FollowUp.due_at) <= now,
            )
            .order_by(col(FollowUp.due_at), col(FollowUp.id))
        )
    )


def drop_planned_for(session: Session, case_id: int, seq: int, now: datetime) -> None:
    """End what was planned for one entry, because the entry was undone."""
    session.connection().execute(
        update(FOLLOW_UPS)
        .where(
            FOLLOW_UPS.c.case_id == case_id,
            FOLLOW_UPS.c.seq == seq,
            FOLLOW_UPS.c.state == "open",
            FOLLOW_UPS.c.rule.is_not(None),
        )
        .values(state="ended", done_at=now)
    )


_FURTHER = FOLLOW_UPS.alias("further")
#: it, or the same for somebody else, was done at the very moment, or there is a later attempt
DEALT_WITH = (
    select(_FURTHER.c.id)
    .where(
        _FURTHER.c.case_id == FOLLOW_UPS.c.case_id,
        _FURTHER.c.rule == FOLLOW_UPS.c.rule,
        _FURTHER.c.seq == FOLLOW_UPS.c.seq,
        or_(
            _FURTHER.c.occurrence > FOLLOW_UPS.c.occurrence,
            and_(
                _FURTHER.c.occurrence == FOLLOW_UPS.c.occurrence,
                _FURTHER.c.state.in_(("done", "missed")),
            ),
        ),
    )
    .correlate(FOLLOW_UPS)
    .exists()
)


def reopen_ended(
    session: Session,
    case_id: int,
    seq: int,
    since: datetime,
    *,
    rules: Sequence[str],
    partners: bool,
) -> None:
    """Open again what step `seq`, made at `since`, ended: planned before by one of these rules.

    Without `partners` what somebody outside was to follow up stays ended.
    """
    statement = update(FOLLOW_UPS).where(
        FOLLOW_UPS.c.case_id == case_id,
        FOLLOW_UPS.c.seq < seq,
        FOLLOW_UPS.c.state == "ended",
        FOLLOW_UPS.c.done_at == since,
        FOLLOW_UPS.c.rule.in_(rules),
        not_(DEALT_WITH),
    )
    if not partners:
        statement = statement.where(FOLLOW_UPS.c.receiver.not_in(OUTSIDE))
    session.connection().execute(statement.values(state="open", done_at=None))


def _same(follow_up: FollowUp) -> tuple[ColumnElement[bool], ...]:
    """The others of the same rule for the same step, whoever and whichever time they are for."""
    return (
        FOLLOW_UPS.c.case_id == follow_up.case_id,
        FOLLOW_UPS.c.rule == follow_up.rule,
        # what was planned by hand has nothing in common with what else was
        FOLLOW_UPS.c.rule.is_not(None),
        FOLLOW_UPS.c.seq == follow_up.seq,
        FOLLOW_UPS.c.id != follow_up.id,
    )


def end_twins(session: Session, follow_up: FollowUp, now: datetime) -> None:
    """What was done need not be done by whoever it was escalated to, or came from, nor by
    whoever was asked once more meanwhile."""
    where = (*_same(follow_up), FOLLOW_UPS.c.state == "open")
    session.connection().execute(
        update(FOLLOW_UPS).where(*where).values(state="ended", done_at=now)
    )


def open_twins(
    session: Session, follow_up: FollowUp, ended_at: datetime, *, partners: bool
) -> None:
    """What `end_twins` ended at a moment is to be done again.

    Without `partners` what somebody outside was to follow up stays ended.
    """
    statement = update(FOLLOW_UPS).where(
        *_same(follow_up),
        FOLLOW_UPS.c.state == "ended",
        FOLLOW_UPS.c.done_at == ended_at,
    )
    if not partners:
        statement = statement.where(FOLLOW_UPS.c.receiver.not_in(OUTSIDE))
    session.connection().execute(statement.values(state="open", done_at=None))


def attempts_after(session: Session, follow_up: FollowUp) -> list[tuple[str, datetime]]:
    """(state, when it was planned) of the attempts that come after this one.

    Without those that `end_twins` ended when this one was done.
    """
    ended = and_(FOLLOW_UPS.c.state == "ended", FOLLOW_UPS.c.done_at == follow_up.done_at)
    rows = select(FOLLOW_UPS.c.state, FOLLOW_UPS.c.created_at).where(
        *_same(follow_up), FOLLOW_UPS.c.occurrence > follow_up.occurrence, not_(ended)
    )
    return [(row.state, row.created_at) for row in session.connection().execute(rows)]


def drop_next(session: Session, follow_up: FollowUp) -> None:
    """Take the attempt away that was planned after this one, as long as it is open."""
    where = (
        *_same(follow_up),
        FOLLOW_UPS.c.occurrence > follow_up.occurrence,
        FOLLOW_UPS.c.state == "open",
    )
    session.connection().execute(delete(FOLLOW_UPS).where(*where))


def times(session: Session, follow_up: FollowUp) -> int:
    """How many times somebody was asked to do this, or will be: the number of the last time."""
    rows = select(func.max(FOLLOW_UPS.c.occurrence)).where(*_same(follow_up))
    return max(follow_up.occurrence, session.connection().execute(rows).scalar() or 0)


def next_of_cases(session: Session, cases: Sequence[int]) -> dict[int, FollowUp]:
    """For each case the open follow-up that is due first; of two that are, what is more than that
    the case stands still."""
    ids = (
        select(FOLLOW_UPS.c.id)
        .where(among(FOLLOW_UPS.c.case_id, "ids"), FOLLOW_UPS.c.state == "open")
        .order_by(FOLLOW_UPS.c.due_at.desc())
    )
    found = list(session.connection().execute(ids, {"ids": cases}).scalars())
    rows = session.exec(select_rows(FollowUp).where(col(FollowUp.id).in_(found)))
    ordered = sorted(rows, key=lambda row: (row.due_at, row.rule == NORM, row.id or 0))
    return {row.case_id: row for row in reversed(ordered)}


def end_for_partners(session: Session, cases: Sequence[int], now: datetime) -> None:
    """End what somebody outside was to follow up, because nothing may be shared any more."""
    statement = _END.where(FOLLOW_UPS.c.receiver.in_(OUTSIDE))
    session.connection().execute(statement, {"ids": cases, "now": now, "keep": []})


def reassign(session: Session, case_id: int, before: int | None, after: int | None) -> None:
    """What the owner of a case still had to do is for the new owner."""
    session.connection().execute(
        update(FOLLOW_UPS)
        .where(
            FOLLOW_UPS.c.case_id == case_id,
            FOLLOW_UPS.c.state == "open",
            FOLLOW_UPS.c.receiver == "owner",
            FOLLOW_UPS.c.assignee_id.is_not_distinct_from(before),
        )
        .values(assignee_id=after)
    )
