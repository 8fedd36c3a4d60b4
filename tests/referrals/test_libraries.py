"""What a library sets for itself: checked where it is typed, and nothing half-written."""

from datetime import date

import pytest
from sqlmodel import Session

from core.errors import FaultyValue
from referrals import libraries
from referrals.libraries import Changes
from storage.queries import staff
from storage.tables import JournalEntry, Organisation
from tests.builders import NOW, a_library
from tests.looking import rows_of


def test_what_is_given_changes_and_the_rest_stays(session: Session) -> None:
    library = staff.organisation_by_number(session, a_library(session))
    days = (date(2018, 12, 31), date(2018, 12, 24), date(2018, 12, 24))
    changes = Changes(mail_address=" Info@Voorbeeld.example", quiet_to=8, closed_days=days)
    libraries.change(session, library, changes, by=None, now=NOW)
    session.refresh(library)
    assert library.mail_address == "info@voorbeeld.example"
    assert (library.quiet_from, library.quiet_to) == (20, 8)
    assert library.closed_days == "2018-12-24 2018-12-31"
    assert library.zone == "Europe/Amsterdam"
    assert len(rows_of(session, JournalEntry, what="library.changed")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        Changes(mail_address="geen adres", quiet_to=8),
        Changes(quiet_to=3),
        Changes(quiet_from=3, quiet_to=8),
        Changes(quiet_to=8, zone="Europe/Nergens"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(session: Session, changes: Changes) -> None:
    library = staff.organisation_by_number(session, a_library(session))
    with pytest.raises(FaultyValue) as refusal:
        libraries.change(session, library, changes, by=None, now=NOW)
    assert refusal.value.remedy
    assert (library.mail_address, library.quiet_from, library.quiet_to) == (None, 20, 7)


def test_a_library_gets_another_name_and_loses_its_address(session: Session) -> None:
    library = session.get_one(Organisation, a_library(session))
    changes = Changes(name=" Bibliotheek  Nieuw ", mail_address="post@voorbeeld.nl")
    libraries.change(session, library, changes, by=None, now=NOW)
    assert (library.name, library.mail_address) == ("Bibliotheek Nieuw", "post@voorbeeld.nl")
    libraries.change(session, library, Changes(mail_address=""), by=None, now=NOW)
    assert library.mail_address is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "bij 123456782"])
def test_a_library_has_a_name_that_can_be_kept(session: Session, name: str) -> None:
    library = session.get_one(Organisation, a_library(session))
    with pytest.raises(FaultyValue):
        libraries.change(session, library, Changes(name=name), by=None, now=NOW)
    assert library.name == "Bibliotheek de-voorbeeld"
