"""Pilots with their libraries and targets, and the campaigns that run beside them."""

from datetime import date

from sqlmodel import Field, SQLModel

from storage.tables.base import number, row_id
from storage.types import RowNumber, one_of


class Pilot(SQLModel, table=True):
    """A project with a focus, libraries, a period and targets; it belongs to no single library."""

    __tablename__ = "pilot"

    id: int | None = row_id()
    name: str = Field(unique=True)
    focus: str = ""
    #: the route its cases usually take
    route: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    invented: bool = False


class PilotLibrary(SQLModel, table=True):
    """A library that takes part in a pilot; only its cases can count for that pilot."""

    __tablename__ = "pilot_library"

    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id", sa_type=RowNumber)
    pilot_id: int = Field(primary_key=True, foreign_key="pilot.id", sa_type=RowNumber)


class Campaign(SQLModel, table=True):
    """A marketing action: a leaflet, a stall, a week of reading and writing."""

    __tablename__ = "campaign"

    id: int | None = row_id()
    name: str = Field(unique=True)
    pilot_id: int | None = number(foreign_key="pilot.id", optional=True)
    starts_on: date | None = None
    ends_on: date | None = None


class Target(SQLModel, table=True):
    """A number to hold a count against, with a date and a source: never a constant in code.

    Of a pilot (how many people it wants to reach at a level) or of the country (how many adults
    have low basic skills, according to whom, in which year).
    """

    __tablename__ = "target"
    __table_args__ = (one_of("kind", ("goal", "target_group")),)

    id: int | None = row_id()
    pilot_id: int | None = number(foreign_key="pilot.id", optional=True)
    kind: str
    #: the reach level that a goal is about
    level: str | None = None
    people: int = Field(ge=1)
    #: the day from which, or for which, the number holds
    dated: date
    due_on: date | None = None
    source: str
