"""Many cases at once: another owner, the same follow-up; and whatever was done, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.errors import FaultyValue, NothingToUndo
from referrals import bsn, case_changes, journal, undoing
from referrals.journal import Line
from storage.dialects import append, reserve_numbers
from storage.queries import bulk_changes, cases, follow_ups, messages
from storage.queries.cases import Standing
from storage.queries.messages import Queued
from workflows.workdays import moment

#: cases at once
MOST = 10_000
_COLUMNS = (
    "id", "organisation_id", "case_id", "seq", "occurrence", "receiver", "assignee_id", "what",
    "due_on", "due_at", "state", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class TakenBack:
    """What an undo of many did: the cases that are as they were, and those that went on since."""

    undone: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def change_owner(
    session: Session, ids: Sequence[int], owner_id: int | None, *, by: int, now: datetime
) -> dict[int | None, list[int]]:
    """Give cases to somebody or to nobody; returns owner before → cases that were theirs.

    What those still had to do for them goes along. A case that has this owner stays as it is.
    """
    rows = [row for row in cases.standing(session, ids, lock=True) if row.owner_id != owner_id]
    before: dict[int | None, list[int]] = {}
    for row in rows:
        before.setdefault(row.owner_id, []).append(row.id)
    for owner, theirs in before.items():
        bulk_changes.give(session, theirs, owner_id)
        bulk_changes.reassign(session, theirs, owner, owner_id)
    lines = (
        Line(
            row.organisation_id, now, by, "case.owner", "case", row.id,
            {"from": row.owner_id, "to": owner_id},
        )
        for row in rows
    )  # fmt: skip
    journal.write(session, lines)
    return before


def give_back(
    session: Session,
    before: Mapping[int | None, Sequence[int]],
    owner_id: int | None,
    *,
    by: int,
    now: datetime,
) -> TakenBack:
    """Give cases back to whoever had them before, as long as `owner_id` still has them."""
    done = TakenBack()
    for owner, ids in before.items():
        rows = cases.standing(session, ids, lock=True)
        same = [row.id for row in rows if row.owner_id == owner_id]
        change_owner(session, same, owner, by=by, now=now)
        done.undone.extend(same)
        done.left.extend(row.id for row in rows if row.owner_id != owner_id)
    return _some(done)


def plan(
    session: Session,
    ids: Sequence[int],
    what: str,
    due_on: date,
    *,
    assignee_id: int | None,
    by: int,
    now: datetime,
    due_hour: int = 8,
) -> list[int]:
    """Plan the same for each case on a local day; returns the numbers of the follow-ups.

    For a colleague, or (none) for the owner of each. Raises `FaultyValue` as planning one does.
    """
    bsn.refuse(what, "what")
    rows = cases.standing(session, ids, lock=True)
    if not what.strip():
        raise FaultyValue("what", remedy="Say what must be done.")
    if any(due_on < clock.local_day(now, row.zone) for row in rows):
        raise FaultyValue(due_on.isoformat(), remedy="Choose today or a later day.")
    numbers = reserve_numbers(session, follow_ups.FOLLOW_UPS, len(rows))
    append(
        session, follow_ups.FOLLOW_UPS, _COLUMNS,
        (
            _row(row, number, what.strip(), due_on, assignee_id, now, due_hour)
            for row, number in zip(rows, numbers, strict=True)
        ),
    )  # fmt: skip
    lines = (
        Line(
            row.organisation_id, now, by, "follow_up.planned", "follow_up", number,
            {"case": row.id},
        )
        for row, number in zip(rows, numbers, strict=True)
    )  # fmt: skip
    journal.write(session, lines)
    return numbers


def _row(
    case: Standing,
    number: int,
    what: str,
    due_on: date,
    assignee_id: int | None,
    now: datetime,
    due_hour: int,
) -> tuple[object, ...]:
    return (
        number, case.organisation_id, case.id, case.seq, 1, "owner",
        assignee_id or case.owner_id, what, due_on, moment(due_on, due_hour, case.zone), "open",
        now,
    )  # fmt: skip


def ask_owners(
    session: Session, ids: Sequence[int], *, by: int, now: datetime
) -> dict[int, list[int]]:
    """Mail each owner, but for whoever asks, about their cases among these; owner → cases."""
    theirs: dict[int, list[int]] = {}
    rows = cases.standing(session, ids)
    for row in rows:
        if row.owner_id is not None and row.owner_id != by:
            theirs.setdefault(row.owner_id, []).append(row.id)
    mails = [
        Queued(
            rows[0].organisation_id, f"about_cases:{by}:{owner}:{now:%Y%m%d%H%M%S%f}",
            "about_cases", staff_id=owner, detail={"by": by, "cases": numbers},
        )
        for owner, numbers in theirs.items()
    ]  # fmt: skip
    messages.queue(session, mails, now)
    return theirs


def drop(session: Session, numbers: Sequence[int], *, by: int, now: datetime) -> TakenBack:
    """Take back what was planned, as long as nothing was done with it."""
    done = TakenBack()
    for row in bulk_changes.planned(session, numbers):
        if row.untouched:
            case_changes.drop_plan(session, row.id, by=by, now=now)
            done.undone.append(row.case_id)
        else:
            done.left.append(row.case_id)
    return _some(done)


def undo_moves(
    session: Session, ids: Sequence[int], move: str, at: datetime, *, by: int, now: datetime
) -> TakenBack:
    """Undo the move that was made with each of these cases at a moment, where it was the last."""
    done = TakenBack()
    cases.standing(session, ids, lock=True)
    last = {each.case_id: each for each in bulk_changes.last_steps(session, ids)}
    for number in ids:
        step = last.get(number)
        if step and (step.kind, step.move, step.recorded_at) == ("move", move, at):
            undoing.undo(session, number, by=by, now=now)
            done.undone.append(number)
        else:
            done.left.append(number)
    return _some(done)


def _some(done: TakenBack) -> TakenBack:
    """Raises `NothingToUndo` when all of them went on."""
    if not done.undone:
        raise NothingToUndo("", remedy="All of these cases went on since.")
    return done
