"""The loop closed: a provider's answer is noted and the case makes the step that it causes."""

from datetime import datetime

from sqlmodel import Session

from core.errors import NotFound
from core.references import reference
from core.words import Told
from referrals import moving, referring, routes
from referrals.moving import Answers, Outcome
from storage.queries import cases, referrals


def answer(
    session: Session,
    case_id: int,
    given: str,
    *,
    by: int | None,
    now: datetime,
    reason: str | None = None,
    note: str | None = None,
    due_hour: int = 8,
) -> Outcome:
    """Note an answer to the newest open referral of a case and move the case accordingly.

    The answer stands even when the route has no step for it, or none from where the case is: then
    the outcome says why. Raises `NotFound` without an open referral, and `MoveRefused` for an
    answer that the referral cannot get any more.
    """
    # the case is locked first, so that of two answers the second sees the first
    rows = cases.standing(session, [case_id], lock=True)
    found = referrals.open_of_cases(session, [case_id])
    if not found:
        remedy = "Make a referral first."
        raise NotFound(Told("{reference} referral", reference=reference(case_id)), remedy=remedy)
    [row] = rows
    noted = referring.note_answer(
        session, found[-1].id or 0, given, routes.pinned(session, row.workflow_version_id),
        by=by, now=now, reason=reason, note=note,
    )  # fmt: skip
    if noted.causes is None:
        return Outcome()
    answers = Answers(note=note, reason=reason)
    return moving.move_cases(
        session, [case_id], noted.causes, by=by, now=now, answers=answers, due_hour=due_hour
    )
