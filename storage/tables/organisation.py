"""A library, or the national office."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, row_id
from storage.types import one_of


class Organisation(SQLModel, table=True):
    """An organisation that works with Brug; every row of a library carries its number."""

    __tablename__ = "organisation"
    __table_args__ = (
        one_of("kind", ("library", "national_office")),
        CheckConstraint("quiet_from BETWEEN 12 AND 23", name="quiet_from_in_the_evening"),
        CheckConstraint("quiet_to BETWEEN 4 AND 12", name="quiet_to_in_the_morning"),
    )

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
    #: local hours between which nothing but digests goes out; never 2 or 3
    quiet_from: int = 20
    quiet_to: int = 7
    #: the address that people answer mails to, where a real person reads them
    mail_address: str | None = None
    invented: bool = False
    created_at: datetime = moment()
