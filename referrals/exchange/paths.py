"""Makes a path of what a register says: stages in order, each with a day to count on."""

from collections.abc import Mapping
from datetime import date

from referrals.exchange.days import Day
from referrals.histories import PastStep
from workflows.definition import Definition
from workflows.workdays import moment

#: the local hour at which something in a register is taken to have happened
_NOON = 12


def path_of(
    reached: Mapping[str, Day],
    definition: Definition,
    *,
    zone: str,
    today: date,
    reason: str | None = None,
) -> list[PastStep]:
    """The stages that somebody reached, by day and, on one day, in the order of the route.

    A stage of which the month is known counts on the first of that month, or on the day of the
    stage before it when that lies in the same month. One reached on an unknown day counts on the
    day of the next stage of the route with a known one, or else of the one before, or else today. A
    person in a register without any stage is at the first stage of the route. `reason` goes with
    the stages beside the path.
    """
    order = {name: place for place, name in enumerate(definition.stages)}
    stages = sorted((name for name in reached if name in order), key=order.__getitem__)
    if not stages:
        stages, reached = [definition.start[0]], {definition.start[0]: Day(None, "unknown")}
    days = _days(stages, reached, definition, today)
    path = []
    for name, day in zip(stages, days, strict=True):
        why = reason if definition.stages[name].aside else None
        at = moment(day, _NOON, zone)
        path.append(PastStep(name, at, day, reached[name].precision, why))
    return sorted(path, key=lambda step: (step.day, order[step.stage]))


def without_consent(path: list[PastStep]) -> bool:
    """Whether somebody was referred, or got further, though no consent is noted."""
    stages = {step.stage for step in path}
    return "agreed" not in stages and bool(stages & {"referred", "intake", "placed", "started"})


def _days(
    stages: list[str], reached: Mapping[str, Day], definition: Definition, today: date
) -> list[date]:
    """The day each stage counts on."""
    days: list[date] = []
    for place, name in enumerate(stages):
        before = days[-1] if days else None
        day = reached[name].day
        if day is None:
            after = _next_known(stages[place + 1 :], reached, definition)
            day = max((each for each in (before, after) if each), default=today)
        elif reached[name].precision == "month" and before and before.replace(day=1) == day:
            day = before
        days.append(day)
    return days


def _next_known(
    later: list[str], reached: Mapping[str, Day], definition: Definition
) -> date | None:
    """The day of the next stage with a known one; stages beside the path come last."""
    path = [name for name in later if not definition.stages[name].aside]
    aside = [name for name in later if definition.stages[name].aside]
    return next((day for name in (*path, *aside) if (day := reached[name].day)), None)
