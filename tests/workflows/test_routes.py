"""The five built-in routes: comparable, walkable, and each with what makes it different."""

from collections.abc import Collection
from itertools import pairwise, product

import pytest
import yaml

from core.errors import MoveRefused, NotFound
from tests.workflows.texts import a_definition
from workflows.definition import LEVELS, NORM, Definition
from workflows.guards import Facts
from workflows.library import builtin, builtin_names
from workflows.machine import Route

PATH = {
    "contact": "contacted", "trust": "known", "screened": "known", "agreed": "agreed",
    "referred": "referred", "spoken": "referred", "intake": "in_intake", "waiting": "in_intake",
    "placed": "in_intake", "started": "started", "attending": "started",
    "completed": "completed", "next_step": "onward",
}  # fmt: skip
ASIDE = ("stopped", "unreachable", "not_now", "returned")
CLOSED = {"completed", "next_step", "stopped", "unreachable"}
REASONS = {
    "shame", "taboo", "fear_of_school", "only_online", "no_laptop", "fear_of_mistakes",
    "offer_does_not_fit", "nothing_available", "childcare", "working_hours", "cost", "moved",
    "personal",
}  # fmt: skip
READY = Facts(
    purposes=frozenset({"refer"}), reachable=True, referral_open=True, referral_accepted=True
)
NAMES = ("digital-to-language", "employers", "language-to-digital", "open-door", "parents")
ROUTES = {name: a_definition(builtin(name)) for name in NAMES}
MACHINES = {name: Route(definition) for name, definition in ROUTES.items()}

#: every stage × move of every route, with where it leads according to the text itself
TABLE = [
    (name, stage, move, parts["to"] if _starts else None)
    for name in NAMES
    for text in (yaml.safe_load(builtin(name)),)
    for stage, (move, parts) in product(text["stages"], text["moves"].items())
    for _starts in (
        stage in parts["from"] or (parts["from"] == "*" and stage not in CLOSED),
    )
]  # fmt: skip

every_route = pytest.mark.parametrize("name", NAMES)


def test_these_are_the_built_in_routes() -> None:
    assert builtin_names() == NAMES
    with pytest.raises(NotFound, match="Choose one of: digital-to-language"):
        builtin("../routes/parents")


@pytest.mark.parametrize(("name", "stage", "move", "to"), TABLE)
def test_every_stage_and_move(name: str, stage: str, move: str, to: str | None) -> None:
    if to is None:
        with pytest.raises(MoveRefused):
            MACHINES[name].decide(stage, move, READY)
    else:
        assert MACHINES[name].decide(stage, move, READY) == to


@pytest.mark.parametrize(
    ("name", "stage", "move"), [(name, stage, move) for name, stage, move, to in TABLE if to]
)
def test_a_guarded_move_is_refused_with_all_its_guards(name: str, stage: str, move: str) -> None:
    guards = list(ROUTES[name].moves[move].guard)
    if guards:
        with pytest.raises(MoveRefused) as refused:
            MACHINES[name].decide(stage, move, Facts(seats_left=0))
        assert [fault.thing for fault in refused.value.faults] == guards
    else:
        assert MACHINES[name].decide(stage, move, Facts(seats_left=0))


@every_route
def test_stages_and_levels_are_the_same_so_that_routes_compare(name: str) -> None:
    definition = ROUTES[name]
    assert definition.name == name
    assert list(definition.stages) == [*PATH, *ASIDE]
    for stage in definition.stages.values():
        assert stage.level == PATH.get(stage.name)
        assert stage.aside == (stage.name in ASIDE)
        assert stage.final == (stage.name in CLOSED)
        assert (stage.norm is None) == stage.final
    assert [level for level in LEVELS if level in PATH.values()] == list(LEVELS)


@every_route
def test_a_participant_can_be_led_step_by_step_and_past_the_steps_that_practice_skips(
    name: str,
) -> None:
    usual = ["contact", "trust", "screened", "agreed", "referred", "spoken", "intake", "placed",
             "started", "attending", "completed", "next_step"]  # fmt: skip
    short = ["contact", "agreed", "referred", "intake", "started", "completed"]
    queued = ["contact", "screened", "agreed", "referred", "waiting"]
    for path in (usual, short, queued):
        for step in pairwise(path):
            assert step in ROUTES[name].move_between, step


@every_route
def test_from_every_open_stage_one_can_stop_pause_or_lose_touch_and_come_back(name: str) -> None:
    definition = ROUTES[name]
    for stage in definition.stages.values():
        names = {move.name for move in definition.moves_from[stage.name]}
        if stage.final or stage.name == "not_now":
            assert "return" in names
        if not stage.final:
            assert {"stop", "postpone", "lose_touch"} <= names
    assert definition.moves["stop"].questions["reason"]
    assert definition.moves["postpone"].questions["reason"]
    assert definition.moves["refer"].questions["provider"]


@every_route
def test_nobody_gets_to_a_course_without_consent(name: str) -> None:
    assert not _reachable(ROUTES[name], without={"consent_to_refer"}) & {
        "agreed", "referred", "intake", "placed", "started", "attending", "completed",
    }  # fmt: skip


