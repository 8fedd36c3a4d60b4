"""Measures two ways of doing the same thing, in turn, so that a busy machine slows both alike."""

import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

#: does a round of something; returns how many things it did
Round = Callable[[], int]


@dataclass(frozen=True)
class Pace:
    """How many things are done in a second, and how much work of the processor each takes."""

    per_s: float
    #: in this process alone, without waiting for a disk or a server
    microseconds: float


@dataclass(frozen=True)
class Row:
    """A row of the table: what we do in a second, and what the limit (or the peer) does."""

    name: str
    ours_per_s: float
    limit_per_s: float
    #: what is counted, such as ``moves``
    unit: str
    #: what the limit is, for people
    limit: str
    #: the ratio to reach
    target: float
    note: str = ""

    @classmethod
    def of(
        cls, name: str, paces: tuple[Pace, Pace], *, unit: str, limit: str, target: float,
        note: str = "",
    ) -> "Row":  # fmt: skip
        """A row made of two paces."""
        ours, theirs = paces
        return cls(name, ours.per_s, theirs.per_s, unit, limit, target, note)

    @property
    def ratio(self) -> float:
        """How much of the limit we reach."""
        return self.ours_per_s / self.limit_per_s

    def as_json(self) -> str:
        """One line for machines."""
        return json.dumps(
            {
                "name": self.name,
                "ours_per_s": round(self.ours_per_s, 2),
                "limit_per_s": round(self.limit_per_s, 2),
                "ratio": round(self.ratio, 4),
            }
        )


def in_turn(ours: Round, limit: Round, rounds: int) -> tuple[Pace, Pace]:
    """The paces of both: the medians of rounds made in turn, after one to warm up."""
    ours(), limit()
    paces: tuple[list[Pace], list[Pace]] = ([], [])
    for _ in range(rounds):
        paces[0].append(_pace(ours))
        paces[1].append(_pace(limit))
    return _median(paces[0]), _median(paces[1])


def _pace(work: Round) -> Pace:
    gc.collect()
    start, busy = perf_counter(), process_time()
    count = work()
    busy = process_time() - busy
    return Pace(count / (perf_counter() - start), busy / count * 1_000_000)


def _median(paces: Sequence[Pace]) -> Pace:
    return Pace(median(pace.per_s for pace in paces), median(pace.microseconds for pace in paces))
