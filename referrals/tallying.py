"""Counts contacts without a name, one thumb at a time; never added to people."""

from datetime import date, datetime

from sqlmodel import Session

from core.errors import FaultyValue, NothingToUndo
from core.words import Told
from storage.queries import tallies
from storage.tables import ContactTally
from storage.tables.partner import CHANNELS


def count(
    session: Session,
    organisation_id: int,
    channel: str,
    day: date,
    *,
    now: datetime,
    contacts: int = 1,
) -> int:
    """Count contacts on a local day; returns the number of the tally.

    Raises `FaultyValue` for an unknown way in.
    """
    if channel not in CHANNELS:
        remedy = Told("Choose one of: {names}.", names=", ".join(CHANNELS))
        raise FaultyValue(channel, remedy=remedy)
    row = ContactTally(
        organisation_id=organisation_id, channel=channel, day=day, contacts=contacts,
        recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def take_back(session: Session, organisation_id: int, number: int) -> None:
    """Count it no more; raises `NothingToUndo` when it was taken back before."""
    if not tallies.forget(session, organisation_id, number):
        raise NothingToUndo("", remedy="This was taken back before.")
