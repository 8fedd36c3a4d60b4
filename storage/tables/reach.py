"""What counting rests on: opaque entries without a person in them, and the summary made of them."""

from datetime import date, datetime

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, row_id
from storage.types import Key, RowNumber

#: whether an entry stands in the summary: not yet; yes; it does, but was voided since
PENDING, SETTLED, RETRACTED = 0, 1, 2


class ReachWay(SQLModel, table=True):
    """A route, pilot, way in and place that cases have in common."""

    __tablename__ = "reach_way"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id", "route", "version", "pilot_id", "campaign_id", "channel",
            "partner_id", "municipality_code",
        ),
    )  # fmt: skip

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    route: str
    #: the number of the route's version
    version: int
    #: 0 where there is none, so that the same way is never kept twice
    pilot_id: int = number()
    campaign_id: int = number()
    channel: str
    partner_id: int = number()
    municipality_code: str


class ReachEntry(SQLModel, table=True):
    """This person, in this case, got to this stage on this day. No foreign key to either."""

    __tablename__ = "reach_entry"
    __table_args__ = (
        Index(None, "day"),
        Index(
            "ix_reach_entry_unsettled",
            "person_key",
            sqlite_where=text("settled <> 1"),
            postgresql_where=text("settled <> 1"),
        ),
        {"sqlite_with_rowid": False},
    )

    person_key: int = Field(primary_key=True, sa_type=Key)
    case_key: int = Field(primary_key=True, sa_type=Key)
    seq: int = Field(primary_key=True)
    way_id: int = Field(sa_type=RowNumber, foreign_key="reach_way.id")
    stage: str
    #: the place of the level in `workflows.definition.LEVELS`; none beside the path
    level: int | None = Field(default=None, sa_type=SmallInteger, nullable=True)
    day: date
    recorded_at: datetime = moment()
    voided_at: datetime | None = moment(optional=True)
    settled: int = Field(default=PENDING, sa_type=SmallInteger)


class ReachCell(SQLModel, table=True):
    """A summary: how many people (and cases) got to a stage or level in a month.

    `previous` is the last month before in which the same person already got there (0: never), and
    that is what makes distinct counts add up: somebody counts in a period once, in the first month
    of it, which is the one whose `previous` lies before the period.
    """

    __tablename__ = "reach_cell"
    __table_args__ = ({"sqlite_with_rowid": False},)

    #: ``stage`` or ``level`` and what it is split by, such as ``stage/route+pilot``
    cube: str = Field(primary_key=True)
    #: the route when the cube is split by route, else empty
    route: str = Field(primary_key=True)
    #: year × 12 + month − 1; 0: the whole of time together
    month: int = Field(primary_key=True)
    previous: int = Field(primary_key=True)
    #: the stage or level
    reached: str = Field(primary_key=True)
    #: the pilot, way in or municipality when the cube is split by it, else empty
    part: str = Field(primary_key=True)
    people: int = 0
    cases: int = 0
