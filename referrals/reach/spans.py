"""Splits a period into whole months, which the summary knows, and the days at its ends."""

from dataclasses import dataclass
from datetime import date, timedelta

from referrals.reach.cells import month_of

#: before the first and after the last day that anything can happen
_FIRST_MONTH, _LAST_MONTH = 1, month_of(date.max)


@dataclass(frozen=True)
class Span:
    """A period of local days, both ends included."""

    #: the first and last whole month, counted from year 0; none when there is no whole month
    months: tuple[int, int] | None
    #: the days before the first and after the last whole month: (first, last) of each end
    ends: tuple[tuple[date, date], ...] = ()

    @property
    def whole_days(self) -> tuple[date, date] | None:
        """The first and last day of the whole months."""
        if self.months is None:
            return None
        return _first_day(self.months[0]), _last_day(self.months[1])


def span(first: date | None, last: date | None) -> Span:
    """The period from `first` to `last`; either may be open."""
    start = _FIRST_MONTH if first is None else month_of(first) + (first.day > 1)
    stop = _LAST_MONTH if last is None else month_of(last) - (last < _last_day(month_of(last)))
    if start > stop:
        return Span(None, ((first or date.min, last or date.max),))
    ends = []
    if first is not None and first.day > 1:
        ends.append((first, _last_day(month_of(first))))
    if last is not None and last < _last_day(month_of(last)):
        ends.append((last.replace(day=1), last))
    return Span((start, stop), tuple(ends))


def before_in_month(first: date) -> tuple[date, date] | None:
    """The days of its month before a day; none before the first of it."""
    if first.day == 1:
        return None
    return first.replace(day=1), first - timedelta(days=1)


def after_in_month(last: date) -> tuple[date, date] | None:
    """The days of its month after a day; none after the last of it."""
    end = _last_day(month_of(last))
    return (last + timedelta(days=1), end) if last < end else None


def _first_day(month: int) -> date:
    return date(max(month // 12, 1), month % 12 + 1, 1)


def _last_day(month: int) -> date:
    if month >= _LAST_MONTH:
        return date.max
    return _first_day(month + 1) - timedelta(days=1)
