"""What somebody must do by a day: planned by hand, done, put off, tried in vain, handed over."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.errors import FaultyValue, MoveRefused, NotFound, NothingToUndo
from core.references import reference
from referrals import bsn, journal, routes
from referrals.journal import Line
from storage.queries import cases, facts, follow_ups
from storage.queries.cases import Standing
from storage.tables import FollowUp
from workflows import planning
from workflows.definition import FollowUpRule
from workflows.planning import Planned
from workflows.workdays import Calendar, calendar, closed_days, moment

MOVED_ON = "The case has moved on."
#: what the journal keeps as old and new
_CHANGES = ("follow_up.put_off", "follow_up.handed_over")


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
    session: Session,
    follow_up_id: int,
    *,
    by: int | None,
    now: datetime,
    outcome: str = "",
    due_hour: int = 8,
) -> date | None:
    """Note that it was done; raises `MoveRefused` when it is not open any more.

    Returns the local day on which it comes again, for a rule that recurs.
    """
    bsn.refuse(outcome, "outcome")
    follow_up, row = _open(session, follow_up_id)
    _keep(follow_up)
    follow_up.state, follow_up.outcome = "done", outcome or None
    follow_up.done_at, follow_up.done_by = now, by
    _save(session, follow_up, "follow_up.done", by, now)
    follow_ups.end_twins(session, follow_up, now)
    case = _Case.of(session, follow_up, row, due_hour)
    if case.rule is None or not case.rule.recurs:
        return None
    return case.plan_next(session, follow_up, now)


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
    follow_up, row = _open(session, follow_up_id)
    case = _Case.of(session, follow_up, row, due_hour)
    if due_on <= clock.local_day(now, case.row.zone):
        raise FaultyValue(due_on.isoformat(), remedy="Choose a day after today.")
    _keep(follow_up)
    follow_up.mailed_on, follow_up.repeats_at = None, None
    follow_up.due_on, follow_up.due_at = due_on, moment(due_on, due_hour, case.row.zone)
    follow_up.escalates_at = case.escalates_at(due_on)
    _save(session, follow_up, "follow_up.put_off", by, now)


def hand_over(
    session: Session, follow_up_id: int, assignee_id: int, *, by: int | None, now: datetime
) -> None:
    """Give it to a colleague."""
    follow_up, _ = _open(session, follow_up_id)
    _keep(follow_up)
    follow_up.assignee_id = assignee_id
    _save(session, follow_up, "follow_up.handed_over", by, now)


def try_in_vain(
    session: Session, follow_up_id: int, *, by: int | None, now: datetime, due_hour: int = 8
) -> Tried:
    """Note an attempt without success and plan the next; after the last, offer the rule's move."""
    follow_up, row = _open(session, follow_up_id)
    _keep(follow_up)
    follow_up.state, follow_up.done_at, follow_up.done_by = "missed", now, by
    _save(session, follow_up, "follow_up.missed", by, now)
    follow_ups.end_twins(session, follow_up, now)
    case = _Case.of(session, follow_up, row, due_hour)
    if case.rule is None:
        return Tried(None, None)
    next_on = case.plan_next(session, follow_up, now)
    return Tried(next_on, None if next_on else case.rule.then)


def undo(session: Session, follow_up_id: int, *, by: int | None, now: datetime) -> None:
    """Take back what was done with it last: done, put off, handed over, tried in vain.

    Raises `NothingToUndo` when nothing was, when the case has moved on since, or when something
    was done with the attempt after it.
    """
    follow_up, row = _locked(session, follow_up_id)
    former = follow_up.former
    if former is None or follow_up.state == "ended":
        raise NothingToUndo(reference(follow_up.case_id), remedy=MOVED_ON)
    ended_at = follow_up.done_at if follow_up.state != "open" else None
    case = _Case.of(session, follow_up, row)
    if ended_at:
        case.refuse_to_reopen(session, follow_up)
    follow_up.due_on = date.fromisoformat(former["due_on"])
    follow_up.due_at = datetime.fromisoformat(former["due_at"])
    escalates_at = former["escalates_at"]
    follow_up.escalates_at = datetime.fromisoformat(escalates_at) if escalates_at else None
    follow_up.assignee_id = former["assignee_id"]
    follow_up.state, follow_up.outcome, follow_up.former = "open", None, None
    follow_up.done_at, follow_up.done_by = None, None
    if ended_at:
        follow_ups.drop_next(session, follow_up)
        follow_ups.open_twins(session, follow_up, ended_at, partners=case.shared(session))
    _save(session, follow_up, "follow_up.undone", by, now)


