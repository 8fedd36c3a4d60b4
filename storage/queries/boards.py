"""Questions of a board: what stands in each column, and the cards that come first."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, String, bindparam, case, func, or_, select, union_all
from sqlmodel import Session

from storage.prepared import Prepared
from storage.queries.cases import CASES, PEOPLE
from storage.queries.selections import Wanted, where
from storage.queries.workflows import VERSIONS
from storage.types import RowNumber


class Version(NamedTuple):
    """A published version of a route, without its text."""

    id: int
    name: str
    number: int


_VERSIONS = Prepared(
    select(VERSIONS.c.id, VERSIONS.c.name, VERSIONS.c.number).order_by(
        VERSIONS.c.name, VERSIONS.c.number
    )
)


def versions(session: Session) -> list[Version]:
    """Every version of every route, by route and number."""
    return [Version._make(row) for row in _VERSIONS.rows(session, {})]


class Part(NamedTuple):
    """A part of a column: the cases of a version at a stage, and since when they are late."""

    version: int
    stage: str
    #: whoever came on this local day or earlier is over the norm
    late_until: date


class Filled(NamedTuple):
    """How many cases a part holds, and how many of them are over the norm."""

    version: int
    stage: str
    cases: int
    late: int


class Card(NamedTuple):
    """A case on a board or in a list."""

    id: int
    version: int
    participant_id: int
    workflow_version_id: int
    stage: str
    stage_day: date
    owner_id: int | None
    appointment_on: date | None
    first_name: str | None
    last_name: str | None
    channel: str
    pilot_id: int | None
    partner_id: int | None
    opened_on: date
    closed_at: datetime | None
    reachable: bool


CARD: tuple[Any, ...] = (
    *(CASES.c[name] for name in Card._fields[:8]),
    PEOPLE.c.first_name,
    PEOPLE.c.last_name,
    *(CASES.c[name] for name in Card._fields[10:15]),
    or_(
        PEOPLE.c.phone.is_not(None), PEOPLE.c.email.is_not(None), CASES.c.partner_id.is_not(None)
    ).label("reachable"),
)


def filled(session: Session, cases: Wanted, parts: Sequence[Part]) -> list[Filled]:
    """How full each part of the columns is."""
    if not parts:
        return []
    rows = _filling(cases.names, len(parts)).rows(session, {**cases.values, **_named(parts)})
    return [Filled._make(row) for row in rows if row[2]]


def cards(session: Session, cases: Wanted, parts: Sequence[Part], most: int) -> list[Card]:
    """The cases that stand longest in each of the parts, so many of each at most."""
    if not parts:
        return []
    asked = _carding(cases.names, len(parts), most)
    return [Card._make(row) for row in asked.rows(session, {**cases.values, **_named(parts)})]


def _named(parts: Sequence[Part]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, part in enumerate(parts):
        values[f"v{number}"], values[f"s{number}"], values[f"l{number}"] = part
    return values


@lru_cache(maxsize=256)
def _filling(names: frozenset[str], parts: int) -> Prepared:
    def counted(number: int) -> Select[Any]:
        late = case((CASES.c.stage_day <= bindparam(f"l{number}", type_=Date()), 1), else_=0)
        return select(
            bindparam(f"v{number}", type_=RowNumber).label("version"),
            bindparam(f"s{number}", type_=String()).label("stage"),
            func.count().label("cases"),
            func.coalesce(func.sum(late), 0).label("late"),
        ).where(*where(names), *_in_part(number))

    return Prepared(select(union_all(*map(counted, range(parts))).subquery()))


@lru_cache(maxsize=256)
def _carding(names: frozenset[str], parts: int, most: int) -> Prepared:
    def first(number: int) -> Select[Any]:
        oldest = (
            select(CASES.c.id)
            .where(*where(names), *_in_part(number))
            .order_by(CASES.c.stage_day, CASES.c.id)
            .limit(most)
        )
        return select(oldest.subquery().c.id)

    shown = union_all(*map(first, range(parts))).subquery()
    joined = CASES.join(shown, shown.c.id == CASES.c.id).join(
        PEOPLE, PEOPLE.c.id == CASES.c.participant_id
    )
    return Prepared(select(*CARD).select_from(joined))


def _in_part(number: int) -> tuple[Any, ...]:
    return (
        CASES.c.workflow_version_id == bindparam(f"v{number}"),
        CASES.c.stage == bindparam(f"s{number}"),
    )


_IN_USE = Prepared(
    select(CASES.c.workflow_version_id, func.count().label("cases"))
    .where(CASES.c.organisation_id == bindparam("library"), CASES.c.closed_at.is_(None))
    # the + 0 keeps SQLite from walking through all cases in the order of another index
    .group_by(CASES.c.workflow_version_id + 0, CASES.c.workflow_version_id)
)


def in_use(session: Session, library: int) -> dict[int, int]:
    """Version → how many open cases of a library are on it."""
    rows = _IN_USE.rows(session, {"library": library})
    return {row[0]: row[1] for row in rows}
