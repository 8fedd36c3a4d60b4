"""Where SQLite and PostgreSQL differ, and nothing else."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import JSON, BindParameter, Dialect, Engine, Integer, Table, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator
from sqlmodel import Session

from storage.engine import connection_of
from storage.types import UtcMoment

#: rows from which PostgreSQL takes a stream (COPY) instead of statements
_STREAM_FROM = 40
#: what the journal calls the rows of a table, where that is not its name
_SUBJECTS = {"cases": "case"}


class Several(TypeDecorator[Sequence[Any]]):
    """Many row numbers or words as one value: JSON for SQLite, an array for PostgreSQL."""

    impl = JSON
    cache_ok = True

    def __init__(self, words: bool = False):
        super().__init__()
        self.words = words

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            kind = postgresql.TEXT if self.words else postgresql.BIGINT
            return dialect.type_descriptor(postgresql.ARRAY(kind))
        return dialect.type_descriptor(sqlite.VARCHAR())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        several = list(value or ())
        return several if dialect.name == "postgresql" else json.dumps(several)


class among(FunctionElement[Any]):  # noqa: N801 - reads as a word in a query
    """``column`` is one of the numbers (or `words`) bound as ``name``, however many those are."""

    # no Boolean: that would be written as "… IN (…) = 1", for which SQLite uses no index
    type = NullType()
    inherit_cache = True
    name = "among"

    def __init__(self, column: Any, name: str, *, words: bool = False):
        parameter: BindParameter[Any] = bindparam(name, type_=Several(words))
        super().__init__(column, parameter)


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **kw: Any) -> str:
    column, several = element.clauses
    return (
        f"{compiler.process(column, **kw)} IN "
        f"(SELECT value FROM json_each({compiler.process(several, **kw)}))"
    )


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **kw: Any) -> str:
    column, numbers = element.clauses
    return f"{compiler.process(column, **kw)} = ANY ({compiler.process(numbers, **kw)})"


class days_between(FunctionElement[int]):  # noqa: N801 - reads as a word in a query
    """How many days lie between two days, as a whole number."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between, "sqlite")
