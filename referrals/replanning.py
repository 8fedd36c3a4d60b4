"""Dates that change: what was planned from them ends, and is planned anew for the other day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from referrals import entering, facts, journal, routes
from referrals.facts import Needs
from referrals.journal import Line
from storage.dialects import append
from storage.queries import cases, follow_ups
from storage.queries import facts as known
from storage.queries.cases import Standing
from storage.queries.follow_ups import Attempt
from workflows import planning
from workflows.definition import FollowUpRule
from workflows.planning import Planned
from workflows.workdays import calendar, closed_days


@contextmanager
def following(
    session: Session, numbers: Sequence[int], *, now: datetime, due_hour: int = 8
) -> Iterator[None]:
    """Whatever the block changes about the dates of these cases, their follow-ups follow.

    Dates are those of `workflows.periods.DATES`. The cases are locked; what the block writes must
    be in the database when it ends. Without cases nothing is asked.
    """
    rows = cases.standing(session, numbers, lock=True) if numbers else []
    before = _dates(session, rows, now)
    yield
    # read again: an appointment stands in the row of the case itself
    after = _dates(session, cases.standing(session, numbers) if numbers else [], now)
    changed = {
        row: frozenset(name for name, day in after[row.id].items() if day != before[row.id][name])
        for row in rows
        if after[row.id] != before[row.id]
    }
    if changed:
        _replan(session, changed, after, now, due_hour)


def _dates(
    session: Session, rows: Sequence[Standing], now: datetime
) -> dict[int, dict[str, date | None]]:
    if not rows:
        return {}
    today = max(clock.local_day(now, zone) for zone in {row.zone for row in rows})
    found = facts.of_cases(session, rows, Needs(), today)
    return {number: facts.dates_of(each) for number, each in found.items()}


@dataclass(frozen=True)
class _Anew:
    """What one rule has to plan anew for one case."""

    case: Standing
    rule: FollowUpRule
    #: all that the rule planned for the case so far
    attempts: Sequence[Attempt]
    #: the step by which the case got where it stands
    seq: int

    @property
    def ended(self) -> list[Attempt]:
        return [each for each in self.attempts if each.state == "open"]

    @property
    def matters(self) -> bool:
        """Whether it is planned here, or outlives the stage that it was planned in."""
        return self.case.stage in self.rule.stages or bool(self.ended)

    def planned(self, day: date | None) -> tuple[int, Planned] | None:
        """(the step that it belongs to, what is planned), counted from the changed date."""
        if day is None or not self.matters:
            return None
        seq = max((each.seq for each in self.ended), default=self.seq)
        # a row stays what it was, so that a link in a mail never does what it did not say
        times = max((each.occurrence for each in self.attempts if each.seq == seq), default=0)
        days = calendar(self.case.zone, closed_days(self.case.closed_days))
        return seq, planning.planned_from(self.rule, day, days, times + 1)

    def assignee_id(self, planned: Planned) -> int | None:
        """Whoever it was handed over to, or else the owner."""
        for each in self.ended:
            if each.receiver == planned.receiver:
                return each.assignee_id
        return self.case.owner_id if planned.receiver == "owner" else None


def _replan(
    session: Session,
    changed: Mapping[Standing, frozenset[str]],
    dates: Mapping[int, Mapping[str, date | None]],
    now: datetime,
    due_hour: int,
) -> None:
    items = [each for each in _items(session, changed) if each.matters]
    follow_ups.end(session, [row.id for each in items for row in each.ended], now)
    planned = [
        (each, *found)
        for each in items
        if (found := each.planned(dates[each.case.id][each.rule.when.anchor]))
    ]
    outside = [each.case for each, _, item in planned if item.receiver in follow_ups.OUTSIDE]
    secret = known.withdrawn(session, [row.participant_id for row in outside]) if outside else set()
    rows = [
        entering.follow_up_row(each.case, seq, item, each.assignee_id(item), now, due_hour)
        for each, seq, item in planned
        if item.receiver not in follow_ups.OUTSIDE or each.case.participant_id not in secret
    ]
    append(session, follow_ups.FOLLOW_UPS, follow_ups.COLUMNS, rows)
    journal.write(session, _lines(items, now))


def _items(session: Session, changed: Mapping[Standing, frozenset[str]]) -> Iterator[_Anew]:
    """Each rule of each case that counts from a date which changed."""
    numbers = [row.id for row in changed]
    attempts = follow_ups.attempts_of(session, numbers)
    histories = cases.histories(session, numbers)
    for row, names in changed.items():
        held = [each for each in histories[row.id] if each.voided_by is None]
        seq = max(each.seq for each in held if each.kind != "undo")
        definition = routes.pinned(session, row.workflow_version_id).definition
        for rule in definition.follow_ups.values():
            if rule.when.anchor in names:
                mine = [each for each in attempts.get(row.id, ()) if each.rule == rule.name]
                yield _Anew(row, rule, mine, seq)


def _lines(items: Iterable[_Anew], now: datetime) -> list[Line]:
    """One line for each case, done by the program itself."""
    rules: dict[Standing, list[str]] = {}
    for each in items:
        rules.setdefault(each.case, []).append(each.rule.name)
    return [
        Line(row.organisation_id, now, None, "case.replanned", "case", row.id, {"rules": names})
        for row, names in rules.items()
    ]
