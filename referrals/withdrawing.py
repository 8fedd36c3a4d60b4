"""Takes back a case that was opened by mistake, as long as nothing else happened to it."""

from datetime import datetime

from sqlmodel import Session

from core.errors import NotFound, NothingToUndo
from core.references import reference
from referrals import journal
from referrals.journal import Line
from storage.queries import cases, reach_keys, withdrawals


def may_take_back(session: Session, organisation_id: int, case_id: int) -> bool:
    """Whether a case is still as it was opened."""
    rows = cases.standing(session, [case_id])
    there = bool(rows) and rows[0].organisation_id == organisation_id
    return there and withdrawals.untouched(session, case_id)


def take_back(
    session: Session,
    organisation_id: int,
    case_id: int,
    *,
    with_person: bool,
    by: int | None,
    now: datetime,
) -> bool:
    """Delete a case that was just opened; what counting knew of it counts no more from `now` on.

    `with_person`: the participant came with it, and goes too unless something is known of them
    by now. Returns whether they went. Raises `NothingToUndo` when something happened to the case.
    """
    rows = cases.standing(session, [case_id], lock=True)
    if not rows or rows[0].organisation_id != organisation_id:
        raise NotFound(reference(case_id))
    [row] = rows
    if not withdrawals.untouched(session, case_id):
        remedy = "Something was done with the case since. Stop it with a step instead."
        raise NothingToUndo(reference(case_id), remedy=remedy)
    reach_keys.void_case(session, row.person_key, row.case_key, now)
    withdrawals.forget_case(session, case_id)
    lines = [Line(organisation_id, now, by, "case.taken_back", "case", case_id)]
    person = row.participant_id
    goes = with_person and withdrawals.unknown_since(session, person)
    if goes:
        withdrawals.forget_person(session, person)
        lines.append(
            Line(organisation_id, now, by, "participant.taken_back", "participant", person)
        )
    journal.write(session, lines)
    return goes
