"""Questions to the reach ledger: its entries, its summary, and plain counts of the entries."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.tables import ReachCell, ReachEntry, ReachWay
from storage.tables.reach import PENDING, RETRACTED, SETTLED

ENTRIES: Table = ReachEntry.__table__  # type: ignore[attr-defined]
CELLS: Table = ReachCell.__table__  # type: ignore[attr-defined]
WAYS: Table = ReachWay.__table__  # type: ignore[attr-defined]
_MARK = ("person_key", "case_key", "way_id", "stage", "level", "day")


def void(session: Session, person_key: int, case_key: int, seq: int, now: datetime) -> None:
    """Let an entry count no more; it stays, so that a count can be asked as known before."""
    session.connection().execute(
        update(ENTRIES)
        .where(
            ENTRIES.c.person_key == person_key,
            ENTRIES.c.case_key == case_key,
            ENTRIES.c.seq == seq,
        )
        .values(
            voided_at=now,
            settled=case((ENTRIES.c.settled == PENDING, PENDING), else_=RETRACTED),
        )
    )


#: person, case and number of an entry
Key = tuple[int, int, int]

_VOID = Prepared(
    update(ENTRIES)
    .where(
        ENTRIES.c.person_key == bindparam("person"),
        ENTRIES.c.case_key == bindparam("case_"),
        ENTRIES.c.seq == bindparam("number"),
    )
    .values(
        voided_at=bindparam("now", type_=ENTRIES.c.voided_at.type),
        settled=case((ENTRIES.c.settled == PENDING, PENDING), else_=RETRACTED),
    )
)


def void_each(session: Session, keys: Sequence[Key], now: datetime) -> None:
    """Let many entries count no more, those of them that there are."""
    if keys:
        values = [{"person": key[0], "case_": key[1], "number": key[2], "now": now} for key in keys]
        _VOID.write_each(session, values)


class Kept(NamedTuple):
    """An entry, and whether it stands in the summary."""

    person_key: int
    case_key: int
    seq: int
    way_id: int
    stage: str
    level: int | None
    day: date
    voided_at: datetime | None
    settled: int

    @property
    def key(self) -> Key:
        """By what the entry is known."""
        return self.person_key, self.case_key, self.seq


_UNSETTLED = (
    select(ENTRIES.c.person_key)
    .where(ENTRIES.c.settled != SETTLED)
    .distinct()
    .limit(bindparam("limit"))
)


def unsettled_people(session: Session, limit: int) -> list[int]:
    """People with entries that the summary does not know yet."""
    return list(session.connection().execute(_UNSETTLED, {"limit": limit}).scalars())


def entries_of(session: Session, people: Sequence[int]) -> Iterator[Kept]:
    """All entries of these people, person by person."""
    statement = (
        select(*(ENTRIES.c[name] for name in Kept._fields))
        .where(among(ENTRIES.c.person_key, "people"))
        .order_by(ENTRIES.c.person_key)
    )
    return (Kept._make(row) for row in session.connection().execute(statement, {"people": people}))


def mark_settled(session: Session, people: Sequence[int]) -> tuple[set[Key], set[Key]]:
    """Take it that the summary knows these people's entries: those it did not, those it must lose.

    Nobody else changes the entries that are returned before this transaction ends.
    """

    def marked(state: int) -> set[Key]:
        these = update(ENTRIES).where(
            among(ENTRIES.c.person_key, "people"), ENTRIES.c.settled == state
        )
        keys = (ENTRIES.c.person_key, ENTRIES.c.case_key, ENTRIES.c.seq)
        statement = these.values(settled=SETTLED).returning(*keys)
        rows = session.connection().execute(statement, {"people": people})
        return {(person, case_, seq) for person, case_, seq in rows}

    return marked(PENDING), marked(RETRACTED)


def mark_all_settled(session: Session) -> None:
    """The summary knows everybody's entries now."""
    everyone = update(ENTRIES).where(ENTRIES.c.settled != SETTLED)
    session.connection().execute(everyone.values(settled=SETTLED))


def forget_summary(session: Session) -> None:
    """Empty the summary."""
    session.connection().execute(delete(CELLS))


def all_marks(session: Session) -> Iterator[Sequence[Any]]:
    """Every entry that is marked as standing in the summary, person by person, streamed."""
    statement = (
        select(*(ENTRIES.c[name] for name in _MARK))
        .where(
            or_(
                and_(ENTRIES.c.settled == SETTLED, ENTRIES.c.voided_at.is_(None)),
                ENTRIES.c.settled == RETRACTED,
            )
        )
        .order_by(ENTRIES.c.person_key)
        .execution_options(yield_per=10_000)
    )
    yield from session.connection().execute(statement)


def all_ways(session: Session) -> list[Sequence[Any]]:
    """Every way: its number and what it is made of."""
    return list(session.connection().execute(select(WAYS)))


def summed(
    session: Session,
    cube: str,
    *,
    route: str | None,
    months: tuple[int, int] | None,
    only_part: str | None = None,
) -> list[tuple[str, str, str, int, int]]:
    """(stage or level, route, part, people, cases) from the summary.

    `only_part`: just this part of a cube that is split; `months`: the first and last month of the
    period; none: all of time.
    """
    columns = (CELLS.c.reached, CELLS.c.route, CELLS.c.part)
    statement = (
        select(*columns, func.sum(CELLS.c.people), func.sum(CELLS.c.cases))
        .where(_in_cube(cube, route, only_part))
        .group_by(*columns)
    )
    if months is None:
        statement = statement.where(CELLS.c.month == 0)
    else:
        first, last = months
        statement = statement.where(
            CELLS.c.month.between(max(first, 1), last), CELLS.c.previous < first
        )
    return [tuple(row) for row in session.connection().execute(statement)]


def summed_by_month(
    session: Session,
    cube: str,
    *,
    route: str | None,
    months: tuple[int, int],
    only_part: str | None = None,
) -> list[tuple[str, int, int, int]]:
    """(stage or level, month, people, cases): everybody who got there in the month."""
    columns = (CELLS.c.reached, CELLS.c.month)
    statement = (
        select(*columns, func.sum(CELLS.c.people), func.sum(CELLS.c.cases))
        .where(
            _in_cube(cube, route, only_part),
            CELLS.c.month.between(max(months[0], 1), months[1]),
        )
        .group_by(*columns)
    )
    return [tuple(row) for row in session.connection().execute(statement)]


def _in_cube(cube: str, route: str | None, only_part: str | None) -> ColumnElement[bool]:
    """The cells of a cube, of one route or part where it is given."""
    where = [CELLS.c.cube == cube]
    if route is not None or "/route" not in cube:
        # said also where it is always empty, so that the key is searched from its beginning
        where.append(CELLS.c.route == (route or ""))
    if only_part is not None:
        where.append(CELLS.c.part == only_part)
    return and_(*where)
