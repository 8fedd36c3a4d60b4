"""Courses that change: what is known of them, and days that take everybody along who goes there."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

from core.errors import Change, ChangedMeanwhile, FaultyValue, NotFound, NothingToUndo
from referrals import bsn, journal, partners, replanning
from referrals.journal import Line
from storage.queries import pointers, referrals
from storage.tables import Course

COURSES: Table = Course.__table__  # type: ignore[attr-defined]
#: subject and kind as the yearly request of CBS distinguishes them
SUBJECTS = ("language", "numeracy", "digital", "combined")
KINDS = ("formal", "non_formal_professional", "non_formal_volunteer")


@dataclass(frozen=True)
class CourseFacts:
    """What a library knows of a course and may change."""

    title: str
    subject: str = "language"
    kind: str = "non_formal_volunteer"
    place: str = ""
    #: local days; none: not known yet
    starts_on: date | None = None
    ends_on: date | None = None
    #: none: no limit
    seats: int | None = None
    #: whether people can be referred there
    active: bool = True

    @property
    def mark(self) -> str:
        """What tells these facts from any other, for seeing that somebody changed them."""
        return hashlib.sha256(json.dumps(self.kept(), sort_keys=True).encode()).hexdigest()[:16]

    def kept(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "CourseFacts":
        """What `kept` wrote."""
        days = {name: _day(kept[name]) for name in ("starts_on", "ends_on")}
        return cls(**{**kept, **days})

    def check(self) -> None:
        """Raises `FaultyValue` for what no course can be."""
        if not self.title.strip():
            raise FaultyValue("title", remedy="Name the course.")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise FaultyValue(self.title, remedy="The last day must come after the first.")
        bsn.refuse(self.title, "title")
        bsn.refuse(self.place, "place")


def facts_of(course: Course) -> CourseFacts:
    """What is known of a course."""
    return CourseFacts(
        course.title, course.subject, course.kind, course.place, course.starts_on, course.ends_on,
        course.seats, course.active,
    )  # fmt: skip


def add(
    session: Session,
    organisation_id: int,
    provider_id: int,
    facts: CourseFacts,
    *,
    by: int | None,
    now: datetime,
) -> Course:
    """A new course of a provider; raises `FaultyValue`, and `NotFound` for an unknown provider."""
    facts.check()
    course = partners.add_course(
        session, organisation_id, provider_id, facts.title, subject=facts.subject,
        kind=facts.kind, place=facts.place, starts_on=facts.starts_on, ends_on=facts.ends_on,
        seats=facts.seats,
    )  # fmt: skip
    journal.write(session, [_line(course, now, by, "course.added", {})])
    return course


def take_back(session: Session, course: Course, *, by: int | None, now: datetime) -> None:
    """Take a course away that nobody was referred to; raises `NothingToUndo` when somebody was."""
    if not pointers.remove_unused(session, COURSES, course.id or 0):
        raise NothingToUndo(course.title, remedy="Somebody was referred there. Close it instead.")
    session.expunge(course)
    journal.write(session, [_line(course, now, by, "course.taken_back", {})])


def change(
    session: Session,
    course_id: int,
    facts: CourseFacts,
    *,
    seen: str | None = None,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
) -> CourseFacts:
    """Change what is known of a course and return what was; what counts from its days goes along.

    `seen`: the mark of what the changer saw; raises `ChangedMeanwhile` when it is something else
    by now. Raises `NotFound`, and `FaultyValue` when it would end before it starts.
    """
    going = referrals.cases_going_to(session, course_id)
    with replanning.following(session, going, now=now, due_hour=due_hour):
        course = _locked(session, course_id)
        before = facts_of(course)
        if seen is not None and seen != before.mark:
            changed = Change(before.title, "", "", "", field="course")
            remedy = "Look at what is there now, and choose what holds."
            raise ChangedMeanwhile(before.title, changed, remedy=remedy)
        facts.check()
        if before == facts:
            return before
        for name, value in asdict(facts).items():
            setattr(course, name, value)
        session.add(course)
        session.flush()
        journal.write(session, _lines(course, before, facts, by, now))
    return before


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
    course = session.get(Course, course_id, populate_existing=True)
    if course is None:
        raise NotFound(f"course {course_id}")
    facts = replace(facts_of(course), starts_on=starts_on, ends_on=ends_on)
    change(session, course_id, facts, by=by, now=now, due_hour=due_hour)


def _locked(session: Session, course_id: int) -> Course:
    # the lock lets others point at the course meanwhile: they hold cases that we may wait for
    lock = {"key_share": True}
    course = session.get(Course, course_id, with_for_update=lock, populate_existing=True)
    if course is None:
        raise NotFound(f"course {course_id}")
    return course


def _lines(
    course: Course, before: CourseFacts, after: CourseFacts, by: int | None, now: datetime
) -> list[Line]:
    """Days with what they were and are; of everything else which fields changed."""
    days = ("starts_on", "ends_on")
    was, is_now = before.kept(), after.kept()
    changed = [name for name in was if was[name] != is_now[name]]
    lines = []
    if set(changed) & set(days):
        detail = {
            "from": {name: was[name] for name in days}, "to": {name: is_now[name] for name in days},
        }  # fmt: skip
        lines.append(_line(course, now, by, "course.dates", detail))
    others = [name for name in changed if name not in days]
    if others:
        lines.append(_line(course, now, by, "course.changed", {"fields": others}))
    return lines


def _line(
    course: Course, now: datetime, by: int | None, what: str, detail: Mapping[str, Any]
) -> Line:
    return Line(course.organisation_id, now, by, what, "course", course.id or 0, detail)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
