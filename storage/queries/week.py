"""Questions for the weekly overview of a library."""

from datetime import datetime

from sqlalchemy import Table, and_, exists, func, select
from sqlmodel import Session

from storage.queries.cases import CASES, ENTRIES
from storage.queries.follow_ups import FOLLOW_UPS
from storage.tables import Referral

_REFERRALS: Table = Referral.__table__  # type: ignore[attr-defined]


def without_next_step(session: Session, organisation_id: int) -> int:
    """Open cases for which nobody has anything to do."""
    planned = exists().where(FOLLOW_UPS.c.case_id == CASES.c.id, FOLLOW_UPS.c.state == "open")
    where = and_(CASES.c.organisation_id == organisation_id, CASES.c.closed_at.is_(None), ~planned)
    return _count(session, select(func.count()).select_from(CASES).where(where))


def without_owner(session: Session, organisation_id: int) -> int:
    """Open cases that nobody owns."""
    where = and_(
        CASES.c.organisation_id == organisation_id,
        CASES.c.closed_at.is_(None),
        CASES.c.owner_id.is_(None),
    )
    return _count(session, select(func.count()).select_from(CASES).where(where))


def unanswered(session: Session, organisation_id: int) -> int:
    """Referrals that were sent and got no answer yet."""
    where = and_(_REFERRALS.c.organisation_id == organisation_id, _REFERRALS.c.state == "sent")
    return _count(session, select(func.count()).select_from(_REFERRALS).where(where))


def moved(session: Session, organisation_id: int, start: datetime, end: datetime) -> int:
    """Steps that were made between two moments and still hold."""
    where = and_(
        # by way of the cases: there is no index of entries by library
        CASES.c.organisation_id == organisation_id,
        ENTRIES.c.kind == "move",
        ENTRIES.c.voided_by.is_(None),
        ENTRIES.c.recorded_at >= start,
        ENTRIES.c.recorded_at < end,
    )
    joined = CASES.join(ENTRIES, ENTRIES.c.case_id == CASES.c.id)
    return _count(session, select(func.count()).select_from(joined).where(where))


def _count(session: Session, statement: object) -> int:
    return int(session.connection().execute(statement).scalar_one())  # type: ignore[call-overload]
