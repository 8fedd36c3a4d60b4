"""A route that was discovered in a log passes the check, whatever the log looks like."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import FaultyFile
from tests.workflows.texts import a_definition
from workflows.discovery import discover
from workflows.event_logs import Trace, clean_name, read_traces
from workflows.guards import Facts
from workflows.machine import Route

ODD = [
    "*", "=", "true", "null", "12", "~", "- a", "a: b", "a #b", '"quoted"', "it's", "back\\slash",
    " outer ", "line\nbreak", "tab\there", "\x00", "a → b", "b", "a", "b → c", "c", "&x", "{x}",
    "x" * 300, "x" * 301, "é", "日本", "\ufeff", "\u2028", "\x85", "[x]", "!x", "%x", "@x", "|",
    "\U0001f600" * 200, "\u202e", "\ufffe", "nl", "appointment", "\u00a0",
]  # fmt: skip
names = st.one_of(st.sampled_from(ODD), st.text(max_size=140))
logs = st.lists(st.lists(names, max_size=8), max_size=12)


def a_log(*cases: list[str]) -> list[Trace]:
    """Traces of these activities, a minute apart, with names as the readers give them."""
    start = datetime(2018, 4, 3, tzinfo=UTC)
    return [
        (f"case {number}", [
            (clean_name(activity), start + timedelta(minutes=minute))
            for minute, activity in enumerate(activities) if clean_name(activity)
        ])
        for number, activities in enumerate(cases)
    ]  # fmt: skip


@given(logs, names)
@example([["a → b", "c"], ["a", "b → c"]], "x")
@example([["*", "*"], ["="]], "*")
@example([[name, name] for name in ODD], "")
def test_any_log_gives_a_route_that_passes_and_on_which_it_can_be_walked(
    cases: list[list[str]], name: str
) -> None:
    traces = a_log(*cases)
    if not any(events for _, events in traces):
        with pytest.raises(FaultyFile):
            discover(traces, name)
        return
    definition = a_definition(discover(traces, name))
    route = Route(definition)
    assert set(definition.stages) == {name for _, events in traces for name, _ in events}
    for _, events in traces:
        done = [activity for activity, _ in events]
        assert not done or done[0] in definition.start
        for source, to in pairwise(done):
            assert route.decide(source, definition.move_between[source, to], Facts()) == to


def test_what_was_seen_stands_beside_each_part() -> None:
    text = discover(a_log(["in", "do", "do", "out"], ["in", "out"], ["do", "out"]), "desk")
    assert '- "in"  # first in 2 cases' in text
    assert '- "do"  # first in 1 case' in text
    assert '"in": {title: {nl: "in", en: "in"}}  # seen 2 times' in text
    assert '"out": {title: {nl: "out", en: "out"}, final: true}  # seen 3 times' in text
    assert 'from: "do", to: "do"}  # seen 1 time\n' in text
    assert list(a_definition(text).moves) == ["in → do", "in → out", "do → do", "do → out"]


def test_a_stage_is_final_where_more_than_half_of_its_occurrences_end_a_case() -> None:
    definition = a_definition(discover(a_log(["a", "b"], ["a", "b"], ["a", "b", "c", "a"]), "x"))
    assert {stage.name for stage in definition.stages.values() if stage.final} == {"b"}


def test_a_stage_that_ends_half_of_the_time_is_not_final() -> None:
    definition = a_definition(discover(a_log(["a", "b"], ["a"]), "x"))
    assert not definition.stages["a"].final
    assert definition.stages["b"].final


def test_a_stage_after_which_only_itself_was_seen_is_final() -> None:
    definition = a_definition(discover(a_log(["a", "b", "b", "b", "b"]), "x"))
    assert definition.stages["b"].final


def test_two_follow_ons_of_the_same_name_stay_two_moves() -> None:
    definition = a_definition(discover(a_log(["a → b", "c"], ["a", "b → c"]), "x"))
    assert len(definition.moves) == 2


def test_long_names_stay_apart() -> None:
    first, second = clean_name("x" * 300), clean_name("x" * 301)
    assert first != second
    assert len(first) == len(second) == 120
    assert len(a_definition(discover(a_log([first, second]), "x")).stages) == 2


@given(st.text(max_size=300))
def test_cleaning_a_name_twice_changes_nothing_more(text: str) -> None:
    assert clean_name(clean_name(text)) == clean_name(text)


def test_a_log_with_too_many_activities_is_refused() -> None:
    with pytest.raises(FaultyFile, match="Check which column"):
        discover(a_log([f"{number} {'x' * 100}" for number in range(8000)]), "x")


#: somebody else's log, which lies beside the project where it may be used
HELP_DESK = Path(__file__).parents[3] / "shared" / "data" / "helpdesk.xes.gz"


@pytest.mark.skipif(not HELP_DESK.exists(), reason="needs the help desk log beside the project")
def test_the_real_log_of_a_help_desk_gives_its_fourteen_stages() -> None:
    text = discover(read_traces(HELP_DESK, zone="Europe/Amsterdam"), "helpdesk")
    definition = a_definition(text)
    assert len(definition.stages) == 14
    assert definition.start[0] == "Assign seriousness"
    assert [stage.name for stage in definition.stages.values() if stage.final] == ["Closed"]
    assert "# Discovered in an event log of 4580 cases" in text
