"""The days of the invented picture as numbers: workdays, starts of courses, and busy seasons."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from core import clock
from workflows.workdays import calendar

#: the pilots were announced in this month, so that the picture begins there
PILOTS_BEGAN = date(2018, 1, 1)
#: most people came in the years before now
RECENT = 5 * 365
#: how many days after now are known: a step that falls there has not been taken yet
AHEAD = 900
#: local hours at which steps are noted; the first of a case early in the day, the last late
_HOURS = (9, 11, 14, 16)
#: how busy each month is beside the others: quiet in summer, a peak in September
_MONTHS = (1.2, 1.0, 1.0, 0.9, 0.8, 0.8, 0.4, 0.6, 1.9, 1.4, 1.1, 0.6)
#: the Week of Reading and Writing is held around 8 September
_PEAK = (9, 8)
_AROUND_PEAK = timedelta(days=8)
#: months in which libraries were closed or half closed
_CLOSED = (date(2020, 3, 16), date(2021, 5, 31))


class Days:
    """Days from the first of the picture to some time after now, by number."""

    def __init__(self, now: datetime, zone: str):
        #: the local day of now
        self.today_date = clock.local_day(now, zone)
        first = min(PILOTS_BEGAN, self.today_date - timedelta(days=RECENT))
        #: the last day that is past
        self.yesterday = (self.today_date - first).days - 1
        count = self.yesterday + AHEAD
        self.dates = [first + timedelta(days=n) for n in range(count)]
        self.moments = [_moments(day, zone) for day in self.dates]
        works = [calendar(zone).is_workday(day) for day in self.dates]
        #: for each day the first workday that is not before it
        self.workday = _next(works)

    def number_of(self, day: date) -> int:
        """The number of a day, no less than 0 and no more than yesterday's."""
        return max(0, min(self.yesterday, (day - self.dates[0]).days))

    def starts(self, months: Iterable[int]) -> list[int]:
        """For each day the next start of courses that begin in the second week of these months."""
        months = frozenset(months)
        begins = [day.month in months and day.day == 8 for day in self.dates]
        return [self.workday[start] if start < len(begins) else start for start in _next(begins)]

    def busy(self, first: int, last: int) -> "Season":
        """Days to begin on between two days."""
        return Season(self, first, last)


class Season:
    """Workdays to begin on, the busy ones more often."""

    def __init__(self, days: Days, first: int, last: int):
        self.numbers = [n for n in range(first, last + 1) if days.workday[n] == n]
        self._weights = list(
            accumulate(_busy(days.dates[n], days.today_date) for n in self.numbers)
        )

    def draw(self, dice: Random) -> int:
        """The number of a day."""
        weights = self._weights
        return self.numbers[bisect_left(weights, dice.random() * weights[-1])]


def _busy(day: date, today: date) -> float:
    """How many people come on a day, beside other days."""
    weight = _MONTHS[day.month - 1]
    if abs(day - date(day.year, *_PEAK)) <= _AROUND_PEAK:
        weight *= 1.6
    if _CLOSED[0] <= day <= _CLOSED[1]:
        weight *= 0.3
    years_ago = (today - day).days / 365
    return weight * (1.08**-years_ago if years_ago <= RECENT / 365 else 0.3)


def _next(flags: Sequence[bool]) -> list[int]:
    """For each place the first from there on that is set; past the end when there is none."""
    following, answer = len(flags), []
    for place in range(len(flags) - 1, -1, -1):
        following = place if flags[place] else following
        answer.append(following)
    return answer[::-1]


def _moments(day: date, zone: str) -> tuple[datetime, ...]:
    local = ZoneInfo(zone)
    return tuple(datetime.combine(day, time(hour), local).astimezone(UTC) for hour in _HOURS)
