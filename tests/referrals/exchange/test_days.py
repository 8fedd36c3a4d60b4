"""A day is read as people write it, or refused in words."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FaultyValue
from referrals.exchange.cells import Cell
from referrals.exchange.days import DAY_UNKNOWN, EARLIEST, FURTHEST, Day, read_day

THE_DAY = Day(date(2018, 3, 12), "day")
THE_MONTH = Day(date(2018, 3, 1), "month")


@pytest.mark.parametrize(
    "cell",
    [
        date(2018, 3, 12),
        datetime(2018, 3, 12, 10, 30),
        "12-3-2018",
        "12/3/2018",
        "12.03.2018",
        "12 3 2018",
        "2018-03-12",
        "2018-03-12 00:00:00",
        "20180312",
        "12 mrt 2018",
        "12 mrt. 2018",
        "12-mrt-18",
        "12e maart 2018",
        "ma 12 maart 2018",
        "12 March 2018",
        "March 12, 2018",
        "12-3-18",
        43171.0,
        43171.5,
        "43171",
        "１２-３-２０１８",
    ],
)
def test_a_day_in_many_spellings_is_one_day(cell: Cell) -> None:
    assert read_day(cell) == THE_DAY


@pytest.mark.parametrize(
    "cell", ["mrt 2018", "maart 2018", "Maart '18", "03-2018", "3/2018", "2018-03", "eind mrt 2018"]
)
def test_a_month_is_known_as_a_month(cell: str) -> None:
    assert read_day(cell) == THE_MONTH


@pytest.mark.parametrize("cell", ["x", "X", "ja", "✓", True, 1.0, "2018", 2018.0, "x\u200b"])
def test_what_only_says_that_it_happened_has_no_day(cell: Cell) -> None:
    assert read_day(cell) == DAY_UNKNOWN


@pytest.mark.parametrize("cell", ["", " ", "-", "nee", "n.v.t.", "nog niet", "?", False, 0.0])
def test_what_did_not_happen_is_not_reached(cell: Cell) -> None:
    assert read_day(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "31-02-2018",
        "0-1-2018",
        "1-0-2018",
        "3/25/2018",
        "12-3-0000",
        "0000-03-12",
        "12-3-9999",
        "12-3-1985",
        date(9999, 1, 1),
        date(1900, 1, 1),
        "12-3",
        "3-18",
        "volgt",
        99999.0,
        1e300,
        float("inf"),
        float("nan"),
        time(3),
        timedelta(3),
    ],
)
def test_an_impossible_day_is_refused_with_reason_and_remedy(cell: Cell) -> None:
    with pytest.raises(FaultyValue) as refused:
        read_day(cell, "L (Intake)")
    (fault,) = refused.value.faults
    assert fault.thing == "L (Intake)" and fault.why and fault.remedy
    assert str(cell) not in fault.why


def test_a_day_too_far_ahead_is_refused() -> None:
    with pytest.raises(FaultyValue):
        read_day("12-3-2028", latest=date(2020, 1, 1))


def test_two_digits_are_the_nearest_year() -> None:
    assert read_day("12-3-98", latest=date(2020, 1, 1)) == Day(date(1998, 3, 12), "day")
    assert read_day("12-3-19", latest=date(2020, 1, 1)) == Day(date(2019, 3, 12), "day")


@given(st.text() | st.from_regex(r"[0-9a-z]{1,4}[-/ .][0-9a-z]{1,9}[-/ .][0-9]{1,5}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        day = read_day(text)
    except FaultyValue:
        return
    assert day is None or day.day is None or EARLIEST <= day.day <= FURTHEST


@given(st.floats() | st.integers() | st.booleans() | st.datetimes() | st.times())
def test_any_cell_is_read_or_refused(cell: Cell) -> None:
    try:
        day = read_day(cell)
    except FaultyValue:
        return
    assert day is None or day.day is None or EARLIEST <= day.day <= FURTHEST


@given(st.dates(EARLIEST, FURTHEST))
def test_every_day_comes_back_from_each_way_to_write_it(day: date) -> None:
    for spelling in ("{0.day}-{0.month}-{0.year}", "{0:%d/%m/%Y}", "{0:%Y-%m-%d}", "{0:%d %b %Y}"):
        assert read_day(spelling.format(day)) == Day(day, "day")
