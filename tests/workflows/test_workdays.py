"""Due days are workdays, and moments are UTC whatever the clocks do."""

from datetime import UTC, date, datetime

import pytest

from core.errors import FaultyValue
from workflows.periods import Moment, Period, moment, period
from workflows.workdays import Calendar
from workflows.workdays import moment as moment_of

DUTCH = Calendar()


@pytest.mark.parametrize(
    ("day", "text", "due"),
    [
        ("2018-04-03", "5 workdays", "2018-04-10"),
        ("2018-04-26", "1 workday", "2018-04-30"),  # King's Day and a weekend
        ("2018-03-29", "1 workday", "2018-04-03"),  # Good Friday to Easter Monday
        ("2018-12-24", "1 workday", "2018-12-27"),
        ("2018-04-07", "0 workdays", "2018-04-09"),
        ("2018-04-03", "8 days", "2018-04-11"),
        ("2018-03-30", "2 days", "2018-04-03"),
        ("2018-04-03", "4 weeks", "2018-05-01"),
        ("2018-01-31", "1 month", "2018-02-28"),
        ("2018-11-30", "3 months", "2019-02-28"),
        ("2018-10-06", "6 months", "2019-04-08"),
    ],
)
def test_a_period_later_is_a_workday(day: str, text: str, due: str) -> None:
    assert DUTCH.after(date.fromisoformat(day), period(text)) == date.fromisoformat(due)


def test_workdays_can_be_counted_back() -> None:
    back = moment("course_start - 3 workdays").period
    assert DUTCH.after(date(2018, 5, 1), back) == date(2018, 4, 25)


def test_days_that_an_organisation_is_closed_do_not_count() -> None:
    closed = Calendar(closed=[date(2018, 4, 4)])
    assert closed.after(date(2018, 4, 3), period("1 workday")) == date(2018, 4, 5)


def test_the_caribbean_has_holidays_of_its_own() -> None:
    bonaire = Calendar("America/Kralendijk")
    assert not bonaire.is_workday(date(2018, 5, 1))
    assert DUTCH.is_workday(date(2018, 5, 1))


def test_workdays_between_two_days_leave_out_the_first() -> None:
    assert DUTCH.workdays_between(date(2018, 4, 3), date(2018, 4, 10)) == 5
    assert DUTCH.workdays_between(date(2018, 4, 3), date(2018, 4, 3)) == 0


@pytest.mark.parametrize(
    ("day", "zone", "hour"),
    [
        (date(2018, 3, 25), "Europe/Amsterdam", 6),
        (date(2018, 3, 24), "Europe/Amsterdam", 7),
        (date(2018, 10, 28), "Europe/Amsterdam", 7),
        (date(2018, 7, 2), "America/Kralendijk", 12),
    ],
)
def test_eight_in_the_morning_is_another_moment_each_season(
    day: date, zone: str, hour: int
) -> None:
    assert moment_of(day, 8, zone) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.mark.parametrize("hour", [2, 3, 24, -1])
def test_nothing_is_due_in_the_hours_when_clocks_change(hour: int) -> None:
    with pytest.raises(FaultyValue):
        moment_of(date(2018, 3, 25), hour, "Europe/Amsterdam")


def test_moments_are_read() -> None:
    assert moment("contact + 5 workdays") == Moment("contact", Period(5, "workdays"))
    assert moment("course_start - 1 week") == Moment("course_start", Period(-1, "weeks"))
    assert moment("contact") == Moment("contact", Period(0, "days"))
    assert moment("appointment").from_date
    assert not moment("contact").from_date
    assert str(period("5 workdays")) == "5 workdays"


@pytest.mark.parametrize(
    "text", ["", "5", "workdays", "5 hours", "-1 days", "5  days", "1000 days"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="length of time"):
        period(text)
