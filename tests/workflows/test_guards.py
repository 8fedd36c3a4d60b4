"""Guards refuse with every reason, and answers are asked for."""

import pytest

from tests.workflows.texts import a_definition
from workflows.guards import GUARDS, Facts, unanswered, unmet

READY = Facts(
    purposes=frozenset({"refer"}), reachable=True, referral_open=True, referral_accepted=True
)


def test_every_guard_that_does_not_hold_is_named() -> None:
    refer = a_definition().moves["refer"]
    assert [fault.thing for fault in unmet(refer, Facts())] == ["consent_to_refer", "reachable"]
    assert unmet(refer, READY) == ()


@pytest.mark.parametrize("name", GUARDS)
def test_every_guard_can_hold_and_not_hold(name: str) -> None:
    guard = GUARDS[name]
    assert guard.holds(READY)
    assert not guard.holds(Facts(seats_left=0))
    assert guard.why.endswith(".")
    assert guard.remedy.endswith(".")


@pytest.mark.parametrize(("seats", "free"), [(None, True), (1, True), (0, False), (-1, False)])
def test_a_course_without_a_limit_always_has_a_seat(seats: int | None, free: bool) -> None:
    assert GUARDS["seat_free"].holds(Facts(seats_left=seats)) is free


def test_agreeing_to_something_else_is_no_consent_to_refer() -> None:
    assert not GUARDS["consent_to_refer"].holds(Facts(purposes=frozenset({"research"})))


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, ["reason"]),
        ({"reason": ""}, ["reason"]),
        ({"reason": None, "note": "x"}, ["reason"]),
        ({"reason": "shame"}, []),
        ({"reason": "boredom"}, ["reason"]),
    ],
)
def test_what_must_be_answered_is_asked_for(answers: dict[str, object], missing: list[str]) -> None:
    definition = a_definition()
    faults = unanswered(definition.moves["stop"], answers, definition.reasons)
    assert [fault.thing for fault in faults] == missing
