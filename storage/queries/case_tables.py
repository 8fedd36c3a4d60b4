"""Questions of the list of cases: a page of it in some order, after the last line before it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlmodel import Session

from storage.prepared import Prepared
from storage.queries.boards import CARD, Card
from storage.queries.cases import CASES, PEOPLE
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.selections import IS_OPEN, Wanted, where
from storage.queries.staff import STAFF

#: what a list can be in the order of
ORDERS = ("opened", "since", "name", "stage", "owner", "next")
_TEXTS = ("name", "owner")
#: a number after every other
_LAST = 2**62
#: a day after every other: what has no next step comes last
_NEVER = "9999-12-31"


class Order(NamedTuple):
    """The order of a list."""

    by: str
    #: the other way round
    down: bool = False
    #: for ``stage``: the stages as they follow on each other
    stages: tuple[str, ...] = ()


class After(NamedTuple):
    """The last line before a page: what it is ordered by, and the number of the case."""

    #: none: the line has nothing there, and comes after all that have
    value: Any
    number: int


class Line(NamedTuple):
    """A line of a list: a case, and what it is ordered by."""

    card: Card
    value: Any


def lines(
    session: Session, cases: Wanted, order: Order, most: int, after: After | None = None
) -> list[Line]:
    """So many lines at most, after the last line of the page before it."""
    values: dict[str, Any] = dict(cases.values)
    how = ""
    if after is None and order.by == "opened":
        # told where to begin, SQLite walks the numbers instead of sorting all of them
        after = After(0, _LAST if order.down else 0)
    if after is not None:
        how = "nothing" if after.value is None else "value"
        values |= {"after": after.value, "after_number": after.number}
    rows = _lining(cases.names, order, most, how).rows(session, values)
    return [Line(Card._make(row[:-1]), row[-1]) for row in rows]


@lru_cache(maxsize=512)
def _lining(names: frozenset[str], order: Order, most: int, after: str) -> Prepared:
    value = _value(order)
    there: FromClause = CASES
    if order.by == "name":
        there = CASES.join(PEOPLE, PEOPLE.c.id == CASES.c.participant_id)
    elif order.by == "owner":
        there = CASES.outerjoin(STAFF, STAFF.c.id == CASES.c.owner_id)
    # first which cases, by what the order needs; only then what stands in their lines
    chosen = select(CASES.c.id, value.label("value")).select_from(there).where(*where(names))
    if after:
        chosen = chosen.where(_after(order, value, after))
    few = chosen.order_by(*_ordered(order, value, CASES.c.id)).limit(most).subquery()
    joined = few.join(CASES, CASES.c.id == few.c.id).join(
        PEOPLE, PEOPLE.c.id == CASES.c.participant_id
    )
    shown = select(*CARD, few.c.value).select_from(joined)
    return Prepared(shown.order_by(*_ordered(order, few.c.value, few.c.id)))


def _ordered(
    order: Order, value: ColumnElement[Any], number: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """By the value, what has none last, and of equal ones by number."""
    last = number.desc() if order.down else number.asc()
    if order.by == "opened":
        return [last]
    empty = [value.is_(None)] if order.by in _TEXTS else []
    return [*empty, value.desc() if order.down else value.asc(), last]


def _value(order: Order) -> ColumnElement[Any]:
    """What a list is ordered by."""
    if order.by == "stage":
        places: Mapping[str, int] = {name: place for place, name in enumerate(order.stages)}
        return case(places, value=CASES.c.stage, else_=len(places)) if places else CASES.c.stage
    if order.by == "next":
        first = (
            select(func.min(FOLLOW_UPS.c.due_on))
            .where(FOLLOW_UPS.c.case_id == CASES.c.id, IS_OPEN)
            .correlate(CASES)
            .scalar_subquery()
        )
        return func.coalesce(first, bindparam("never", _never(), type_=Date()))
    return {
        "opened": CASES.c.id,
        "since": CASES.c.stage_day,
        "name": PEOPLE.c.first_name,
        "owner": STAFF.c.name,
    }[order.by]


def _never() -> Any:
    from datetime import date

    return date.fromisoformat(_NEVER)


def _after(order: Order, value: ColumnElement[Any], after: str) -> ColumnElement[bool]:
    last = bindparam("after_number", type_=CASES.c.id.type)
    further = CASES.c.id < last if order.down else CASES.c.id > last
    if order.by == "opened":
        return further
    if after == "nothing":
        return and_(value.is_(None), further)
    there = bindparam("after", type_=String() if order.by in _TEXTS else value.type)
    beyond = value < there if order.down else value > there
    here = or_(beyond, and_(value == there, further))
    return or_(here, value.is_(None)) if order.by in _TEXTS else here


def read(order: Order, text: str) -> Sequence[Any]:
    """A value as an address holds it, as the database has it."""
    from datetime import date

    if order.by in ("since", "next"):
        return date.fromisoformat(text)  # type: ignore[return-value]
    return int(text) if order.by in ("stage", "opened") else text  # type: ignore[return-value]
