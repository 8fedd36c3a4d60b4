"""Contacts without a name are counted one by one, apart from people."""

import pytest
from sqlmodel import Session

from core.errors import FaultyValue, NothingToUndo
from referrals import tallying
from storage.queries import tallies
from tests.builders import NOW, TODAY, a_library
from tests.looking import people_per


def test_each_contact_counts_for_its_day_its_way_in_and_its_library(session: Session) -> None:
    library, other = a_library(session), a_library(session, "elders")
    for channel in ("campaign", "campaign", "self"):
        tallying.count(session, library, channel, TODAY, now=NOW)
    tallying.count(session, other, "self", TODAY, now=NOW)
    tallying.count(session, library, "self", TODAY.replace(day=2), now=NOW)
    assert tallies.totals(session, library, TODAY) == {"campaign": 2, "self": 1}
    assert people_per(session) == {}


def test_one_that_is_taken_back_counts_no_more_and_only_once(session: Session) -> None:
    library, other = a_library(session), a_library(session, "elders")
    number = tallying.count(session, library, "self", TODAY, now=NOW)
    with pytest.raises(NothingToUndo):
        tallying.take_back(session, other, number)
    tallying.take_back(session, library, number)
    assert tallies.totals(session, library, TODAY) == {}
    with pytest.raises(NothingToUndo):
        tallying.take_back(session, library, number)


def test_an_unknown_way_in_is_refused(session: Session) -> None:
    with pytest.raises(FaultyValue):
        tallying.count(session, a_library(session), "balloon", TODAY, now=NOW)
