"""Lengths of time and the moments counted from them, as a route file writes them."""

import re
from dataclasses import dataclass
from typing import Literal, cast

Unit = Literal["workdays", "days", "weeks", "months"]

#: dates of a case that a follow-up can be counted from, besides the day a stage was reached
DATES = ("course_start", "course_end", "appointment", "consent_expiry")

_PERIOD = re.compile(r"(\d{1,3}) (workday|day|week|month)s?")
_MOMENT = re.compile(r"(?P<anchor>.+?)(?: (?P<sign>[+-]) (?P<period>\S+ \S+))?")


@dataclass(frozen=True)
class Period:
    """A number of workdays, days, weeks or months; negative when counted back."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


@dataclass(frozen=True)
class Moment:
    """A period after (or before) the day a stage was reached or a date of the case."""

    anchor: str
    period: Period

    @property
    def from_date(self) -> bool:
        """Whether it is counted from a date of the case instead of from a stage."""
        return self.anchor in DATES


def period(text: str) -> Period:
    """Read ``5 workdays``; raises ValueError with a remedy."""
    found = _PERIOD.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError("is not a length of time. Write for example: 5 workdays, 2 weeks.")
    return Period(int(found[1]), cast(Unit, f"{found[2]}s"))


def moment(text: str) -> Moment:
    """Read ``contact + 5 workdays`` or ``course_start - 1 week``; raises ValueError."""
    found = _MOMENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError("is not a moment. Write for example: contact + 5 workdays.")
    if not found["period"]:
        return Moment(found["anchor"], Period(0, "days"))
    length = period(found["period"])
    sign = -1 if found["sign"] == "-" else 1
    return Moment(found["anchor"], Period(sign * length.number, length.unit))
