"""The moments of an event log: ISO 8601 fast, and the other ways in which offices write them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_read_iso = datetime.fromisoformat
#: local hours whose distance to UTC is remembered: eleven years of them
_HOURS = 100_000

#: days in other notations whose ISO form is remembered
_DAYS = 10_000

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)


def moment_reader(zone: str) -> Callable[[str], datetime]:
    """A function from text to a moment in UTC; a time without an offset is local to `zone`.

    Day comes before month in `3-4-2018`. Raises ValueError for what is no moment.
    """
    local = ZoneInfo(zone)
    offsets: dict[str, timedelta | None] = {}

    def read(text: str) -> datetime:
        text = text.replace("/", "-")
        try:
            at = _read_iso(text)
        except ValueError:
            text = _as_iso(text)
            at = _read_iso(text)
        if at.tzinfo is UTC:
            return at
        if at.tzinfo is not None:
            return _in_utc(at)
        # asking the zone for each event is slow; within a local hour the answer is mostly the same
        hour = text[:13]
        offset = offsets.get(hour)
        if offset is None and hour not in offsets and len(offsets) < _HOURS:
            offset = offsets[hour] = _offset_of_hour(at, local) if ":" in text else None
        return (
            _in_utc(at.replace(tzinfo=local)) if offset is None else _read_iso(f"{text}Z") - offset
        )

    return read


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


def _offset_of_hour(at: datetime, local: ZoneInfo) -> timedelta | None:
    """How far a local hour is from UTC, when that is the same all through it."""
    if not 2 <= at.year <= 9998:
        return None
    start = at.replace(minute=0, second=0, microsecond=0, tzinfo=local)
    offset = start.utcoffset()
    end = start + timedelta(minutes=59, seconds=59)
    return offset if offset == end.utcoffset() else None


def _as_iso(text: str) -> str:
    """A day in another order, or an hour of one digit, as ISO 8601; raises ValueError."""
    day, _, clock = text.strip().replace("T", " ").partition(" ")
    clock = clock.strip().replace(" +", "+").replace(" -", "-")
    hour = f"0{clock}" if clock[1:2] == ":" else clock
    return f"{_iso_day(day)} {hour}" if hour else _iso_day(day)


@lru_cache(maxsize=_DAYS)
def _iso_day(text: str) -> str:
    found = _DAY.fullmatch(text.replace(".", "-"))
    if not found:
        raise ValueError("no day")
    year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
    return f"{year}-{month:0>2}-{day:0>2}"
