"""What a person's entries add to the summary: pure, and the same for one person and a million.

A cell says how many people (and cases) got to a stage or level in a month, and in which month they
had got there before. Distinct counts then add up: in any period somebody is counted in the first
month of it, the one whose `previous` lies before the period.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from referrals.reach.ways import Way
from workflows.definition import LEVELS

KINDS = ("stage", "level")
#: what a count can be split by, besides the route
PARTS = ("", "pilot", "channel", "municipality")
#: the month that stands for all of time
EVER = 0


class Mark(NamedTuple):
    """An entry as counting sees it."""

    person_key: int
    case_key: int
    way_id: int
    stage: str
    #: the place of the level in `LEVELS`
    level: int | None
    day: date


class Cell(NamedTuple):
    """The place of a number in the summary (`storage.tables.reach.ReachCell`)."""

    cube: str
    route: str
    month: int
    previous: int
    reached: str
    part: str


class Base(NamedTuple):
    """Where people with a single case stand before the summary is split."""

    way_id: int
    kind: str
    reached: str
    month: int
    previous: int


class Summary:
    """Sums up people; what is added can be negative, to take back what was summed before."""

    def __init__(self, ways: Mapping[int, Way]):
        self.ways = dict(ways)
        self._simple: Counter[Base] = Counter()
        self._people: Counter[Cell] = Counter()
        self._cases: Counter[Cell] = Counter()

    def add(self, marks: Sequence[Mark], times: int = 1) -> None:
        """Add all the entries of one person; `times` −1 takes them away."""
        first = marks[0]
        if all(m.case_key == first.case_key and m.way_id == first.way_id for m in marks):
            for base in _bases(marks):
                self._simple[base] += times
            return
        for cell in _cells(marks, self.ways, lambda mark: mark.person_key):
            self._people[cell] += times
        for cell in _cells(marks, self.ways, lambda mark: mark.case_key):
            self._cases[cell] += times

    def __len__(self) -> int:
        return len(self._simple) + len(self._people) + len(self._cases)

    def rows(self) -> list[dict[str, object]]:
        """The cells with what to add to each, in the order of the table's key."""
        people, cases = Counter(self._people), Counter(self._cases)
        for base, count in self._simple.items():
            if count:
                for cell in _split(base, self.ways[base.way_id]):
                    people[cell] += count
                    cases[cell] += count
        return [
            {**cell._asdict(), "people": people[cell], "cases": cases[cell]}
            for cell in sorted(people.keys() | cases.keys())
            if people[cell] or cases[cell]
        ]


def month_of(day: date) -> int:
    """Months counted from year 0."""
    return day.year * 12 + day.month - 1


def cube(kind: str, part: str, *, routed: bool) -> str:
    """The name of a cube, such as ``stage/route/pilot``."""
    return "/".join(word for word in (kind, "route" if routed else "", part) if word)


def _reached(mark: Mark) -> Iterable[tuple[str, str]]:
    yield "stage", mark.stage
    if mark.level is not None:
        yield "level", LEVELS[mark.level]


def _bases(marks: Sequence[Mark]) -> Iterable[Base]:
    """Where somebody with a single case counts."""
    months: dict[tuple[str, str], set[int]] = defaultdict(set)
    for mark in marks:
        for place in _reached(mark):
            months[place].add(month_of(mark.day))
    way_id = marks[0].way_id
    for (kind, reached), when in months.items():
        for month, previous in _in_turn(when):
            yield Base(way_id, kind, reached, month, previous)


def _in_turn(months: set[int]) -> Iterable[tuple[int, int]]:
    """Each month with the one before it; the first of all counts for all of time as well."""
    previous = EVER
    for month in sorted(months):
        if previous == EVER:
            yield EVER, EVER
        yield month, previous
        previous = month


def _split(base: Base, way: Way) -> Iterable[Cell]:
    """The cells of every cube that a base counts in."""
    for routed in (False, True):
        route = way.route if routed else ""
        for part in PARTS:
            name = cube(base.kind, part, routed=routed)
            yield Cell(name, route, base.month, base.previous, base.reached, part_of(way, part))


def part_of(way: Way, part: str) -> str:
    """What a way says about a part; empty when it says nothing."""
    if part == "pilot":
        return str(way.pilot_id or "")
    if part == "channel":
        return way.channel
    return way.municipality_code if part == "municipality" else ""


def _cells(marks: Sequence[Mark], ways: Mapping[int, Way], who: object) -> Iterable[Cell]:
    """The cells in which somebody (or a case: `who`) with several cases or ways counts."""
    assert callable(who)
    months: dict[tuple[int, str, str, str, str], set[int]] = defaultdict(set)
    for mark in marks:
        way = ways[mark.way_id]
        for kind, reached in _reached(mark):
            for routed in (False, True):
                for part in PARTS:
                    name = cube(kind, part, routed=routed)
                    route = way.route if routed else ""
                    key = (who(mark), name, route, reached, part_of(way, part))
                    months[key].add(month_of(mark.day))
    for (_, name, route, reached, part), when in months.items():
        for month, previous in _in_turn(when):
            yield Cell(name, route, month, previous, reached, part)
