"""Due days are workdays, and moments are UTC whatever the clocks do."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import FaultyValue
from workflows import workdays
from workflows.periods import Moment, Period, moment, period
from workflows.workdays import Calendar, office_moment
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


@pytest.mark.parametrize(
    ("now", "loud"),
    [
        # by day on a workday: at once, to the second
        ("2018-04-03 07:00", "2018-04-03 07:00"),
        ("2018-04-03 12:34", "2018-04-03 12:34"),
        ("2018-04-03 19:59", "2018-04-03 19:59"),
        # too early and too late
        ("2018-04-03 06:59", "2018-04-03 07:00"),
        ("2018-04-03 00:00", "2018-04-03 07:00"),
        ("2018-04-03 20:00", "2018-04-04 07:00"),
        ("2018-04-03 23:59", "2018-04-04 07:00"),
        # a weekend, also in the middle of the day
        ("2018-04-06 20:00", "2018-04-09 07:00"),
        ("2018-04-07 12:00", "2018-04-09 07:00"),
        ("2018-04-08 23:59", "2018-04-09 07:00"),
        # the evening before King's Day, and that day; Easter; a day on which it is closed
        ("2018-04-26 21:00", "2018-04-30 07:00"),
        ("2018-04-27 12:00", "2018-04-30 07:00"),
        ("2018-03-29 22:00", "2018-04-03 07:00"),
        ("2018-05-07 12:00", "2018-05-08 07:00"),
        # the nights in which the clocks are changed
        ("2018-03-25 01:30", "2018-03-26 07:00"),
        ("2018-10-26 20:00", "2018-10-29 07:00"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Asia/Tokyo"])
def test_people_are_disturbed_by_day_on_workdays(zone: str, now: str, loud: str) -> None:
    days = Calendar(zone, closed=[date(2018, 5, 7)])
    moment, expected = (
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for text in (now, loud)
    )
    assert office_moment(moment, days, 20, 7) == expected


def test_by_day_is_by_the_clock_and_the_holidays_of_the_library() -> None:
    bonaire = Calendar("America/Kralendijk")
    # nine in the evening in the Netherlands is three in the afternoon there
    now = datetime(2018, 4, 3, 19, tzinfo=UTC)
    assert office_moment(now, bonaire, 20, 7) == now
    assert office_moment(now, DUTCH, 20, 7) == datetime(2018, 4, 4, 5, tzinfo=UTC)
    # the first of May is a holiday there alone
    may = datetime(2018, 5, 1, 15, tzinfo=UTC)
    assert office_moment(may, bonaire, 20, 7) == datetime(2018, 5, 2, 11, tzinfo=UTC)
    assert office_moment(may, DUTCH, 20, 7) == may


def test_quiet_hours_are_those_of_the_library() -> None:
    now = datetime(2018, 4, 3, 15, tzinfo=UTC)
    assert office_moment(now, DUTCH, 17, 9) == datetime(2018, 4, 4, 7, tzinfo=UTC)
    assert office_moment(now, DUTCH, 18, 9) == now


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


def test_holidays_have_names_in_both_languages_and_are_no_workdays() -> None:
    first, last = date(2018, 4, 3), date(2018, 12, 31)
    found = workdays.named_holidays("Europe/Amsterdam", first, last, "nl")
    assert found[0] == (date(2018, 4, 27), "Koningsdag")
    assert not any(Calendar().is_workday(day) for day, _ in found)
    english = workdays.named_holidays("Europe/Amsterdam", first, last, "en")
    assert [day for day, _ in english] == [day for day, _ in found]
    assert english[0][1] == "King's Day"


def test_bonaire_has_its_own_holidays() -> None:
    may = (date(2018, 5, 1), date(2018, 5, 1))
    assert workdays.named_holidays("America/Kralendijk", *may, "nl") == [
        (may[0], "Dag van de Arbeid")
    ]
    assert workdays.named_holidays("Europe/Amsterdam", *may, "nl") == []
