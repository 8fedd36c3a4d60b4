"""Partners, the people there, and courses."""

from datetime import date

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue, NotFound
from referrals import partners
from storage.queries import referrals
from storage.tables import ContactPerson, Course, Partner
from tests.builders import NOW, a_library, a_provider
from tests.looking import rows_of


def test_a_partner_is_known_by_its_name_whatever_the_capitals(session: Session) -> None:
    library = a_library(session)
    added = partners.add_partner(session, library, " Basisschool  De Brug ", "school", now=NOW)
    assert (added.name, added.kind, added.active) == ("Basisschool De Brug", "school", True)
    with pytest.raises(AlreadyThere):
        partners.add_partner(session, library, "basisschool de brug", "school", now=NOW)
    same, new = partners.known_or_new(session, library, "BASISSCHOOL DE  BRUG", "employer", now=NOW)
    assert (same.id, same.kind, new) == (added.id, "school", False)
    other, new = partners.known_or_new(session, library, "Bouw BV", "employer", now=NOW)
    assert new and [row.name for row in referrals.partners(session, library)] == [
        "Basisschool De Brug", "Bouw BV",
    ]  # fmt: skip
    assert other.kind == "employer"


@pytest.mark.parametrize(("name", "kind"), [("X", "circus"), (" ", "school")])
def test_a_partner_without_a_name_or_a_known_kind_is_refused(
    session: Session, name: str, kind: str
) -> None:
    with pytest.raises(FaultyValue):
        partners.add_partner(session, a_library(session), name, kind, now=NOW)
    assert rows_of(session, Partner) == []


def test_a_contact_person_can_be_reached(session: Session) -> None:
    library = a_library(session)
    partner = partners.add_partner(session, library, "Bouw BV", "employer", now=NOW)
    partners.add_contact_person(session, partner, "HR", email="hr@voorbeeld.nl", phone=None)
    with pytest.raises(FaultyValue):
        partners.add_contact_person(session, partner, "HR", email=None, phone="")
    [person] = rows_of(session, ContactPerson)
    assert (person.partner_id, person.organisation_id) == (partner.id, library)


def test_a_course_has_a_provider_of_the_same_library(session: Session) -> None:
    mine, theirs = a_library(session), a_library(session, "elders")
    provider = a_provider(session, mine)
    course = partners.add_course(
        session, mine, provider, "Taal voor Thuis", subject="combined", kind="formal",
        place="School", starts_on=date(2018, 9, 3), ends_on=date(2018, 9, 3), seats=12,
    )  # fmt: skip
    assert referrals.course(session, mine, course.id or 0) is not None
    assert referrals.course(session, theirs, course.id or 0) is None
    for number in (a_provider(session, theirs), 777):
        with pytest.raises(NotFound):
            partners.add_course(session, mine, number, "x")
    assert len(rows_of(session, Course)) == 1


def test_a_course_does_not_end_before_it_starts(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    with pytest.raises(FaultyValue):
        partners.add_course(
            session, library, provider, "x", starts_on=date(2018, 9, 3), ends_on=date(2018, 9, 2)
        )
