"""Who changed what, when; notes; anonymous contacts; and what imports already brought in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.tables.partner import CHANNELS
from storage.types import RowNumber, one_of


class JournalEntry(SQLModel, table=True):
    """A change: what happened to which row, by whom. Numbers and codes only, never names."""

    __tablename__ = "journal"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    at: datetime = moment()
    #: nobody: the program itself
    by_staff_id: int | None = number(optional=True)
    #: such as ``case.moved``
    what: str
    subject: str
    subject_id: int = number()
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Note(SQLModel, table=True):
    """A remark with a case."""

    __tablename__ = "note"
    __table_args__ = (
        owned_id(),
        within_library("case_id", "cases"),
        within_library("by_staff_id", "staff"),
        Index(None, "case_id"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    case_id: int = number()
    by_staff_id: int | None = number(optional=True)
    text: str
    at: datetime = moment()


class ContactTally(SQLModel, table=True):
    """Anonymous contacts at a stall or desk: counted, never summed with people."""

    __tablename__ = "contact_tally"
    __table_args__ = (one_of("channel", CHANNELS), Index(None, "organisation_id", "day"))

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    pilot_id: int | None = number(foreign_key="pilot.id", optional=True)
    campaign_id: int | None = number(foreign_key="campaign.id", optional=True)
    channel: str
    day: date
    contacts: int = Field(ge=1)
    recorded_at: datetime = moment()


class ImportKey(SQLModel, table=True):
    """Something an import brought in, so that bringing it in again changes nothing."""

    __tablename__ = "import_key"
    __table_args__ = (
        within_library("case_id", "cases"),
        {"sqlite_with_rowid": False},
    )

    organisation_id: int = Field(primary_key=True, sa_type=RowNumber)
    #: what was imported: ``register``, ``introductions:12`` or ``events:helpdesk``
    source: str = Field(primary_key=True)
    #: the fingerprint of a row (SHA-256), or the name of a case in its log
    key: str = Field(primary_key=True)
    case_id: int = number()
