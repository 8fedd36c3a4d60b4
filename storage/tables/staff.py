"""The people who work with Brug."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.tables.base import moment, number, owned_id, row_id
from storage.types import one_of

ROLES = ("administrator", "coordinator", "staff", "national_office")


class Staff(SQLModel, table=True):
    """Somebody of an organisation: a coordinator, desk staff, a teacher, a volunteer coach."""

    __tablename__ = "staff"
    __table_args__ = (
        owned_id(),
        UniqueConstraint("organisation_id", "email"),
        one_of("role", ROLES),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    name: str
    email: str
    role: str = "staff"
    active: bool = True
    created_at: datetime = moment()
