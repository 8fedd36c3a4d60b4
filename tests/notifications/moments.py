"""Moments for tests of mails: by the clock of a library."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM, BONAIRE = "Europe/Amsterdam", "America/Kralendijk"
#: a Tuesday: on this day the first call of a case that was opened on the third is due
DUE = date(2018, 4, 10)


def at(day: date, hour: int, minute: int = 0, zone: str = AMSTERDAM) -> datetime:
    """A local moment, in UTC."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)
