"""What becomes of a case, and of what must be done for it, on another version: decided purely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from storage.queries.case_migrations import Due, Held
from storage.queries.cases import Standing
from workflows import planning
from workflows.definition import Definition, FollowUpRule
from workflows.planning import Planned
from workflows.workdays import Calendar, calendar, closed_days


@dataclass(frozen=True)
class Known:
    """What going over rests on, for one case."""

    case: Standing
    #: the steps that hold, oldest first
    held: Sequence[Held]
    #: all that rules planned for it
    due: Sequence[Due]
    #: the dates that rules can count from
    dates: Mapping[str, date | None]
    today: date

    @property
    def since(self) -> int:
        """The number of the step by which it got to where it stands."""
        return next(each.seq for each in reversed(self.held) if each.kind != "migrate")

    @property
    def days(self) -> Calendar:
        """The workdays of its library."""
        return calendar(self.case.zone, closed_days(self.case.closed_days))


@dataclass
class Carried:
    """A case on another version: where it stands, and what ends, comes and stays to be done."""

    case: Standing
    to_stage: str
    #: how well the day is known on which it got to its stage
    precision: str
    today: date
    ended: list[Due] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    kept: list[Due] = field(default_factory=list)


def counterpart(stage: str, new: Definition, mapping: Mapping[str, str]) -> str | None:
    """Where a case under way goes from a stage: where it is sent, or else the stage of its name.

    None when there is no such stage, or when it would end the case.
    """
    there = new.stages.get(mapping.get(stage, stage))
    return None if there is None or there.final else there.name


def carry(known: Known, old: Definition, new: Definition, mapping: Mapping[str, str]) -> Carried:
    """What becomes of a case whose stage has a counterpart.

    What is open is kept as long as its rule is the same; a rule that counts otherwise now plans
    it for another day, a rule that is gone ends it, a new rule plans it. Nothing is planned for a
    day that has been: that is due today. What somebody put off, handed over or tried already stays
    as it is.
    """
    to_stage = counterpart(known.case.stage, new, mapping)
    assert to_stage is not None
    carried = Carried(known.case, to_stage, known.held[-1].precision, known.today)
    rules = _Rules(known, old, new, to_stage, mapping)
    open_rows = sorted((row for row in known.due if row.state == "open"), key=lambda row: row.rule)
    for name, rows in groupby(open_rows, key=lambda row: row.rule):
        rules.go_on(name, list(rows), carried)
    for rule in new.rules_at[to_stage]:
        if not any(row.rule == rule.name for row in open_rows) and rules.is_new(rule):
            planned = rules.planned(rule, known.since)
            carried.planned += [planned] if planned else []
    return carried


@dataclass
class _Rules:
    """The rules of two versions, for one case."""

    known: Known
    old: Definition
    new: Definition
    to_stage: str
    mapping: Mapping[str, str]

    def __post_init__(self) -> None:
        self.here = {rule.name: rule for rule in self.new.rules_at[self.to_stage]}
        before = self.old.rules_at.get(self.known.case.stage, ())
        self.before = {rule.name: rule for rule in before}

    def go_on(self, name: str, rows: list[Due], carried: Carried) -> None:
        """What is open by one rule, for one person or for several."""
        rule = self.here.get(name) or self._lasting(name)
        if rule is None:
            carried.ended += rows
            return
        first = min(rows, key=lambda row: (row.receiver != rule.to, row.id))
        planned = self.planned(rule, first.seq)
        if self._stays(rule, rows) or (planned and self._is_as_planned(first, planned)):
            carried.kept += rows
            return
        carried.ended += rows
        carried.planned += [planned] if planned else []

    def is_new(self, rule: FollowUpRule) -> bool:
        """Whether nobody dealt with it in this stage, and the version before did not plan it."""
        rows = [row for row in self.known.due if row.rule == rule.name]
        if any(row.seq >= self.known.since for row in rows):
            return False
        return rule.name not in self.before or rule.when.from_date

    def planned(self, rule: FollowUpRule, seq: int) -> Planned | None:
        """What a rule plans, at the earliest for today; `seq`: the step that it belongs to."""
        if rule.when.from_date:
            anchor = self.known.dates.get(rule.when.anchor)
        elif rule.when.anchor == self.to_stage:
            anchor = self.known.case.stage_day
        else:
            anchor = self._day_of(seq)
        if anchor is None:
            return None
        days = self.known.days
        planned = planning.planned_from(rule, anchor, days)
        first = days.on_or_after(self.known.today)
        if planned.due_on >= first:
            return planned
        later = planning.escalates_on(rule, first, days)
        return Planned(rule.name, planned.occurrence, first, planned.receiver, later)

    def _lasting(self, name: str) -> FollowUpRule | None:
        """A rule that outlives its stage."""
        rule = self.new.follow_ups.get(name)
        return rule if rule is not None and rule.ends else None

    def _day_of(self, seq: int) -> date:
        days = (each.day for each in self.known.held if each.seq == seq)
        return next(days, self.known.case.stage_day)

    def _stays(self, rule: FollowUpRule, rows: Iterable[Due]) -> bool:
        """Whether nothing about the rule changed, or somebody dealt with it already."""
        if any(row.touched or row.occurrence > 1 for row in rows):
            return True
        before = self.before.get(rule.name) or self.old.rule(rule.name)
        return before is not None and self._terms(before, self.mapping) == self._terms(rule, {})

    @staticmethod
    def _terms(rule: FollowUpRule, mapping: Mapping[str, str]) -> tuple[object, ...]:
        anchor = mapping.get(rule.when.anchor, rule.when.anchor)
        return anchor, rule.when.period, rule.to, rule.escalate

    def _is_as_planned(self, row: Due, planned: Planned) -> bool:
        """Whether it is due on the same day for the same person, or was due already."""
        today = self.known.today
        due = row.due_on == planned.due_on or (row.due_on <= today >= planned.due_on)
        return due and row.receiver == planned.receiver
