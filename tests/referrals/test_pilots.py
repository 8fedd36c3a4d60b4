"""Pilots, targets with a date and a source, campaigns, and contacts that nobody is counted by."""

from datetime import date

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue
from referrals import pilots
from storage.queries import pilots as queries
from storage.tables import Campaign, ContactTally, PilotLibrary, Target
from tests.builders import NOW, TODAY, a_case, a_library
from tests.looking import people_per, rows_of


def test_a_pilot_has_a_focus_a_period_and_libraries(session: Session) -> None:
    one, other = a_library(session), a_library(session, "elders")
    pilot = pilots.add_pilot(
        session, "Katwijk", focus="ouders", route="parents", starts_on=TODAY, libraries=[one]
    )
    assert pilot.id is not None
    assert queries.takes_part(session, one, pilot.id)
    assert not queries.takes_part(session, other, pilot.id)
    assert queries.names(session) == {pilot.id: "Katwijk"}
    found = queries.pilot(session, "Katwijk")
    assert found is not None and (found.focus, found.route) == ("ouders", "parents")
    assert queries.pilot(session, "Drenthe") is None
    assert len(rows_of(session, PilotLibrary)) == 1


def test_two_pilots_do_not_share_a_name(session: Session) -> None:
    pilots.add_pilot(session, "Katwijk")
    with pytest.raises(AlreadyThere):
        pilots.add_pilot(session, "Katwijk")


def test_a_pilot_does_not_end_before_it_starts(session: Session) -> None:
    with pytest.raises(FaultyValue):
        pilots.add_pilot(session, "x", starts_on=TODAY, ends_on=date(2018, 1, 1))


def test_the_target_group_is_a_number_with_a_date_and_a_source(session: Session) -> None:
    for people, year, source in ((3_000_000, 2025, "Kamerbrief"), (2_500_000, 2018, "Rekenkamer")):
        pilots.set_target_group(session, people, dated=date(year, 1, 1), source=source)
    found = [(row.dated.year, row.people, row.source) for row in queries.targets(session)]
    assert found == [(2018, 2_500_000, "Rekenkamer"), (2025, 3_000_000, "Kamerbrief")]
    # the same reach against both: two percentages that each carry their year
    shares = {
        row.dated.year: round(100 * 25_000 / row.people, 2) for row in queries.targets(session)
    }
    assert shares == {2018: 1.0, 2025: 0.83}


def test_a_goal_is_about_a_level(session: Session) -> None:
    pilot = pilots.add_pilot(session, "Katwijk")
    assert pilot.id is not None
    pilots.set_goal(
        session, pilot.id, "started", 120, dated=TODAY, due_on=date(2019, 1, 1), source="Plan"
    )
    with pytest.raises(FaultyValue):
        pilots.set_goal(session, pilot.id, "happy", 1, dated=TODAY, due_on=None, source="Plan")
    [goal] = rows_of(session, Target)
    assert (goal.kind, goal.level, goal.people, goal.pilot_id) == (
        "goal", "started", 120, pilot.id,
    )  # fmt: skip


def test_a_campaign_may_belong_to_a_pilot(session: Session) -> None:
    pilot = pilots.add_pilot(session, "Katwijk")
    pilots.add_campaign(session, "Week van Lezen en Schrijven", pilot_id=pilot.id, starts_on=TODAY)
    [row] = rows_of(session, Campaign)
    assert (row.pilot_id, row.starts_on) == (pilot.id, TODAY)


def test_contacts_at_a_stall_are_never_counted_as_people(session: Session) -> None:
    library = a_library(session)
    a_case(session, library, channel="campaign")
    pilots.tally(session, library, 250, "campaign", day=TODAY, now=NOW)
    assert people_per(session) == {"contact": 1}
    [row] = rows_of(session, ContactTally)
    assert (row.contacts, row.day, row.recorded_at) == (250, TODAY, NOW)
    with pytest.raises(FaultyValue):
        pilots.tally(session, library, 0, "campaign", day=TODAY, now=NOW)
    with pytest.raises(FaultyValue):
        pilots.tally(session, library, 3, "pigeon", day=TODAY, now=NOW)
