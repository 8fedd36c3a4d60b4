"""Questions about organisations and the people who work there."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.prepared import Prepared
from storage.tables import Leave, Organisation, Staff

STAFF: Table = Staff.__table__  # type: ignore[attr-defined]


def organisations(session: Session) -> list[Organisation]:
    """All libraries and the national office, by name."""
    return list(session.exec(select_rows(Organisation).order_by(Organisation.name)))


def organisation(session: Session, short_name: str) -> Organisation | None:
    """The organisation with this short name."""
    return session.exec(
        select_rows(Organisation).where(Organisation.short_name == short_name)
    ).first()


def organisation_by_number(session: Session, number: int) -> Organisation:
    """The organisation with this row number, which must exist."""
    return session.get_one(Organisation, number)


def colleague(session: Session, organisation_id: int, email: str) -> Staff | None:
    """The active member of staff with this e-mail address."""
    return session.exec(
        select_rows(Staff).where(
            Staff.organisation_id == organisation_id,
            Staff.email == email.lower(),
            col(Staff.active).is_(True),
        )
    ).first()


def with_address(session: Session, organisation_id: int, email: str) -> Staff | None:
    """The member of staff with this e-mail address, also one who left."""
    return session.exec(
        select_rows(Staff).where(Staff.organisation_id == organisation_id, Staff.email == email)
    ).first()


_NAMES = Prepared(
    select(STAFF.c.id, STAFF.c.name).where(STAFF.c.organisation_id == bindparam("library"))
)


def names_of(session: Session, organisation_id: int) -> dict[int, str]:
    """The name of every member of staff, also of those who left."""
    rows = _NAMES.rows(session, {"library": organisation_id})
    return {row[0]: row[1] for row in rows}


class Person(NamedTuple):
    """A member of staff, for a list of names."""

    id: int
    name: str
    active: bool
    role: str


_EVERYBODY = Prepared(
    select(*(STAFF.c[name] for name in Person._fields))
    .where(STAFF.c.organisation_id == bindparam("library"))
    .order_by(STAFF.c.name, STAFF.c.id)
)


def everybody(session: Session, organisation_id: int) -> list[Person]:
    """Every member of staff, also those who left, by name."""
    rows = _EVERYBODY.rows(session, {"library": organisation_id})
    return [Person._make(row) for row in rows]


def active(session: Session, organisation_id: int) -> list[Staff]:
    """Everybody who works at an organisation, by number."""
    rows = select_rows(Staff).where(
        Staff.organisation_id == organisation_id, col(Staff.active).is_(True)
    )
    return list(session.exec(rows.order_by(col(Staff.id))))


def coordinators(session: Session, organisation_id: int) -> list[int]:
    """Who hears of what is nobody's: coordinators, else administrators, else everybody active."""
    people = active(session, organisation_id)
    for role in ("coordinator", "administrator"):
        found = [person.id or 0 for person in people if person.role == role]
        if found:
            return found
    return [person.id or 0 for person in people if person.role != "national_office"]


def away(session: Session, organisation_id: int, day: date) -> list[Leave]:
    """Who of an organisation is on leave on a day."""
    rows = select_rows(Leave).where(
        Leave.organisation_id == organisation_id,
        col(Leave.last_day) >= day,
        col(Leave.first_day) <= day,
    )
    return list(session.exec(rows.order_by(col(Leave.id))))


def leave(session: Session, organisation_id: int, number: int) -> Leave | None:
    """Days on which somebody of an organisation is away, by number."""
    rows = select_rows(Leave).where(Leave.organisation_id == organisation_id, Leave.id == number)
    return session.exec(rows).first()


def leaves(session: Session, organisation_id: int, since: date) -> list[Leave]:
    """Leave that ends on a day or later, by first day."""
    rows = select_rows(Leave).where(
        Leave.organisation_id == organisation_id, col(Leave.last_day) >= since
    )
    return list(session.exec(rows.order_by(col(Leave.first_day), col(Leave.id))))
