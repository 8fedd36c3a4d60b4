"""Column types: moments in UTC, row numbers, opaque keys, and words from a fixed set."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

#: a row number; SQLite counts by itself only in a column that is INTEGER to the letter
RowNumber = BigInteger().with_variant(Integer(), "sqlite")
#: a text that is compared sign by sign, so that an index finds it by its beginning
Folded = String().with_variant(String(collation="C"), "postgresql")
#: an opaque random key of 63 bits
Key = BigInteger()


class UtcMoment(TypeDecorator[datetime]):
    """A moment: aware going in (a naive one is refused), UTC coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The database states it too: a column holds one of these words (or nothing)."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def as_plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
