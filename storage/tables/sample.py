"""What was added as an example, so that exactly that can be taken away again."""

from sqlmodel import Field, SQLModel

from storage.tables.base import number
from storage.types import RowNumber, one_of

SAMPLE_KINDS = ("participant", "partner", "course")


class Sample(SQLModel, table=True):
    """A row that is invented: somebody tries Brug with it. It is counted nowhere."""

    __tablename__ = "sample"
    __table_args__ = (one_of("kind", SAMPLE_KINDS), {"sqlite_with_rowid": False})

    organisation_id: int = number(foreign_key="organisation.id", primary_key=True)
    kind: str = Field(primary_key=True)
    #: the number of the row
    subject_id: int = Field(primary_key=True, sa_type=RowNumber)
