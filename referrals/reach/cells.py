"""What a person's entries add to the summary: pure, and the same for one person and a million.

A cell says how many people (and cases) got to a stage or level in a month, and in which month they
had got there before. Distinct counts then add up: in any period somebody is counted in the first
month of it, the one whose `previous` lies before the period.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from referrals.reach.ways import Way
from workflows.definition import LEVELS

KINDS = ("stage", "level")
#: what a count can be split by, besides the route
PARTS = ("", "library", "pilot", "channel", "municipality")
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


#: a stage by its name or a level by its place, a month, and the month before in which it was
#: reached too
Spot = tuple[str | int, int, int]
#: the months of each stage and level
_Months = dict[str | int, set[int]]


#: a cube (routed or not, split by which part), and the route and part within it
Place = tuple[bool, str, str, str]
_Counts = defaultdict[Place, Counter[Spot]]
_NONE: Counter[Spot] = Counter()


class Summary:
    """Sums up people; what is added can be negative, to take back what was summed before."""

    def __init__(self, ways: Mapping[int, Way]):
        self.ways = dict(ways)
        #: by way: people with a single case, who count the same as their case
        self._alone: defaultdict[int, Counter[Spot]] = defaultdict(Counter)
        #: by way: the cases of the others
        self._cases: defaultdict[int, Counter[Spot]] = defaultdict(Counter)
        #: the others themselves, whose cases fall together in some cubes and not in other ones
        self._people: _Counts = defaultdict(Counter)
        #: likewise cases that went from one way to another
        self._moved: _Counts = defaultdict(Counter)
        self._known_places: dict[int, tuple[Place, ...]] = {}

    def add(self, marks: Sequence[Mark], times: int = 1) -> None:
        """Add all the entries of one person; `times` −1 takes them away."""
        first = marks[0]
        case, way = first.case_key, first.way_id
        for mark in marks:
            if mark.case_key != case or mark.way_id != way:
                self._add_several(marks, times)
                return
        _count(self._alone[way], _spots(_months(marks)), times)

    def __len__(self) -> int:
        counters = (self._alone, self._cases, self._people, self._moved)
        return sum(len(counts) for each in counters for counts in each.values())

    def rows(self) -> list[tuple[str | int, ...]]:
        """The cells with the people and cases to add to each, in the order of the table's key.

        Each row holds the values of a `Cell`, and then people and cases.
        """
        alone, cases = self._by_place(self._alone), self._by_place(self._cases)
        rows: list[tuple[str | int, ...]] = []
        for place in alone.keys() | cases.keys() | self._people.keys() | self._moved.keys():
            single = alone.get(place, _NONE)
            people = self._people.get(place, _NONE)
            several = (cases.get(place, _NONE), self._moved.get(place, _NONE))
            rows.extend(_rows(place, single, people, *several))
        rows.sort()
        return rows

    def _add_several(self, marks: Sequence[Mark], times: int) -> None:
        """Somebody with several cases, or with one that went to another way."""
        paths: defaultdict[int, defaultdict[int, list[Mark]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for mark in marks:
            paths[mark.case_key][mark.way_id].append(mark)
        everything: list[tuple[int, _Months]] = []
        for ways in paths.values():
            months = [(way, _months(of_way)) for way, of_way in ways.items()]
            if len(months) > 1:
                self._add_together(self._moved, months, times)
            else:
                [(way, only)] = months
                _count(self._cases[way], _spots(only), times)
            everything.extend(months)
        self._add_together(self._people, everything, times)

    def _add_together(
        self, counts: _Counts, months: Sequence[tuple[int, _Months]], times: int
    ) -> None:
        """What falls together in the place of a cube counts there once."""
        places = [self._places(way) for way, _ in months]
        known: dict[tuple[int, ...], list[Spot]] = {}
        for cube in zip(*places, strict=True):
            together: dict[Place, tuple[int, ...]] = {}
            for number, place in enumerate(cube):
                together[place] = (*together.get(place, ()), number)
            for place, numbers in together.items():
                spots = known.get(numbers)
                if spots is None:
                    spots = _spots(_united(months[number][1] for number in numbers))
                    known[numbers] = spots
                _count(counts[place], spots, times)

    def _by_place(self, counters: Mapping[int, Counter[Spot]]) -> dict[Place, Counter[Spot]]:
        split: dict[Place, Counter[Spot]] = {}
        for way, counts in counters.items():
            for place in self._places(way):
                if place in split:
                    split[place].update(counts)
                else:
                    split[place] = counts.copy()
        return split

    def _places(self, way_id: int) -> tuple[Place, ...]:
        """Where a way counts in each cube, in the same order of cubes for all ways."""
        places = self._known_places.get(way_id)
        if places is None:
            way = self.ways[way_id]
            places = tuple(
                (routed, part, way.route if routed else "", part_of(way, part))
                for routed in (False, True)
                for part in PARTS
            )
            self._known_places[way_id] = places
        return places


def month_of(day: date) -> int:
    """Months counted from year 0."""
    return day.year * 12 + day.month - 1


@cache
def cube(kind: str, part: str, *, routed: bool) -> str:
    """The name of a cube, such as ``stage/route/pilot``."""
    return "/".join(word for word in (kind, "route" if routed else "", part) if word)


def part_of(way: Way, part: str) -> str:
    """What a way says about a part; empty when it says nothing."""
    if part == "library":
        return str(way.organisation_id)
    if part == "pilot":
        return str(way.pilot_id or "")
    if part == "channel":
        return way.channel
    return way.municipality_code if part == "municipality" else ""


def _months(marks: Sequence[Mark]) -> _Months:
    """The months in which each stage and level was reached."""
    months: _Months = {}
    for _, _, _, stage, level, day in marks:
        month = day.year * 12 + day.month - 1
        if stage in months:
            months[stage].add(month)
        else:
            months[stage] = {month}
        if level is None:
            continue
        if level in months:
            months[level].add(month)
        else:
            months[level] = {month}
    return months


def _united(several: Iterable[_Months]) -> _Months:
    together: _Months = {}
    for months in several:
        for reached, when in months.items():
            together[reached] = together.get(reached, set()) | when
    return together


def _spots(months: _Months) -> list[Spot]:
    """Each month with the one before it; the first of all counts for all of time as well."""
    spots: list[Spot] = []
    for reached, when in months.items():
        spots.append((reached, EVER, EVER))
        previous = EVER
        for month in sorted(when) if len(when) > 1 else when:
            spots.append((reached, month, previous))
            previous = month
    return spots


def _count(counts: Counter[Spot], spots: Sequence[Spot], times: int) -> None:
    for spot in spots:
        counts[spot] += times


def _rows(
    place: Place,
    single: Counter[Spot],
    people: Counter[Spot],
    cases: Counter[Spot],
    moved: Counter[Spot],
) -> Iterator[tuple[str | int, ...]]:
    """The rows of one place."""
    routed, part, route, value = place
    stages, levels = (cube(kind, part, routed=routed) for kind in KINDS)
    for (reached, month, previous), (persons, participations) in _sums(
        single, people, cases, moved
    ):
        if not persons and not participations:
            continue
        if isinstance(reached, str):
            yield stages, route, month, previous, reached, value, persons, participations
        else:
            yield levels, route, month, previous, LEVELS[reached], value, persons, participations


def _sums(
    single: Counter[Spot], people: Counter[Spot], cases: Counter[Spot], moved: Counter[Spot]
) -> Iterator[tuple[Spot, tuple[int, int]]]:
    """People and cases at each spot; where everybody has a single case the two are the same."""
    if not (people or cases or moved):
        for spot, count in single.items():
            yield spot, (count, count)
        return
    for spot in single.keys() | people.keys() | cases.keys() | moved.keys():
        alone = single.get(spot, 0)
        participations = alone + cases.get(spot, 0) + moved.get(spot, 0)
        yield spot, (alone + people.get(spot, 0), participations)
