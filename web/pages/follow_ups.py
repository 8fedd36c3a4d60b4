"""The page of a follow-up: what must be done, for which case, by when, and what can be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException

from core.references import reference
from referrals import routes
from storage.queries import cases, doors, staff
from storage.queries.cases import Standing
from storage.tables import FollowUp
from web.access import Door
from web.receipts import Receipt
from workflows import planning
from workflows.definition import Definition, FollowUpRule, Move
from workflows.workdays import Calendar, calendar, closed_days

TEMPLATE = "answers/follow_up.html"
PARTNER_TEMPLATE = "answers/partner_follow_up.html"
#: how far something can be put off
_FURTHEST = timedelta(days=365)
#: what a page of ours can ask with a step
_CAN_ASK = frozenset({"note", "reason"})


@dataclass(frozen=True)
class Offered:
    """A step that the rule offers after the last attempt in vain."""

    move: str
    title: str
    asks_reason: bool
    #: code → title
    reasons: Mapping[str, str]
    #: the version of the case that was seen
    version: int


@dataclass(frozen=True)
class Later:
    """The days to which something can be put off with one button, and the furthest."""

    #: none: it is due later than that
    tomorrow: date | None
    is_tomorrow: bool
    week: date
    first: date
    last: date


@dataclass(frozen=True)
class FollowUpView:
    """What the page shows."""

    what: str
    reference: str
    first_name: str | None
    route: str
    stage: str
    due_on: date
    #: workdays that it is late
    late: int
    today: bool
    state: str
    done_by: str | None
    done_at: datetime | None
    #: what the case did since the mail
    changed: bool
    #: somebody else has it now
    assignee: str | None
    #: the attempt that is planned already
    next_on: date | None
    #: whether the rule knows attempts in vain, and when the next one would be
    can_miss: bool
    again_on: date | None
    offered: Offered | None
    later: Later
    colleagues: tuple[tuple[int, str], ...]
    #: whether the page asks if there was contact, instead of what became of it
    asks_contact: bool


@dataclass(frozen=True)
class Scene:
    """A follow-up with its case and its rule."""

    row: FollowUp
    case: Standing
    definition: Definition
    rule: FollowUpRule | None
    days: Calendar

    @property
    def can_miss(self) -> bool:
        """Whether it is planned again when it was in vain; else it can only be put off."""
        return self.rule is not None and self.rule.every is not None


def scene(session: Session, door: Door) -> Scene:
    """What a link is about; 404 when it is not there, or is none of the holder's business."""
    row = doors.follow_up(session, door.organisation_id, door.link.subject_id)
    if row is None:
        raise HTTPException(404)
    [case] = cases.standing(session, [row.case_id])
    if door.partner_id is not None and not _concerns(session, row, case, door.partner_id):
        raise HTTPException(404)
    definition = routes.pinned(session, case.workflow_version_id).definition
    days = calendar(case.zone, closed_days(case.closed_days))
    return Scene(row, case, definition, definition.rule(row.rule), days)


def _concerns(session: Session, row: FollowUp, case: Standing, partner: int) -> bool:
    """Whether somebody at a partner was asked this: who introduced, or who gives the course."""
    if row.receiver == "referrer":
        return case.partner_id == partner
    return row.receiver == "provider" and doors.refers_to(session, case.id, partner)


def template(door: Door) -> str:
    """Staff see more and can do more than somebody at a partner."""
    return TEMPLATE if door.is_staff else PARTNER_TEMPLATE


def view(session: Session, door: Door) -> FollowUpView:
    """What the page shows now."""
    there = scene(session, door)
    row, case, language = there.row, there.case, door.language
    names = staff.names_of(session, door.organisation_id) if door.is_staff else {}
    after = doors.attempt_after(session, row)
    return FollowUpView(
        what=what(there, language),
        reference=reference(case.id),
        first_name=_first_name(session, door, case),
        route=there.definition.title[language],
        stage=there.definition.stages[case.stage].title[language],
        due_on=row.due_on,
        late=there.days.workdays_between(row.due_on, door.today) if row.state == "open" else 0,
        today=row.due_on == door.today,
        state=row.state,
        done_by=names.get(row.done_by or 0),
        done_at=row.done_at,
        changed=door.link.version not in (None, case.version),
        assignee=names.get(row.assignee_id or 0) if row.assignee_id != door.by else None,
        next_on=after.due_on if after else None,
        can_miss=there.can_miss,
        again_on=_again_on(there, door.today),
        offered=offered(session, there, door),
        later=later(there.days, there.row.due_on, door.today),
        colleagues=_colleagues(session, door, row),
        asks_contact=row.receiver == "referrer",
    )


def what(there: Scene, language: str) -> str:
    """What must be done, by the route or as somebody planned it."""
    return there.rule.do[language] if there.rule else there.row.what or ""


def _first_name(session: Session, door: Door, case: Standing) -> str | None:
    if not door.is_staff:
        return None
    person = doors.participant(session, case.organisation_id, case.participant_id)
    return person.first_name if person else None


def _colleagues(session: Session, door: Door, row: FollowUp) -> tuple[tuple[int, str], ...]:
    """Everybody but the holder, and whoever has it already."""
    if not door.is_staff or row.state != "open":
        return ()
    others = doors.colleagues(session, door.organisation_id)
    return tuple(
        (each.id or 0, each.name) for each in others if each.id not in (door.by, row.assignee_id)
    )


def _again_on(there: Scene, today: date) -> date | None:
    if there.rule is None or there.row.state != "open":
        return None
    again = planning.next_attempt(there.rule, there.row.occurrence, today, there.days)
    return again.due_on if again else None


def later(days: Calendar, due_on: date, today: date) -> Later:
    """The next workday, a week from now (or from when it is due), and any day within a year."""
    tomorrow = today + timedelta(days=1)
    next_day = days.on_or_after(tomorrow)
    week = days.on_or_after(max(today, due_on) + timedelta(weeks=1))
    return Later(
        tomorrow=next_day if next_day > due_on else None,
        is_tomorrow=next_day == tomorrow,
        week=week,
        first=tomorrow,
        last=today + _FURTHEST,
    )


def offered(session: Session, there: Scene, door: Door) -> Offered | None:
    """The step that is offered now: the last attempt was in vain and the case is still there."""
    row, case = there.row, there.case
    if row.state != "missed" or not door.is_staff or case.seq != row.seq or there.rule is None:
        return None
    move = next(
        (each for each in there.definition.moves_from[case.stage] if each.name == there.rule.then),
        None,
    )
    if move is None or _needs_more(move) or doors.attempt_after(session, row):
        return None
    reasons = {code: titles[door.language] for code, titles in there.definition.reasons.items()}
    asks_reason = move.questions.get("reason", False)
    return Offered(move.name, move.title[door.language], asks_reason, reasons, case.version)


def _needs_more(move: Move) -> bool:
    """Whether the step must be given something that this page cannot ask."""
    return any(needed and name not in _CAN_ASK for name, needed in move.questions.items())


def may_undo(there: Scene, receipt: Receipt) -> bool:
    """Whether nothing happened since that would be undone instead."""
    if receipt.did == "moved":
        return bool(there.case.seq == receipt.values["seq"])
    return receipt.did != "undone" and receipt.values.get("mark") == mark(there.row)


def mark(row: FollowUp) -> list[Any]:
    """How a follow-up stands, to see later whether anybody changed it."""
    done_at = row.done_at.isoformat() if row.done_at else None
    return [row.state, row.due_on.isoformat(), row.assignee_id, done_at]
