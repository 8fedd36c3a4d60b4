"""Participants: registered once each, named or nameless, and never with a BSN."""

import pytest
from sqlmodel import Session

from core.errors import BsnFound
from referrals import participants
from referrals.doubles import Person
from referrals.participants import Newcomer
from storage.tables import Participant, ParticipantWord
from tests.builders import NOW, a_library
from tests.looking import rows_of


def test_everything_that_is_known_is_kept(session: Session) -> None:
    library = a_library(session)
    person = Person("Fatima", "Çelik", 1981, "+31612345678", "f@voorbeeld.nl", "2221")
    newcomer = Newcomer(person, "GM0537", "nt2", "brieven van school lezen", "na vieren")
    [registered] = participants.register(session, library, [newcomer], now=NOW)
    [row] = rows_of(session, Participant)
    assert row.model_dump() == {
        "id": registered.id, "organisation_id": library, "person_key": registered.person_key,
        "first_name": "Fatima", "last_name": "Çelik", "birth_year": 1981,
        "phone": "+31612345678", "email": "f@voorbeeld.nl", "postcode": "2221",
        "municipality_code": "GM0537", "mother_tongue": "nt2",
        "wish": "brieven van school lezen", "best_moment": "na vieren", "created_at": NOW,
        "anonymised_at": None, "merged_into_id": None,
    }  # fmt: skip


def test_somebody_is_found_by_the_parts_of_the_name_and_the_phone_from_its_end(
    session: Session,
) -> None:
    library = a_library(session)
    person = Person("Jan-Willem", "van 't Hoff", phone="+31612345678")
    participants.register(session, library, [Newcomer(person), Newcomer()], now=NOW)
    words = [(row.participant_id, row.word) for row in rows_of(session, ParticipantWord)]
    assert words == [(1, word) for word in ("#87654321613", "hoff", "jan", "willem")]


def test_somebody_may_be_nobody(session: Session) -> None:
    library = a_library(session)
    registered = participants.register(session, library, [Newcomer()] * 50, now=NOW)
    rows = rows_of(session, Participant)
    assert [(row.id, row.person_key) for row in rows] == registered
    assert len({each.person_key for each in registered}) == 50
    assert all(row.first_name is None and row.phone is None for row in rows)


def test_nobody_to_register_registers_nobody(session: Session) -> None:
    assert participants.register(session, a_library(session), [], now=NOW) == []


@pytest.mark.parametrize("field", ["wish", "best_moment"])
def test_a_bsn_among_the_wishes_is_refused_before_anything_is_written(
    session: Session, field: str
) -> None:
    library = a_library(session)
    wanted = [Newcomer(), Newcomer(**{field: "mijn nummer is 111222333"})]  # type: ignore[arg-type]
    with pytest.raises(BsnFound):
        participants.register(session, library, wanted, now=NOW)
    assert rows_of(session, Participant) == []
