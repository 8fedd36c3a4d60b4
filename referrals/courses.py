"""Courses that begin or end on another day than was agreed, with everybody who goes there."""

from datetime import date, datetime

from sqlmodel import Session

from core.errors import FaultyValue, NotFound
from referrals import journal, replanning
from referrals.journal import Line
from storage.queries import referrals
from storage.tables import Course


def change_dates(
    session: Session,
    course_id: int,
    *,
    starts_on: date | None,
    ends_on: date | None,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
) -> None:
    """Give a course other days (local; none: not known yet); what counts from them goes along.

    Raises `NotFound`, and `FaultyValue` when it would end before it starts.
    """
    going = referrals.cases_going_to(session, course_id)
    with replanning.following(session, going, now=now, due_hour=due_hour):
        course = _locked(session, course_id)
        if starts_on and ends_on and ends_on < starts_on:
            raise FaultyValue(course.title, remedy="The last day must come after the first.")
        before = {"starts_on": course.starts_on, "ends_on": course.ends_on}
        after = {"starts_on": starts_on, "ends_on": ends_on}
        if before == after:
            return
        course.starts_on, course.ends_on = starts_on, ends_on
        session.add(course)
        session.flush()
        detail = {"from": _written(before), "to": _written(after)}
        line = Line(course.organisation_id, now, by, "course.dates", "course", course_id, detail)
        journal.write(session, [line])


def _locked(session: Session, course_id: int) -> Course:
    # the lock lets others point at the course meanwhile: they hold cases that we may wait for
    lock = {"key_share": True}
    course = session.get(Course, course_id, with_for_update=lock, populate_existing=True)
    if course is None:
        raise NotFound(f"course {course_id}")
    return course


def _written(days: dict[str, date | None]) -> dict[str, str | None]:
    return {name: day.isoformat() if day else None for name, day in days.items()}
