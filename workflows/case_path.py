"""The path of one case along its route: what it passed, where it stands, what lies ahead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from workflows.definition import Definition, FollowUpRule, Move, Receiver, Stage
from workflows.guards import GUARDS, Facts
from workflows.workdays import Calendar

State = Literal["passed", "here", "ahead"]
#: the guard that somebody can fulfil at once, by asking the participant
CONSENT = "consent_to_refer"


class Visit(NamedTuple):
    """A step that holds: the stage it led to and the local day; none when that is not known."""

    stage: str
    day: date | None


@dataclass(frozen=True)
class Step:
    """A stage on the path of a case."""

    stage: Stage
    state: State
    #: the local day on which the case got there last
    day: date | None = None
    #: workdays that it stood there, all times together
    days: int | None = None
    #: workdays that it normally stands there at most
    norm: int | None = None
    #: how often it got there
    times: int = 0

    @property
    def over(self) -> bool:
        """Whether it stood there longer than is normal."""
        return self.days is not None and self.norm is not None and self.days > self.norm


def path(
    definition: Definition, visits: Sequence[Visit], today: date, calendar: Calendar
) -> tuple[Step, ...]:
    """The stages that a case passed, the one where it stands, and those ahead of it.

    `visits`: its steps that hold, the oldest first, at least one. A stage comes once, however
    often the case got there; a stage beside the path only while the case stands there.
    """
    order = list(definition.stages)
    here = definition.stages[visits[-1].stage]
    seen = _seen(definition, visits, today, calendar)
    reached = _reached(definition, visits)
    behind = {name for name in order[: order.index(reached)] if name in seen}
    if here.aside:
        behind.add(reached)
    passed = [seen[name] for name in order if name in behind and name != here.name]
    kept = [step for step in passed if not step.stage.aside]
    now = seen[here.name]
    if here.final:
        return (*kept, now)
    ahead = [
        Step(definition.stages[name], "ahead", seen[name].day if name in seen else None)
        for name in _ahead(definition, reached)
    ]
    return (*kept, now, *ahead)


def _reached(definition: Definition, visits: Iterable[Visit]) -> str:
    """The stage on the main path where the case was last: where it stands, unless beside it."""
    on_path = [each.stage for each in visits if not definition.stages[each.stage].aside]
    return on_path[-1] if on_path else definition.start[0]


def _seen(
    definition: Definition, visits: Sequence[Visit], today: date, calendar: Calendar
) -> dict[str, Step]:
    """Each stage that a case was at, with the time it stood there."""
    found: dict[str, Step] = {}
    ends = [each.day for each in visits[1:]]
    final = definition.stages[visits[-1].stage].final
    for visit, end in zip(visits, [*ends, None if final else today], strict=True):
        stage = definition.stages[visit.stage]
        before = found.get(stage.name)
        days = before.days if before else None
        if visit.day and end:
            days = (days or 0) + workdays(calendar, visit.day, end)
        norm = norm_of(stage, visit.day or today, calendar)
        times = before.times + 1 if before else 1
        found[stage.name] = Step(stage, "passed", visit.day, days, norm, times)
    last = found[visits[-1].stage]
    found[last.stage.name] = Step(last.stage, "here", last.day, last.days, last.norm, last.times)
    return found


def norm_of(stage: Stage, since: date, calendar: Calendar) -> int | None:
    """The workdays that a case normally stands in a stage, counted from a day."""
    if stage.norm is None:
        return None
    if stage.norm.unit == "workdays":
        return stage.norm.number
    return workdays(calendar, since, calendar.after(since, stage.norm))


@lru_cache(maxsize=16384)
def workdays(calendar: Calendar, start: date, end: date) -> int:
    """The workdays after a day, up to and with another; the same question is counted once."""
    return calendar.workdays_between(start, end)


def _ahead(definition: Definition, reached: str) -> list[str]:
    """The stages that usually come after one, without detours such as a waiting list."""
    order = list(definition.stages)
    later = order[order.index(reached) + 1 :]
    skipped = detours(definition)
    return [name for name in later if name not in skipped and not definition.stages[name].aside]


def detours(definition: Definition) -> frozenset[str]:
    """The stages in which a provider lets somebody wait: nobody goes there by plan."""
    move = definition.moves.get(definition.referral.get("waiting", ""))
    return frozenset({move.to}) if move else frozenset()


@dataclass(frozen=True)
class Option:
    """A move from where a case stands, and the guards that are in its way."""

    move: Move
    unmet: tuple[str, ...]
    aside: bool

    @property
    def allowed(self) -> bool:
        """Whether it can be made as things are."""
        return not self.unmet

    @property
    def wants_consent(self) -> bool:
        """Whether nothing but the consent of the participant is in its way."""
        return self.unmet == (CONSENT,)


def options(definition: Definition, stage: str, facts: Facts) -> tuple[Option, ...]:
    """Every move from a stage: the next sensible one first, those beside the path last.

    The next sensible one goes further along the path, can be made now or as soon as the
    participant agrees, and is no detour.
    """
    order = list(definition.stages)
    there = order.index(stage)
    skipped = detours(definition)

    def rank(option: Option) -> tuple[bool, bool, bool]:
        further = order.index(option.move.to) > there or definition.stages[stage].aside
        possible = option.allowed or option.wants_consent
        return (option.aside, not (further and possible), option.move.to in skipped)

    found = [
        Option(
            move,
            tuple(name for name in move.guard if not GUARDS[name].holds(facts)),
            definition.stages[move.to].aside,
        )
        for move in definition.moves_from[stage]
    ]
    return tuple(sorted(found, key=rank))


def next_sensible(options: Sequence[Option]) -> Option | None:
    """The move that a page offers first; none when all that can be done lies beside the path."""
    first = options[0] if options else None
    if first is None or first.aside or not (first.allowed or first.wants_consent):
        return None
    return first


class Open(NamedTuple):
    """A follow-up that is open, as far as it matters for what comes."""

    rule: FollowUpRule | None
    due_on: date
    #: the local day on which somebody else hears of it
    escalates_on: date | None
    occurrence: int
    receiver: str


@dataclass(frozen=True)
class Coming:
    """Something that happens by itself when nobody does anything."""

    day: date
    kind: Literal["due", "escalates"]
    #: which of the open follow-ups it is about
    index: int
    #: who is asked
    to: Receiver | str


def coming(waiting: Sequence[Open]) -> tuple[Coming, ...]:
    """What comes next if nothing happens, by day: what falls due, and who hears of it then."""
    found = [Coming(each.due_on, "due", i, each.receiver) for i, each in enumerate(waiting)]
    found += [
        Coming(each.escalates_on, "escalates", i, each.rule.escalate.to)
        for i, each in enumerate(waiting)
        if each.escalates_on and each.rule and each.rule.escalate
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.index, each.kind)))


def attempts_left(waiting: Open) -> int:
    """How often a rule asks again after an attempt in vain."""
    if waiting.rule is None or waiting.rule.every is None:
        return 0
    return max(0, waiting.rule.at_most - waiting.occurrence)


def titles_of(definition: Definition, language: str) -> Mapping[str, str]:
    """Stage → its title."""
    return {stage.name: stage.title[language] for stage in definition.stages.values()}
