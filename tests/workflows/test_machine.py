"""A machine decides where a move leads, or says every reason why it cannot be made."""

import pytest

from core.errors import MoveRefused
from tests.workflows.texts import a_definition
from workflows.guards import Facts
from workflows.machine import Route

ROUTE = Route(a_definition())
READY = Facts(purposes=frozenset({"refer"}), reachable=True)


def test_a_move_leads_to_its_stage() -> None:
    assert ROUTE.decide("contact", "agree", READY) == "agreed"


def test_a_step_from_every_stage_starts_from_each_that_is_open() -> None:
    assert {ROUTE.decide(stage, "stop", READY) for stage in ("contact", "agreed", "referred")} == {
        "stopped"
    }


def test_a_guard_that_does_not_hold_refuses_with_every_reason() -> None:
    with pytest.raises(MoveRefused) as refused:
        ROUTE.decide("agreed", "refer", Facts())
    assert [fault.thing for fault in refused.value.faults] == ["consent_to_refer", "reachable"]


def test_a_step_from_elsewhere_says_so_and_names_the_guards_too() -> None:
    with pytest.raises(MoveRefused) as refused:
        ROUTE.decide("contact", "refer", Facts())
    first, *rest = refused.value.faults
    assert "does not start from the stage Contact" in first.why
    assert first.remedy == "Possible now: agree, stop."
    assert len(rest) == 2


def test_a_closed_case_says_that_it_is_closed() -> None:
    with pytest.raises(MoveRefused) as refused:
        ROUTE.decide("stopped", "agree", READY)
    assert refused.value.faults[0].remedy == "This case is closed."


def test_a_step_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(MoveRefused) as refused:
        ROUTE.decide("contact", "fly", READY)
    assert refused.value.faults[0].remedy == "Possible now: agree, stop."


def test_options_tell_why_each_button_is_off() -> None:
    options = ROUTE.options("agreed", Facts(reachable=True))
    assert {name: [fault.thing for fault in faults] for name, faults in options.items()} == {
        "refer": ["consent_to_refer"],
        "stop": [],
    }


@pytest.mark.parametrize("stage", ["=", "to_*", "trigger", "state", "is_x", "", "a\nb"])
def test_a_stage_may_bear_any_name(stage: str) -> None:
    name = f'"{stage}"'.replace("\n", "\\n") if stage else '" "'
    text = f"""\
name: odd
title: {{nl: x, en: x}}
stages:
  first: {{title: {{nl: x, en: x}}}}
  {name}: {{title: {{nl: x, en: x}}, final: true}}
moves:
  go: {{title: {{nl: x, en: x}}, from: first, to: {name}}}
"""
    assert Route(a_definition(text)).decide("first", "go", Facts()) == (stage or " ")
