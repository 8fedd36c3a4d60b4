"""What is known of somebody is read as people type it, and never overwritten unseen."""

import pytest
from sqlmodel import Session

from core.errors import BsnFound, FaultyValue, NotFound
from referrals import finding, participants, profiles
from referrals.doubles import Person
from referrals.participants import Newcomer
from referrals.profiles import EditedMeanwhile, Value, mark_of
from storage.tables import JournalEntry, Participant
from tests.builders import NOW, TODAY, a_library, a_staff
from tests.looking import rows_of


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("first_name", "  Fatima\u202e ", "Fatima"),
        ("birth_year", " 1980 ", 1980),
        ("birth_year", "", None),
        ("phone", "06-12 34 56 78", "+31612345678"),
        ("phone", "geen", None),
        ("email", "Fatima@Voorbeeld.NL", "fatima@voorbeeld.nl"),
        ("postcode", "2221 ab", "2221"),
        ("postcode", "2221", "2221"),
        ("municipality_code", "Katwijk", "GM0537"),
        ("mother_tongue", "nt2", "nt2"),
        ("wish", "brieven lezen 📬", "brieven lezen 📬"),
    ],
)
def test_a_field_is_read_as_it_is_typed(field: str, typed: str, value: Value) -> None:
    assert profiles.read(field, typed, today=TODAY) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("first_name", "123"), ("first_name", "x" * 101), ("birth_year", "80"),
        ("birth_year", "2015"), ("birth_year", "١٩٨٠"), ("phone", "0612"),
        ("phone", "0612345678 of 0687654321"), ("email", "a@b"), ("postcode", "0123"),
        ("postcode", "1234 A"), ("municipality_code", "Atlantis"), ("mother_tongue", "nt3"),
        ("wish", "x" * 201),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_says_so(field: str, typed: str) -> None:
    with pytest.raises(FaultyValue) as refused:
        profiles.read(field, typed, today=TODAY)
    assert refused.value.faults[0].thing == field


@pytest.mark.parametrize("field", [*profiles.FIELDS])
def test_a_bsn_is_refused_in_every_field(field: str) -> None:
    with pytest.raises(BsnFound):
        profiles.read(field, "123456782", today=TODAY)


def _known(session: Session, library: int) -> int:
    newcomer = Newcomer(Person("Fatima", "Bouzid"))
    [who] = participants.register(session, library, [newcomer], now=NOW)
    return who.id


def test_a_change_is_found_and_the_journal_names_the_field(session: Session) -> None:
    library = a_library(session)
    who, ann = _known(session, library), a_staff(session, library, "Bo")
    seen = {"last_name": mark_of("Bouzid")}
    changed = profiles.change(session, library, who, {"last_name": "Amrani"}, seen, by=ann, now=NOW)
    assert changed == ["last_name"]
    assert finding.find(session, library, "amrani", sees=None).hits
    assert not finding.find(session, library, "bouzid", sees=None).hits
    [line] = rows_of(session, JournalEntry, what="participant.changed")
    assert (line.by_staff_id, line.detail) == (ann, {"fields": ["last_name"]})


def test_nothing_different_writes_nothing(session: Session) -> None:
    library = a_library(session)
    who = _known(session, library)
    seen = {"first_name": mark_of("Fatima")}
    typed = {"first_name": "Fatima"}
    assert profiles.change(session, library, who, typed, seen, by=None, now=NOW) == []
    assert not rows_of(session, JournalEntry)


def test_what_others_changed_stays_where_it_was_left_alone(session: Session) -> None:
    library = a_library(session)
    who = _known(session, library)
    seen = {"first_name": mark_of("Fatima"), "last_name": mark_of("Bouzid")}
    theirs = {"first_name": "Fatiha", "last_name": "Bouzid"}
    mine = {"first_name": "Fatima", "last_name": "Amrani"}
    for typed in (theirs, mine):
        profiles.change(session, library, who, typed, seen, by=None, now=NOW)
    row = session.get_one(Participant, who)
    assert (row.first_name, row.last_name) == ("Fatiha", "Amrani")


def test_two_who_change_one_field_are_told_both_versions(session: Session) -> None:
    library = a_library(session)
    who, bo = _known(session, library), a_staff(session, library, "Bo")
    seen = {"first_name": mark_of("Fatima")}
    theirs = {"first_name": "Fatiha"}
    profiles.change(session, library, who, theirs, seen, by=bo, now=NOW)
    with pytest.raises(EditedMeanwhile) as refused:
        profiles.change(session, library, who, {"first_name": "Fatma"}, seen, by=None, now=NOW)
    [clash] = refused.value.clashes
    assert (clash.theirs, clash.mine, refused.value.change.by) == ("Fatiha", "Fatma", "Bo")
    # the same change by both is no matter of choosing
    assert profiles.change(session, library, who, theirs, seen, by=None, now=NOW) == []


def test_somebody_of_another_library_is_not_there(session: Session) -> None:
    who = _known(session, a_library(session))
    other = a_library(session, "elders")
    with pytest.raises(NotFound):
        profiles.change(session, other, who, {"wish": "x"}, {}, by=None, now=NOW)
