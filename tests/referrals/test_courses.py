"""Courses that begin or end on another day: whoever goes there is called on the right one."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.errors import FaultyValue, NotFound
from referrals import consent, courses, moving, referring, routes
from referrals.moving import Answers
from storage.queries import cases
from storage.tables import Course, JournalEntry
from tests.builders import NOW, a_case, a_colleague, a_course, a_library, a_provider
from tests.looking import assert_whole, open_rules, planned, rows_of, the_case
from workflows.library import builtin

LATER = NOW + timedelta(days=1)
#: the days of `a_course`
STARTS, ENDS = date(2018, 5, 7), date(2018, 7, 2)
JUNE = date(2018, 6, 4)


def _going(session: Session, *moves: str) -> tuple[int, int]:
    """(case, course) of somebody who was referred to a course and moved on from there."""
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "agreed", owner=bo)
    answers = Answers(provider=provider, course=course)
    for move in ("refer", *moves):
        moving.move_cases(session, [case], move, by=bo, now=NOW, answers=answers).raise_refusal()
        answers = Answers()
    return case, course


def _change(session: Session, course: int, starts_on: date | None, ends_on: date | None) -> None:
    courses.change_dates(session, course, starts_on=starts_on, ends_on=ends_on, by=None, now=LATER)


def test_a_course_that_begins_later_is_called_about_later(session: Session) -> None:
    case, course = _going(session, "place")
    # three workdays before
    assert open_rules(session, case) == {"before_start": "2018-05-02"}

    _change(session, course, JUNE, ENDS)

    assert open_rules(session, case) == {"before_start": "2018-05-30"}
    assert [(row.state, row.occurrence) for row in planned(session, case, rule="before_start")] == [
        ("ended", 1), ("open", 2),
    ]  # fmt: skip
    [line] = rows_of(session, JournalEntry, what="case.replanned")
    assert (line.subject_id, line.detail) == (case, {"rules": ["before_start"]})
    assert_whole(session, case)


def test_a_changed_course_is_in_the_journal_with_who_did_it(session: Session) -> None:
    case, course = _going(session)
    bo, library = the_case(session, case).owner_id, the_case(session, case).organisation_id
    courses.change_dates(session, course, starts_on=JUNE, ends_on=None, by=bo, now=LATER)
    [line] = rows_of(session, JournalEntry, what="course.dates")
    assert (line.organisation_id, line.at, line.by_staff_id) == (library, LATER, bo)
    assert (line.subject, line.subject_id) == ("course", course)
    assert line.detail == {
        "from": {"starts_on": "2018-05-07", "ends_on": "2018-07-02"},
        "to": {"starts_on": "2018-06-04", "ends_on": None},
    }
    [row] = rows_of(session, Course, id=course)
    assert (row.starts_on, row.ends_on) == (JUNE, None)


def test_a_day_that_is_not_known_any_more_plans_nothing_until_it_is(session: Session) -> None:
    case, course = _going(session, "place")
    _change(session, course, None, ENDS)
    assert open_rules(session, case) == {}
    _change(session, course, JUNE, ENDS)
    assert open_rules(session, case) == {"before_start": "2018-05-30"}


def test_only_what_counts_from_the_day_that_changed_is_planned_anew(session: Session) -> None:
    case, course = _going(session, "start")
    rules = {"week_two": "2018-04-11", "at_the_end": "2018-07-04"}
    assert open_rules(session, case) == rules
    _change(session, course, JUNE, ENDS)
    assert open_rules(session, case) == rules
    assert len(planned(session, case, rule="at_the_end")) == 1
    _change(session, course, JUNE, date(2018, 7, 9))
    assert open_rules(session, case) == {**rules, "at_the_end": "2018-07-11"}


def test_the_same_days_change_nothing(session: Session) -> None:
    case, course = _going(session, "place")
    before = [row.model_dump() for row in planned(session, case)]
    _change(session, course, STARTS, ENDS)
    assert [row.model_dump() for row in planned(session, case)] == before
    assert rows_of(session, JournalEntry, what="course.dates") == []


def test_whoever_goes_to_another_course_by_now_is_left_alone(session: Session) -> None:
    case, course = _going(session, "place")
    before = open_rules(session, case)
    library = the_case(session, case).organisation_id
    provider = a_provider(session, library, "Ander Taalhuis (verzonnen)")
    referring.refer(
        session, cases.standing(session, [case]), provider_id=provider,
        course_id=a_course(session, library, provider), warm_handover=False, by=None, now=NOW,
    )  # fmt: skip
    _change(session, course, JUNE, ENDS)
    assert open_rules(session, case) == before
    assert rows_of(session, JournalEntry, what="case.replanned") == []


def test_of_somebody_who_withdrew_the_provider_is_not_asked(session: Session) -> None:
    case, course = _going(session, "start")
    person = the_case(session, case).participant_id
    consent.withdraw_consent(session, person, by=None, now=NOW)
    assert open_rules(session, case).keys() == {"week_two"}
    _change(session, course, STARTS, date(2018, 7, 9))
    assert open_rules(session, case).keys() == {"week_two"}


def test_what_outlives_its_stage_is_planned_anew_as_well(session: Session) -> None:
    a_library(session, "elders")
    lasting = builtin("open-door").replace(
        "    in: [placed]\n", "    in: [placed]\n    ends: [stop]\n"
    )
    routes.publish(session, lasting, by="test", now=NOW)
    case, course = _going(session, "place", "wait")
    assert open_rules(session, case).keys() == {"before_start", "waiting_list_call"}
    _change(session, course, JUNE, ENDS)
    assert open_rules(session, case)["before_start"] == "2018-05-30"
    [row] = planned(session, case, rule="before_start", state="open")
    assert (row.seq, row.occurrence) == (4, 2)


def test_a_course_does_not_end_before_it_starts(session: Session) -> None:
    case, course = _going(session, "place")
    before = open_rules(session, case)
    with pytest.raises(FaultyValue):
        _change(session, course, ENDS, STARTS)
    assert open_rules(session, case) == before
    [row] = rows_of(session, Course, id=course)
    assert (row.starts_on, row.ends_on) == (STARTS, ENDS)


def test_a_course_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        _change(session, 777, STARTS, ENDS)
