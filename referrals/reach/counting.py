"""Answers the standard questions of reach: how many people, in how many cases, got how far."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.errors import FaultyValue
from referrals.reach import cells, settling
from storage.queries import pilots, reach
from workflows.definition import LEVELS

Split = Literal["route", "pilot", "channel", "municipality", "month"]
SPLITS: tuple[Split, ...] = ("route", "pilot", "channel", "municipality", "month")

DEFINITION = (
    "People: different persons with at least one entry at the {kind} in the period, each counted "
    "once per row. Participations: different cases. The two are never added. Steps that were "
    "undone do not count. A person in two rows is one person: rows do not add up to a total. Days "
    "known as a month count on its first day; unknown days on the day of the next known step."
)


@dataclass(frozen=True)
class Question:
    """What is asked; days are local and both ends of the period belong to it."""

    by: Literal["stage", "level"] = "stage"
    split: Split | None = None
    #: only this route
    route: str | None = None
    first: date | None = None
    last: date | None = None
    #: as it was known at the end of this local day
    as_known_on: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            remedy = "The first day must come before the last."
            raise FaultyValue(f"{self.first} – {self.last}", remedy=remedy)


@dataclass(frozen=True)
class Row:
    """A number of people and of participations, never summed together."""

    #: the stage or the level
    reached: str
    #: the route, pilot, way in, municipality or month (``2018-03``) of a split; else empty
    part: str
    people: int
    participations: int


@dataclass(frozen=True)
class Answer:
    """Rows in the order of the path, with the definition they were counted by."""

    question: Question
    definition: str
    rows: tuple[Row, ...]


def count(session: Session, question: Question, *, zone: str = "Europe/Amsterdam") -> Answer:
    """Answer a question exactly; whatever was moved before now counts.

    Needs a session that may write when there is something to settle. Whole months are answered
    from the summary at once; days within a month and `as_known_on` count the entries themselves.
    """
    settling.settle(session)
    known_before = _end_of(question.as_known_on, zone) if question.as_known_on else None
    if known_before is not None or not _whole_months(question):
        rows = _from_entries(session, question, known_before)
    else:
        rows = _from_summary(session, question)
    definition = DEFINITION.format(kind=question.by)
    return Answer(question, definition, tuple(_in_order(session, question, rows)))


def recount(session: Session, question: Question) -> Answer:
    """The same answer, counted from the entries alone: slow, and what the summary must equal."""
    rows = _from_entries(session, question, None)
    definition = DEFINITION.format(kind=question.by)
    return Answer(question, definition, tuple(_in_order(session, question, rows)))


def _from_summary(session: Session, question: Question) -> list[Row]:
    months = _months(question)
    if question.split == "month":
        name = cells.cube(question.by, "", routed=question.route is not None)
        found = reach.summed_by_month(
            session, name, route=question.route, months=months or (1, 12 * 10_000)
        )
        return [Row(reached, str(month), people, n) for reached, month, people, n in found]
    part = "" if question.split in (None, "route") else str(question.split)
    routed = question.route is not None or question.split == "route"
    name = cells.cube(question.by, part, routed=routed)
    return [
        Row(reached, route if question.split == "route" else part, people, n)
        for reached, route, part, people, n in reach.summed(
            session, name, route=question.route, months=months
        )
        if people or n
    ]


def _from_entries(session: Session, question: Question, known_before: datetime | None) -> list[Row]:
    found = reach.counted(
        session,
        question.by,
        question.split or "",
        route=question.route,
        first=question.first,
        last=question.last,
        known_before=known_before,
    )
    return [
        Row(_reached(question, reached), _part(question, part), people, n)
        for reached, part, people, n in found
    ]


def _reached(question: Question, value: Any) -> str:
    return LEVELS[value] if question.by == "level" else str(value)


def _part(question: Question, value: Any) -> str:
    if question.split == "pilot":
        return str(value or "")
    return str(value) if question.split else ""


def _end_of(day: date, zone: str) -> datetime:
    """The moment at which a local day ends."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _whole_months(question: Question) -> bool:
    first = question.first is None or question.first.day == 1
    last = question.last is None or (question.last + timedelta(days=1)).day == 1
    return first and last


def _months(question: Question) -> tuple[int, int] | None:
    if question.first is None and question.last is None:
        return None
    first = cells.month_of(question.first) if question.first else 1
    return first, cells.month_of(question.last or date.max)


def _in_order(session: Session, question: Question, rows: Iterable[Row]) -> list[Row]:
    """In the order of the path, then of the parts; parts by the names people know."""
    order = _order(session, question)
    names = pilots.names(session) if question.split == "pilot" else {}
    named = defaultdict(list)
    for row in rows:
        part = names.get(int(row.part or 0), "") if question.split == "pilot" else row.part
        if question.split == "month":
            year, month = divmod(int(row.part), 12)
            part = f"{year:04}-{month + 1:02}"
        named[row.reached].append(Row(row.reached, part, row.people, row.participations))
    known = [name for name in order if name in named]
    rest = sorted(named.keys() - set(known), key=lambda name: -named[name][0].people)
    return [
        row for name in (*known, *rest) for row in sorted(named[name], key=lambda row: row.part)
    ]


def _order(session: Session, question: Question) -> tuple[str, ...]:
    from referrals import routes

    if question.by == "level":
        return LEVELS
    return routes.stage_order(session, question.route)
