"""Questions about visits: who is signed in, and until when."""

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, func, select, update
from sqlmodel import Session

from storage.tables import Organisation, Staff, Visit

VISITS: Table = Visit.__table__  # type: ignore[attr-defined]
#: a visit ends when nothing was asked for this long, and at last after the longest
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)

_WHO = (
    select(Visit, Staff, Organisation)
    .join(Staff, VISITS.c.staff_id == Staff.__table__.c.id)  # type: ignore[attr-defined]
    .join(Organisation, VISITS.c.organisation_id == Organisation.__table__.c.id)  # type: ignore[attr-defined]
)


def found(session: Session, visit: str, now: datetime) -> tuple[Visit, Staff, Organisation] | None:
    """Who a visit is of, by its hash; none when it is over or the person left."""
    row = session.execute(_WHO.where(VISITS.c.hash == visit)).first()
    if row is None:
        return None
    here, person, library = row
    if not person.active or now - here.seen_at > IDLE or now - here.created_at > LONGEST:
        return None
    return here, person, library


def mark_seen(session: Session, visit: str, now: datetime) -> None:
    """Note that somebody asked for something just now."""
    session.connection().execute(
        update(VISITS).where(VISITS.c.hash == visit, VISITS.c.seen_at < now).values(seen_at=now)
    )


def whose(session: Session, visit: str) -> tuple[int, int] | None:
    """(organisation, staff) of a visit that is over but was not ended by anybody."""
    asked = select(VISITS.c.organisation_id, VISITS.c.staff_id).where(VISITS.c.hash == visit)
    row = session.connection().execute(asked).first()
    return (row.organisation_id, row.staff_id) if row else None


def add(session: Session, visit: str, organisation_id: int, staff_id: int, now: datetime) -> None:
    """Somebody is signed in from now on; `visit` is the hash of the cookie."""
    session.add(
        Visit(
            hash=visit, organisation_id=organisation_id, staff_id=staff_id, created_at=now,
            seen_at=now,
        )
    )  # fmt: skip
    session.flush()


def end(session: Session, visit: str) -> None:
    """Somebody signed out in one browser."""
    session.connection().execute(delete(VISITS).where(VISITS.c.hash == visit))


def end_all(session: Session, staff_id: int, *, but: str = "") -> int:
    """Somebody is signed out everywhere, or everywhere but in one visit; returns how many ended."""
    where = (VISITS.c.staff_id == staff_id, VISITS.c.hash != but)
    return session.connection().execute(delete(VISITS).where(*where)).rowcount


def number_of(session: Session, staff_id: int, now: datetime) -> int:
    """In how many browsers somebody is signed in."""
    asked = select(func.count()).where(
        VISITS.c.staff_id == staff_id,
        VISITS.c.seen_at >= now - IDLE,
        VISITS.c.created_at >= now - LONGEST,
    )
    return int(session.connection().execute(asked).scalar_one())
