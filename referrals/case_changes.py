"""Changes of a case that are no moves: another owner or appointment, notes, plans taken back."""

from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.errors import Change, ChangedMeanwhile, FaultyValue, NotFound, NothingToUndo
from core.references import reference
from referrals import bsn, journal, replanning, routes, telling
from referrals.entering import Entering
from referrals.journal import Line
from storage.queries import cases, follow_ups
from storage.queries.cases import Standing
from storage.tables import FollowUp, Note


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
    row = _locked(session, case_id, expected_version, "owner")
    cases.update_case(session, row, owner_id=owner_id)
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


def remove_note(
    session: Session, case_id: int, note_id: int, *, by: int | None, now: datetime
) -> None:
    """Take a remark away that was just written, by whoever wrote it.

    Raises `NothingToUndo` when it is gone already.
    """
    note = session.get(Note, note_id, with_for_update=True, populate_existing=True)
    if note is None or (note.case_id, note.by_staff_id) != (case_id, by):
        raise NothingToUndo("note", remedy="It was taken back before.")
    line = Line(note.organisation_id, now, by, "case.note_removed", "case", note.case_id)
    session.delete(note)
    session.flush()
    journal.write(session, [line])


def change_appointment(
    session: Session,
    case_id: int,
    day: date | None,
    *,
    by: int | None,
    now: datetime,
    expected_version: int | None = None,
    due_hour: int = 8,
) -> None:
    """Give a case another appointment, a local day, or none; what counts from it goes along.

    A participant who asked for mail hears of the new day where the route counts from it. Raises
    `ChangedMeanwhile`, and `FaultyValue` for a day that has passed.
    """
    rows = cases.standing(session, [case_id])
    if rows and day is not None and day < clock.local_day(now, rows[0].zone):
        raise FaultyValue("appointment", remedy="Choose today or a later day.")
    put_appointment(
        session, case_id, day, by=by, now=now, expected_version=expected_version, due_hour=due_hour
    )


def put_appointment(
    session: Session,
    case_id: int,
    day: date | None,
    *,
    by: int | None,
    now: datetime,
    expected_version: int | None = None,
    due_hour: int = 8,
) -> None:
    """Like `change_appointment`, also back to a day that has passed by now."""
    with replanning.following(session, [case_id], now=now, due_hour=due_hour):
        row = _locked(session, case_id, expected_version, "appointment")
        cases.update_case(session, row, appointment_on=day)
    detail = {"from": _written(row.appointment_on), "to": _written(day)}
    line = Line(row.organisation_id, now, by, "case.appointment", "case", case_id, detail)
    journal.write(session, [line])
    today = clock.local_day(now, row.zone)
    if day is not None and day >= today and day != row.appointment_on:
        here = Entering(row, row.seq, "move", None, None, row.stage, now, today)
        versions = {row.workflow_version_id: routes.pinned(session, row.workflow_version_id)}
        telling.of_appointments(session, [here], versions, day, now)


def drop_plan(session: Session, follow_up_id: int, *, by: int | None, now: datetime) -> None:
    """Take back what somebody planned by hand, as long as nothing was done with it."""
    follow_up = session.get(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
    by_hand = follow_up is not None and follow_up.rule is None and follow_up.former is None
    if follow_up is None or not by_hand or follow_up.state != "open":
        raise NothingToUndo("follow_up", remedy="Somebody changed it since.")
    follow_up.state, follow_up.done_at = "ended", now
    session.add(follow_up)
    session.flush()
    line = Line(
        follow_up.organisation_id, now, by, "follow_up.dropped", "follow_up", follow_up_id,
        {"case": follow_up.case_id},
    )  # fmt: skip
    journal.write(session, [line])


def _locked(session: Session, case_id: int, expected: int | None, field: str) -> Standing:
    """A case that nobody changes meanwhile, as it was seen."""
    rows = cases.standing(session, [case_id], lock=True)
    if not rows:
        raise NotFound(reference(case_id))
    [row] = rows
    if expected is not None and expected != row.version:
        change = Change(reference(case_id), "", row.stage, "", field=field)
        raise ChangedMeanwhile(reference(case_id), change, remedy="Look again and decide.")
    return row


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
