"""Questions about organisations and the people who work there."""

from sqlalchemy import Table, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.tables import Organisation, Staff

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


def names_of(session: Session, organisation_id: int) -> dict[int, str]:
    """The name of every member of staff, also of those who left."""
    rows = session.connection().execute(
        select(STAFF.c.id, STAFF.c.name).where(STAFF.c.organisation_id == organisation_id)
    )
    return {row.id: row.name for row in rows}
