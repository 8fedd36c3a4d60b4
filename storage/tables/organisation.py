"""A library, or the national office."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import moment, row_id
from storage.types import one_of


class Organisation(SQLModel, table=True):
    """An organisation that works with Brug; every row of a library carries its number."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", ("library", "national_office")),)

    id: int | None = row_id()
    #: how commands name it, such as ``de-voorbeeld``
    short_name: str = Field(unique=True)
    name: str
    kind: str = "library"
    #: CBS code of its seat, such as ``GM0363``
    municipality_code: str | None = None
    zone: str = "Europe/Amsterdam"
    #: days on which it is closed besides weekends and holidays: ``2018-12-24 2018-12-31``
    closed_days: str = ""
    invented: bool = False
    created_at: datetime = moment()
