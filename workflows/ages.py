"""How long a case stands in its stage, in workdays, against the norm of that stage."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from workflows.periods import Period
from workflows.workdays import Calendar

#: days that are looked back for the last day that is too long ago; no norm is longer
_FURTHEST = 1100


@dataclass(frozen=True, slots=True)
class Age:
    """How long something stands somewhere."""

    workdays: int
    #: how many workdays it normally stands there; none: the stage has no norm
    norm: int | None
    late: bool


@lru_cache(maxsize=65536)
def age(days: Calendar, since: date, today: date, norm: Period | None) -> Age:
    """The age on a local day of what came on a local day; the same question is counted once."""
    stood = days.workdays_between(since, today)
    if norm is None:
        return Age(stood, None, False)
    last = days.after(since, norm)
    return Age(stood, days.workdays_between(since, last), today > last)


@lru_cache(maxsize=4096)
def late_until(days: Calendar, today: date, norm: Period | None) -> date:
    """The last local day on which something must have come to be over the norm today."""
    day = today
    if norm is None:
        return date.min
    while days.after(day, norm) >= today:
        day -= timedelta(days=1)
        if (today - day).days > _FURTHEST:
            return date.min
    return day
