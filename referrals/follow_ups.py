"""What somebody must do by a day: planned by hand, done, put off, tried in vain, handed over."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.errors import FaultyValue, MoveRefused, NotFound
from core.references import reference
from referrals import bsn, journal, routes
from referrals.journal import Line
from storage.queries import cases, staff
from storage.tables import FollowUp
from workflows import planning
from workflows.workdays import calendar, closed_days, moment


@dataclass(frozen=True)
class Tried:
    """An attempt in vain: the next one, or the move that is offered after the last."""

    next_on: date | None
    offers: str | None


def plan_by_hand(
    session: Session,
    case_id: int,
    what: str,
    due_on: date,
    *,
    assignee_id: int | None,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
) -> FollowUp:
    """Plan a follow-up for a local day; raises `FaultyValue` for an empty text or a past day."""
    bsn.refuse(what, "what")
    rows = cases.standing(session, [case_id])
    if not rows:
        raise NotFound(reference(case_id))
    [row] = rows
    if not what.strip():
        raise FaultyValue("what", remedy="Say what must be done.")
    if due_on < clock.local_day(now, row.zone):
        raise FaultyValue(due_on.isoformat(), remedy="Choose today or a later day.")
    follow_up = FollowUp(
        organisation_id=row.organisation_id,
        case_id=case_id,
        seq=row.seq,
        assignee_id=assignee_id,
        what=what.strip(),
        due_on=due_on,
        due_at=moment(due_on, due_hour, row.zone),
        created_at=now,
    )
    session.add(follow_up)
    session.flush()
    _write_journal(session, follow_up, "follow_up.planned", by, now)
    return follow_up


def do(
    session: Session, follow_up_id: int, *, by: int | None, now: datetime, outcome: str = ""
) -> None:
    """Note that it was done; raises `MoveRefused` when it is not open any more."""
    bsn.refuse(outcome, "outcome")
    follow_up = _open(session, follow_up_id)
    follow_up.state, follow_up.outcome = "done", outcome or None
    follow_up.done_at, follow_up.done_by = now, by
    _save(session, follow_up, "follow_up.done", by, now)


def put_off(
    session: Session,
    follow_up_id: int,
    due_on: date,
    *,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
) -> None:
    """Move it to a later day."""
    follow_up = _open(session, follow_up_id)
    zone = staff.organisation_by_number(session, follow_up.organisation_id).zone
    if due_on <= clock.local_day(now, zone):
        raise FaultyValue(due_on.isoformat(), remedy="Choose a day after today.")
    follow_up.due_on, follow_up.due_at = due_on, moment(due_on, due_hour, zone)
    _save(session, follow_up, "follow_up.put_off", by, now)


def hand_over(
    session: Session, follow_up_id: int, assignee_id: int, *, by: int | None, now: datetime
) -> None:
    """Give it to a colleague."""
    follow_up = _open(session, follow_up_id)
    follow_up.assignee_id = assignee_id
    _save(session, follow_up, "follow_up.handed_over", by, now)


def try_in_vain(
    session: Session, follow_up_id: int, *, by: int | None, now: datetime, due_hour: int = 8
) -> Tried:
    """Note an attempt without success and plan the next; after the last, offer the rule's move."""
    follow_up = _open(session, follow_up_id)
    follow_up.state, follow_up.done_at, follow_up.done_by = "missed", now, by
    _save(session, follow_up, "follow_up.missed", by, now)
    [row] = cases.standing(session, [follow_up.case_id])
    definition = routes.pinned(session, row.workflow_version_id).definition
    rule = definition.follow_ups.get(follow_up.rule or "")
    if rule is None:
        return Tried(None, None)
    days = calendar(row.zone, closed_days(row.closed_days))
    tried_on = clock.local_day(now, row.zone)
    again = planning.next_attempt(rule, follow_up.occurrence, tried_on, days)
    if again is None:
        return Tried(None, rule.then)
    session.add(
        FollowUp(
            organisation_id=row.organisation_id,
            case_id=row.id,
            rule=again.rule,
            seq=follow_up.seq,
            occurrence=again.occurrence,
            receiver=again.receiver,
            assignee_id=follow_up.assignee_id,
            due_on=again.due_on,
            due_at=moment(again.due_on, due_hour, row.zone),
            created_at=now,
        )
    )
    session.flush()
    return Tried(again.due_on, None)


def _open(session: Session, follow_up_id: int) -> FollowUp:
    follow_up = session.get(FollowUp, follow_up_id, with_for_update=True)
    if follow_up is None:
        raise NotFound(f"follow-up {follow_up_id}")
    if follow_up.state != "open":
        remedy = "Nothing needs to be done for it any more."
        raise MoveRefused(f"follow-up {follow_up_id}: {follow_up.state}", remedy=remedy)
    return follow_up


def _save(session: Session, follow_up: FollowUp, what: str, by: int | None, now: datetime) -> None:
    session.add(follow_up)
    session.flush()
    _write_journal(session, follow_up, what, by, now)


def _write_journal(
    session: Session, follow_up: FollowUp, what: str, by: int | None, now: datetime
) -> None:
    detail = {"case": follow_up.case_id}
    number = follow_up.id or 0
    line = Line(follow_up.organisation_id, now, by, what, "follow_up", number, detail)
    journal.write(session, [line])
