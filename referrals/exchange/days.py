"""Reads the day on which something happened, as people note it in a spreadsheet."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from referrals.exchange.cells import Cell, faulty, text_of

#: the first Taalhuis opened in 2012 and the first national plan dates from 1991
EARLIEST = date(1990, 1, 1)
#: without a given day of today: far enough for any plan, and it catches the year 9999
FURTHEST = date(2099, 12, 31)
#: Excel counts days from here, because it takes 1900 for a leap year
_EXCEL_DAY_ZERO = date(1899, 12, 30)

_YES = "x xx ja j yes y ok oke oké ✓ ✔ √ v ☑ ✅ 1 gedaan klaar true waar"
_NO = "- -- – — nee n no nvt n.v.t. n.v.t niet geen nog 0 / . ? false onwaar"
REACHED = frozenset(_YES.split())
NOT_REACHED = frozenset(_NO.split())
_NOT_REACHED_PHRASES = frozenset(["nog niet", "niet van toepassing", "not yet", "n v t"])

_MONTH_NAMES = (
    "jan januari january",
    "feb febr februari february",
    "mrt maart mar march",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "aug augustus august",
    "sep sept september",
    "okt oktober oct october",
    "nov november",
    "dec december",
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_WEEKDAYS = (
    r"\b(?:ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    r"|mon|tue|wed|thu|fri|sat|sun)(?:day)?\b"
)
_ABOUT = r"\b(?:ca|circa|rond|ongeveer|begin|half|medio|midden|eind|einde|in|op|van|of|the)\b"
_NOISE = re.compile(rf"{_WEEKDAYS}|{_ABOUT}|[,~']|(?<=\d)(?:e|ste|de|st|nd|rd|th)\b|(?<=[a-z])\.")
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?$")
_SIGN = r"[\s\-/.]+"

_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{4}}|\d{{2}})")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{1,2}})|(\d{{4}})(\d\d)(\d\d)")
_DAY_NAMED = re.compile(r"(\d{1,2})[\s\-/.]*([a-zé]+)[\s\-/.]*(\d{4}|\d{2})")
_MONTH_NAMED = re.compile(r"([a-zé]+)[\s\-/.]*(\d{4}|\d{2})")
_NAME_FIRST = re.compile(rf"([a-zé]+)[\s.]*(\d{{1,2}}){_SIGN}(\d{{4}})")
_MONTH = re.compile(rf"(\d{{1,2}}){_SIGN}(\d{{4}})|(\d{{4}})-(\d{{1,2}})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SERIAL = re.compile(r"\d{5}")

REMEDY = (
    "Write the day as 12-3-2018, the month as mrt 2018, or x when only that it happened is known."
)


#: a day that no month has, for a 0 that somebody wrote
_NO_DAY = 99


@dataclass(frozen=True)
class Day:
    """When a stage was reached, and how well that is known."""

    #: with precision "month" the first of that month; with "unknown" None
    day: date | None
    precision: Literal["day", "month", "unknown"]


DAY_UNKNOWN = Day(None, "unknown")


def read_day(cell: Cell, thing: str = "date", *, latest: date = FURTHEST) -> Day | None:
    """The day in a cell, or None when it says that the stage was not reached.

    A year alone counts as reached on an unknown day: the first of January would be a figure that
    nobody noted. Raises `FaultyValue` for a day that doesn't exist, lies before `EARLIEST` or after
    `latest`, or can't be read.
    """
    found = _day_of_value(cell, thing)
    if isinstance(found, str):
        found = _day_of_text(found, thing, latest)
    if found is not None and found.day is not None and not EARLIEST <= found.day <= latest:
        raise faulty(thing, "This day lies too far in the past or in the future.", "Mend the year.")
    return found


def is_year_only(cell: Cell) -> bool:
    """Whether just a year stands there, so that the day is lost."""
    return _YEAR.fullmatch(text_of(cell)) is not None


def _day_of_value(cell: Cell, thing: str) -> Day | str | None:
    if isinstance(cell, datetime):
        return Day(cell.date(), "day")
    if isinstance(cell, date):
        return Day(cell, "day")
    if isinstance(cell, bool):
        return DAY_UNKNOWN if cell else None
    if isinstance(cell, time | timedelta):
        raise faulty(thing, "This is a time, not a day.", REMEDY)
    if isinstance(cell, float) and not cell.is_integer() and _serial(cell) >= EARLIEST:
        return Day(_serial(cell), "day")
    return text_of(cell)


def _serial(number: float) -> date:
    # what is no number of days at all is far away, and so refused
    try:
        return _EXCEL_DAY_ZERO + timedelta(days=int(number))
    except (OverflowError, ValueError):
        return date.min


def _day_of_text(written: str, thing: str, latest: date) -> Day | None:
    plain = unicodedata.normalize("NFKC", written).casefold()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip()
    if not plain or plain in NOT_REACHED or plain in _NOT_REACHED_PHRASES:
        return None
    if plain in REACHED or _YEAR.fullmatch(plain):
        return DAY_UNKNOWN
    if _SERIAL.fullmatch(plain):
        return Day(_serial(int(plain)), "day")
    parts = _parts(" ".join(_NOISE.sub(" ", _TIME.sub("", plain)).split()))
    if parts is None:
        raise faulty(thing, "This can't be read as a day.", REMEDY)
    year, month, day = _year(parts[0], latest), parts[1], parts[2]
    try:
        return Day(date(year, month, day or 1), "day" if day else "month")
    except ValueError as error:
        raise faulty(thing, "This day does not exist.", "Look up the right day.") from error


def _year(written: str, latest: date) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    # 18 is 2018 and 98 is 1998
    return 2000 + year if 2000 + year <= latest.year and year < 90 else 1900 + year


_Parts = tuple[str, int, int | None]


def _parts(text: str) -> _Parts | None:
    """Year, month and day of a text; None for a day leaves it open."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (part for part in found.groups() if part is not None)
        return year, int(month), int(day) or _NO_DAY
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return year, int(month), int(day) or _NO_DAY
    if found := _MONTH.fullmatch(text):
        month, year = found.group(1, 2) if found.group(1) else found.group(4, 3)
        return year, int(month), None
    return _named_parts(text)


def _named_parts(text: str) -> _Parts | None:
    if (found := _DAY_NAMED.fullmatch(text)) and found.group(2) in _MONTHS:
        return found.group(3), _MONTHS[found.group(2)], int(found.group(1)) or _NO_DAY
    if (found := _NAME_FIRST.fullmatch(text)) and found.group(1) in _MONTHS:
        return found.group(3), _MONTHS[found.group(1)], int(found.group(2)) or _NO_DAY
    if (found := _MONTH_NAMED.fullmatch(text)) and found.group(1) in _MONTHS:
        return found.group(2), _MONTHS[found.group(1)], None
    return None
