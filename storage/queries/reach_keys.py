"""Reach entries that go over to another key, when it turns out who they are about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, insert, literal, select, update
from sqlmodel import Session

from storage.dialects import among
from storage.queries.reach import ENTRIES
from storage.tables.reach import PENDING, RETRACTED

_KEPT = ("case_key", "seq", "way_id", "stage", "level", "day")


def knows(session: Session, person_key: int, case_keys: Sequence[int]) -> bool:
    """Whether a person has, or ever had, entries in one of these cases."""
    statement = select(literal(1)).where(
        ENTRIES.c.person_key == person_key, among(ENTRIES.c.case_key, "cases")
    )
    found = session.connection().execute(statement.limit(1), {"cases": case_keys})
    return found.first() is not None


def hand_over(
    session: Session, from_key: int, case_keys: Sequence[int], to_key: int, now: datetime
) -> int:
    """What counts for one person in these cases counts for another from `now` on.

    The entries are voided and entered again under the other key, which must know none of these
    cases: a count as known on an earlier day stays what it was. Returns how many went over.
    """
    theirs = and_(
        ENTRIES.c.person_key == from_key,
        among(ENTRIES.c.case_key, "cases"),
        ENTRIES.c.voided_at.is_(None),
    )
    again = select(
        literal(to_key, ENTRIES.c.person_key.type),
        *(ENTRIES.c[name] for name in _KEPT),
        literal(now, ENTRIES.c.recorded_at.type),
        literal(PENDING, ENTRIES.c.settled.type),
    ).where(theirs)
    columns = ("person_key", *_KEPT, "recorded_at", "settled")
    connection, values = session.connection(), {"cases": list(case_keys)}
    connection.execute(insert(ENTRIES).from_select(columns, again), values)
    return connection.execute(update(ENTRIES).where(theirs).values(_voided(now)), values).rowcount


def void_case(session: Session, person_key: int, case_key: int, now: datetime) -> int:
    """Let a whole case count no more; returns how many entries of it did."""
    theirs = and_(
        ENTRIES.c.person_key == person_key,
        ENTRIES.c.case_key == case_key,
        ENTRIES.c.voided_at.is_(None),
    )
    statement = update(ENTRIES).where(theirs).values(_voided(now))
    return session.connection().execute(statement).rowcount


def counting(session: Session, person_key: int) -> list[int]:
    """The keys of the cases in which something counts for a person."""
    statement = (
        select(ENTRIES.c.case_key)
        .where(ENTRIES.c.person_key == person_key, ENTRIES.c.voided_at.is_(None))
        .group_by(ENTRIES.c.case_key)
        .order_by(func.min(ENTRIES.c.seq))
    )
    return list(session.connection().execute(statement).scalars())


def _voided(now: datetime) -> dict[str, object]:
    settled = case((ENTRIES.c.settled == PENDING, PENDING), else_=RETRACTED)
    return {"voided_at": now, "settled": settled}
