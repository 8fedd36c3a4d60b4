"""Counts of the reach entries themselves, where the summary does not reach."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
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


def counted_beyond(
    session: Session,
    kind: str,
    part: str,
    who: str,
    *,
    route: str | None,
    library: int | None,
    ends: Sequence[Days],
    whole: Days | None,
) -> list[tuple[Any, Any, int]]:
    """(stage or level, part, number) of the people or cases that only the ends of a period know.

    `who`: ``person`` or ``case``. Whoever got there in the whole months between too is left out, as
    the summary counts them already; split by month, nobody is.
    """
    reached = ENTRIES.c.stage if kind == "stage" else ENTRIES.c.level
    split = _part(part, ENTRIES, WAYS)
    key = ENTRIES.c.person_key if who == "person" else ENTRIES.c.case_key
    within = or_(*(ENTRIES.c.day.between(*days) for days in ends))
    statement = (
        select(reached, split, func.count(key.distinct()))
        .where(within, reached.is_not(None), _held(None))
        .group_by(reached, split)
    )
    if part not in ("", "month") or route is not None or library is not None:
        statement = statement.join(WAYS, WAYS.c.id == ENTRIES.c.way_id)
    if route is not None:
        statement = statement.where(WAYS.c.route == route)
    if library is not None:
        statement = statement.where(WAYS.c.organisation_id == library)
    if whole is not None and part != "month":
        statement = statement.where(~_also(kind, part, who, route, whole))
    return [tuple(row) for row in session.connection().execute(statement)]


def _also(kind: str, part: str, who: str, route: str | None, whole: Days) -> ColumnElement[bool]:
    """Whether the same person or case has another entry that counts in the same row."""
    other, way = ENTRIES.alias("other"), WAYS.alias("other_way")
    same = [other.c.person_key == ENTRIES.c.person_key]
    if who == "case":
        same.append(other.c.case_key == ENTRIES.c.case_key)
    column = "stage" if kind == "stage" else "level"
    same += [
        other.c[column] == ENTRIES.c[column],
        other.c.voided_at.is_(None),
        other.c.day.between(*whole),
    ]
    if part or route is not None:
        same += [way.c.id == other.c.way_id]
        if part:
            same.append(_part(part, other, way) == _part(part, ENTRIES, WAYS))
        if route is not None:
            same.append(way.c.route == route)
    return exists(select(literal(1)).where(*same).correlate(ENTRIES, WAYS))


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
