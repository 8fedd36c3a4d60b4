"""What would become of open cases on another version of their route: counted, nothing written.

The very decisions that going over rests on (`referrals.migrating.decide`), so that what is shown
is what happens.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from referrals import carrying, migrating
from referrals.carrying import Carried
from storage.queries import case_migrations, cases, follow_ups
from storage.queries.case_migrations import Due
from storage.queries.cases import Standing
from workflows.definition import Definition


@dataclass(frozen=True)
class StageEffect:
    """The cases that stand in a stage, and where they go; `to`: none, that must be chosen."""

    stage: str
    cases: int
    to: str | None


@dataclass(frozen=True)
class RuleEffect:
    """What happens to what one rule has people do."""

    rule: str
    appear: int = 0
    #: to another day or another person
    move: int = 0
    fall_away: int = 0
    stay: int = 0


@dataclass(frozen=True)
class Effect:
    """What going over would come to."""

    cases: int
    stages: tuple[StageEffect, ...]
    rules: tuple[RuleEffect, ...]
    #: of what appears or moves, how much is due today
    due_today: int
    #: mails to people at partners that what appears or moves brings: today, and later
    mails_today: int
    mails_later: int

    @property
    def lost(self) -> tuple[StageEffect, ...]:
        """The stages without a counterpart, for which one must be chosen."""
        return tuple(each for each in self.stages if each.to is None)

    @property
    def changes(self) -> int:
        """How many follow-ups appear, move or fall away."""
        return sum(each.appear + each.move + each.fall_away for each in self.rules)


def effect(
    session: Session,
    organisation_id: int,
    new: Definition,
    *,
    version_id: int = 0,
    mapping: Mapping[str, str] | None = None,
    pilot_id: int | None = None,
    now: datetime,
) -> Effect:
    """What becomes of the open cases of a library (of one pilot).

    `version_id`: the version, or 0 for one that is not published yet. Raises `FaultyValue` for a
    mapping to a stage that the version does not have.
    """
    numbers = case_migrations.on_other_versions(
        session, organisation_id, new.name, version_id, pilot_id
    )
    rows = cases.standing(session, numbers)
    decided = migrating.decide(session, rows, new, mapping or {}, now)
    fresh = [(each, item) for each in decided.carried for item in each.planned]
    now_due = [item for each, item in fresh if item.due_on <= each.today]
    outside = [item for _, item in fresh if item.receiver in follow_ups.OUTSIDE]
    today = sum(item.receiver in follow_ups.OUTSIDE for item in now_due)
    return Effect(
        len(rows), _stages(rows, new, mapping or {}), _rules(decided.carried, new), len(now_due),
        today, len(outside) - today,
    )  # fmt: skip


def _stages(
    rows: Iterable[Standing], new: Definition, mapping: Mapping[str, str]
) -> tuple[StageEffect, ...]:
    """In the order of the new version, what has nowhere to go first."""
    order = {stage: number for number, stage in enumerate(new.stages)}
    found = [
        StageEffect(stage, number, carrying.counterpart(stage, new, mapping))
        for stage, number in Counter(row.stage for row in rows).items()
    ]
    return tuple(sorted(found, key=lambda each: (each.to is not None, order.get(each.stage, 0))))


def _rules(carried: Sequence[Carried], new: Definition) -> tuple[RuleEffect, ...]:
    """In the order of the new version; rules that are gone last."""
    counts: dict[str, Counter[str]] = {}
    for each in carried:
        ended, planned = _names(each.ended), {item.rule for item in each.planned}
        for rule in ended | planned:
            counts.setdefault(rule, Counter())[_becomes(rule, ended, planned)] += 1
        for rule in _names(each.kept):
            counts.setdefault(rule, Counter())["stay"] += 1
    order = {rule: number for number, rule in enumerate(new.follow_ups)}
    names = sorted(counts, key=lambda rule: (order.get(rule, len(order)), rule))
    return tuple(RuleEffect(rule, **counts[rule]) for rule in names)


def _becomes(rule: str, ended: set[str], planned: set[str]) -> str:
    if rule not in planned:
        return "fall_away"
    return "move" if rule in ended else "appear"


def _names(rows: Iterable[Due]) -> set[str]:
    return {row.rule for row in rows}
