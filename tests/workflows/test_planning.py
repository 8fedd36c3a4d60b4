"""The follow-ups that should exist follow from the route, the stage, the dates and the calendar."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.texts import ROUTE, a_definition
from workflows.definition import Escalation, norm_rule
from workflows.library import builtin, builtin_names
from workflows.periods import DATES, Period
from workflows.planning import Planned, ended_by, escalates_on, next_attempt, plan
from workflows.workdays import Calendar

CALENDAR = Calendar()
TUESDAY = date(2018, 4, 3)
ROUTES = {name: a_definition(builtin(name)) for name in builtin_names()}


def test_a_rule_counts_from_the_day_the_stage_was_reached() -> None:
    planned = plan(a_definition(), "contact", TUESDAY, {}, CALENDAR)
    assert planned[0] == Planned("call", 1, date(2018, 4, 6), "owner")
    assert [each.rule for each in planned[1:]] == ["norm"]


def test_a_stage_with_a_norm_has_one_more_to_hear_of_it_and_then_the_coordinator() -> None:
    [_, norm] = plan(a_definition(), "contact", TUESDAY, {}, CALENDAR)
    # the norm of the stage, and five workdays more
    assert norm == Planned("norm", 1, date(2018, 4, 10), "owner", date(2018, 4, 17))
    assert plan(a_definition(), "agreed", TUESDAY, {}, CALENDAR) == ()
    assert a_definition().rule("norm") is norm_rule()


def test_a_norm_of_the_route_itself_replaces_ours() -> None:
    own = "  norm: {when: agreed + 2 workdays, to: coordinator, do: {nl: Kijk., en: Look.}}"
    definition = a_definition(ROUTE.replace("referral:\n", f"{own}\nreferral:\n"))
    assert [each.rule for each in plan(definition, "contact", TUESDAY, {}, CALENDAR)] == ["call"]
    [norm] = plan(definition, "agreed", TUESDAY, {}, CALENDAR)
    assert norm == Planned("norm", 1, date(2018, 4, 5), "coordinator")
    assert definition.rule("norm") is definition.follow_ups["norm"]


def test_what_nobody_does_escalates_some_time_after_its_day() -> None:
    call = a_definition().follow_ups["call"]
    assert escalates_on(call, TUESDAY, CALENDAR) is None
    assert escalates_on(None, TUESDAY, CALENDAR) is None
    later = call.model_copy(
        update={"escalate": Escalation(to="coordinator", after=Period(4, "workdays"))}
    )
    assert escalates_on(later, TUESDAY, CALENDAR) == date(2018, 4, 9)
    again = next_attempt(later, 1, TUESDAY, CALENDAR)
    assert again == Planned("call", 2, date(2018, 4, 10), "owner", date(2018, 4, 16))


def test_a_rule_counts_from_a_date_of_the_case_once_it_is_known() -> None:
    definition = a_definition()
    assert plan(definition, "agreed", TUESDAY, {"course_start": None}, CALENDAR) == ()
    planned = plan(definition, "agreed", TUESDAY, {"course_start": date(2018, 5, 1)}, CALENDAR)
    assert planned == (Planned("before", 1, date(2018, 4, 25), "referrer"),)


def test_a_rule_that_counts_from_a_date_only_matters_in_its_stages() -> None:
    dates = {"course_start": date(2018, 5, 1)}
    rules = [each.rule for each in plan(a_definition(), "contact", TUESDAY, dates, CALENDAR)]
    assert rules == ["call", "norm"]


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
    dates = dict.fromkeys(DATES, soon)
    for planned in plan(definition, stage, day, dates, CALENDAR):
        assert CALENDAR.is_workday(planned.due_on)
        assert planned.occurrence == 1
        rule = definition.rule(planned.rule)
        assert rule is not None
        if not rule.when.from_date:
            assert planned.due_on > day
        assert (planned.escalates_on is None) == (rule.escalate is None)
        if planned.escalates_on:
            assert CALENDAR.is_workday(planned.escalates_on)
            assert planned.escalates_on > planned.due_on
