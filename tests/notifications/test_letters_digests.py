"""The digest says what is true when it goes out: overdue, today, waiting; each thing once."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.references import reference
from notifications import rules
from notifications.views import CaseGroup, DigestView
from referrals import follow_ups, moving
from storage.tables import FollowUp, Partner, Referral, Staff
from tests.builders import NOW, a_case, a_leave, a_library, a_partner, a_staff
from tests.looking import rows_of
from tests.notifications.moments import DUE, at
from tests.notifications.post import a_message, letter, needed, written

THURSDAY = date(2018, 4, 12)
CALL = "Bel de deelnemer en vraag wat die wil leren."
STANDS_STILL = "Zoek uit wat verder helpt: dit traject staat hier langer dan normaal."


def digest_of(session: Session, person: int, day: date = THURSDAY) -> DigestView | None:
    """What stands in the digest of a day, or nothing."""
    library = session.get_one(Staff, person).organisation_id
    message = a_message(session, library, "digest", staff_id=person, detail={"day": str(day)})
    found = letter(session, message, at(day, 9))
    view = found.values["digest"] if found else None
    assert view is None or isinstance(view, DigestView)
    return view


def the_digest(session: Session, person: int, day: date = THURSDAY) -> DigestView:
    view = digest_of(session, person, day)
    assert view is not None
    return view


def things(groups: tuple[CaseGroup, ...]) -> list[tuple[str, str]]:
    """(case, what) of every line."""
    return [(group.reference, item.what) for group in groups for item in group.items]


def at_hand(session: Session, case: int, day: date, what: str, assignee: int | None) -> FollowUp:
    """Something that somebody must do by a day, planned by hand."""
    return follow_ups.plan_by_hand(
        session, case, what, day, assignee_id=assignee, by=None, now=at(day, 7)
    )


def test_overdue_comes_first_then_today_then_what_waits_for_others(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    late = a_case(session, library, owner=bas)
    today = a_case(session, library, owner=bas, now=at(date(2018, 4, 5), 9))
    waiting = a_case(session, library, "referred", owner=bas)
    a_case(session, library, "referred", owner=a_staff(session, library, "Cas"))
    a_case(session, library, owner=bas, now=at(date(2018, 4, 6), 9))
    view = the_digest(session, bas)
    assert (view.name, view.day, view.older, view.standing_in_for) == ("Bas", THURSDAY, 0, ())
    assert things(view.overdue) == [(reference(late), CALL)]
    assert things(view.today) == [(reference(today), CALL)]
    ask = "Vraag bij de volgende afspraak of er contact is geweest met de aanbieder."
    assert things(view.waiting) == [(reference(waiting), ask)]
    [group] = view.overdue
    assert (group.first_name, group.route_title) == ("Fatima", "Zelf gekomen")
    assert (group.stage_title, group.items[0].due_on) == ("Contact", DUE)


def test_what_belongs_to_a_case_stands_together_the_longest_overdue_first(
    session: Session,
) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    one, other = (a_case(session, library, "trust", owner=bas) for _ in range(2))
    for case, day, what in (
        (one, 9, "tweede"), (other, 5, "eerste"), (one, 11, "derde"), (other, 12, "vandaag"),
    ):  # fmt: skip
        at_hand(session, case, date(2018, 4, day), what, bas)
    view = the_digest(session, bas)
    assert [(group.reference, [item.what for item in group.items]) for group in view.overdue] == [
        (reference(other), ["eerste"]), (reference(one), ["tweede", "derde"]),
    ]  # fmt: skip
    assert things(view.today) == [(reference(other), "vandaag")]
    assert (view.late, view.to_do) == (3, 4)


def _done(session: Session, case: int, bas: int) -> None:
    for row in rows_of(session, FollowUp, case_id=case, state="open"):
        follow_ups.do(session, row.id or 0, by=bas, now=at(THURSDAY, 8))


def _moved(session: Session, case: int, bas: int) -> None:
    moving.move_cases(session, [case], "know", by=bas, now=at(THURSDAY, 8))


def _put_off(session: Session, case: int, bas: int) -> None:
    for row in rows_of(session, FollowUp, case_id=case, state="open"):
        tomorrow = THURSDAY + timedelta(days=1)
        follow_ups.put_off(session, row.id or 0, tomorrow, by=bas, now=at(THURSDAY, 8))


def _handed_over(session: Session, case: int, bas: int) -> None:
    [ann] = rows_of(session, Staff, role="coordinator")
    for row in rows_of(session, FollowUp, case_id=case, state="open"):
        follow_ups.hand_over(session, row.id or 0, ann.id or 0, by=bas, now=at(THURSDAY, 8))


def _paused(session: Session, case: int, bas: int) -> None:
    session.get_one(Staff, bas).paused_until = THURSDAY


def _left(session: Session, case: int, bas: int) -> None:
    session.get_one(Staff, bas).active = False


def _on_leave(session: Session, case: int, bas: int) -> None:
    a_leave(session, session.get_one(Staff, bas).organisation_id, bas, THURSDAY, THURSDAY)


@pytest.mark.parametrize(
    "meanwhile", [_done, _moved, _put_off, _handed_over, _paused, _left, _on_leave]
)
def test_what_is_not_needed_any_more_is_not_sent(session: Session, meanwhile: object) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, owner=bas)
    assert digest_of(session, bas) is not None
    assert callable(meanwhile)
    meanwhile(session, case, bas)
    session.flush()
    assert digest_of(session, bas) is None


def test_a_digest_of_another_day_is_worth_nothing(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    a_case(session, library, owner=bas)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(DUE)})
    assert letter(session, message, at(DUE, 23)) is not None
    assert letter(session, message, at(THURSDAY, 4)) is None


def test_what_came_up_since_it_was_queued_stands_in_it(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, "trust", owner=bas)
    at_hand(session, case, THURSDAY, "eerst", bas)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(THURSDAY)})
    at_hand(session, case, THURSDAY, "later gepland", bas)
    view = needed(session, message, at(THURSDAY, 9)).values["digest"]
    assert isinstance(view, DigestView)
    assert [what for _, what in things(view.today)] == ["eerst", "later gepland"]


def test_that_a_case_stands_still_is_said_only_when_nothing_else_is_due_for_it(
    session: Session,
) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, owner=bas)
    assert things(the_digest(session, bas).overdue) == [(reference(case), CALL)]
    [call] = rows_of(session, FollowUp, case_id=case, rule="first_call")
    follow_ups.do(session, call.id or 0, by=bas, now=at(THURSDAY, 8))
    view = the_digest(session, bas)
    assert things(view.overdue) == [(reference(case), STANDS_STILL)]


def test_how_long_a_case_stands_over_its_norm_is_told_in_the_language_of_the_reader(
    session: Session,
) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    a_case(session, library, owner=bas)
    [on_the_day] = the_digest(session, bas, DUE).today
    assert on_the_day.note is None
    [late] = the_digest(session, bas).overdue
    assert late.note == "Staat hier al 7 werkdagen; normaal is 5."
    session.get_one(Staff, bas).language = "en"
    [late] = the_digest(session, bas).overdue
    assert late.note == "Stands here for 7 workdays; usual is 5."
    assert (late.route_title, late.items[0].what[:4]) == ("Open door", "Call")


def test_what_is_overdue_for_more_than_ten_workdays_is_only_counted(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, "trust", owner=bas)
    at_hand(session, case, date(2018, 4, 5), "tien", bas)
    at_hand(session, case, date(2018, 4, 4), "elf", bas)
    # ten workdays after the fifth
    view = the_digest(session, bas, date(2018, 4, 19))
    assert [what for _, what in things(view.overdue)] == ["tien"]
    assert view.older == 1
    friday = date(2018, 4, 20)
    only_old = the_digest(session, bas, friday)
    assert (only_old.older, only_old.to_do) == (2, 0)
    message = a_message(session, library, "digest", staff_id=bas, detail={"day": str(friday)})
    assert written(session, message, at(friday, 9)).subject == "Al lang te laat: 2"


def test_what_came_up_says_whose_it_was(session: Session) -> None:
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, owner=bas)
    tuesday = date(2018, 4, 17)
    rules.plan(session, at(tuesday, 8), due_hour=8)
    [group] = the_digest(session, ann.id or 0, tuesday).today
    assert group.reference == reference(case)
    assert [(item.what, item.escalated_from) for item in group.items] == [(CALL, "Bas")]
    # with the owner it stands as before
    [own] = the_digest(session, bas, tuesday).overdue
    assert [(item.what, item.escalated_from) for item in own.items] == [(CALL, None)]


def test_what_a_coordinator_must_do_anyway_was_with_nobody(session: Session) -> None:
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    case = a_case(session, library, "referred", owner=a_staff(session, library, "Bas"))
    moving.move_cases(session, [case], "wait", by=None, now=NOW)
    [group] = the_digest(session, ann.id or 0, date(2018, 5, 1)).today
    assert [item.escalated_from for item in group.items] == [None]


def test_what_a_partner_did_not_tell_says_which_partner(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    school = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    case = a_case(session, library, "referred", owner=bas, partner=school)
    [sent] = rows_of(session, Referral, case_id=case)
    session.add(_end_of_course(case, library))
    session.flush()
    day = date(2018, 4, 17)
    rules.plan(session, at(day, 8), due_hour=8)
    items = {item.what[:4]: item.escalated_from for group in _all(session, bas, day)
             for item in group.items}  # fmt: skip
    provider = session.get_one(Partner, sent.provider_id).name
    assert (items["Vraa"], items["Laat"]) == ("Basisschool De Ster (verzonnen)", provider)


def _end_of_course(case: int, library: int) -> FollowUp:
    return FollowUp(
        organisation_id=library, case_id=case, rule="at_the_end", seq=1, receiver="provider",
        due_on=DUE, due_at=at(DUE, 8), escalates_at=at(date(2018, 4, 16), 8), created_at=NOW,
    )  # fmt: skip


def _all(session: Session, person: int, day: date) -> tuple[CaseGroup, ...]:
    view = the_digest(session, person, day)
    return view.overdue + view.today


def test_a_coordinator_who_owns_a_case_reads_one_thing_once(session: Session) -> None:
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    own, unowned = a_case(session, library, owner=ann.id), a_case(session, library)
    tuesday = date(2018, 4, 17)
    rules.plan(session, at(tuesday, 8), due_hour=8)
    view = the_digest(session, ann.id or 0, tuesday)
    assert things(view.overdue) == [(reference(own), CALL), (reference(unowned), CALL)]
    assert view.today == ()


def test_whoever_stands_in_reads_for_whom(session: Session) -> None:
    library = a_library(session)
    [ann] = rows_of(session, Staff)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    case = a_case(session, library, owner=bas)
    a_leave(session, library, bas, THURSDAY, THURSDAY, cas)
    view = the_digest(session, cas)
    assert (view.standing_in_for, things(view.overdue)) == (("Bas",), [(reference(case), CALL)])
    assert digest_of(session, ann.id or 0) is None


def test_what_is_nobodys_is_for_the_coordinators(session: Session) -> None:
    library, elsewhere = a_library(session), a_library(session, "elders")
    [ann] = rows_of(session, Staff, organisation_id=library)
    bas = a_staff(session, library, "Bas")
    unowned = a_case(session, library)
    left = a_case(session, library, owner=a_staff(session, library, "Oud", active=False))
    a_case(session, elsewhere)
    view = the_digest(session, ann.id or 0)
    assert things(view.overdue) == [(reference(unowned), CALL), (reference(left), CALL)]
    # of somebody who left nobody is told that they stand in for them
    assert view.standing_in_for == ()
    assert digest_of(session, bas) is None
