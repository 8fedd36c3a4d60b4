"""Anonymous contacts: counted one by one at a stall or a desk."""

from datetime import date

from sqlalchemy import Table, delete, func, select
from sqlmodel import Session

from storage.tables import Campaign, ContactTally, Pilot, PilotLibrary

TALLIES: Table = ContactTally.__table__  # type: ignore[attr-defined]
_PILOTS: Table = Pilot.__table__  # type: ignore[attr-defined]
_LIBRARIES: Table = PilotLibrary.__table__  # type: ignore[attr-defined]
_CAMPAIGNS: Table = Campaign.__table__  # type: ignore[attr-defined]


def totals(session: Session, organisation_id: int, day: date) -> dict[str, int]:
    """Way in → contacts of a library on a local day."""
    statement = (
        select(TALLIES.c.channel, func.sum(TALLIES.c.contacts))
        .where(TALLIES.c.organisation_id == organisation_id, TALLIES.c.day == day)
        .group_by(TALLIES.c.channel)
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def forget(session: Session, organisation_id: int, number: int) -> bool:
    """Delete a tally of a library; whether it was there."""
    statement = delete(TALLIES).where(
        TALLIES.c.organisation_id == organisation_id, TALLIES.c.id == number
    )
    return session.connection().execute(statement).rowcount == 1


def pilots_of(session: Session, organisation_id: int, day: date) -> list[tuple[int, str]]:
    """(number, name) of the pilots in which a library takes part on a day, by name."""
    statement = (
        select(_PILOTS.c.id, _PILOTS.c.name)
        .join(_LIBRARIES, _LIBRARIES.c.pilot_id == _PILOTS.c.id)
        .where(
            _LIBRARIES.c.organisation_id == organisation_id,
            func.coalesce(_PILOTS.c.ends_on, day) >= day,
        )
        .order_by(_PILOTS.c.name)
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]


def campaigns_on(session: Session, organisation_id: int, day: date) -> list[tuple[int, str]]:
    """(number, name) of the campaigns that run on a day: of the library's pilots, or of none."""
    mine = select(_LIBRARIES.c.pilot_id).where(_LIBRARIES.c.organisation_id == organisation_id)
    statement = (
        select(_CAMPAIGNS.c.id, _CAMPAIGNS.c.name)
        .where(
            func.coalesce(_CAMPAIGNS.c.ends_on, day) >= day,
            func.coalesce(_CAMPAIGNS.c.starts_on, day) <= day,
            _CAMPAIGNS.c.pilot_id.is_(None) | _CAMPAIGNS.c.pilot_id.in_(mine),
        )
        .order_by(_CAMPAIGNS.c.name)
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]
