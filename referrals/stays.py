"""How long people stay in a stage: the median, in which those who are there still count too.

Whoever is there still has stayed at least so long; to leave them out would make every stage look
shorter than it is. The median is that of Kaplan and Meier (JASA 1958): the day by which half of
the people would have gone on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.queries.route_pages import Stays

#: how many must have gone on before anything is said about how long it takes
ENOUGH = 5


@dataclass(frozen=True)
class Stay:
    """How long people stay in one stage."""

    #: calendar days; none: fewer than half have gone on
    median: int | None
    #: the longest that anybody was seen there, in days
    longest: int
    #: how many went on, and how many are there still
    left: int
    still: int

    @property
    def enough(self) -> bool:
        """Whether so many went on that it says something."""
        return self.left >= ENOUGH


def per_stage(rows: Iterable[Stays]) -> Mapping[str, Stay]:
    """Stage → how long people stay there."""
    by_stage: dict[str, list[Stays]] = {}
    for row in rows:
        by_stage.setdefault(row.stage, []).append(row)
    return {stage: _stay(found) for stage, found in by_stage.items()}


def _stay(rows: list[Stays]) -> Stay:
    left = sum(row.cases for row in rows if row.left)
    still = sum(row.cases for row in rows if not row.left)
    longest = max(row.days for row in rows)
    return Stay(_median(rows), longest, left, still)


def _median(rows: list[Stays]) -> int | None:
    share, there = 1.0, sum(row.cases for row in rows)
    for days in sorted({row.days for row in rows}):
        now = [row for row in rows if row.days == days]
        gone = sum(row.cases for row in now if row.left)
        share *= 1 - gone / there
        if gone and share <= 0.5:
            return days
        there -= sum(row.cases for row in now)
    return None
