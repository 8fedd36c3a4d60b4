"""Changes of a case that are no moves: another owner, and notes."""

from datetime import datetime

from sqlmodel import Session

from core.errors import Change, ChangedMeanwhile, FaultyValue, NotFound
from core.references import reference
from referrals import bsn, journal
from referrals.journal import Line
from storage.queries import cases, follow_ups
from storage.tables import Note


def change_owner(
    session: Session,
    case_id: int,
    owner_id: int | None,
    *,
    by: int | None,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Give a case, and what its owner still has to do for it, to somebody else or to nobody."""
    rows = cases.standing(session, [case_id], lock=True)
    if not rows:
        raise NotFound(reference(case_id))
    [row] = rows
    stale = expected_version is not None and expected_version != row.version
    if stale or not cases.update_case(session, row, owner_id=owner_id):
        change = Change(reference(case_id), "", row.stage, "", field="owner")
        raise ChangedMeanwhile(reference(case_id), change, remedy="Look again and decide.")
    follow_ups.reassign(session, case_id, row.owner_id, owner_id)
    detail = {"from": row.owner_id, "to": owner_id}
    line = Line(row.organisation_id, now, by, "case.owner", "case", case_id, detail)
    journal.write(session, [line])


def add_note(session: Session, case_id: int, text: str, *, by: int | None, now: datetime) -> Note:
    """Keep a remark with a case; raises `BsnFound` and `FaultyValue` for an empty one."""
    bsn.refuse(text, "note")
    rows = cases.standing(session, [case_id])
    if not rows:
        raise NotFound(reference(case_id))
    if not text.strip():
        raise FaultyValue("note", remedy="Write something, or leave it.")
    note = Note(
        organisation_id=rows[0].organisation_id, case_id=case_id, by_staff_id=by,
        text=text.strip(), at=now,
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note
