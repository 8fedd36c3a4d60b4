"""A course that is added, changed as it was seen, and taken back while nobody goes there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.errors import BsnFound, ChangedMeanwhile, FaultyValue, NotFound, NothingToUndo
from referrals import courses, moving
from referrals.courses import CourseFacts
from referrals.moving import Answers
from storage.tables import Course, JournalEntry
from tests.builders import NOW, a_case, a_course, a_library, a_provider
from tests.looking import open_rules, rows_of

LATER = NOW + timedelta(days=1)
JUNE = date(2018, 6, 4)


def _course(session: Session) -> Course:
    library = a_library(session)
    number = a_course(session, library, a_provider(session, library))
    return session.get_one(Course, number)


def _with_somebody(session: Session) -> tuple[int, Course]:
    course = _course(session)
    case = a_case(session, course.organisation_id, "agreed")
    answers = Answers(provider=course.provider_id, course=course.id)
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=answers).raise_refusal()
    moving.move_cases(session, [case], "place", by=None, now=NOW).raise_refusal()
    return case, course


def test_everything_of_a_course_can_change_and_follow_ups_go_along(session: Session) -> None:
    case, course = _with_somebody(session)
    before = courses.facts_of(course)
    facts = CourseFacts("Anders", "digital", "formal", "Zaal 2", JUNE, None, 3, active=False)
    assert courses.change(session, course.id or 0, facts, by=None, now=LATER) == before
    assert courses.facts_of(rows_of(session, Course, id=course.id)[0]) == facts
    assert open_rules(session, case)["before_start"] == "2018-05-30"
    whats = {line.what: line.detail for line in rows_of(session, JournalEntry, subject="course")}
    assert whats["course.changed"] == {
        "fields": ["title", "subject", "kind", "place", "seats", "active"]
    }
    assert whats["course.dates"]["to"] == {"starts_on": "2018-06-04", "ends_on": None}


def test_a_change_of_something_that_changed_meanwhile_is_refused(session: Session) -> None:
    course = _course(session)
    seen = courses.facts_of(course)
    theirs = replace(seen, seats=12)
    courses.change(session, course.id or 0, theirs, seen=seen.mark, by=None, now=LATER)
    mine = replace(seen, place="Zaal 3")
    with pytest.raises(ChangedMeanwhile):
        courses.change(session, course.id or 0, mine, seen=seen.mark, by=None, now=LATER)
    assert courses.facts_of(course) == theirs
    courses.change(session, course.id or 0, mine, seen=theirs.mark, by=None, now=LATER)
    assert courses.facts_of(course) == mine


def test_facts_are_kept_and_read_again(session: Session) -> None:
    facts = courses.facts_of(_course(session))
    again = CourseFacts.from_kept(facts.kept())
    assert again == facts and again.mark == facts.mark
    assert replace(facts, seats=None).mark != facts.mark


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CourseFacts("Taal"), title="  "),
        CourseFacts("Taal", starts_on=JUNE, ends_on=JUNE - timedelta(days=1)),
    ],
)
def test_what_no_course_can_be_is_refused(session: Session, wrong: CourseFacts) -> None:
    course = _course(session)
    before = courses.facts_of(course)
    with pytest.raises(FaultyValue):
        courses.change(session, course.id or 0, wrong, by=None, now=LATER)
    assert courses.facts_of(course) == before


def test_a_course_holds_no_bsn(session: Session) -> None:
    course = _course(session)
    facts = replace(courses.facts_of(course), place="bij 123456782")
    with pytest.raises(BsnFound):
        courses.change(session, course.id or 0, facts, by=None, now=LATER)


def test_a_course_is_added_with_a_line_in_the_journal(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = courses.add(session, library, provider, CourseFacts("Taal"), by=None, now=NOW)
    [line] = rows_of(session, JournalEntry, what="course.added")
    assert (line.subject_id, line.detail) == (course.id, {})
    with pytest.raises(NotFound):
        courses.add(session, a_library(session, "b"), provider, CourseFacts("T"), by=None, now=NOW)


def test_only_a_course_that_nobody_was_referred_to_is_taken_back(session: Session) -> None:
    _, used = _with_somebody(session)
    with pytest.raises(NothingToUndo):
        courses.take_back(session, used, by=None, now=LATER)
    free = courses.add(
        session, used.organisation_id, used.provider_id, CourseFacts("Taal"), by=None, now=NOW
    )
    courses.take_back(session, free, by=None, now=LATER)
    assert [row.id for row in rows_of(session, Course)] == [used.id]
