"""What people keep at their desk: views, half-filled forms, draft routes, cases moved over."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.types import RowNumber, one_of


class SavedView(SQLModel, table=True):
    """A filter somebody gave a name: the question part of an address."""

    __tablename__ = "saved_view"
    __table_args__ = (
        owned_id(),
        within_library("staff_id", "staff"),
        one_of("page", ("cases", "board")),
        Index(None, "organisation_id", "page"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    #: none: it is the team's
    staff_id: int | None = number(optional=True)
    page: str
    title: str
    #: such as ``route=open-door&stage=agreed``
    query: str
    created_at: datetime = moment()


class Draft(SQLModel, table=True):
    """What somebody was typing in a form of a page when they left it, or were signed out."""

    __tablename__ = "draft"
    __table_args__ = (within_library("staff_id", "staff"),)

    staff_id: int = number(primary_key=True)
    #: the path of the page
    page: str = Field(primary_key=True)
    organisation_id: int = number(foreign_key="organisation.id")
    #: the fields by name, each with its values
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = moment(index=True)


class RouteDraft(SQLModel, table=True):
    """A route file that is being written and is not published yet."""

    __tablename__ = "route_draft"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        within_library("by_staff_id", "staff"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    name: str
    text: str = Field(sa_type=Text)
    #: the published version from which it was begun
    based_on: int | None = number(foreign_key="workflow_version.id", optional=True)
    by_staff_id: int = number()
    changed_at: datetime = moment()


class CaseMigration(SQLModel, table=True):
    """Cases that went over from one version of a route to another, together."""

    __tablename__ = "case_migration"
    __table_args__ = (owned_id(), within_library("by_staff_id", "staff"))

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    from_version_id: int = number(foreign_key="workflow_version.id")
    to_version_id: int = number(foreign_key="workflow_version.id")
    #: the stage in the new version for each in the old
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    by_staff_id: int | None = number(optional=True)
    at: datetime = moment()
    brought_back_at: datetime | None = moment(optional=True)


class MigratedCase(SQLModel, table=True):
    """A case that went over, and where it came from."""

    __tablename__ = "migrated_case"
    __table_args__ = (
        within_library("migration_id", "case_migration"),
        within_library("case_id", "cases"),
    )

    migration_id: int = number(primary_key=True)
    case_id: int = Field(primary_key=True, sa_type=RowNumber)
    organisation_id: int = number()
    from_stage: str
    #: the number of its stage entry for going over
    seq: int
