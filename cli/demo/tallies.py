"""Invented contact tallies: people spoken to at stalls during campaigns, without a name."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlalchemy import Table
from sqlmodel import Session

from cli.demo.days import Days
from cli.demo.libraries import Library
from storage.dialects import append
from storage.tables import ContactTally

TALLIES: Table = ContactTally.__table__  # type: ignore[attr-defined]
_COLUMNS = ("organisation_id", "campaign_id", "channel", "day", "contacts", "recorded_at")
#: days between two stalls of a library during a campaign
_EVERY = 14


def write_tallies(
    session: Session,
    libraries: Sequence[Library],
    days: Days,
    campaigns: Sequence[int | None],
    dice: Random,
    now: datetime,
) -> None:
    """A stall every other week of a campaign, in each library."""
    stalls = [
        day for day in range(0, days.yesterday, _EVERY) if campaigns[day] and campaigns[day + 1]
    ]
    append(
        session,
        TALLIES,
        _COLUMNS,
        (
            (
                library.id, campaigns[day], "campaign", days.dates[days.workday[day]],
                5 + int(dice.random() * 60), now,
            )
            for library in libraries
            for day in stalls
        ),
    )  # fmt: skip
