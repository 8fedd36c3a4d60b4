"""Why somebody is told: what nobody did in time goes on to somebody else, partners are asked again.

The database says what is due; each tick looks only at that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from storage.dialects import append_once
from storage.queries import due_work, follow_ups, workflows
from storage.queries.due_work import Waiting
from workflows import checking, planning
from workflows.definition import Definition, FollowUpRule, Receiver
from workflows.workdays import calendar, closed_days, moment

#: follow-ups in one transaction
BATCH = 2_000
_COLUMNS = follow_ups.COLUMNS


def plan(session: Session, now: datetime, due_hour: int, limit: int = BATCH) -> int:
    """Escalate what nobody did in time and ask partners again; returns how much there was.

    Less than `limit` means that nothing is left for now. Each escalation and each request has one
    identity, so that two workers at once, or a repeated tick, plan it once.
    """
    late = due_work.to_escalate(session, now, limit)
    silent = due_work.to_repeat(session, now, limit)
    planner = _Planner(session, now, due_hour)
    planner.write([row for each in late for row in planner.escalated(each)])
    due_work.forget(session, [each.id for each in late], escalates_at=None)
    again = [planner.repeated(each) for each in silent]
    planner.write([row for row in again if row])
    asked_again = [each.id for each, row in zip(silent, again, strict=True) if row]
    due_work.forget(session, asked_again, state="missed", done_at=now, repeats_at=None)
    rest = [each.id for each, row in zip(silent, again, strict=True) if not row]
    due_work.forget(session, rest, repeats_at=None)
    return max(len(late), len(silent))


def next_in_line(rule: FollowUpRule, receiver: str) -> Receiver | None:
    """The ladder: after the one whom the rule names comes whom it escalates to, then the
    coordinator; after the coordinator nobody.

    What a rule without escalation asks of a partner goes to the owner: it only comes here when
    nobody there can be mailed.
    """
    if rule.escalate is None:
        return "owner" if receiver in follow_ups.OUTSIDE else None
    if receiver == "coordinator":
        return None
    return rule.escalate.to if receiver == rule.to else "coordinator"


@dataclass
class _Planner:
    """Works out the follow-ups of many cases; a route is read once."""

    session: Session
    now: datetime
    due_hour: int

    def escalated(self, late: Waiting) -> list[tuple[object, ...]]:
        """The follow-up for whoever comes next, due today."""
        rule = self._rule(late)
        to = next_in_line(rule, late.receiver) if rule else None
        if rule is None or to is None:
            return []
        again = rule.escalate if next_in_line(rule, to) else None
        today = clock.local_day(self.now, late.zone)
        days = calendar(late.zone, closed_days(late.closed_days))
        further = days.after(today, again.after) if again else None
        return [self._row(late, to, late.occurrence, today, further)]

    def repeated(self, silent: Waiting) -> tuple[object, ...] | None:
        """The next request to the same partner, due today; nothing after the last."""
        rule = self._rule(silent)
        today = clock.local_day(self.now, silent.zone)
        days = calendar(silent.zone, closed_days(silent.closed_days))
        if rule is None or planning.next_attempt(rule, silent.occurrence, today, days) is None:
            return None
        further = planning.escalates_on(rule, today, days)
        return self._row(silent, silent.receiver, silent.occurrence + 1, today, further)

    def _row(
        self, like: Waiting, receiver: str, occurrence: int, day: date, further: date | None
    ) -> tuple[object, ...]:
        at = moment(day, self.due_hour, like.zone)
        values: Mapping[str, object] = {
            "organisation_id": like.organisation_id,
            "case_id": like.case_id,
            "rule": like.rule,
            "seq": like.seq,
            "occurrence": occurrence,
            "receiver": receiver,
            "assignee_id": like.owner_id if receiver == "owner" else None,
            "due_on": day,
            "due_at": at,
            "escalates_at": moment(further, self.due_hour, like.zone) if further else None,
            "state": "open",
            "created_at": self.now,
        }
        return tuple(values[column] for column in _COLUMNS)

    def _rule(self, row: Waiting) -> FollowUpRule | None:
        return definition_of(self.session, row.workflow_version_id).rule(row.rule)

    def write(self, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            append_once(self.session, follow_ups.FOLLOW_UPS, _COLUMNS, rows)


def definition_of(session: Session, version_id: int) -> Definition:
    """The route that a case is pinned to."""
    return checking.published(workflows.text_of(session, version_id))
