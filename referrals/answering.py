"""The loop closed: a provider's answer is noted and the case makes the step that it causes."""

from datetime import datetime

from sqlmodel import Session

from core.errors import NotFound, Unclear
from core.references import reference
from core.words import Told
from referrals import moving, referring, routes, telling
from referrals.moving import Answers, Outcome
from referrals.referring import Answered
from storage.queries import cases, referrals


def answer(
    session: Session,
    case_id: int,
    given: str,
    *,
    by: int | None,
    now: datetime,
    referral_id: int | None = None,
    reason: str | None = None,
    note: str | None = None,
    due_hour: int = 8,
) -> Outcome:
    """Note an answer to the open referral of a case and move the case accordingly.

    `referral_id` says to which, needed only when several are open. The answer stands even when the
    route has no step for it, or none from where the case is: then the outcome says why. Raises
    `NotFound` without an open referral, `Unclear` when there are several, and `MoveRefused` for
    an answer that the referral cannot get any more.
    """
    # the case is locked first, so that of two answers the second sees the first
    [row] = cases.standing(session, [case_id], lock=True)
    number = referral_id or _the_open_one(session, case_id)
    noted = referring.note_answer(
        session, number, given, routes.pinned(session, row.workflow_version_id),
        by=by, now=now, reason=reason, note=note,
    )  # fmt: skip
    answers = Answers(note=note, reason=reason, answered=number)
    outcome = _follow(session, noted, answers, by=by, now=now, due_hour=due_hour)
    if by is None:
        # told after the step, so that the mail says what comes next
        told = referrals.locked(session, number)
        if told is not None:
            telling.of_answer(session, told, row.owner_id, now)
    return outcome


def _follow(
    session: Session,
    noted: Answered,
    answers: Answers,
    *,
    by: int | None,
    now: datetime,
    due_hour: int,
) -> Outcome:
    if noted.causes is None:
        return Outcome()
    return moving.move_cases(
        session, [noted.case_id], noted.causes, by=by, now=now, answers=answers, due_hour=due_hour
    )


def _the_open_one(session: Session, case_id: int) -> int:
    found = referrals.open_of_cases(session, [case_id])
    thing = Told("{reference} referral", reference=reference(case_id))
    if not found:
        raise NotFound(thing, remedy="Make a referral first.")
    if len(found) > 1:
        names = referrals.partner_names(session, [row.provider_id for row in found])
        providers = ", ".join(names[row.provider_id] for row in found)
        raise Unclear(thing, remedy=Told("Name the provider: {names}.", names=providers))
    return found[0].id or 0
