"""How long people stay in a stage, also when some of them are there still."""

from datetime import date, timedelta

from sqlmodel import Session

from referrals import moving, routes, stays, undoing
from referrals.stays import Stay
from storage.queries import route_pages
from storage.queries.route_pages import Stays
from tests.builders import NOW, a_case, a_library
from tests.referrals.test_migrating import RENAMED, a_version, go


def _days(*rows: tuple[int, bool, int]) -> Stay:
    found = [Stays("contact", days, left, cases) for days, left, cases in rows]
    return stays.per_stage(found)["contact"]


def test_the_median_of_people_who_all_went_on() -> None:
    assert _days((1, True, 1), (5, True, 1), (30, True, 1)) == Stay(5, 30, 3, 0)


def test_whoever_is_there_still_makes_it_longer() -> None:
    assert _days((1, True, 1), (5, True, 1), (9, True, 1), (40, False, 2)).median == 9


def test_when_fewer_than_half_went_on_there_is_no_median() -> None:
    assert _days((2, True, 1), (60, False, 3)) == Stay(None, 60, 1, 3)


def test_who_came_in_lately_says_little() -> None:
    # three came today: of the two who were there for longer, both went on within a week
    assert _days((0, False, 3), (3, True, 1), (7, True, 1)).median == 3


def _stays(session: Session, library: int, today: date) -> dict[str, Stay]:
    versions = [each.id for each in route_pages.versions(session, "open-door")]
    return dict(stays.per_stage(route_pages.stays(session, library, versions, today)))


def test_a_stay_is_counted_from_the_steps_that_hold(session: Session) -> None:
    library = a_library(session)
    gone, back, _still = (a_case(session, library) for _ in range(3))
    later = NOW + timedelta(days=4)
    moving.move_cases(session, [gone, back], "know", by=None, now=later)
    undoing.undo(session, back, by=None, now=later)
    today = (NOW + timedelta(days=10)).date()
    found = _stays(session, library, today)
    assert found["contact"] == Stay(None, 10, 1, 2)
    assert found["trust"] == Stay(None, 6, 0, 1)


def test_a_stay_goes_on_when_its_stage_gets_another_name(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "trust")
    go(session, library, a_version(session, RENAMED), mapping={"trust": "met"})
    moving.move_cases(session, [case], "agree", by=None, now=NOW + timedelta(days=9))
    found = _stays(session, library, (NOW + timedelta(days=20)).date())
    assert found["met"] == Stay(9, 9, 1, 0)
    assert "trust" not in found


def test_nobody_elses_cases_are_counted(session: Session) -> None:
    library, other = a_library(session), a_library(session, "elders")
    a_case(session, other)
    assert _stays(session, library, NOW.date()) == {}
    version = [routes.newest(session, "open-door").id]
    assert route_pages.open_cases(session, library, version) == []
    [there] = route_pages.open_cases(session, None, version)
    assert (there.stage, there.cases) == ("contact", 1)
