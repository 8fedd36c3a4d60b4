"""Partners and the humans there, changed and taken back, and addresses that are mended."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, BsnFound, FaultyValue, NothingToUndo
from referrals import partner_changes
from referrals.partner_changes import ContactFacts, PartnerFacts
from storage.queries import refused_addresses
from storage.tables import ContactPerson, JournalEntry, Partner
from tests.builders import NOW, a_case, a_contact, a_library, a_partner, an_introduction
from tests.looking import rows_of

ELS = ContactFacts("Els", "els@voorbeeld.nl")


def _partner(session: Session, name: str = "De School", library: int | None = None) -> Partner:
    there = library or a_library(session)
    return session.get_one(Partner, a_partner(session, there, name, "school"))


def _els(session: Session, **more: object) -> ContactPerson:
    number = a_contact(session, _partner(session).id or 0, "els@voorbeeld.nl", name="Els", **more)
    return session.get_one(ContactPerson, number)


def test_a_partner_changes_and_what_it_was_comes_back(session: Session) -> None:
    partner = _partner(session)
    before = partner_changes.facts_of_partner(partner)
    facts = PartnerFacts("Het Bedrijf", "employer", "GM0363", active=False)
    assert partner_changes.change_partner(session, partner, facts, by=None, now=NOW) == before
    assert partner_changes.facts_of_partner(partner) == facts
    [line] = rows_of(session, JournalEntry, what="partner.changed")
    assert line.detail == {"fields": ["name", "kind", "municipality_code", "active"]}


def test_two_partners_of_a_library_have_two_names(session: Session) -> None:
    partner = _partner(session)
    _partner(session, "Het Bedrijf", partner.organisation_id)
    facts = replace(partner_changes.facts_of_partner(partner), name="het bedrijf")
    with pytest.raises(AlreadyThere):
        partner_changes.change_partner(session, partner, facts, by=None, now=NOW)
    # its own name in other letters is no namesake
    other = replace(facts, name="DE SCHOOL")
    partner_changes.change_partner(session, partner, other, by=None, now=NOW)
    assert partner.name == "DE SCHOOL"


@pytest.mark.parametrize("wrong", [PartnerFacts(" ", "school"), PartnerFacts("School", "kerk")])
def test_what_no_partner_can_be_is_refused(session: Session, wrong: PartnerFacts) -> None:
    partner = _partner(session)
    with pytest.raises(FaultyValue):
        partner_changes.change_partner(session, partner, wrong, by=None, now=NOW)
    assert rows_of(session, JournalEntry) == []


def test_only_a_partner_that_nothing_rests_on_is_taken_back(session: Session) -> None:
    used = _partner(session)
    case = a_case(session, used.organisation_id)
    an_introduction(session, case, used.id or 0)
    with pytest.raises(NothingToUndo):
        partner_changes.take_back_partner(session, used, by=None, now=NOW)
    free = _partner(session, "Vrij", used.organisation_id)
    partner_changes.take_back_partner(session, free, by=None, now=NOW)
    assert [row.name for row in rows_of(session, Partner)] == ["De School"]


def test_somebody_is_added_changed_and_taken_back(session: Session) -> None:
    partner = _partner(session)
    person = partner_changes.add_contact(session, partner, ELS, by=None, now=NOW)
    facts = replace(ELS, mails=False, language="en", active=False)
    assert partner_changes.change_contact(session, person, facts, by=None, now=NOW) == ELS
    [line] = rows_of(session, JournalEntry, what="contact_person.changed")
    assert line.detail == {"fields": ["language", "mails", "active"]}
    partner_changes.take_back_contact(session, person, by=None, now=NOW)
    assert rows_of(session, ContactPerson) == []


def test_somebody_who_introduced_a_participant_is_not_taken_back(session: Session) -> None:
    person = _els(session)
    case = a_case(session, person.organisation_id)
    an_introduction(session, case, person.partner_id, person.id)
    with pytest.raises(NothingToUndo):
        partner_changes.take_back_contact(session, person, by=None, now=NOW)


@pytest.mark.parametrize(
    "wrong", [ContactFacts("Els"), ContactFacts(" ", "e@voorbeeld.nl"), replace(ELS, language="fr")]
)
def test_somebody_has_a_name_a_language_and_a_way_to_be_reached(
    session: Session, wrong: ContactFacts
) -> None:
    with pytest.raises(FaultyValue):
        partner_changes.add_contact(session, _partner(session), wrong, by=None, now=NOW)


def test_a_name_holds_no_bsn(session: Session) -> None:
    with pytest.raises(BsnFound):
        facts = replace(ELS, name="Els 123456782")
        partner_changes.add_contact(session, _partner(session), facts, by=None, now=NOW)


def _refuse(session: Session, person: ContactPerson) -> None:
    refused_addresses.mark(
        session, person.organisation_id, person.email or "", reason="550 nee", message_id=None,
        now=NOW,
    )  # fmt: skip


def test_a_right_address_takes_the_mark_away_for_everybody_who_had_the_wrong_one(
    session: Session,
) -> None:
    person = _els(session)
    a_contact(session, person.partner_id, "Els@voorbeeld.nl", name="Els weer")
    _refuse(session, person)
    library = person.organisation_id
    changed = partner_changes.mend_address(
        session, library, "els@voorbeeld.nl", " Els.Goed@voorbeeld.nl ", by=None, now=NOW
    )
    assert changed == 2
    assert {row.email for row in rows_of(session, ContactPerson)} == {"els.goed@voorbeeld.nl"}
    assert refused_addresses.marks(session, library) == []


def test_an_address_that_works_after_all_stays(session: Session) -> None:
    person = _els(session)
    _refuse(session, person)
    partner_changes.mend_address(
        session, person.organisation_id, "els@voorbeeld.nl", "els@voorbeeld.nl", by=None, now=NOW
    )
    assert person.email == "els@voorbeeld.nl"
    assert refused_addresses.marks(session, person.organisation_id) == []


def test_an_address_that_cannot_be_mailed_mends_nothing(session: Session) -> None:
    person = _els(session)
    _refuse(session, person)
    with pytest.raises(FaultyValue):
        partner_changes.mend_address(
            session, person.organisation_id, "els@voorbeeld.nl", "geen", by=None, now=NOW
        )
    assert len(refused_addresses.marks(session, person.organisation_id)) == 1


def test_a_refused_address_that_nobody_has_any_more_needs_no_mending(session: Session) -> None:
    person = _els(session)
    _refuse(session, person)
    facts = replace(partner_changes.facts_of_contact(person), email="nieuw@voorbeeld.nl")
    partner_changes.change_contact(session, person, facts, by=None, now=NOW)
    assert refused_addresses.marks(session, person.organisation_id) == []
