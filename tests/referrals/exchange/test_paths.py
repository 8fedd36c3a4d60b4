"""Paths: what a register says of stages becomes steps in order, each with a day to count on."""

from datetime import date

from referrals.exchange.days import DAY_UNKNOWN, Day
from referrals.exchange.paths import path_of, without_consent
from referrals.histories import PastStep
from workflows import checking
from workflows.definition import Definition
from workflows.library import builtin
from workflows.workdays import moment

ROUTE: Definition = checking.parse(builtin("open-door"))
TODAY = date(2018, 6, 1)


def _path(reason: str | None = None, **reached: Day) -> list[PastStep]:
    return path_of(reached, ROUTE, zone="Europe/Amsterdam", today=TODAY, reason=reason)


def _days(path: list[PastStep]) -> dict[str, date]:
    return {step.stage: step.day for step in path}


def _on(month: int, day: int) -> Day:
    return Day(date(2018, month, day), "day")


def test_steps_come_by_day_and_happen_at_noon() -> None:
    path = _path(started=_on(4, 9), contact=_on(3, 12))
    assert [step.stage for step in path] == ["contact", "started"]
    assert path[0].at == moment(date(2018, 3, 12), 12, "Europe/Amsterdam")
    assert [step.precision for step in path] == ["day", "day"]


def test_on_one_day_they_come_in_the_order_of_the_route() -> None:
    path = _path(agreed=_on(3, 12), contact=_on(3, 12), screened=_on(3, 12))
    assert [step.stage for step in path] == ["contact", "screened", "agreed"]


def test_a_month_counts_on_its_first_day_or_on_the_day_of_the_step_before() -> None:
    march = Day(date(2018, 3, 1), "month")
    assert _days(_path(contact=march)) == {"contact": date(2018, 3, 1)}
    assert _days(_path(contact=_on(3, 12), trust=march))["trust"] == date(2018, 3, 12)
    assert _days(_path(contact=_on(2, 12), trust=march))["trust"] == date(2018, 3, 1)


def test_an_unknown_day_counts_on_that_of_the_next_step_the_one_before_or_today() -> None:
    assert _days(_path(contact=_on(3, 12), agreed=DAY_UNKNOWN, started=_on(4, 9)))["agreed"] == (
        date(2018, 4, 9)
    )
    assert _days(_path(contact=_on(3, 12), agreed=DAY_UNKNOWN))["agreed"] == date(2018, 3, 12)
    assert _days(_path(contact=DAY_UNKNOWN)) == {"contact": TODAY}


def test_somebody_without_a_stage_is_at_the_first_one_today() -> None:
    [step] = _path()
    assert (step.stage, step.day, step.precision) == ("contact", TODAY, "unknown")


def test_a_stage_that_the_route_does_not_have_is_left_out() -> None:
    assert _days(_path(contact=_on(3, 12), dancing=_on(3, 13))).keys() == {"contact"}


def test_the_reason_goes_with_a_stage_beside_the_path() -> None:
    path = _path(reason="moved", contact=_on(3, 12), stopped=_on(4, 1))
    assert [step.reason for step in path] == [None, "moved"]


def test_no_stage_but_agreed_shows_consent() -> None:
    assert without_consent(_path(contact=_on(3, 1), started=_on(4, 1)))
    assert not without_consent(_path(agreed=_on(3, 1), started=_on(4, 1)))
    assert not without_consent(_path(contact=_on(3, 1), screened=_on(4, 1)))
