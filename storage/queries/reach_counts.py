"""Counts of the reach entries themselves, where the summary does not reach."""

from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, case, exists, func, literal, or_, select
from sqlmodel import Session

from storage.queries.reach import ENTRIES, WAYS

Days = tuple[date, date]


def counted(
    session: Session,
    kind: str,
    part: str,
    *,
    route: str | None = None,
    library: int | None = None,
    first: date | None = None,
    last: date | None = None,
    known_before: datetime | None = None,
) -> list[tuple[Any, Any, int, int]]:
    """(stage or level, part, people, cases) counted from the entries themselves.

    Slow at a million people, and the measure of what is exact. `part`: ``route``, ``library``,
    ``pilot``, ``channel``, ``municipality``, ``month`` or empty; `known_before`: as known then.
    """
    reached = ENTRIES.c.stage if kind == "stage" else ENTRIES.c.level
    split = _part(part, ENTRIES, WAYS)
    people = func.count(ENTRIES.c.person_key.distinct())
    cases = func.count(ENTRIES.c.case_key.distinct())
    statement = (
        select(reached, split, people, cases)
        .join(WAYS, WAYS.c.id == ENTRIES.c.way_id)
        .where(reached.is_not(None), _held(known_before))
        .group_by(reached, split)
    )
    if route is not None:
        statement = statement.where(WAYS.c.route == route)
    if library is not None:
        statement = statement.where(WAYS.c.organisation_id == library)
    if first is not None:
        statement = statement.where(ENTRIES.c.day >= first)
    if last is not None:
        statement = statement.where(ENTRIES.c.day <= last)
    return [tuple(row) for row in session.connection().execute(statement)]


def anything_on(session: Session, days: Days) -> bool:
    """Whether there is any entry on these days, voided or not."""
    on_them = select(literal(1)).where(ENTRIES.c.day.between(*days)).limit(1)
    return session.connection().execute(on_them).first() is not None


def counted_beyond(
    session: Session,
    kind: str,
    part: str,
    *,
    route: str | None,
    library: int | None,
    ends: Sequence[Days],
    whole: Days | None,
) -> list[tuple[Any, Any, int, int]]:
    """(stage or level, part, people, cases) that only the ends of a period know.

    Whoever got there in the whole months between too is left out, as the summary counts them
    already; split by month, nobody is.
    """
    whole = None if part == "month" else whole
    entry = _at_the_ends(kind, part, route, library, ends, whole)
    person = case((~entry.c.again, entry.c.person_key))
    # somebody who did not get there again did not do so in another case either
    only = ~entry.c.again
    if whole is not None:
        only = or_(only, ~_also(kind, part, route, whole, entry, same_case=True))
    statement = select(
        entry.c.reached,
        entry.c.part,
        func.count(person.distinct()),
        func.count(case((only, entry.c.case_key)).distinct()),
    ).group_by(entry.c.reached, entry.c.part)
    return [tuple(row) for row in session.connection().execute(statement)]


def _at_the_ends(
    kind: str,
    part: str,
    route: str | None,
    library: int | None,
    ends: Sequence[Days],
    whole: Days | None,
) -> CTE:
    """The entries at the ends of a period, and whether the person got there in between too."""
    reached = ENTRIES.c.stage if kind == "stage" else ENTRIES.c.level
    within = or_(*(ENTRIES.c.day.between(*days) for days in ends))
    columns: dict[str, Any] = {
        "person_key": ENTRIES.c.person_key,
        "case_key": ENTRIES.c.case_key,
        "reached": reached,
        "part": _part(part, ENTRIES, WAYS),
    }
    mine = SimpleNamespace(c=SimpleNamespace(**columns))
    again = literal(False) if whole is None else _also(kind, part, route, whole, mine)
    statement = select(
        *(column.label(name) for name, column in columns.items()), again.label("again")
    ).where(within, reached.is_not(None), _held(None))
    if part not in ("", "month") or route is not None or library is not None:
        statement = statement.join(WAYS, WAYS.c.id == ENTRIES.c.way_id)
    if route is not None:
        statement = statement.where(WAYS.c.route == route)
    if library is not None:
        statement = statement.where(WAYS.c.organisation_id == library)
    return statement.cte("entry").prefix_with("MATERIALIZED")


def _also(
    kind: str,
    part: str,
    route: str | None,
    whole: Days,
    entry: Any,
    *,
    same_case: bool = False,
) -> ColumnElement[bool]:
    """Whether the same person (in the same case) has another entry that counts in the same row."""
    other, way = ENTRIES.alias("other"), WAYS.alias("other_way")
    reached = other.c.stage if kind == "stage" else other.c.level
    same = [
        other.c.person_key == entry.c.person_key,
        reached == entry.c.reached,
        other.c.voided_at.is_(None),
        other.c.day.between(*whole),
    ]
    if same_case:
        same.append(other.c.case_key == entry.c.case_key)
    if part or route is not None:
        same.append(way.c.id == other.c.way_id)
    if part:
        same.append(_part(part, other, way) == entry.c.part)
    if route is not None:
        same.append(way.c.route == route)
    found = select(literal(1)).select_from(other)
    if part or route is not None:
        found = found.join(way, way.c.id == other.c.way_id)
    return exists(found.where(*same).correlate_except(other, way))


def _held(known_before: datetime | None) -> Any:
    if known_before is None:
        return ENTRIES.c.voided_at.is_(None)
    not_yet_voided = or_(ENTRIES.c.voided_at.is_(None), ENTRIES.c.voided_at >= known_before)
    return and_(ENTRIES.c.recorded_at < known_before, not_yet_voided)


def _part(part: str, entries: Any, ways: Any) -> ColumnElement[Any]:
    if part == "month":
        year, month = func.extract("year", entries.c.day), func.extract("month", entries.c.day)
        return (year * 12 + month - 1).label("part")
    columns = {
        "route": ways.c.route,
        "library": ways.c.organisation_id,
        "pilot": ways.c.pilot_id,
        "channel": ways.c.channel,
        "municipality": ways.c.municipality_code,
    }
    return columns[part].label("part") if part else literal("").label("part")
