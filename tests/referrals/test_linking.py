"""Crossing over: a linked case on another route, for the same participant."""

import pytest
from sqlmodel import Session

from core.errors import NotFound
from referrals import moving
from storage.queries import cases
from tests.builders import NOW, a_case, a_colleague, a_library, a_participant, a_pilot, a_route
from tests.looking import assert_whole, open_rules, savepoint, the_case


def test_crossing_opens_a_case_of_the_same_person_elsewhere(session: Session) -> None:
    library = a_library(session)
    a_route(session, "language-to-digital")
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    pilot = a_pilot(session, library)
    who = a_participant(session, library)
    case = a_case(
        session, library, "completed", participant=who, owner=bo, pilot=pilot,
        municipality="GM0537",
    )  # fmt: skip

    [moved] = moving.move_cases(session, [case], "cross", by=bo, now=NOW).moved

    assert moved.opened is not None
    row = the_case(session, moved.opened)
    assert (row.participant_id, row.linked_case_id) == (who.id, case)
    assert (row.owner_id, row.pilot_id, row.municipality_code) == (bo, pilot, "GM0537")
    assert (row.channel, row.stage) == ("digital_desk", "contact")
    assert cases.linked_from(session, case) == [moved.opened]
    assert open_rules(session, moved.opened)
    for number in (case, moved.opened):
        assert_whole(session, number)


def test_each_of_many_gets_a_linked_case_of_its_own(session: Session) -> None:
    library = a_library(session)
    a_route(session, "language-to-digital")
    several = [
        a_case(session, library, "completed", participant=a_participant(session, library))
        for _ in range(3)
    ]
    outcome = moving.move_cases(session, several, "cross", by=None, now=NOW)
    opened = [moved.opened for moved in outcome.moved]
    assert len(set(opened)) == 3 and None not in opened
    for moved in outcome.moved:
        assert cases.linked_from(session, moved.case_id) == [moved.opened]


def test_a_step_that_opens_nothing_opens_nothing(session: Session) -> None:
    case = a_case(session, a_library(session))
    [moved] = moving.move_cases(session, [case], "know", by=None, now=NOW).moved
    assert moved.opened is None
    assert cases.linked_from(session, case) == []


def test_crossing_to_a_route_that_is_not_published_is_refused(session: Session) -> None:
    case = a_case(session, a_library(session), "completed")
    with pytest.raises(NotFound) as refusal, savepoint(session):
        moving.move_cases(session, [case], "cross", by=None, now=NOW)
    assert refusal.value.thing == "language-to-digital"
    assert the_case(session, case).stage == "completed"
