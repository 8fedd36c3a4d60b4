"""The overview of the week counts what stands still, and says nothing when nothing does."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from notifications.letter import Letter
from notifications.views import RollUpView
from referrals import follow_ups, moving, undoing
from storage.queries import refused_addresses
from storage.tables import FollowUp, Staff
from tests.builders import NOW, a_case, a_library, a_staff
from tests.looking import rows_of
from tests.notifications.moments import at
from tests.notifications.post import a_message, letter, written

MONDAY = date(2018, 4, 16)


def roll_up(session: Session, library: int) -> Letter | None:
    [ann] = rows_of(session, Staff, organisation_id=library, role="coordinator")
    message = a_message(session, library, "roll_up", staff_id=ann.id, detail={"day": str(MONDAY)})
    return letter(session, message, at(MONDAY, 8))


def the_week(session: Session, library: int) -> RollUpView:
    found = roll_up(session, library)
    assert found is not None
    view = found.values["week"]
    assert isinstance(view, RollUpView)
    return view


def done_with(session: Session, case: int) -> None:
    for row in rows_of(session, FollowUp, case_id=case, state="open"):
        follow_ups.do(session, row.id or 0, by=None, now=at(date(2018, 4, 4), 9))


def test_a_week_is_the_seven_days_before_today(session: Session) -> None:
    library = a_library(session)
    cases = [a_case(session, library) for _ in range(4)]
    for case, (day, hour) in zip(cases, ((8, 23), (9, 0), (15, 23), (16, 0)), strict=True):
        moving.move_cases(session, [case], "know", by=None, now=at(date(2018, 4, day), hour))
    view = the_week(session, library)
    assert (view.first_day, view.last_day, view.moved) == (date(2018, 4, 9), date(2018, 4, 15), 2)
    # a step that was taken back is none
    undoing.undo(session, cases[1], by=None, now=at(date(2018, 4, 10), 9))
    assert the_week(session, library).moved == 1


def test_what_is_overdue_is_counted_by_whose_it_is_the_most_first(session: Session) -> None:
    library = a_library(session)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    for owner in (cas, bas, bas, None):
        case = a_case(session, library, "trust", owner=owner)
        done_with(session, case)
        for day in (13, 16):
            follow_ups.plan_by_hand(
                session, case, "Bel", date(2018, 4, day), assignee_id=owner, by=None, now=NOW
            )
    view = the_week(session, library)
    # what is due today is not overdue
    assert view.overdue_by == (("Bas", 2), ("Cas", 1), ("de coördinatoren", 1))
    assert (view.unowned, view.without_next_step) == (1, 0)


def test_cases_for_which_nobody_has_anything_to_do_are_counted(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    for _ in range(2):
        done_with(session, a_case(session, library, "trust", owner=bas))
    a_case(session, library, "trust", owner=bas)
    a_case(session, library, "stopped", owner=bas)
    view = the_week(session, library)
    assert (view.without_next_step, view.unowned) == (2, 0)


def test_referrals_without_an_answer_and_addresses_to_mend_are_counted(session: Session) -> None:
    library, elsewhere = a_library(session), a_library(session, "elders")
    a_case(session, library, "referred")
    a_case(session, elsewhere, "referred")
    a_case(session, library, "started")
    for number, organisation in enumerate((library, library, elsewhere)):
        refused_addresses.mark(
            session, organisation, f"{number}@voorbeeld.nl", reason="550 weg", message_id=None,
            now=NOW + timedelta(hours=number),
        )  # fmt: skip
    view = the_week(session, library)
    assert view.unanswered == 1
    assert view.undeliverable == (("1@voorbeeld.nl", "550 weg"), ("0@voorbeeld.nl", "550 weg"))


def test_a_week_in_which_nothing_moved_and_nothing_stands_still_needs_no_mail(
    session: Session,
) -> None:
    assert roll_up(session, a_library(session)) is None


@pytest.mark.parametrize("what", ["address", "step"])
def test_one_thing_is_enough_for_an_overview(session: Session, what: str) -> None:
    library = a_library(session)
    if what == "address":
        refused_addresses.mark(
            session, library, "0@voorbeeld.nl", reason="550", message_id=None, now=NOW
        )
    else:
        case = a_case(session, library, owner=a_staff(session, library, "Bas"), now=at(MONDAY, 7))
        done_with(session, case)
    assert roll_up(session, library) is not None


def test_it_comes_again_and_can_be_ended(session: Session) -> None:
    library = a_library(session)
    a_case(session, library)
    found = roll_up(session, library)
    assert found is not None and found.preferences is not None
    assert found.unsubscribe == f"{found.preferences}/off"
    [ann] = rows_of(session, Staff)
    message = a_message(session, library, "roll_up", staff_id=ann.id, detail={"day": str(MONDAY)})
    mail = written(session, message, at(MONDAY, 8))
    assert mail.subject == "De week van maandag 9 april"
