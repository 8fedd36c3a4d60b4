"""The short form of ``python -m tests.chaos``: every fault, a few hundred mails, both databases."""

import pytest

from tests.chaos.faults import FAULTS, suffer
from tests.chaos.scene import Scene

#: mails, kills, and how fast the clock runs
SHORT = {
    "sigkill": (600, 15, 240.0),
    "4xx": (100, 0, 240.0),
    "failpoints": (100, 0, 240.0),
    "hanging workers": (100, 0, 480.0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(database_address: str, fault: str) -> None:
    reminders, kills, speed = SHORT.get(fault, (150, 0, 120.0))
    count = suffer(Scene(database_address, reminders, kills=kills, speed=speed), fault)
    assert count.lost == 0, count
    assert count.double <= count.allowed, count
    assert count.due
