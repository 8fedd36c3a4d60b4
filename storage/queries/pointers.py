"""Rows with everything that points at them, found by what the tables declare, and taken away."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Table, delete, select
from sqlmodel import Session

from storage.dialects import among
from storage.tables import metadata


def pointing_at(session: Session, table: Table, numbers: Iterable[int]) -> Mapping[Table, set[int]]:
    """Rows of a table, and every row with a number that points at them or at one of those."""
    found: dict[Table, set[int]] = defaultdict(set, {table: set(numbers)})
    fresh = [table]
    while fresh:
        target = fresh.pop()
        for other in metadata.sorted_tables:
            if "id" not in other.columns:
                continue
            for column in _pointers(other, target):
                more = _numbers(session, other, column, found[target]) - found[other]
                if more:
                    found[other] |= more
                    fresh.append(other)
    return {each: numbers for each, numbers in found.items() if numbers}


def remove(session: Session, doomed: Mapping[Table, set[int]]) -> Counter[str]:
    """Take rows away, first what points at them; returns how many of each table."""
    gone: Counter[str] = Counter()
    for table in reversed(metadata.sorted_tables):
        if "id" not in table.columns:
            for target, numbers in doomed.items():
                for column in _pointers(table, target):
                    gone[table.name] += _delete(session, table, column, numbers)
        elif table in doomed:
            gone[table.name] += _delete(session, table, "id", doomed[table])
    return +gone


def remove_unused(session: Session, table: Table, number: int) -> bool:
    """Take a row away when nothing points at it; returns whether it went."""
    if not unused(session, table, number):
        return False
    remove(session, {table: {number}})
    return True


def unused(session: Session, table: Table, number: int) -> bool:
    """Whether nothing points at a row, counting only rows that have a number."""
    return pointing_at(session, table, [number]) == {table: {number}}


def _pointers(table: Table, target: Table) -> list[str]:
    """The columns of a table that hold the number of a row of another."""
    return [
        element.parent.name
        for key in table.foreign_key_constraints
        for element in key.elements
        if element.column.table is target and element.column.name == "id"
    ]


def _numbers(session: Session, table: Table, column: str, targets: set[int]) -> set[int]:
    asked = select(table.c.id).where(among(table.c[column], "ids"))
    return set(session.connection().execute(asked, {"ids": sorted(targets)}).scalars())


def _delete(session: Session, table: Table, column: str, numbers: set[int]) -> int:
    gone = delete(table).where(among(table.c[column], "ids"))
    return int(session.connection().execute(gone, {"ids": sorted(numbers)}).rowcount)
