"""Consent that was noted or withdrawn by mistake: as if it had not been."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.errors import NothingToUndo
from referrals import consent, consent_corrections
from referrals.consent import Agreement
from storage.queries import consents, facts
from storage.tables import Consent
from tests.builders import NOW, TODAY, a_case, a_library, a_participant, a_partner
from tests.looking import open_rules, rows_of, the_case


def test_a_consent_that_was_noted_goes_with_what_counted_from_its_end(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "agreed")
    who = the_case(session, case).participant_id
    ends = Agreement(given_on=TODAY, expires_on=date(2018, 10, 1))
    # of what ends last nothing is planned: the first consent holds for good
    consent.withdraw_consent(session, who, by=None, now=NOW)
    consent.note_consent(session, library, [(who, ends)], now=NOW)
    assert "consent_ends" in open_rules(session, case)
    number = consents.newest(session, who)
    assert number
    consent_corrections.take_back(session, number, by=None, now=NOW + timedelta(minutes=1))
    assert consents.newest(session, who) is None
    assert "consent_ends" not in open_rules(session, case)


def test_whoever_took_back_a_first_consent_withdrew_nothing(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    consent.note_consent(session, library, [(who.id, Agreement(given_on=TODAY))], now=NOW)
    number = consents.newest(session, who.id) or 0
    consent_corrections.take_back(session, number, by=None, now=NOW)
    assert facts.withdrawn(session, [who.id]) == set()
    with pytest.raises(NothingToUndo):
        consent_corrections.take_back(session, number, by=None, now=NOW)


def test_a_withdrawal_that_was_a_mistake_opens_again_what_partners_had_to_do(
    session: Session,
) -> None:
    library = a_library(session)
    school = a_partner(session, library, "School (verzonnen)", "school")
    case = a_case(session, library, "referred", partner=school)
    who = the_case(session, case).participant_id
    before = open_rules(session, case)
    at = NOW + timedelta(minutes=1)
    consent.withdraw_consent(session, who, by=None, now=at)
    assert "contact_made" not in open_rules(session, case)
    consent_corrections.restore(session, who, at, by=None, now=at + timedelta(minutes=1))
    assert open_rules(session, case) == before
    assert not any(row.withdrawn_at for row in rows_of(session, Consent))


def test_what_was_not_withdrawn_cannot_be_restored(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    with pytest.raises(NothingToUndo):
        consent_corrections.restore(session, who.id, NOW, by=None, now=NOW)
