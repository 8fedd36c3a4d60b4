"""Referrals and messages go from state to state as declared, and in no other way."""

from itertools import product

import pytest

from core.errors import MoveRefused
from workflows.lifecycles import MESSAGE, REFERRAL, Lifecycle
from workflows.machine import next_state

PAIRS = [
    (life, state, event)
    for life in (REFERRAL, MESSAGE)
    for state, event in product(life.states, life.events)
]


@pytest.mark.parametrize(
    ("life", "state", "event"), PAIRS, ids=[f"{life.name}-{s}-{e}" for life, s, e in PAIRS]
)
def test_every_state_and_event_does_as_declared(life: Lifecycle, state: str, event: str) -> None:
    sources, to = life.events[event]
    if state in sources:
        assert next_state(life, state, event) == to
    else:
        with pytest.raises(MoveRefused):
            next_state(life, state, event)


@pytest.mark.parametrize(
    ("life", "path"),
    [
        (REFERRAL, "send sent accept accepted start started finish finished"),
        (REFERRAL, "send sent wait waiting accept accepted no_show no_show"),
        (REFERRAL, "send sent wait waiting start started withdraw withdrawn"),
        (REFERRAL, "send sent accept accepted wait waiting decline declined"),
        (REFERRAL, "send sent decline declined"),
        (REFERRAL, "withdraw withdrawn"),
        (MESSAGE, "claim claimed start_data data_started deliver sent"),
        (MESSAGE, "claim claimed release pending claim claimed fail failed retry pending"),
        (MESSAGE, "claim claimed start_data data_started lose_track uncertain retry pending"),
        (MESSAGE, "claim claimed start_data data_started deliver sent bounce failed retry pending"),
        (MESSAGE, "cancel cancelled"),
    ],
)
def test_the_ways_of_practice_can_be_gone(life: Lifecycle, path: str) -> None:
    state, steps = life.initial, path.split()
    for event, expected in zip(steps[::2], steps[1::2], strict=True):
        state = next_state(life, state, event)
        assert state == expected


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(MoveRefused) as refused:
        next_state(REFERRAL, "draft", "accept")
    assert refused.value.faults[0].remedy == "Possible now: sent, withdrawn."
    with pytest.raises(MoveRefused) as refused:
        next_state(REFERRAL, "withdrawn", "accept")
    assert refused.value.faults[0].remedy == "Nothing more can be done with it."


def test_an_event_that_does_not_exist_is_refused() -> None:
    with pytest.raises(MoveRefused):
        next_state(REFERRAL, "draft", "explode")


@pytest.mark.parametrize("life", [REFERRAL, MESSAGE], ids=lambda life: life.name)
def test_every_state_can_be_reached(life: Lifecycle) -> None:
    reached = {life.initial}
    for _ in life.states:
        reached |= {to for sources, to in life.events.values() if reached & set(sources)}
    assert reached == set(life.states)


def test_open_states_are_those_that_something_can_come_of() -> None:
    assert REFERRAL.open_states == ("draft", "sent", "accepted", "waiting", "started")
    # what was sent may still come back
    assert [state for state in MESSAGE.states if state not in MESSAGE.open_states] == ["cancelled"]


def test_a_provider_cannot_accept_a_withdrawn_referral() -> None:
    with pytest.raises(MoveRefused):
        next_state(REFERRAL, "withdrawn", "accept")