def test_at_the_employer_the_level_check_comes_before_the_start() -> None:
    definition = ROUTES["employers"]
    assert "started" not in _reachable(definition, past={"intake"})
    assert "attending" not in _reachable(definition, past={"intake"})
    assert "started" in _reachable(ROUTES["parents"], past={"intake"})


def test_nothing_is_asked_of_the_employer_about_a_person() -> None:
    assert all(rule.to != "referrer" for rule in ROUTES["employers"].follow_ups.values())


def test_a_parent_can_wait_without_a_match() -> None:
    assert ROUTES["parents"].move_between["agreed", "waiting"] == "queue"
    assert ROUTES["parents"].referral["declined"] == "queue"
    assert ("agreed", "waiting") not in ROUTES["open-door"].move_between


def test_who_came_alone_must_be_reachable_to_be_referred() -> None:
    assert "reachable" in ROUTES["open-door"].moves["refer"].guard


@every_route
def test_crossing_opens_a_case_on_a_route_that_exists(name: str) -> None:
    opened = {move.opens for move in ROUTES[name].moves.values() if move.opens}
    assert opened
    assert opened <= set(NAMES) - {name}


def test_digital_and_language_open_each_other() -> None:
    assert ROUTES["digital-to-language"].moves["cross"].opens == "language-to-digital"
    assert ROUTES["language-to-digital"].moves["cross"].opens == "digital-to-language"


@every_route
def test_the_answers_to_a_referral_move_the_case_from_where_it_was_referred(name: str) -> None:
    definition = ROUTES[name]
    answers = {"accepted", "waiting", "declined", "started", "finished", "no_show"}
    assert set(definition.referral) == answers
    for answer in ("accepted", "waiting", "declined", "no_show"):
        assert "referred" in definition.moves[definition.referral[answer]].sources


@every_route
def test_the_reasons_of_practice_can_be_given(name: str) -> None:
    assert set(ROUTES[name].reasons) >= REASONS


@every_route
def test_the_moments_of_practice_are_followed_up(name: str) -> None:
    rules = ROUTES[name].follow_ups
    first = rules["first_call"]
    assert (first.at_most, first.then) == (3, "lose_touch")
    assert first.when.anchor == "contact"
    assert first.when.period.number <= 5
    assert rules["contact_made"].when.anchor == "referred"
    assert rules["contact_made"].escalate
    assert str(rules["waiting_list_call"].every) == "4 weeks"
    assert rules["before_start"].when.anchor == "course_start"
    assert 7 <= rules["week_two"].when.period.number <= 14
    assert rules["at_the_end"].when.anchor == "course_end"
    assert str(rules["after_three_months"].when.period) == "3 months"
    assert str(rules["after_six_months"].when.period) == "6 months"


@every_route
def test_what_must_go_on_comes_again_though_it_was_done(name: str) -> None:
    again = {rule.name: rule for rule in ROUTES[name].follow_ups.values() if rule.recurs}
    assert again.keys() >= {"waiting_list_call", "ask_again"}
    assert again.keys() <= {
        "waiting_list_call", "ask_again", "next_round", "next_visit", "next_coffee",
    }  # fmt: skip
    assert all(rule.every and rule.at_most > 1 for rule in again.values())


@every_route
def test_a_consent_that_ends_is_asked_about_wherever_something_is_shared(name: str) -> None:
    definition = ROUTES[name]
    rule = definition.follow_ups["consent_ends"]
    assert (rule.when.anchor, str(rule.when.period)) == ("consent_expiry", "-10 workdays")
    path = list(definition.stages)
    assert list(rule.stages) == path[path.index("agreed") : path.index("completed")]
    assert (rule.to, rule.ends) == ("owner", ())
    assert rule.escalate is not None
    assert (rule.escalate.to, str(rule.escalate.after)) == ("coordinator", "5 workdays")


@every_route
def test_no_built_in_route_replaces_the_norm(name: str) -> None:
    definition = ROUTES[name]
    for stage in definition.stages.values():
        norms = [rule for rule in definition.rules_at[stage.name] if rule.name == NORM]
        assert [rule.when.period for rule in norms] == ([stage.norm] if stage.norm else [])


@every_route
def test_what_participants_may_read_has_no_forbidden_word(name: str) -> None:
    text = builtin(name).lower()
    for word in ("laaggeletterd", "client", "cliënt", "analfabe"):
        assert word not in text


def test_the_same_move_has_the_same_name_on_every_route() -> None:
    common = set.intersection(*(set(route.moves) for route in ROUTES.values()))
    assert common >= {
        "know", "screen", "agree", "refer", "speak", "plan_intake", "wait", "place", "start",
        "attend", "complete", "go_on", "cross", "look_again", "postpone", "stop", "lose_touch",
        "return", "resume",
    }  # fmt: skip


def _reachable(
    definition: Definition, *, without: Collection[str] = (), past: Collection[str] = ()
) -> set[str]:
    """Where one can get from the starts without moves with these guards, or past these stages."""
    reached = set(definition.start)
    waiting = list(reached)
    while waiting:
        for move in definition.moves_from[waiting.pop()]:
            if move.to not in (*reached, *past) and not set(without) & set(move.guard):
                reached.add(move.to)
                waiting.append(move.to)
    return reached
