"""A year of mail in advance: the same for the same seed, by the rules of the route, on workdays."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from notifications.simulation import simulate
from notifications.world import Habits, Start, World, Year
from tests.builders import TODAY
from workflows import checking
from workflows.definition import Definition, Escalation, FollowUpRule, Titles
from workflows.library import builtin
from workflows.periods import Moment, Period
from workflows.workdays import calendar

DUTCH = calendar("Europe/Amsterdam")
PEOPLE = {1: "Ann", 2: "Bas", 3: "Cas"}
ANN, BAS = 1, 2
OPEN_DOOR = checking.parse(builtin("open-door"))
#: everything is done on the next workday, and nothing is in vain
PROMPT = Habits(done_within=0, in_vain=0.0)
#: nobody ever does anything
IDLE = Habits(done_within=5_000)


def a_year(
    routes: Iterable[Definition] = (OPEN_DOOR,), starts: Iterable[Start] = (), **changed: Any
) -> Year:
    """A year from the third of April 2018, unless told otherwise."""
    options: dict[str, Any] = {
        "first_day": TODAY, "days": 365, "new_per_week": {route.name: 2.0 for route in routes},
    }  # fmt: skip
    return simulate(
        {route.name: route for route in routes}, list(starts), PEOPLE, [ANN], DUTCH,
        **{**options, **changed},
    )  # fmt: skip


def a_start(stage: str = "contact", owner: int | None = BAS, since: date = TODAY) -> Start:
    return Start("open-door", stage, since, owner, introduced=False)


def a_world(starts: Iterable[Start], habits: Habits, days: int, leading: Iterable[int] = (ANN,)
            ) -> World:  # fmt: skip
    """A world that lived so many days without anybody new."""
    year = Year(TODAY, TODAY + timedelta(days=days))
    world = World(year, {"open-door": OPEN_DOOR}, PEOPLE, list(leading), DUTCH, habits, Random(1))
    for start in starts:
        world.place(start, TODAY)
    for number in range(days):
        world.live(TODAY + timedelta(days=number), {})
    return world


def mails(year: Year) -> int:
    return sum(person.mails for person in year.people)


def test_the_same_seed_gives_the_same_year() -> None:
    starts = [a_start(), a_start("referred", None)]
    assert a_year(starts=starts, seed=7) == a_year(starts=starts, seed=7)
    assert a_year(starts=starts, seed=7) != a_year(starts=starts, seed=8)


def test_a_year_has_its_days_its_workdays_and_its_people() -> None:
    year = a_year(days=30)
    assert (year.first_day, year.last_day) == (TODAY, date(2018, 5, 2))
    # 22 weekdays, without King's Day
    assert year.workdays == 21
    assert [person.name for person in year.people] == ["Ann", "Bas", "Cas"]
    for person in year.people:
        assert person.quiet <= year.workdays and (person.mails >= person.worst)
        assert person.worst_day is None or TODAY <= person.worst_day <= year.last_day


def test_nothing_comes_on_a_day_off_and_one_digest_a_day_at_most() -> None:
    world = a_world([a_start(), a_start("referred"), a_start("screened", 3)], IDLE, 400)
    for number, days in world.mails.items():
        assert days
        assert all(DUTCH.is_workday(day) for day in days)
        # one digest, and on Mondays the overview for who coordinates
        most = {day: 2 if number == ANN and day.isoweekday() == 1 else 1 for day in days}
        assert all(days[day] <= most[day] for day in days)


def test_a_year_without_cases_makes_no_mail() -> None:
    year = a_year(new_per_week={})
    assert (mails(year), year.cases, year.to_partners, dict(year.by_rule)) == (0, 0, 0, {})
    assert all(person.quiet == year.workdays for person in year.people)
    assert {person.worst_day for person in year.people} == {None}
    assert (year.usual, year.longest) == (0.0, 0)


@pytest.mark.parametrize("seed", [1, 2018])
def test_more_cases_make_no_fewer_mails(seed: int) -> None:
    years = [a_year(new_per_week={"open-door": rate}, seed=seed) for rate in (0.3, 1.5, 8.0)]
    assert [year.cases for year in years] == sorted(year.cases for year in years)
    assert [mails(year) for year in years] == sorted(mails(year) for year in years)
    assert years[0].cases < years[2].cases and mails(years[0]) < mails(years[2])


@pytest.mark.parametrize("seed", [1, 2018])
def test_who_does_things_sooner_gets_fewer_and_shorter_digests(seed: int) -> None:
    slow, quick = (
        a_year(habits=Habits(done_within=within, in_vain=0.0), seed=seed) for within in (15, 0)
    )
    assert mails(quick) < mails(slow)
    assert quick.usual <= slow.usual and quick.longest < slow.longest


def test_of_what_is_done_in_time_nothing_goes_on_to_the_coordinator() -> None:
    frozen = replace(PROMPT, pace=1_000.0)
    starts = [a_start("screened") for _ in range(20)]
    prompt, idle = (
        a_world(starts, replace(frozen, done_within=within), 40).year for within in (0, 5_000)
    )
    assert (prompt.by_rule["norm"], idle.by_rule["norm"]) == (20, 40)


def test_what_is_done_at_once_is_named_on_one_day() -> None:
    year = simulate(
        {"open-door": OPEN_DOOR}, [a_start("screened")], PEOPLE, [ANN], DUTCH,
        first_day=TODAY, days=9, new_per_week={}, habits=PROMPT,
    )  # fmt: skip
    assert dict(year.by_rule) == {"tell_the_result": 1}
    bas = year.people[1]
    # due on the tenth and done on the tenth
    assert (bas.mails, bas.worst_day, bas.median) == (1, date(2018, 4, 10), 1)
    assert (year.usual, year.longest, year.cases) == (1, 1, 1)


def test_what_is_never_done_comes_every_day_and_goes_up_once() -> None:
    frozen = replace(IDLE, pace=1_000.0)
    world = a_world([a_start("screened")], frozen, 60)
    # it only says that the case stands still when nothing else is due for it
    assert set(world.lengths) == {1}
    assert world.year.by_rule == {"tell_the_result": 1, "norm": 2}
    own, up = list(world.mails[BAS]), [day for day in world.mails[ANN] if day.isoweekday() != 1]
    assert own == [day for day in _days(date(2018, 4, 10), 53) if DUTCH.is_workday(day)]
    assert up[0] == date(2018, 4, 24)


def _days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=away) for away in range(number)]


def test_what_was_done_is_done_for_whoever_it_came_up_to() -> None:
    frozen = replace(IDLE, pace=1_000.0)
    world = a_world([a_start()], frozen, 20)
    assert [len(world.at_hand[number]) for number in PEOPLE] == [2, 2, 0]
    for task in list(world.at_hand[BAS]):
        task.thing.done = True
    world.live(TODAY + timedelta(days=20), {})
    assert [len(world.at_hand[number]) for number in PEOPLE] == [0, 0, 0]


def test_each_coordinator_gets_what_is_nobodys() -> None:
    frozen = replace(IDLE, pace=1_000.0)
    world = a_world([a_start(owner=None)], frozen, 8, leading=(ANN, 3))
    assert [len(world.mails[number]) for number in PEOPLE] == [2, 0, 2]


def test_what_a_partner_does_not_tell_climbs_the_whole_ladder() -> None:
    frozen = replace(IDLE, pace=1_000.0)
    world = a_world([replace(a_start("referred"), introduced=True)], frozen, 25)
    hands = {
        number: {task.planned.receiver for task in hand if task.planned.rule == "contact_made"}
        for number, hand in world.at_hand.items()
    }
    assert hands == {ANN: {"coordinator"}, BAS: {"owner"}, 3: set()}
    assert world.year.to_partners == 1
    # nobody can be asked where nobody introduced the participant
    assert a_world([a_start("referred")], frozen, 25).year.to_partners == 0


def a_rule(**changed: Any) -> FollowUpRule:
    values: Mapping[str, Any] = {
        "name": "drink_coffee", "when": Moment("contact", Period(2, "workdays")), "to": "owner",
        "do": Titles(nl="Drink koffie.", en="Drink coffee."),
        "escalate": Escalation(to="coordinator", after=Period(5, "workdays")),
    }  # fmt: skip
    return FollowUpRule(**{**values, **changed})


def with_rule(rule: FollowUpRule) -> Definition:
    rules = {**OPEN_DOOR.follow_ups, rule.name: rule}
    fields = {name: getattr(OPEN_DOOR, name) for name in Definition.model_fields}
    return Definition(**{**fields, "follow_ups": rules})


def test_a_rule_that_is_added_shows_what_it_brings() -> None:
    plain, more = a_year([OPEN_DOOR]), a_year([with_rule(a_rule())])
    assert "drink_coffee" not in plain.by_rule
    assert more.by_rule["drink_coffee"] >= more.cases / 2
    to_partners = a_year([with_rule(a_rule(to="provider"))])
    assert to_partners.to_partners > plain.to_partners


def test_introductions_come_at_once_to_who_coordinates() -> None:
    all_by_mail = a_year(habits=Habits(introduced=1.0))
    none = a_year(habits=Habits(introduced=0.0))
    ann, bas, _ = all_by_mail.people
    assert ann.mails > bas.mails
    assert 20 > ann.worst > 2 > bas.worst
    assert none.people[0].worst <= 2


def test_every_builtin_route_can_be_lived_through() -> None:
    for name in ("parents", "employers", "digital-to-language", "language-to-digital"):
        route = checking.parse(builtin(name))
        year = a_year([route])
        known = {*route.follow_ups, "norm"}
        assert year.cases > 50 and set(year.by_rule) <= known and mails(year) > 0
