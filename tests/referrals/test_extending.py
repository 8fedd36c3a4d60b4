"""Extending: a case that an import brought in gets the steps that it does not have yet."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from referrals import extending, histories, moving, participants, routes
from referrals.extending import missing_steps
from referrals.histories import PastCase, PastStep
from referrals.opening import NewCase
from referrals.participants import Newcomer
from storage.queries import cases
from tests.builders import NOW, a_library
from tests.looking import effective, open_rules, people_per, the_case
from tests.referrals.test_migrating import a_version, changed, go
from workflows.workdays import moment

LATER = NOW + timedelta(days=30)


def _step(stage: str, month: int, day: int, precision: str = "day") -> PastStep:
    on = date(2018, month, day)
    return PastStep(stage, moment(on, 12, "Europe/Amsterdam"), on, precision)


def _imported(session: Session, *steps: PastStep, plan_from: date | None = None) -> int:
    library = a_library(session)
    [who] = participants.register(session, library, [Newcomer()], now=NOW)
    past = PastCase(NewCase(who), steps, plan_from=plan_from)
    published = routes.newest(session, "open-door")
    [case] = histories.write_cases(session, library, published, [past], by=None, now=NOW)
    return case


def _extend(
    session: Session, case: int, *steps: PastStep, plan_from: date | None = None,
    now: datetime = LATER,
) -> int:  # fmt: skip
    published = routes.newest(session, "open-door")
    return extending.extend_case(
        session, published, case, steps, by=None, now=now, plan_from=plan_from
    )


CONTACT, SCREENED, AGREED = _step("contact", 1, 8), _step("screened", 2, 5), _step("agreed", 3, 5)


def test_new_steps_bring_the_case_further(session: Session) -> None:
    case = _imported(session, CONTACT, SCREENED)
    assert _extend(session, case, CONTACT, SCREENED, AGREED, _step("started", 4, 9)) == 2
    row = the_case(session, case)
    assert (row.stage, row.stage_day, row.seq, row.version) == ("started", date(2018, 4, 9), 4, 2)
    history = cases.histories(session, [case])[case]
    assert [(e.seq, e.kind, e.from_stage, e.to_stage) for e in history[2:]] == [
        (3, "history", "screened", "agreed"), (4, "history", "agreed", "started"),
    ]  # fmt: skip
    assert people_per(session) == {"contact": 1, "screened": 1, "agreed": 1, "started": 1}


def test_steps_that_are_there_change_nothing(session: Session) -> None:
    case = _imported(session, CONTACT, SCREENED)
    before = the_case(session, case).model_dump()
    assert _extend(session, case, CONTACT, SCREENED) == 0
    assert _extend(session, case) == 0
    assert the_case(session, case).model_dump() == before


def test_a_step_from_before_is_counted_and_leaves_the_case_where_it_is(session: Session) -> None:
    case = _imported(session, CONTACT, AGREED)
    assert _extend(session, case, CONTACT, SCREENED, AGREED) == 1
    row = the_case(session, case)
    assert (row.stage, row.stage_day, row.seq) == ("agreed", AGREED.day, 3)
    assert people_per(session) == {"contact": 1, "screened": 1, "agreed": 1}


def test_whatever_somebody_did_by_hand_stays(session: Session) -> None:
    case = _imported(session, CONTACT, SCREENED)
    moving.move_cases(session, [case], "lose_touch", by=None, now=NOW).raise_refusal()
    closed_at = the_case(session, case).closed_at
    assert closed_at == NOW
    assert _extend(session, case, CONTACT, SCREENED, AGREED) == 1
    row = the_case(session, case)
    assert (row.stage, row.closed_at) == ("unreachable", closed_at)
    assert people_per(session)["agreed"] == 1


def test_a_case_that_gets_to_its_end_is_closed_on_that_day(session: Session) -> None:
    case = _imported(session, CONTACT)
    completed = _step("completed", 4, 30)
    _extend(session, case, CONTACT, completed)
    assert the_case(session, case).closed_at == completed.at


def test_what_was_planned_for_the_old_stage_ends_and_for_the_new_one_begins(
    session: Session,
) -> None:
    today = date(2018, 4, 3)
    case = _imported(session, CONTACT, plan_from=today)
    assert open_rules(session, case) == {"first_call": "2018-04-10"}
    _extend(session, case, CONTACT, AGREED, plan_from=date(2018, 5, 3))
    assert open_rules(session, case) == {"find_a_place": "2018-05-11"}
    _extend(session, case, CONTACT, AGREED, _step("stopped", 5, 4), plan_from=date(2018, 5, 4))
    assert open_rules(session, case) == {}


def test_without_a_day_to_plan_from_nothing_is_planned(session: Session) -> None:
    case = _imported(session, CONTACT, plan_from=date(2018, 4, 3))
    _extend(session, case, CONTACT, AGREED)
    assert open_rules(session, case) == {}


def test_the_steps_of_a_case_hold_in_the_order_in_which_they_came(session: Session) -> None:
    case = _imported(session, CONTACT)
    _extend(session, case, SCREENED)
    _extend(session, case, AGREED)
    assert [entry.to_stage for entry in effective(session, case)] == [
        "contact", "screened", "agreed",
    ]  # fmt: skip


def test_a_stage_reached_twice_is_two_steps(session: Session) -> None:
    case = _imported(session, CONTACT)
    again = _step("contact", 3, 1)
    assert _extend(session, case, CONTACT, again) == 1
    assert _extend(session, case, CONTACT, again) == 0
    assert _extend(session, case, CONTACT, again, again) == 1


def test_a_day_that_was_vague_before_is_the_same_step(session: Session) -> None:
    case = _imported(session, _step("contact", 1, 1, "month"), _step("screened", 1, 1, "unknown"))
    history = cases.histories(session, [case])[case]
    assert missing_steps(history, [CONTACT, SCREENED]) == []
    assert missing_steps(history, [CONTACT, SCREENED, AGREED]) == [AGREED]
    assert missing_steps(history, [CONTACT, _step("contact", 1, 20)]) == [_step("contact", 1, 20)]


def test_a_case_on_an_older_version_gets_the_steps_that_its_version_knows(
    session: Session,
) -> None:
    case = _imported(session, CONTACT)
    new = changed(("  screened:    {title", "  seen:    {title"), ("screened", "seen"))
    a_version(session, new)
    assert _extend(session, case, CONTACT, _step("seen", 2, 5)) == 0
    assert _extend(session, case, CONTACT, _step("seen", 2, 5), AGREED) == 1
    assert the_case(session, case).stage == "agreed"


def test_a_case_that_went_over_is_brought_further_by_an_import_as_before(session: Session) -> None:
    case = _imported(session, CONTACT, SCREENED)
    to = a_version(session, changed(("norm: 15 workdays", "norm: 3 workdays")))
    go(session, the_case(session, case).organisation_id, to)
    assert _extend(session, case, CONTACT, SCREENED, AGREED) == 1
    assert the_case(session, case).stage == "agreed"
