"""The follow-ups that should exist follow from the route, the stage, the dates and the calendar."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.texts import a_definition
from workflows.library import builtin, builtin_names
from workflows.planning import Planned, ended_by, next_attempt, plan
from workflows.workdays import Calendar

CALENDAR = Calendar()
TUESDAY = date(2018, 4, 3)
ROUTES = {name: a_definition(builtin(name)) for name in builtin_names()}


def test_a_rule_counts_from_the_day_the_stage_was_reached() -> None:
    planned = plan(a_definition(), "contact", TUESDAY, {}, CALENDAR)
    assert planned == (Planned("call", 1, date(2018, 4, 6), "owner"),)


def test_a_rule_counts_from_a_date_of_the_case_once_it_is_known() -> None:
    definition = a_definition()
    assert plan(definition, "agreed", TUESDAY, {"course_start": None}, CALENDAR) == ()
    planned = plan(definition, "agreed", TUESDAY, {"course_start": date(2018, 5, 1)}, CALENDAR)
    assert planned == (Planned("before", 1, date(2018, 4, 25), "referrer"),)


def test_a_rule_that_counts_from_a_date_only_matters_in_its_stages() -> None:
    dates = {"course_start": date(2018, 5, 1)}
    rules = [each.rule for each in plan(a_definition(), "contact", TUESDAY, dates, CALENDAR)]
    assert rules == ["call"]


def test_after_the_last_attempt_there_is_none() -> None:
    rule = a_definition().follow_ups["call"]
    second = next_attempt(rule, 1, TUESDAY, CALENDAR)
    assert second == Planned("call", 2, date(2018, 4, 10), "owner")
    assert next_attempt(rule, 2, TUESDAY, CALENDAR) is not None
    assert next_attempt(rule, 3, TUESDAY, CALENDAR) is None


def test_a_rule_that_does_not_repeat_has_no_next_attempt() -> None:
    assert next_attempt(a_definition().follow_ups["before"], 1, TUESDAY, CALENDAR) is None


def test_a_rule_with_ends_of_its_own_outlives_other_moves() -> None:
    assert ended_by(a_definition(), "refer") == ("before",)
    assert ended_by(a_definition(), "stop") == ()


@given(
    st.sampled_from(sorted(ROUTES)),
    st.data(),
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(0, 400),
)
def test_whatever_is_planned_is_due_on_a_workday(
    name: str, data: st.DataObject, day: date, later: int
) -> None:
    definition = ROUTES[name]
    stage = data.draw(st.sampled_from(sorted(definition.stages)))
    soon = day + timedelta(days=later)
    dates = {"course_start": soon, "course_end": soon, "appointment": soon}
    for planned in plan(definition, stage, day, dates, CALENDAR):
        assert CALENDAR.is_workday(planned.due_on)
        assert planned.occurrence == 1
        if not definition.follow_ups[planned.rule].when.from_date:
            assert planned.due_on > day
