"""The path of a case: what it passed and for how long, where it stands, what lies ahead."""

from datetime import date

import pytest

from workflows import case_path
from workflows.case_path import Open, Visit
from workflows.checking import parse
from workflows.definition import Definition
from workflows.guards import Facts
from workflows.library import builtin
from workflows.workdays import calendar

DAYS = calendar("Europe/Amsterdam")
TUESDAY = date(2018, 4, 3)


def _route(name: str = "open-door") -> Definition:
    return parse(builtin(name))


def _path(*visits: tuple[str, date | None], today: date = date(2018, 4, 20)):  # type: ignore[no-untyped-def]
    return case_path.path(_route(), [Visit(*each) for each in visits], today, DAYS)


def test_a_new_case_has_everything_ahead_but_detours() -> None:
    here, *ahead = _path(("contact", TUESDAY), today=TUESDAY)
    assert (here.stage.name, here.state, here.days, here.norm) == ("contact", "here", 0, 5)
    names = [step.stage.name for step in ahead]
    assert names[:3] == ["trust", "screened", "agreed"]
    assert "waiting" not in names and "stopped" not in names
    assert {step.state for step in ahead} == {"ahead"}


def test_time_is_counted_in_workdays_until_the_step_after_it() -> None:
    contact, agreed, *_ = _path(("contact", TUESDAY), ("agreed", date(2018, 4, 12)))
    assert (contact.state, contact.days, contact.over) == ("passed", 7, True)
    assert (agreed.state, agreed.days, agreed.over) == ("here", 6, True)


def test_stages_that_were_left_out_are_not_on_the_path() -> None:
    names = [step.stage.name for step in _path(("contact", TUESDAY), ("referred", TUESDAY))]
    assert names[:3] == ["contact", "referred", "spoken"]


def test_a_stage_comes_once_with_all_its_time() -> None:
    steps = _path(
        ("agreed", date(2018, 4, 3)),
        ("referred", date(2018, 4, 5)),
        ("agreed", date(2018, 4, 9)),
    )
    first = steps[0]
    assert (first.stage.name, first.state, first.times) == ("agreed", "here", 2)
    assert first.days == 2 + 9
    referred = next(step for step in steps if step.stage.name == "referred")
    assert (referred.state, referred.day) == ("ahead", date(2018, 4, 5))


def test_a_case_beside_the_path_stands_after_what_it_passed() -> None:
    steps = _path(("contact", TUESDAY), ("agreed", TUESDAY), ("not_now", TUESDAY))
    names = [(step.stage.name, step.state) for step in steps]
    assert names[:4] == [
        ("contact", "passed"),
        ("agreed", "passed"),
        ("not_now", "here"),
        ("referred", "ahead"),
    ]


def test_nothing_lies_ahead_of_a_closed_case() -> None:
    steps = _path(("contact", TUESDAY), ("stopped", date(2018, 4, 5)))
    assert [step.stage.name for step in steps] == ["contact", "stopped"]
    assert steps[-1].days is None


def test_a_day_that_is_not_known_counts_for_nothing() -> None:
    contact, *_ = _path(("contact", None), ("agreed", TUESDAY))
    assert (contact.day, contact.days) == (None, None)


def test_a_norm_in_weeks_is_counted_in_workdays() -> None:
    stage = _route().stages["contact"].model_copy(update={"norm": None})
    assert case_path.norm_of(stage, TUESDAY, DAYS) is None
    from workflows.periods import Period

    weeks = stage.model_copy(update={"norm": Period(2, "weeks")})
    assert case_path.norm_of(weeks, TUESDAY, DAYS) == 10


@pytest.mark.parametrize("name", ["open-door", "parents", "employers"])
def test_every_stage_of_every_route_has_a_path(name: str) -> None:
    definition = _route(name)
    for stage in definition.stages:
        visits = [Visit(definition.start[0], TUESDAY), Visit(stage, TUESDAY)]
        steps = case_path.path(definition, visits, TUESDAY, DAYS)
        assert [step.stage.name for step in steps if step.state == "here"] == [stage]
        assert len({step.stage.name for step in steps}) == len(steps)


def _names(stage: str, **facts: object) -> list[str]:
    found = case_path.options(_route(), stage, Facts(**facts))  # type: ignore[arg-type]
    return [option.move.name for option in found]


def test_the_next_sensible_move_comes_first_and_those_beside_the_path_last() -> None:
    assert _names("contact")[0] == "know"
    assert _names("contact")[-3:] == ["postpone", "stop", "lose_touch"]
    # no way back, and no waiting list while there is a place
    assert _names("intake", reachable=True)[0] == "place"
    assert _names("waiting", purposes=frozenset({"refer"}), reachable=True)[0] == "place"


def test_a_move_that_only_wants_consent_is_sensible() -> None:
    first = case_path.next_sensible(case_path.options(_route(), "screened", Facts()))
    assert first and first.move.name == "agree"
    assert (first.allowed, first.wants_consent) == (False, True)


def test_there_may_be_no_sensible_move() -> None:
    assert case_path.next_sensible(()) is None
    found = case_path.options(_route(), "stopped", Facts())
    assert case_path.next_sensible(found) is None


def test_what_comes_is_told_by_day() -> None:
    definition = _route()
    call = definition.rule("first_call")
    waiting = [
        Open(call, date(2018, 4, 10), date(2018, 4, 17), 1, "owner"),
        Open(None, date(2018, 4, 12), None, 1, "owner"),
    ]
    found = [(each.day.day, each.kind, each.index, each.to) for each in case_path.coming(waiting)]
    assert found == [
        (10, "due", 0, "owner"),
        (12, "due", 1, "owner"),
        (17, "escalates", 0, "coordinator"),
    ]
    assert [case_path.attempts_left(each) for each in waiting] == [2, 0]
