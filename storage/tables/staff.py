"""The people who work with Brug."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.types import one_of

ROLES = ("administrator", "coordinator", "staff", "national_office")


class Staff(SQLModel, table=True):
    """Somebody of an organisation: a coordinator, desk staff, a teacher, a volunteer coach."""

    __tablename__ = "staff"
    __table_args__ = (
        owned_id(),
        UniqueConstraint("organisation_id", "email"),
        one_of("role", ROLES),
        one_of("language", ("nl", "en")),
        CheckConstraint("digest_hour BETWEEN 4 AND 22", name="digest_hour_by_day"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    name: str
    email: str
    role: str = "staff"
    active: bool = True
    language: str = "nl"
    #: the local hour of the digest; nothing is ever due at night
    digest_hour: int = 8
    #: the weekdays of the digest, 1 for Monday: ``1 2 3 4 5``
    digest_days: str = "1 2 3 4 5"
    #: whether mails that cannot wait come by themselves, or in the digest
    single_mails: bool = True
    #: the local day for which it was last looked whether there is something for a digest
    digested_on: date | None = None
    #: no digest and no single mail up to and with this day
    paused_until: date | None = None
    #: what somebody chose for their desk, such as ``{"shortcuts": false}``
    desk: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = moment()


class Leave(SQLModel, table=True):
    """Days on which somebody is away, and who stands in."""

    __tablename__ = "leave"
    __table_args__ = (
        within_library("staff_id", "staff"),
        within_library("stand_in_id", "staff"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        Index(None, "organisation_id", "last_day"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    staff_id: int = number()
    first_day: date
    #: the last day away
    last_day: date
    #: none: what is due goes to the coordinators
    stand_in_id: int | None = number(optional=True)
