"""Undoes the last step of a case: a step too, that voids the one before and what it planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import clock
from core.errors import MoveRefused, NotFound, NothingToUndo
from core.references import reference
from referrals import entering, referring, routes
from referrals.entering import Entering
from storage.queries import cases, consents, facts, follow_ups, reach, timelines
from storage.queries.cases import Entry, Standing
from workflows.definition import Definition

WENT_OVER = "The case went over to another version of its route. Bring it back first."


@dataclass(frozen=True)
class Undone:
    """What was undone, and what stays as it is."""

    case_id: int
    from_stage: str
    to_stage: str
    #: sentences about what cannot be taken back
    remains: tuple[str, ...] = ()


def undo(session: Session, case_id: int, *, by: int | None, now: datetime) -> Undone:
    """Undo the last step that still holds; commits nothing.

    What the step had ended must be followed up again, on the day that was set for it; the answer
    that it came with is taken back, and the referral that it sent is withdrawn. Raises
    `NothingToUndo` at the opening and for steps that came from an import.
    """
    rows = cases.standing(session, [case_id], lock=True)
    if not rows:
        raise NotFound(reference(case_id))
    [row] = rows
    history = cases.history(session, case_id)
    held = [each for each in history if _holds(each)]
    if held[-1].kind == "migrate":
        # the steps before were made on another version, whose stages this one may not know
        raise NothingToUndo(reference(case_id), remedy=WENT_OVER)
    if last_step(history) is None:
        remedy = "Only steps that somebody made can be undone, not the opening or an import."
        raise NothingToUndo(reference(case_id), remedy=remedy)
    last, before = held[-1], held[-2]
    definition = routes.pinned(session, row.workflow_version_id).definition
    final = definition.stages[before.to_stage].final
    put = cases.put_at(
        session, [row], before.to_stage, day=before.day, closed_at=before.at if final else None
    )
    if put != 1:
        raise MoveRefused(reference(row.id))
    seq = row.seq + 1
    entry = Entering(
        row, seq, "undo", last.move, last.to_stage, before.to_stage, now,
        clock.local_day(now, row.zone), by=by,
    )  # fmt: skip
    entering.write_history(session, [entry], now)
    cases.void_entry(session, case_id, last.seq, seq)
    reach.void(session, row.person_key, row.case_key, last.seq, now)
    taken_back = referring.take_back(session, case_id, last.recorded_at, now)
    _plan_as_before(session, row, definition, last, before, now)
    entering.write_journal(session, "case.undone", [entry], now)
    remains = _remains(session, row, last, referrals_back=taken_back)
    return Undone(case_id, last.to_stage, before.to_stage, remains)


def last_step(history: Sequence[Entry]) -> Entry | None:
    """The step that an undo would take back; none at the opening and for what was imported."""
    held = [each for each in history if _holds(each)]
    return held[-1] if len(held) > 1 and held[-1].kind == "move" else None


def _holds(entry: Entry) -> bool:
    return entry.voided_by is None and entry.kind != "undo"


def _plan_as_before(
    session: Session,
    row: Standing,
    definition: Definition,
    last: Entry,
    before: Entry,
    now: datetime,
) -> None:
    """Drop what the undone step planned, and open again what it ended."""
    lasting = [rule.name for rule in definition.follow_ups.values() if rule.ends]
    follow_ups.end_planned(session, [row.id], now, keep=lasting)
    follow_ups.drop_planned_for(session, row.id, last.seq, now)
    here = [rule.name for rule in definition.rules_at[before.to_stage]]
    shared = not facts.withdrawn(session, [row.participant_id])
    follow_ups.reopen_ended(
        session, row.id, last.seq, last.recorded_at, rules=[*here, *lasting], partners=shared
    )


def _remains(
    session: Session, case: Standing, last: Entry, *, referrals_back: bool
) -> tuple[str, ...]:
    """What the undone step also did and an undo does not take back."""
    remains = []
    if not referrals_back:
        remains.append("The referral was answered meanwhile and stays as it is.")
    if consents.noted_at(session, case.participant_id, last.recorded_at):
        remains.append("The consent that was noted stays. Withdraw it if it was a mistake.")
    if cases.opened_at(session, case.id, last.recorded_at):
        remains.append("The linked case that was opened stays. Close it if it was a mistake.")
    if timelines.mailed_since(session, case.id, last.recorded_at):
        remains.append("A mail that went out about it stays where it is.")
    return tuple(remains)
