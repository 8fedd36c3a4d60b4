"""Takes up somebody who was introduced: from then on a member of staff has the case."""

from datetime import datetime

from sqlmodel import Session

from core.errors import MoveRefused, NotFound, NothingToUndo
from core.references import reference
from referrals import case_changes, journal
from referrals.journal import Line
from storage.queries import cases, introductions
from storage.tables import Introduction


def take_up(
    session: Session, organisation_id: int, number: int, *, by: int, now: datetime
) -> tuple[int, bool]:
    """Take up an introduction; returns its case, and whether it got an owner by it.

    Raises `NotFound`, and `MoveRefused` when a colleague was first.
    """
    row = _locked(session, organisation_id, number)
    if row.state != "new" or row.case_id is None:
        remedy = "A colleague took this up already."
        raise MoveRefused(reference(row.case_id or 0), remedy=remedy)
    [case] = cases.standing(session, [row.case_id], lock=True)
    unowned = case.owner_id is None
    if unowned:
        case_changes.change_owner(session, case.id, by, by=by, now=now)
    _put(session, row, "taken_up", by, now)
    return case.id, unowned


def take_back(
    session: Session, organisation_id: int, number: int, *, owned: bool, by: int, now: datetime
) -> None:
    """It is new again; `owned`: the case is nobody's again too. Raises `NothingToUndo`."""
    row = _locked(session, organisation_id, number)
    [case] = cases.standing(session, [row.case_id or 0], lock=True)
    if row.state != "taken_up" or (owned and case.owner_id != by):
        raise NothingToUndo(reference(case.id), remedy="Somebody changed it since.")
    if owned:
        case_changes.change_owner(session, case.id, None, by=by, now=now)
    _put(session, row, "new", by, now)


def _locked(session: Session, organisation_id: int, number: int) -> Introduction:
    row = introductions.locked(session, organisation_id, number)
    if row is None:
        raise NotFound(str(number))
    return row


def _put(session: Session, row: Introduction, state: str, by: int, now: datetime) -> None:
    row.state = state
    session.add(row)
    session.flush()
    line = Line(row.organisation_id, now, by, f"introduction.{state}", "introduction", row.id or 0)
    journal.write(session, [line])
