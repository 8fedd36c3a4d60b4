"""Published versions of routes; a case is pinned to the version it started on."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, row_id


class WorkflowVersion(SQLModel, table=True):
    """A route file as it was published; its text never changes."""

    __tablename__ = "workflow_version"
    __table_args__ = (UniqueConstraint("name", "number"),)

    id: int | None = row_id()
    name: str
    #: 1, 2, 3 …; new cases start on the highest
    number: int = Field(ge=1)
    text: str = Field(sa_type=Text)
    #: SHA-256 of the text
    digest: str
    published_at: datetime = moment()
    published_by: str = ""
