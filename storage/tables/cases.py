"""Cases and their history: where each stands, and every step it ever took."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.tables.partner import CHANNELS
from storage.types import Key, RowNumber, one_of


def _open(name: str, *columns: str) -> Index:
    """An index of the cases that are not closed: few, beside all that ever were."""
    there = text("closed_at IS NULL")
    return Index(name, *columns, sqlite_where=there, postgresql_where=there)


class Case(SQLModel, table=True):
    """One participant on one route. Its reference (`core.references`) follows from its number."""

    __tablename__ = "cases"
    __table_args__ = (
        owned_id(),
        within_library("participant_id", "participant"),
        within_library("owner_id", "staff"),
        within_library("partner_id", "partner"),
        within_library("linked_case_id", "cases"),
        ForeignKeyConstraint(
            ["organisation_id", "pilot_id"],
            ["pilot_library.organisation_id", "pilot_library.pilot_id"],
        ),
        one_of("channel", CHANNELS),
        # what a board asks: a column, its oldest first, those of one owner
        Index(
            "ix_cases_column_of_a_board",
            *("organisation_id", "workflow_version_id", "stage", "stage_day", "owner_id"),
        ),
        Index(None, "participant_id"),
        # what an undo asks: whether a case was opened from this one
        Index(
            "ix_cases_linked_case_id",
            "linked_case_id",
            sqlite_where=text("linked_case_id IS NOT NULL"),
            postgresql_where=text("linked_case_id IS NOT NULL"),
        ),
        _open("ix_cases_open_since", "organisation_id", "stage_day"),
        _open("ix_cases_open_owner", "organisation_id", "owner_id"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    participant_id: int = number()
    #: opaque and random: all that counting knows of a case
    case_key: int = Field(sa_type=Key)
    workflow_version_id: int = number(foreign_key="workflow_version.id")
    stage: str
    #: counts every change; a write with an old one changes nothing
    version: int = 1
    #: the number of its last stage entry
    seq: int = 1
    #: the local day on which it got to its stage
    stage_day: date
    #: the local day of the intake or other appointment that was made last
    appointment_on: date | None = None
    owner_id: int | None = number(optional=True)
    pilot_id: int | None = number(optional=True)
    campaign_id: int | None = number(foreign_key="campaign.id", optional=True)
    #: who introduced the participant
    partner_id: int | None = number(optional=True)
    channel: str = "other"
    municipality_code: str | None = None
    #: how counting sees route, pilot, way in and place together (`reach_way`)
    way_id: int = number(foreign_key="reach_way.id")
    #: the case from which this one was opened, on another route
    linked_case_id: int | None = number(optional=True)
    opened_on: date
    closed_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()


#: what an entry came from
ENTRY_KINDS = ("open", "move", "undo", "history", "migrate")


class StageEntry(SQLModel, table=True):
    """A step of a case: append-only. An undo is a step too and voids the one before."""

    __tablename__ = "stage_entry"
    __table_args__ = (
        within_library("case_id", "cases"),
        within_library("by_staff_id", "staff"),
        one_of("kind", ENTRY_KINDS),
        one_of("precision", ("day", "month", "unknown")),
        {"sqlite_with_rowid": False},
    )

    case_id: int = Field(primary_key=True, sa_type=RowNumber)
    #: 1 for the opening, and one more for every step
    seq: int = Field(primary_key=True)
    organisation_id: int = number()
    kind: str
    #: the name of the move; none for an opening
    move: str | None = None
    from_stage: str | None = None
    to_stage: str
    at: datetime = moment()
    #: the local day; with precision ``month`` the first of it, with ``unknown`` a day it cannot
    #: be later than
    day: date
    precision: str = "day"
    by_staff_id: int | None = number(optional=True)
    reason: str | None = None
    note: str | None = None
    #: the number of the undo that voided this entry
    voided_by: int | None = None
    recorded_at: datetime = moment()
