"""Answers the standard questions of reach: how many people, in how many cases, got how far."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.errors import FaultyValue
from referrals.reach import cells, settling
from referrals.reach.spans import Span, after_in_month, before_in_month, span
from storage.queries import pilots, reach, reach_counts, staff
from workflows.definition import LEVELS

Split = Literal["route", "library", "pilot", "channel", "municipality", "month"]
SPLITS: tuple[Split, ...] = (
    "route",
    "library",
    "pilot",
    "channel",
    "municipality",
    "month",
)

DEFINITION = (
    "People: different persons with at least one entry at the {kind} in the period, each counted "
    "once per row. Participations: different cases. The two are never added. Steps that were "
    "undone do not count. A person in two rows is one person: rows do not add up to a total. A day "
    "of which only the month is known counts in that month; an unknown day on that of the next "
    "known step, or else of the one before."
)

#: parts that the summary does not know within a single library
_OTHER_PARTS = ("pilot", "channel", "municipality")


@dataclass(frozen=True)
class Question:
    """What is asked; days are local and both ends of the period belong to it."""

    by: Literal["stage", "level"] = "stage"
    split: Split | None = None
    #: only this route
    route: str | None = None
    #: only this library, by its row number
    library: int | None = None
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
    from the summary at once; for days within a month the entries of that month are counted, and
    for `as_known_on` all entries.
    """
    settling.settle(session)
    if question.as_known_on:
        rows = _from_entries(session, question, _end_of(question.as_known_on, zone))
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
    """Whole months from the summary; the days at the ends of a period from their entries."""
    asked = _asked(session, question)
    within_library = question.library is not None and question.split in _OTHER_PARTS
    if asked.months is None or within_library:
        return _from_entries(session, question, None)
    months = None if question.first is None and question.last is None else asked.months
    found = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for reached, part, people, participations in _summed(session, question, months):
        found[0][(reached, part)] += people
        found[1][(reached, part)] += participations
    if asked.ends:
        for value, part, people, participations in reach_counts.counted_beyond(
            session, question.by, question.split or "", route=question.route,
            library=question.library, ends=asked.ends, whole=asked.whole_days,
        ):  # fmt: skip
            key = (_reached(question, value), _part(question, part))
            found[0][key] += people
            found[1][key] += participations
    people_of, cases_of = found
    return [
        Row(reached, part, people_of[(reached, part)], cases_of[(reached, part)])
        for reached, part in people_of.keys() | cases_of.keys()
        if people_of[(reached, part)] or cases_of[(reached, part)]
    ]


def _asked(session: Session, question: Question) -> Span:
    """The period asked; a month of which only days without entries are left out is whole.

    So "up to today" costs no more than whole months, because nothing happened after today.
    """
    first, last = question.first, question.last
    before = before_in_month(first) if first else None
    if before and not reach_counts.anything_on(session, before):
        first = before[0]
    after = after_in_month(last) if last else None
    if after and not reach_counts.anything_on(session, after):
        last = after[1]
    return span(first, last)


def _summed(
    session: Session, question: Question, months: tuple[int, int] | None
) -> Iterator[tuple[str, str, int, int]]:
    """(stage or level, part, people, participations) of whole months, or of all of time."""
    library = None if question.library is None else str(question.library)
    if question.split == "month":
        whole = "" if library is None else "library"
        name = cells.cube(question.by, whole, routed=question.route is not None)
        always = (1, cells.month_of(date.max))
        for reached, month, people, number in reach.summed_by_month(
            session, name, route=question.route, months=months or always, only_part=library
        ):
            yield reached, str(month), people, number
        return
    part = "library" if library else ""
    if question.split not in (None, "route"):
        part = str(question.split)
    routed = question.route is not None or question.split == "route"
    name = cells.cube(question.by, part, routed=routed)
    for reached, route, value, people, number in reach.summed(
        session, name, route=question.route, months=months, only_part=library
    ):
        by = {"route": route, None: ""}.get(question.split, value)
        yield reached, by, people, number


def _from_entries(session: Session, question: Question, known_before: datetime | None) -> list[Row]:
    found = reach_counts.counted(
        session,
        question.by,
        question.split or "",
        route=question.route,
        library=question.library,
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
    next_day = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
    return datetime.combine(next_day, time(), ZoneInfo(zone))


def _in_order(session: Session, question: Question, rows: Iterable[Row]) -> list[Row]:
    """In the order of the path, then of the parts; parts by the names people know."""
    order = _order(session, question)
    names = _names(session, question)
    named = defaultdict(list)
    for row in rows:
        part = names.get(int(row.part or 0), "") if names is not None else row.part
        if question.split == "month":
            year, month = divmod(int(row.part), 12)
            part = f"{year:04}-{month + 1:02}"
        named[row.reached].append(Row(row.reached, part, row.people, row.participations))
    known = [name for name in order if name in named]
    most = {name: max(row.people for row in named[name]) for name in named.keys() - set(known)}
    rest = sorted(most, key=lambda name: (-most[name], name))
    return [
        row for name in (*known, *rest) for row in sorted(named[name], key=lambda row: row.part)
    ]


def _names(session: Session, question: Question) -> dict[int, str] | None:
    """The names of the parts, where parts are numbers."""
    if question.split == "pilot":
        return pilots.names(session)
    if question.split == "library":
        return {each.id or 0: each.name for each in staff.organisations(session)}
    return None


def _order(session: Session, question: Question) -> tuple[str, ...]:
    from referrals import routes

    if question.by == "level":
        return LEVELS
    return routes.stage_order(session, question.route)
