"""Pilots, the libraries that take part, their targets, campaigns, and anonymous contacts."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue
from core.words import Told
from storage.queries import pilots
from storage.tables import Campaign, ContactTally, Pilot, PilotLibrary, Target
from storage.tables.partner import CHANNELS
from workflows.definition import LEVELS


def add_pilot(
    session: Session,
    name: str,
    *,
    focus: str = "",
    route: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    libraries: Sequence[int] = (),
) -> Pilot:
    """A new pilot with the libraries that take part; raises `AlreadyThere` for a taken name."""
    if pilots.pilot(session, name):
        raise AlreadyThere(name, remedy="Choose another name.")
    if starts_on and ends_on and ends_on < starts_on:
        raise FaultyValue(name, remedy="The last day must come after the first.")
    pilot = Pilot(name=name, focus=focus, route=route, starts_on=starts_on, ends_on=ends_on)
    session.add(pilot)
    session.flush()
    assert pilot.id is not None
    session.add_all(
        PilotLibrary(pilot_id=pilot.id, organisation_id=library) for library in libraries
    )
    session.flush()
    return pilot


def set_goal(
    session: Session,
    pilot_id: int,
    level: str,
    people: int,
    *,
    dated: date,
    due_on: date | None,
    source: str,
) -> Target:
    """How many people a pilot wants to see at a level, by when and according to whom."""
    if level not in LEVELS:
        remedy = Told("Choose one of: {names}.", names=", ".join(LEVELS))
        raise FaultyValue(level, remedy=remedy)
    target = Target(
        pilot_id=pilot_id, kind="goal", level=level, people=people, dated=dated, due_on=due_on,
        source=source,
    )  # fmt: skip
    session.add(target)
    session.flush()
    return target


def set_target_group(session: Session, people: int, *, dated: date, source: str) -> Target:
    """How many adults have low basic skills, for which year and according to whom."""
    target = Target(kind="target_group", people=people, dated=dated, source=source)
    session.add(target)
    session.flush()
    return target


def add_campaign(
    session: Session, name: str, *, pilot_id: int | None = None, starts_on: date | None = None
) -> Campaign:
    """A marketing action, of a pilot or on its own."""
    campaign = Campaign(name=name, pilot_id=pilot_id, starts_on=starts_on)
    session.add(campaign)
    session.flush()
    return campaign


def tally(
    session: Session,
    organisation_id: int,
    contacts: int,
    channel: str,
    *,
    day: date,
    now: datetime,
    pilot_id: int | None = None,
    campaign_id: int | None = None,
) -> ContactTally:
    """Count anonymous contacts, for instance at a stall; never summed with people."""
    if channel not in CHANNELS:
        remedy = Told("Choose one of: {names}.", names=", ".join(CHANNELS))
        raise FaultyValue(channel, remedy=remedy)
    if contacts < 1:
        raise FaultyValue(str(contacts), remedy="Count at least one contact.")
    row = ContactTally(
        organisation_id=organisation_id, pilot_id=pilot_id, campaign_id=campaign_id,
        channel=channel, day=day, contacts=contacts, recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
