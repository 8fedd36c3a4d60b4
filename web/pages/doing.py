"""What somebody says about a follow-up: done, later, handed over, not reached; and taken back."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlmodel import Session

from core.errors import MoveRefused, NothingToUndo
from core.references import reference
from core.words import say
from referrals import follow_ups, moving, names, undoing
from referrals.moves import Answers
from storage.queries import cases
from web.access import Door
from web.deeds import CHANGED_SINCE
from web.forms import Sent
from web.pages.follow_ups import Scene, later, mark, may_undo, offered, scene, view
from web.receipts import Outcome, Receipt
from web.site import Site

#: signs of a remark; it is a sentence or two, not a report
LONGEST_REMARK = 1000


def act(session: Session, door: Door, sent: Sent, site: Site) -> Outcome:
    """Do what was said, in the caller's transaction.

    Raises `NotFilledIn` with what is wrong in the form, `MoveRefused` when it is not open any
    more, `ChangedMeanwhile` for a step of a case that changed.
    """
    there = scene(session, door)
    said = sent.one_of("do", _actions(there, door))
    sent.check()
    outcome = _ACTIONS[said](session, there, door, sent, site)
    session.flush()
    return {**outcome, "mark": mark(there.row)}


def _actions(there: Scene, door: Door) -> tuple[str, ...]:
    if door.is_staff:
        missed = ("not_reached",) if there.can_miss else ()
        return ("done", "later", "hand_over", *missed, "move")
    return (
        ("yes", "not_yet", "unknown") if there.row.receiver == "referrer" else ("done", "not_yet")
    )


def _done(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    outcome = sent.text("outcome", LONGEST_REMARK)
    sent.check()
    return _do(session, there, door, outcome, site)


def _do(session: Session, there: Scene, door: Door, outcome: str, site: Site) -> Outcome:
    again_on = follow_ups.do(
        session, _number(there), by=door.by, now=door.now, outcome=outcome, due_hour=site.due_hour
    )
    return {"did": "done", "again_on": again_on.isoformat() if again_on else None}


def _yes(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    remark = sent.text("outcome", LONGEST_REMARK)
    sent.check()
    # it is kept with the case, so in the language of the library and not of who answers
    said = say(site.language, "The referrer says that there was contact.")
    return _do(session, there, door, f"{said} {remark}".strip(), site)


def _not_yet(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    """It is asked again; after the last time the library takes over, so that nobody is lost."""
    if not there.can_miss:
        week = later(there.days, there.row.due_on, door.today).week
        return _put_off(session, there, door, week, site)
    outcome = _not_reached(session, there, door, sent, site)
    if outcome["next_on"] is None:
        what = "Ask for yourself: somebody at the partner could not say yes."
        tomorrow = there.days.on_or_after(door.today + timedelta(days=1))
        follow_ups.plan_by_hand(
            session, there.case.id, say(site.language, what), tomorrow,
            assignee_id=there.case.owner_id, by=None, now=door.now, due_hour=site.due_hour,
        )  # fmt: skip
        outcome["remains"] = ["The library was asked to take over. That stays."]
    return outcome


def _later(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    choice = later(there.days, there.row.due_on, door.today)
    until: date | None = {"tomorrow": choice.tomorrow, "week": choice.week}.get(sent["until"])
    until = until or sent.day("day", choice.first, choice.last)
    sent.check()
    assert until is not None
    return _put_off(session, there, door, until, site)


def _put_off(session: Session, there: Scene, door: Door, until: date, site: Site) -> Outcome:
    follow_ups.put_off(
        session, _number(there), until, by=door.by, now=door.now, due_hour=site.due_hour
    )
    return {"did": "later", "until": until.isoformat()}


def _hand_over(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    there_are = {str(number): number for number, _ in view(session, door).colleagues}
    chosen = sent.one_of("to", there_are)
    sent.check()
    to = there_are[chosen]
    follow_ups.hand_over(session, _number(there), to, by=door.by, now=door.now)
    return {"did": "handed_over", "to": to}


def _not_reached(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    tried = follow_ups.try_in_vain(
        session, _number(there), by=door.by, now=door.now, due_hour=site.due_hour
    )
    next_on = tried.next_on.isoformat() if tried.next_on else None
    return {"did": "not_reached", "next_on": next_on}


def _move(session: Session, there: Scene, door: Door, sent: Sent, site: Site) -> Outcome:
    """The step that is offered after the last attempt, as it was seen."""
    step = offered(session, there, door)
    if step is None or sent["move"] != step.move:
        raise MoveRefused(reference(there.case.id), remedy=CHANGED_SINCE)
    reason = sent.one_of("reason", step.reasons) if step.asks_reason else None
    note = sent.text("note", names.LONGEST_NOTES)
    sent.check()
    seen = int(sent["seen"]) if sent["seen"].isdecimal() and len(sent["seen"]) < 10 else 0
    outcome = moving.move_cases(
        session, {there.case.id: seen}, step.move, by=door.by, now=door.now,
        answers=Answers(note=note or None, reason=reason), due_hour=site.due_hour,
    )  # fmt: skip
    outcome.raise_refusal()
    [moved] = outcome.moved
    return {"did": "moved", "to_stage": moved.to_stage, "seq": there.case.seq + 1}


def undo(session: Session, door: Door, receipt: Receipt, site: Site) -> Outcome:
    """Take back what a form did; raises `NothingToUndo` when something happened since."""
    there = scene(session, door)
    if receipt.did == "moved":
        # locked, so that nobody makes a step between looking and undoing
        [case] = cases.standing(session, [there.case.id], lock=True)
        there = Scene(there.row, case, there.definition, there.rule, there.days)
    if receipt.undone or not may_undo(there, receipt):
        raise NothingToUndo(reference(there.case.id), remedy=CHANGED_SINCE)
    remains: tuple[str, ...] = tuple(receipt.values.get("remains", ()))
    if receipt.did == "moved":
        remains = undoing.undo(session, there.case.id, by=door.by, now=door.now).remains
    else:
        follow_ups.undo(session, _number(there), by=door.by, now=door.now)
    return {"did": "undone", "remains": list(remains)}


def _number(there: Scene) -> int:
    return there.row.id or 0


Action = Callable[[Session, Scene, Door, Sent, Site], Outcome]
_ACTIONS: Mapping[str, Action] = {
    "done": _done,
    "later": _later,
    "hand_over": _hand_over,
    "not_reached": _not_reached,
    "move": _move,
    "yes": _yes,
    "not_yet": _not_yet,
    "unknown": _not_yet,
}
