"""Somebody new at a stall: a case at once, and whoever they may be."""

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, BsnFound, NotFound
from referrals import merging, newcomers, participants
from referrals.doubles import Person
from referrals.newcomers import Contact
from referrals.participants import Newcomer
from storage.queries import cases
from storage.tables import Case, Participant
from tests.builders import NOW, a_library, a_participant, a_staff
from tests.looking import open_rules, rows_of


@pytest.mark.parametrize(
    ("channel", "published", "route"),
    [
        ("school", ["open-door", "parents"], "parents"),
        ("school", ["open-door"], "open-door"),
        ("campaign", ["employers", "open-door"], "open-door"),
        ("campaign", ["eigen-route"], "eigen-route"),
    ],
)
def test_the_route_fits_the_way_in(channel: str, published: list[str], route: str) -> None:
    assert newcomers.usual_route(channel, published) == route


def test_without_a_route_nobody_comes_in() -> None:
    with pytest.raises(NotFound):
        newcomers.usual_route("self", [])


def test_whoever_met_them_owns_the_case_and_is_asked_to_call(session: Session) -> None:
    library = a_library(session)
    bo = a_staff(session, library, "Bo")
    contact = Contact("campaign", Person("Amira", phone="+31612345678"), wish="Lezen")
    opened = newcomers.welcome(session, library, contact, by=bo, now=NOW)
    [row] = rows_of(session, Case)
    assert (row.owner_id, row.channel, opened.new) == (bo, "campaign", True)
    assert "first_call" in open_rules(session, opened.case_id)
    assert cases.standing(session, [opened.case_id])[0].reachable


def test_a_bsn_in_the_wish_or_the_note_keeps_nothing(session: Session) -> None:
    library = a_library(session)
    bo = a_staff(session, library, "Bo")
    for contact in (Contact("self", wish="123456782"), Contact("self", note="123456782")):
        with pytest.raises(BsnFound):
            newcomers.welcome(session, library, contact, by=bo, now=NOW)
    assert not rows_of(session, Case)


def test_somebody_known_gets_another_case_but_no_second_on_a_route(session: Session) -> None:
    library = a_library(session)
    bo, who = a_staff(session, library, "Bo"), a_participant(session, library)
    contact = Contact("self", participant_id=who.id)
    opened = newcomers.welcome(session, library, contact, by=bo, now=NOW)
    assert not opened.new and len(rows_of(session, Participant)) == 1
    with pytest.raises(AlreadyThere):
        newcomers.welcome(session, library, contact, by=bo, now=NOW)


def test_whoever_was_merged_gets_no_case(session: Session) -> None:
    library = a_library(session)
    bo = a_staff(session, library, "Bo")
    kept, gone = a_participant(session, library), a_participant(session, library)
    merging.merge(session, library, kept.id, gone.id, {}, by=bo, now=NOW)
    with pytest.raises(NotFound):
        contact = Contact("self", participant_id=gone.id)
        newcomers.welcome(session, library, contact, by=bo, now=NOW)


def test_the_likeliest_double_comes_first_and_a_common_name_suggests_nobody(
    session: Session,
) -> None:
    library = a_library(session)
    crowd = [Newcomer(Person("Fatima", f"Anders{n}")) for n in range(20)]
    participants.register(session, library, crowd, now=NOW)
    phone = "+31612345678"
    [alike, same] = participants.register(
        session, library,
        [Newcomer(Person("Samir", "Bouzid", phone=phone)), Newcomer(Person("Fatima", phone=phone))],
        now=NOW,
    )  # fmt: skip

    def suggested(person: Person) -> list[int]:
        return [row.id for row in newcomers.may_be(session, library, person, sees=None)]

    assert suggested(Person("Fatima")) == []
    assert suggested(Person("Fatima", phone=phone)) == [same.id, alike.id]
    assert suggested(Person("Sam", "Bou")) == [alike.id]
    assert suggested(Person("S")) == suggested(Person()) == []
