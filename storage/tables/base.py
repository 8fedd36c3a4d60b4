"""What all tables share: names of constraints, and keys that stay within one library."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import RowNumber, UtcMoment

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


def row_id() -> Any:
    """The row number of a table, given out by the database."""

    return Field(default=None, primary_key=True, sa_type=RowNumber)


def owned_id() -> UniqueConstraint:
    """Lets rows of the same library, and only those, point at a table."""
    return UniqueConstraint("organisation_id", "id")


def within_library(column: str, table: str, target: str = "id") -> ForeignKeyConstraint:
    """A pointer that cannot leave the library: (organisation_id, column) → (…, target)."""
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{table}.organisation_id", f"{table}.{target}"]
    )


def moment(*, optional: bool = False, index: bool = False) -> Any:
    """A moment in UTC."""

    if optional:
        return Field(default=None, sa_type=UtcMoment, nullable=True, index=index)
    return Field(sa_type=UtcMoment, index=index)


def number(
    *,
    foreign_key: str | None = None,
    optional: bool = False,
    index: bool = False,
    primary_key: bool = False,
) -> Any:
    """A row number that points somewhere, or an opaque key."""

    extra: dict[str, Any] = {"sa_type": RowNumber, "index": index, "nullable": optional}
    if primary_key:
        extra["primary_key"] = True
    if foreign_key:
        extra["foreign_key"] = foreign_key
    return Field(default=None, **extra) if optional else Field(**extra)
