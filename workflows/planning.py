"""Which follow-ups should exist: pure, from a definition, a stage, dates and a calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflows.definition import Definition, FollowUpRule, Receiver
from workflows.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Planned:
    """A follow-up that should exist: by which rule, the how-manieth time, when and for whom."""

    rule: str
    #: 1 for the first attempt
    occurrence: int
    #: a local day, always a workday
    due_on: date
    receiver: Receiver
    #: the local day on which somebody else hears that nobody did it
    escalates_on: date | None = None


def plan(
    definition: Definition,
    stage: str,
    entered_on: date,
    dates: Mapping[str, date | None],
    calendar: Calendar,
) -> tuple[Planned, ...]:
    """The follow-ups to plan for a case that got to a stage on a day.

    `dates` are the dates of the case that rules can count from (`workflows.periods.DATES`); a rule
    whose date is unknown plans nothing yet.
    """
    planned = []
    for rule in definition.rules_at[stage]:
        anchor = dates.get(rule.when.anchor) if rule.when.from_date else entered_on
        if anchor is not None:
            planned.append(planned_from(rule, anchor, calendar))
    return tuple(planned)


def planned_from(
    rule: FollowUpRule, anchor: date, calendar: Calendar, occurrence: int = 1
) -> Planned:
    """What a rule plans, counted from the day a stage was reached or from a date of the case."""
    return _planned(rule, occurrence, calendar.after(anchor, rule.when.period), calendar)


def next_attempt(
    rule: FollowUpRule, occurrence: int, tried_on: date, calendar: Calendar
) -> Planned | None:
    """The attempt after one that was in vain; nothing after the last."""
    if rule.every is None or occurrence >= rule.at_most:
        return None
    due_on = calendar.after(tried_on, rule.every)
    return _planned(rule, occurrence + 1, due_on, calendar)


def _planned(rule: FollowUpRule, occurrence: int, due_on: date, calendar: Calendar) -> Planned:
    return Planned(rule.name, occurrence, due_on, rule.to, escalates_on(rule, due_on, calendar))


def escalates_on(rule: FollowUpRule | None, due_on: date, calendar: Calendar) -> date | None:
    """The day on which somebody else hears of a follow-up that was due on a day."""
    if rule is None or rule.escalate is None:
        return None
    return calendar.after(due_on, rule.escalate.after)


def ended_by(definition: Definition, move: str) -> tuple[str, ...]:
    """The rules that only end by named moves and are not ended by this one."""
    return tuple(
        rule.name for rule in definition.follow_ups.values() if rule.ends and move not in rule.ends
    )