@dataclass(frozen=True)
class _Case:
    """The case that a follow-up belongs to, and the rule that planned it."""

    row: Standing
    rule: FollowUpRule | None
    days: Calendar
    due_hour: int

    @classmethod
    def of(cls, session: Session, follow_up: FollowUp, row: Standing, due_hour: int = 8) -> "_Case":
        definition = routes.pinned(session, row.workflow_version_id).definition
        days = calendar(row.zone, closed_days(row.closed_days))
        return cls(row, definition.rule(follow_up.rule), days, due_hour)

    def escalates_at(self, due_on: date) -> datetime | None:
        day = planning.escalates_on(self.rule, due_on, self.days)
        return moment(day, self.due_hour, self.row.zone) if day else None

    def plan_next(self, session: Session, last: FollowUp, now: datetime) -> date | None:
        """Plan the attempt after this one, if the rule has one; returns its day."""
        if self.rule is None:
            return None
        today = clock.local_day(now, self.row.zone)
        # somebody at a partner may have been asked once more since this one was escalated
        asked = follow_ups.times(session, last)
        again = planning.next_attempt(self.rule, asked, today, self.days)
        outside = again is not None and again.receiver in follow_ups.OUTSIDE
        if again is None or (outside and not self.shared(session)):
            return None
        session.add(self._attempt(last, again, now))
        session.flush()
        return again.due_on

    def shared(self, session: Session) -> bool:
        """Whether people at partners may hear of the participant."""
        return not facts.withdrawn(session, [self.row.participant_id])

    def refuse_to_reopen(self, session: Session, follow_up: FollowUp) -> None:
        """Whatever happened since must not make it pointless, or have built on it."""
        after = follow_ups.attempts_after(session, follow_up)
        if any(state in ("done", "missed") for state, _ in after):
            remedy = "Undo the attempt after it first."
            raise NothingToUndo(reference(self.row.id), remedy=remedy)
        own = all(state == "open" for state, _ in after) and (
            not after or follow_up.done_at in [created_at for _, created_at in after]
        )
        told = follow_up.receiver not in follow_ups.OUTSIDE or self.shared(session)
        if self._has_moved_on(session, follow_up) or not own or not told:
            raise NothingToUndo(reference(self.row.id), remedy=MOVED_ON)

    def _has_moved_on(self, session: Session, follow_up: FollowUp) -> bool:
        """Whether a step that still holds would have ended it, had it been open."""
        if follow_up.rule is None:
            return False
        history = cases.history(session, self.row.id)
        [there] = [entry for entry in history if entry.seq == follow_up.seq]
        since = [each for each in history if each.seq > there.seq and each.voided_by is None]
        moves = {each.move for each in since if each.kind == "move"}
        if self.rule and self.rule.ends:
            return there.voided_by is not None or bool(moves & set(self.rule.ends))
        # steps that an import adds later do not move a case that somebody moved by hand
        return there.voided_by is not None or bool(moves) or self.row.stage != there.to_stage

    def _attempt(self, last: FollowUp, again: Planned, now: datetime) -> FollowUp:
        owner = self.row.owner_id if again.receiver == "owner" else None
        return FollowUp(
            organisation_id=last.organisation_id,
            case_id=last.case_id,
            rule=again.rule,
            seq=last.seq,
            occurrence=again.occurrence,
            receiver=again.receiver,
            # after a colleague to whom it was escalated comes whom the rule names
            assignee_id=last.assignee_id if last.receiver == again.receiver else owner,
            due_on=again.due_on,
            due_at=moment(again.due_on, self.due_hour, self.row.zone),
            escalates_at=self.escalates_at(again.due_on),
            created_at=now,
        )


def _open(session: Session, follow_up_id: int) -> tuple[FollowUp, Standing]:
    follow_up, row = _locked(session, follow_up_id)
    if follow_up.state != "open":
        remedy = "Nothing needs to be done for it any more."
        raise MoveRefused(f"follow-up {follow_up_id}: {follow_up.state}", remedy=remedy)
    return follow_up, row


def _locked(session: Session, follow_up_id: int) -> tuple[FollowUp, Standing]:
    """A follow-up and its case, which nobody changes meanwhile.

    The case first, as a move does: a move at the same time must see the attempt that is planned.
    """
    found = session.get(FollowUp, follow_up_id)
    rows = cases.standing(session, [found.case_id], lock=True) if found else []
    found = session.get(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"follow-up {follow_up_id}")
    return found, rows[0]


def _keep(follow_up: FollowUp) -> None:
    """Remember how it stands before something is done with it, so that this can be undone."""
    escalates_at = follow_up.escalates_at
    follow_up.former = {
        "due_on": follow_up.due_on.isoformat(),
        "due_at": follow_up.due_at.isoformat(),
        "escalates_at": escalates_at.isoformat() if escalates_at else None,
        "assignee_id": follow_up.assignee_id,
    }


def _save(session: Session, follow_up: FollowUp, what: str, by: int | None, now: datetime) -> None:
    session.add(follow_up)
    session.flush()
    _write_journal(session, follow_up, what, by, now)


def _write_journal(
    session: Session, follow_up: FollowUp, what: str, by: int | None, now: datetime
) -> None:
    now_so = {"due_on": follow_up.due_on.isoformat(), "assignee_id": follow_up.assignee_id}
    was = (follow_up.former if what in _CHANGES else None) or now_so
    changed = {name: [was[name], now_so[name]] for name in now_so if was[name] != now_so[name]}
    detail = {"case": follow_up.case_id, **changed}
    number = follow_up.id or 0
    line = Line(follow_up.organisation_id, now, by, what, "follow_up", number, detail)
    journal.write(session, [line])
