"""Ways: each combination of route, pilot, way in and place is kept once."""

from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from referrals.reach import ways
from referrals.reach.ways import Way
from storage.engine import transaction
from storage.tables import ReachWay
from tests.builders import a_library
from tests.looking import rows_of
from tests.referrals.test_races import at_once


def test_a_way_keeps_its_number(session: Session) -> None:
    library = a_library(session)
    way = Way(library, "parents", 1, channel="school")
    first = ways.number_of(session, way)
    assert ways.number_of(session, way) == first
    assert ways.number_of(session, way._replace(version=2)) != first
    assert len(rows_of(session, ReachWay)) == 2


def test_a_known_way_is_not_asked_for_again(session: Session) -> None:
    way = Way(a_library(session), "parents", 1)
    known = {way: 77}
    assert ways.number_of(session, way, known) == 77
    other = way._replace(channel="self")
    number = ways.number_of(session, other, known)
    assert known[other] == number
    assert len(rows_of(session, ReachWay)) == 1


def test_a_way_that_two_need_at_once_is_kept_once(engine: Engine) -> None:
    with transaction(engine) as session:
        library = a_library(session)

    def number(version: int) -> Any:
        with transaction(engine) as session:
            return ways.number_of(session, Way(library, "parents", version))

    for version in range(1, 6):
        results = at_once([partial(number, version)] * 4)
        assert len(set(results)) == 1 and isinstance(results[0], int), results
    with transaction(engine) as session:
        assert len(rows_of(session, ReachWay)) == 5
