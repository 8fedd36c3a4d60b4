"""Questions about organisations and the people who work there."""

from datetime import date

from sqlalchemy import Table, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

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


def names_of(session: Session, organisation_id: int) -> dict[int, str]:
    """The name of every member of staff, also of those who left."""
    rows = session.connection().execute(
        select(STAFF.c.id, STAFF.c.name).where(STAFF.c.organisation_id == organisation_id)
    )
    return {row.id: row.name for row in rows}


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


def leaves(session: Session, organisation_id: int, since: date) -> list[Leave]:
    """Leave that ends on a day or later, by first day."""
    rows = select_rows(Leave).where(
        Leave.organisation_id == organisation_id, col(Leave.last_day) >= since
    )
    return list(session.exec(rows.order_by(col(Leave.first_day), col(Leave.id))))
