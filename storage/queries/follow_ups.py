"""Questions about what somebody must do."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, bindparam, not_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import among
from storage.prepared import Prepared
from storage.tables import FollowUp

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


def of_case(session: Session, case_id: int) -> list[FollowUp]:
    """All follow-ups of a case, by day."""
    return list(
        session.exec(
            select_rows(FollowUp)
            .where(FollowUp.case_id == case_id)
            .order_by(col(FollowUp.due_on), col(FollowUp.id))
        )
    )


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
    )
    if not partners:
        statement = statement.where(FOLLOW_UPS.c.receiver.not_in(OUTSIDE))
    session.connection().execute(statement.values(state="open", done_at=None))


def next_of_cases(session: Session, cases: Sequence[int]) -> dict[int, FollowUp]:
    """For each case the open follow-up that is due first."""
    ids = (
        select(FOLLOW_UPS.c.id)
        .where(among(FOLLOW_UPS.c.case_id, "ids"), FOLLOW_UPS.c.state == "open")
        .order_by(FOLLOW_UPS.c.due_at.desc())
    )
    found = list(session.connection().execute(ids, {"ids": cases}).scalars())
    rows = session.exec(select_rows(FollowUp).where(col(FollowUp.id).in_(found)))
    ordered = sorted(rows, key=lambda row: row.due_at, reverse=True)
    return {row.case_id: row for row in ordered}


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