def _days_between_sqlite(element: days_between, compiler: Any, **kw: Any) -> str:
    first, last = (compiler.process(each, **kw) for each in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_between_postgresql(element: days_between, compiler: Any, **kw: Any) -> str:
    first, last = (compiler.process(each, **kw) for each in element.clauses)
    return f"({last} - {first})"


def append(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Add rows to a table by the shortest way the database has; returns how many.

    Each row holds the values of `columns`, in that order. For one row and for a million.
    """
    connection = connection_of(session)
    convert = _converter(table, tuple(columns), connection.dialect.name)
    driver: Any = connection.connection.driver_connection
    values = map(convert, rows) if convert else iter(rows)
    if connection.dialect.name == "sqlite":
        return int(driver.executemany(_insert(table, tuple(columns), "?"), values).rowcount)
    first = list(islice(values, _STREAM_FROM))
    with driver.cursor() as cursor:
        if len(first) < _STREAM_FROM:
            for row in first:
                cursor.execute(_insert(table, tuple(columns), "%s"), row)
            return len(first)
        with cursor.copy(_copy(table, tuple(columns))) as stream:
            for row in chain(first, values):
                stream.write_row(row)
        return int(cursor.rowcount)


def append_once(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Like `append`, without the rows whose unique key is there already."""
    connection = connection_of(session)
    sqlite_there = connection.dialect.name == "sqlite"
    convert = _converter(table, tuple(columns), connection.dialect.name)
    driver: Any = connection.connection.driver_connection
    statement = _insert(table, tuple(columns), "?" if sqlite_there else "%s")
    with closing(driver.cursor()) as cursor:
        cursor.executemany(
            f"{statement} ON CONFLICT DO NOTHING", list(map(convert, rows) if convert else rows)
        )
        return int(cursor.rowcount)


def reserve_numbers(session: Session, table: Table, count: int) -> list[int]:
    """Row numbers that nobody else will get, before the rows are there; ascending."""
    if session.connection().dialect.name == "sqlite":
        # the writer holds the whole database, so nobody can come between; the journal knows the
        # numbers of rows that were deleted, which nobody must get again
        given = text(
            f"SELECT max(coalesce((SELECT max(id) FROM {table.name}), 0), coalesce("
            "(SELECT max(subject_id) FROM journal WHERE subject = :subject), 0))"
        )
        subject = {"subject": _SUBJECTS.get(table.name, table.name)}
        last = session.connection().execute(given, subject).scalar_one()
        return list(range(last + 1, last + 1 + count))
    drawn = session.connection().execute(
        text(f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, :count)"),
        {"count": count},
    )
    return sorted(drawn.scalars())


def insert_once(session: Session, table: Table, values: dict[str, Any]) -> None:
    """Insert a row unless one with the same unique key is there."""
    kind = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    session.connection().execute(kind.insert(table).values(values).on_conflict_do_nothing())


def add_up(
    session: Session,
    table: Table,
    sums: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Insert rows; where one with the same primary key is there, add the `sums` to it.

    Each row holds the values of `columns`, in that order; no key comes twice.
    """
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    postgres = connection.dialect.name == "postgresql"
    if not postgres or len(rows) < _STREAM_FROM:
        statement = _insert(table, tuple(columns), "%s" if postgres else "?")
        with closing(driver.cursor()) as cursor:
            cursor.executemany(statement + _adding(table, tuple(sums)), rows)
        return
    fresh, names = f"fresh_{table.name}", ", ".join(columns)
    with closing(driver.cursor()) as cursor:
        cursor.execute(f"CREATE TEMP TABLE {fresh} (LIKE {table.name}) ON COMMIT DROP")
        with cursor.copy(f"COPY {fresh} ({names}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
        taken = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {fresh}"
        cursor.execute(taken + _adding(table, tuple(sums)))
        cursor.execute(f"DROP TABLE {fresh}")


def take_turn(session: Session, name: str) -> None:
    """Nobody else does `name` until this transaction ends; a SQLite writer is alone already."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name}
        )


def for_the_planner(session: Session, *tables: str) -> None:
    """After a large change: fresh statistics, so that the next questions take the right way."""
    for table in tables:
        session.connection().exec_driver_sql(f"ANALYZE {table}")


@lru_cache(maxsize=64)
def _insert(table: Table, columns: tuple[str, ...], mark: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(columns))})"


@lru_cache(maxsize=64)
def _adding(table: Table, sums: tuple[str, ...]) -> str:
    keys = ", ".join(column.name for column in table.primary_key.columns)
    added = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in sums)
    return f" ON CONFLICT ({keys}) DO UPDATE SET {added}"


@lru_cache(maxsize=64)
def _copy(table: Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"COPY {table.name} ({names}) FROM STDIN"


@lru_cache(maxsize=64)
def _converter(
    table: Table, columns: tuple[str, ...], dialect: str
) -> Callable[[Sequence[Any]], Sequence[Any]] | None:
    """Turns the values that the driver does not store as the columns' types would."""
    steps: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(columns):
        kind = table.c[name].type
        if isinstance(kind, JSON):
            steps.append((place, json.dumps))
        elif isinstance(kind, UtcMoment):
            steps.append((place, _moment_text if dialect == "sqlite" else _aware))
        elif dialect == "sqlite" and kind.python_type is date:
            steps.append((place, _day_text))
    if not steps:
        return None

    def convert(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, step in steps:
            if values[place] is not None:
                values[place] = step(values[place])
        return values

    return convert


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be stored.")
    return moment


@lru_cache(maxsize=65536)
def _moment_text(moment: datetime) -> str:
    return _aware(moment).astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=65536)
def _day_text(day: date) -> str:
    return day.isoformat()


class Watch:
    """Tells whether anything was written to a database, by whichever connection or process.

    For whoever keeps what they read: while the token is equal, so is everything that is kept.
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        self._connection: Any = None

    def token(self) -> int | None:
        """The present token; none where it would cost as much as reading again (PostgreSQL).

        To be asked from one thread.
        """
        if self._engine.dialect.name != "sqlite":
            return None
        if self._connection is None:
            lent = self._engine.raw_connection()
            # it stays ours: SQLite tells of what others wrote, so this one never writes
            self._connection = lent.driver_connection
            lent.detach()
        [(token,)] = self._connection.execute("PRAGMA data_version")
        return int(token)
