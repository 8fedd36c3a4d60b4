"""A year of mail in advance: a route's rules over cases, with a clock that moves day by day.

Nothing is sent and nothing is written. The rules, the workdays and the ladder are those of the
program itself; how people behave is an assumption (`Habits`) that whoever asks can change.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from notifications.world import Habits, Start, World, Year
from workflows.definition import Definition
from workflows.workdays import Calendar

USUAL = Habits()


def simulate(
    routes: Mapping[str, Definition],
    starts: Sequence[Start],
    people: Mapping[int, str],
    coordinators: Sequence[int],
    calendar: Calendar,
    *,
    first_day: date,
    days: int,
    new_per_week: Mapping[str, float],
    habits: Habits = USUAL,
    seed: int = 2018,
) -> Year:
    """Live through a number of days; the same seed gives the same year.

    `people`: number → name of everybody who owns cases; `new_per_week`: route → new cases.
    """
    last_day = first_day + timedelta(days=days - 1)
    year = Year(first_day, last_day)
    world = World(year, routes, people, coordinators, calendar, habits, Random(seed))
    for start in starts:
        world.place(start, first_day)
    for day in (first_day + timedelta(days=number) for number in range(days)):
        world.live(day, new_per_week)
    return world.told()
