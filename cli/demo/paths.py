"""How invented people fare: from each stage the chances of what comes next, and after how long.

Nobody ever published such chances for the pilots; these are made up so that a funnel looks like
one, and every step is one that the route allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from random import Random

from cli.demo.days import AHEAD, Days
from cli.demo.urns import Urn
from workflows.definition import Definition

#: stands for: this was the last step
END = ""
#: a case that began longer ago than this is over
LONGEST = 275
ASIDE = ("stopped", "unreachable", "not_now")
#: stage → what comes next, in parts
_CHANCES: Mapping[str, Mapping[str, float]] = {
    "contact": {
        "trust": 42, "screened": 4, "agreed": 3, "unreachable": 26, "stopped": 21, "not_now": 4,
    },
    "trust": {"screened": 40, "agreed": 34, "stopped": 13, "unreachable": 8, "not_now": 5},
    "screened": {"agreed": 76, "stopped": 15, "not_now": 5, "unreachable": 4},
    "agreed": {"referred": 80, "intake": 7, "stopped": 8, "unreachable": 5},
    "referred": {"spoken": 58, "intake": 21, "unreachable": 9, "stopped": 10, "agreed": 2},
    "spoken": {"intake": 80, "waiting": 8, "stopped": 12},
    "intake": {"started": 58, "placed": 12, "waiting": 13, "stopped": 13, "not_now": 4},
    "waiting": {"placed": 34, "started": 36, "stopped": 18, "unreachable": 12},
    "placed": {"started": 90, "stopped": 10},
    "started": {"attending": 56, "completed": 26, "stopped": 18},
    "attending": {"completed": 76, "stopped": 19, "not_now": 5},
    "completed": {END: 72, "next_step": 28},
    "not_now": {"returned": 34, "stopped": 40, "unreachable": 26},
    "returned": {"agreed": 46, "screened": 22, "trust": 12, "stopped": 20},
    "stopped": {END: 97, "returned": 3},
    "unreachable": {END: 98, "returned": 2},
    "next_step": {END: 1},
}  # fmt: skip
#: where a route goes its own way
_OWN: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "employers": {
        # the level is checked before the start, so everybody passes the intake
        "waiting": {"intake": 70, "stopped": 18, "unreachable": 12},
    },
    "parents": {
        # a group at the school itself: no referral needed
        "agreed": {"referred": 66, "intake": 8, "started": 14, "stopped": 8, "unreachable": 4},
    },
}
#: days that people usually stay at a stage, when they move on
_STAY = {
    "contact": 9, "trust": 21, "screened": 10, "agreed": 8, "referred": 12, "spoken": 9,
    "intake": 14, "waiting": 55, "placed": 16, "started": 15, "attending": 70, "completed": 30,
    "not_now": 75, "returned": 8, "stopped": 150, "unreachable": 120, "next_step": 1,
}  # fmt: skip
_STAY_ON = {
    "language-to-digital": {"waiting": 25, "started": 8, "attending": 21},
    "digital-to-language": {"attending": 130},
    "employers": {"attending": 75},
}
#: days before the start of a course that nobody calls waiting
_SOON = 21
_PLACED_FROM = ("intake", "waiting")
#: stages up to which people are won over; later ones keep them
_EARLY = ("contact", "trust", "screened", "agreed")
#: months in which courses start; parents four times a year, a ROC three times
STARTS: Mapping[str, tuple[int, ...]] = {
    "parents": (2, 4, 9, 11),
    "digital-to-language": (1, 4, 9),
    "open-door": (1, 4, 9),
    "employers": (1, 2, 3, 4, 5, 6, 9, 10, 11),
    "language-to-digital": tuple(range(1, 13)),
}
#: delays spread as waiting times do: many short, a few long
_SPREAD = [0.15 - 0.8 * log(1 - (n + 0.5) / 64) for n in range(64)]


@dataclass(frozen=True)
class Effect:
    """What a pilot does to drop-out: below 1 fewer people leave, above 1 more."""

    early: float = 1.0
    late: float = 1.0


class Paths:
    """The ways that people go on one route."""

    def __init__(self, definition: Definition, days: Days, effect: Effect):
        self.days = days
        self._begin = Urn({stage: 0.1**n for n, stage in enumerate(definition.start)})
        starts = STARTS.get(definition.name)
        self._starts = days.starts(starts) if starts else days.workday
        own, stay = _OWN.get(definition.name, {}), _STAY_ON.get(definition.name, {})
        self._next = {
            stage: (
                _weighted(stage, own.get(stage, chances), effect).tickets,
                [_within(stay.get(stage, _STAY[stage]) * part) for part in _SPREAD],
            )
            for stage, chances in _CHANCES.items()
        }

    def walk(self, dice: Random, day: int, stage: str | None = None) -> list[tuple[str, int]]:
        """The stages of one case with the days on which it got there, up to yesterday."""
        workday, starts, following = self.days.workday, self._starts, self._next
        yesterday, chance = self.days.yesterday, dice.random
        stage = stage or self._begin.draw(dice)
        steps, began = [(stage, day)], day
        while True:
            tickets, stays = following[stage]
            stage = tickets[int(chance() * len(tickets))]
            if stage == END:
                return steps
            day = workday[day + stays[int(chance() * 64)]]
            if stage == "started":
                # whoever must wait for the next start has a place until then
                if starts[day] - day > _SOON and steps[-1][0] in _PLACED_FROM:
                    stage = "placed"
                else:
                    day = starts[day]
            if day > yesterday:
                break
            steps.append((stage, day))
        return steps if yesterday - began < LONGEST else self._closed(dice, steps)

    def _closed(self, dice: Random, steps: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """An old case that is still open gets an end; a closed one stays as it is."""
        stage, day = steps[-1]
        if END in _CHANCES[stage]:
            return steps
        finishes = stage in ("started", "attending") and dice.random() < 0.7
        end = "completed" if finishes else "stopped"
        left = self.days.yesterday - day
        if left < 1:
            return steps
        last = self.days.workday[day + 1 + int(dice.random() * min(left, 60))]
        return [*steps, (end, min(last, self.days.yesterday))]


def _within(days: float) -> int:
    """At least a day, and so few that the start of a course after it is still a known day."""
    return max(1, min(round(days), AHEAD // 2))


def _weighted(stage: str, chances: Mapping[str, float], effect: Effect) -> Urn[str]:
    factor = effect.early if stage in _EARLY else effect.late
    return Urn({to: parts * factor if to in ASIDE else parts for to, parts in chances.items()})
