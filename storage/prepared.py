"""Statements that are made ready once and then handed to the driver as they are.

A move asks and writes a handful of things; making each statement anew for SQLAlchemy's own
machinery costs more than the database needs for it. What is prepared here is still written with
SQLAlchemy, so that both databases understand it, and its values still pass the types' own
processing; only the steps in between are left out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Select, Update
from sqlmodel import Session

from storage.engine import connection_of

Process = Callable[[Any], Any] | None


class Prepared:
    """A statement with named values, ready for each kind of database."""

    def __init__(self, statement: Select[Any] | Update):
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What a question finds."""
        ready, cursor = self._run(session, values)
        try:
            return [ready.row(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def write(self, session: Session, values: Mapping[str, Any]) -> int:
        """How many rows a change touched."""
        _, cursor = self._run(session, values)
        try:
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def write_each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
        """How many rows a change touched that is made once with each of these values."""
        if len(rows) == 1:
            return self.write(session, rows[0])
        ready, cursor = self._cursor(session)
        try:
            cursor.executemany(ready.text, [ready.values(values) for values in rows])
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def _run(self, session: Session, values: Mapping[str, Any]) -> tuple["_Ready", Any]:
        ready, cursor = self._cursor(session)
        cursor.execute(ready.text, ready.values(values))
        return ready, cursor

    def _cursor(self, session: Session) -> tuple["_Ready", Any]:
        connection = connection_of(session)
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self._statement, dialect)
        driver: Any = connection.connection.driver_connection
        return ready, driver.cursor()


class _Ready:
    """A statement in the words of one kind of database."""

    def __init__(self, statement: Select[Any] | Update, dialect: Dialect):
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._positional = bool(compiled.positional)
        names = list(compiled.positiontup or ()) if self._positional else list(compiled.binds)
        #: the name of each value, its own value if it has one, and what the type does to it
        self._binds = [
            (name, compiled.binds[name].value, _bind(compiled.binds[name].type, dialect))
            for name in names
        ]
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        results = [_result(column.type, dialect) for column in columns]
        self._results = [(place, step) for place, step in enumerate(results) if step]

    def values(self, given: Mapping[str, Any]) -> Any:
        found = [
            (name, step(value) if step else value)
            for name, own, step in self._binds
            for value in [given.get(name, own)]
        ]
        return [value for _, value in found] if self._positional else dict(found)

    def row(self, row: Any) -> tuple[Any, ...]:
        if not self._results:
            return tuple(row)
        values = list(row)
        for place, step in self._results:
            values[place] = step(values[place])
        return tuple(values)


def _bind(kind: Any, dialect: Dialect) -> Process:
    step: Process = kind.dialect_impl(dialect).bind_processor(dialect)
    return step


def _result(kind: Any, dialect: Dialect) -> Process:
    step: Process = kind.dialect_impl(dialect).result_processor(dialect, None)
    return step
