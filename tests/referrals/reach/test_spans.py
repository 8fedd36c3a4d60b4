"""A period is split into whole months and the days at its ends, without gap or overlap."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from referrals.reach.spans import after_in_month, before_in_month, span

days = st.dates(date(2017, 1, 1), date(2019, 12, 31))


def test_whole_months_have_no_ends() -> None:
    assert span(date(2018, 1, 1), date(2018, 3, 31)).ends == ()
    assert span(None, None).ends == ()


def test_days_within_one_month_are_one_end() -> None:
    found = span(date(2018, 3, 3), date(2018, 3, 20))
    assert (found.months, found.ends) == (None, ((date(2018, 3, 3), date(2018, 3, 20)),))


def test_an_end_reaches_to_the_end_of_its_month() -> None:
    found = span(date(2018, 1, 31), date(2018, 3, 1))
    assert found.whole_days == (date(2018, 2, 1), date(2018, 2, 28))
    assert found.ends == (
        (date(2018, 1, 31), date(2018, 1, 31)),
        (date(2018, 3, 1), date(2018, 3, 1)),
    )


@given(first=days, last=days)
def test_every_day_of_a_period_is_in_exactly_one_piece(first: date, last: date) -> None:
    first, last = min(first, last), max(first, last)
    found = span(first, last)
    pieces = [*found.ends, *([found.whole_days] if found.whole_days else [])]
    for number in range(-40, (last - first).days + 40):
        day = first + timedelta(days=number)
        within = sum(start <= day <= stop for start, stop in pieces)
        assert within == (first <= day <= last)


@given(days)
def test_a_month_is_the_days_before_the_day_itself_and_the_days_after(day: date) -> None:
    before, after = before_in_month(day), after_in_month(day)
    start = before[0] if before else day
    stop = after[1] if after else day
    assert (start.day, (stop + timedelta(days=1)).day) == (1, 1)
    assert start.month == stop.month == day.month
