"""Workdays, Dutch holidays, and the one place where a local day becomes a moment in UTC."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from core.errors import FaultyValue
from workflows.periods import Period

#: hours at which clocks are changed: nothing is ever due then
NIGHT_HOURS = (2, 3)


class Calendar:
    """The days on which an organisation works: Monday to Friday, without public holidays.

    Holidays are those of the Netherlands (or, in the Caribbean zone, of Bonaire, Sint Eustatius
    and Saba) as the library `holidays` knows them; `closed` adds an organisation's own days.
    """

    def __init__(self, zone: str = "Europe/Amsterdam", closed: Iterable[date] = ()):
        self.zone = zone
        self.closed = frozenset(closed)

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        return (
            day.weekday() < 5
            and day not in self.closed
            and day not in _holidays(self._country, day.year)
        )

    def on_or_after(self, day: date) -> date:
        """The day itself when it is a workday, else the first workday after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself when it is a workday, else the last workday before it."""
        while not self.is_workday(day):
            day -= timedelta(days=1)
        return day

    def after(self, day: date, period: Period) -> date:
        """The day a period later (earlier when negative), always a workday.

        Workdays are counted one by one; days, weeks and months by the calendar and then on to the
        next workday, or back to the one before when counting back. A month later than 31 January
        is the last day of February.
        """
        return _after(self, day, period)

    def _count(self, day: date, period: Period) -> date:
        if period.unit == "workdays":
            return self._workdays_after(day, period.number)
        if period.unit == "months":
            there = _months_after(day, period.number)
        else:
            days = period.number * (7 if period.unit == "weeks" else 1)
            there = day + timedelta(days=days)
        return self.on_or_before(there) if period.number < 0 else self.on_or_after(there)

    def workdays_between(self, start: date, end: date) -> int:
        """How many workdays lie after `start`, up to and with `end`."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    @property
    def _country(self) -> str:
        return "BQ" if self.zone in ("America/Kralendijk", "America/Puerto_Rico") else "NL"

    def _workdays_after(self, day: date, number: int) -> date:
        step = timedelta(days=1 if number >= 0 else -1)
        for _ in range(abs(number)):
            day += step
            while not self.is_workday(day):
                day += step
        return self.on_or_after(day) if number == 0 else day


@lru_cache(maxsize=65536)
def _after(days: Calendar, day: date, period: Period) -> date:
    """The same question about the same calendar is counted out once."""
    return days._count(day, period)


def named_holidays(zone: str, first: date, last: date, language: str) -> list[tuple[date, str]]:
    """The public holidays on which nobody works anyway, from one day to another, with their names.

    Names and days are those of the library `holidays`, in Dutch or English.
    """
    import holidays

    found = holidays.country_holidays(
        Calendar(zone)._country,
        years=range(first.year, last.year + 1),
        language="nl" if language == "nl" else "en_US",
    )
    return sorted((day, name) for day, name in found.items() if first <= day <= last)


@lru_cache(maxsize=64)
def calendar(zone: str, closed: frozenset[date] = frozenset()) -> Calendar:
    """The calendar of a zone, built once."""
    return Calendar(zone, closed)


@lru_cache(maxsize=4096)
def moment(day: date, hour: int, zone: str) -> datetime:
    """The moment, in UTC, at which the local clock of a zone shows this hour on this day.

    Raises `FaultyValue` for 02:00 to 04:00, which some days lack and others have twice.
    """
    if hour in NIGHT_HOURS or not 0 <= hour <= 23:
        remedy = "Choose an hour of the day other than 2 and 3."
        raise FaultyValue(f"{hour}:00", remedy=remedy)
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def office_moment(now: datetime, days: Calendar, quiet_from: int, quiet_to: int) -> datetime:
    """The first moment from `now` on, in UTC, at which people may be disturbed.

    On workdays from the local hour `quiet_to` until `quiet_from`, by the clock of the zone.
    """
    local = now.astimezone(ZoneInfo(days.zone))
    day = local.date()
    if days.is_workday(day) and quiet_to <= local.hour < quiet_from:
        return now
    first = day if local.hour < quiet_to else day + timedelta(days=1)
    return moment(days.on_or_after(first), quiet_to, days.zone)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


def _months_after(day: date, number: int) -> date:
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@lru_cache(maxsize=1024)
def closed_days(text: str) -> frozenset[date]:
    """The days in a text such as ``2018-12-24 2018-12-31``."""
    return frozenset(date.fromisoformat(day) for day in text.split())
