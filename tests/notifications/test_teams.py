"""Work finds somebody who is there: the owner, a stand-in, or else the coordinators."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from notifications.teams import Team
from storage.tables import Leave, Staff
from tests.builders import NOW, TODAY, a_leave, a_library, a_staff

ANN, BAS, CAS, DOT, EVA = range(1, 6)


def a_team(leaves: dict[int, int | None] | None = None, **roles: str) -> Team:
    """Ann coordinates, the others are staff; `leaves`: who is away → who stands in."""
    names = ("ann", "bas", "cas", "dot", "eva")
    usual = {"ann": "coordinator"}
    people = [
        Staff(id=number, organisation_id=1, name=name, email=name, created_at=NOW,
              role=roles.get(name) or usual.get(name, "staff"))
        for number, name in enumerate(names, 1)
        if roles.get(name) != "left"
    ]  # fmt: skip
    return Team(people, [_leave(who, other) for who, other in (leaves or {}).items()])


def _leave(who: int, stand_in: int | None) -> Leave:
    return Leave(
        organisation_id=1, staff_id=who, first_day=TODAY, last_day=TODAY, stand_in_id=stand_in
    )


@pytest.mark.parametrize(
    ("leaves", "assignee", "takers"),
    [
        ({}, BAS, {BAS}),
        ({}, None, {ANN}),
        ({BAS: CAS}, BAS, {CAS}),
        ({BAS: None}, BAS, {ANN}),
        # whoever stands in is away too: nobody was asked to do that one's other work
        ({BAS: CAS, CAS: DOT}, BAS, {ANN}),
        ({BAS: CAS, CAS: DOT}, CAS, {DOT}),
        ({BAS: CAS, CAS: BAS}, BAS, {ANN}),
        ({BAS: BAS}, BAS, {ANN}),
        # the coordinator is away
        ({ANN: EVA}, None, {EVA}),
        ({ANN: EVA, BAS: None}, BAS, {EVA}),
        ({ANN: None}, None, {BAS, CAS, DOT, EVA}),
        ({BAS: None, ANN: EVA, EVA: None}, BAS, {CAS, DOT}),
        # somebody who never worked here
        ({}, 77, {ANN}),
    ],
)
def test_who_takes_what_on_a_day(
    leaves: dict[int, int | None], assignee: int | None, takers: set[int]
) -> None:
    assert a_team(leaves).takers(assignee) == takers


def test_what_somebody_left_behind_goes_to_the_coordinators() -> None:
    assert a_team(bas="left").takers(BAS) == {ANN}
    # also when a colleague stood in during a leave that has no end
    assert a_team({BAS: CAS}, bas="left").takers(BAS) == {ANN}
    # nor does it go to somebody who left and should stand in
    assert a_team({CAS: BAS}, bas="left").takers(CAS) == {ANN}


def test_without_a_coordinator_administrators_take_it_and_else_everybody() -> None:
    assert a_team(ann="staff", dot="administrator").coordinators == {DOT}
    assert a_team(ann="staff").coordinators == {ANN, BAS, CAS, DOT, EVA}
    assert a_team({ANN: None}, dot="administrator").coordinators == {DOT}
    assert a_team({ANN: None}, bas="coordinator").coordinators == {BAS}


def test_when_nobody_is_there_it_waits_for_the_coordinators() -> None:
    everybody = dict.fromkeys((ANN, BAS, CAS, DOT, EVA))
    assert a_team(everybody).takers(BAS) == {ANN}
    assert Team([], []).takers(BAS) == frozenset()


def test_somebody_sees_whose_work_they_take() -> None:
    team = a_team({BAS: CAS, DOT: None})
    assert team.covered_by(CAS, [ANN, BAS, CAS, DOT, EVA]) == {BAS, CAS}
    assert team.covered_by(ANN, [ANN, BAS, CAS, DOT, EVA, 77]) == {ANN, DOT, 77}
    assert team.covered_by(BAS, [ANN, BAS]) == set()


def test_leave_begins_on_its_first_day_and_ends_after_its_last(session: Session) -> None:
    library = a_library(session)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    a_leave(session, library, bas, TODAY, TODAY + timedelta(days=2), cas)
    days = [TODAY + timedelta(days=number) for number in range(-1, 4)]
    takers = [Team.on(session, library, day).takers(bas) for day in days]
    assert takers == [{bas}, {cas}, {cas}, {cas}, {bas}]


def test_teams_are_of_one_library_and_without_the_national_office(session: Session) -> None:
    library, elsewhere = a_library(session), a_library(session, "elders")
    bas, away = a_staff(session, library, "Bas"), date(2018, 4, 30)
    office = a_staff(session, library, "Kim", "national_office")
    a_staff(session, library, "Oud", active=False)
    other = a_staff(session, elsewhere, "Cas")
    a_leave(session, elsewhere, other, TODAY, away)
    team = Team.on(session, library, TODAY)
    assert {person.name for person in team.people} == {"Ann (verzonnen)", "Bas"}
    assert (office in team.takers(None), bas in team.present) == (False, True)
    # what was given to the national office by mistake is known to nobody there
    assert office not in team.takers(office)


@st.composite
def teams(draw: st.DrawFn) -> Team:
    numbers = draw(st.sets(st.integers(1, 6)))
    roles = st.sampled_from(["staff", "coordinator", "administrator"])
    people = [
        Staff(id=number, organisation_id=1, name="", email="", role=draw(roles), created_at=NOW)
        for number in sorted(numbers)
    ]
    somebody = st.integers(1, 8)
    leaves = draw(st.dictionaries(somebody, st.none() | somebody))
    return Team(people, [_leave(who, other) for who, other in leaves.items()])


@given(teams(), st.none() | st.integers(1, 8))
def test_nothing_is_lost_on_an_absence(team: Team, assignee: int | None) -> None:
    takers = team.takers(assignee)
    assert takers <= team.numbers
    assert bool(takers) == bool(team.numbers)
    # somebody hears of it today, when anybody is there to hear
    assert bool(takers & team.present) == bool(team.present)
    if assignee in team.present:
        assert takers == {assignee}
    seen = {taker: team.covered_by(taker, [assignee]) for taker in team.numbers if assignee}
    assert {taker for taker, covered in seen.items() if covered} == (takers if assignee else set())
