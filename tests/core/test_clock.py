"""The clock: aware, in UTC, and the local day that goes with it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock


def test_now_is_aware_and_in_utc() -> None:
    now = clock.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2018, 4, 3, 21, 59, tzinfo=UTC), "Europe/Amsterdam", date(2018, 4, 3)),
        (datetime(2018, 4, 3, 22, 0, tzinfo=UTC), "Europe/Amsterdam", date(2018, 4, 4)),
        (datetime(2018, 1, 3, 22, 59, tzinfo=UTC), "Europe/Amsterdam", date(2018, 1, 3)),
        (datetime(2018, 4, 4, 3, 59, tzinfo=UTC), "America/Kralendijk", date(2018, 4, 3)),
        (datetime(2018, 4, 4, 4, 0, tzinfo=UTC), "America/Kralendijk", date(2018, 4, 4)),
    ],
)
def test_the_local_day_is_that_of_the_zone(moment: datetime, zone: str, day: date) -> None:
    assert clock.local_day(moment, zone) == day
