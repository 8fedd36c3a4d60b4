"""Moves: everything that one writes, on the right day, in one transaction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from core.references import reference
from referrals import follow_ups, moving
from referrals.moving import Answers
from storage.engine import rehearsal, transaction
from storage.queries import cases
from storage.tables import Case, JournalEntry, Organisation, ReachEntry
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_colleague,
    a_library,
)
from tests.looking import assert_whole, open_rules, people_per, planned, rows_of, the_case
from workflows.definition import LEVELS

#: the Friday before Whit Monday, 22:30 in summer time: still that day in Amsterdam
LATE = datetime(2018, 5, 18, 20, 30, tzinfo=UTC)


def test_a_move_puts_the_case_at_the_next_stage(session: Session) -> None:
    case = a_case(session, a_library(session))

    outcome = moving.move_cases(session, [case], "know", by=None, now=LATE)

    [moved] = outcome.moved
    assert (moved.case_id, moved.from_stage, moved.to_stage) == (case, "contact", "trust")
    assert (moved.reference, moved.opened, outcome.refused) == (reference(case), None, {})
    row = the_case(session, case)
    assert (row.stage, row.seq, row.version) == ("trust", 2, 2)
    assert (row.stage_day, row.closed_at, row.opened_on) == (date(2018, 5, 18), None, TODAY)


def test_a_move_writes_every_field_of_its_entry(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library)
    answers = Answers(reason="moved", note="Komt na de zomer terug.")

    moving.move_cases(session, [case], "stop", by=bo, now=LATE, answers=answers)

    entry = cases.history(session, case)[-1]
    assert entry == (
        2, "move", "stop", "contact", "stopped", LATE, date(2018, 5, 18), "day", bo, "moved",
        "Komt na de zomer terug.", None, LATE,
    )  # fmt: skip
    assert the_case(session, case).closed_at == LATE


def test_a_step_made_last_week_is_written_on_its_own_day(session: Session) -> None:
    case = a_case(session, a_library(session))
    answers = Answers(date=date(2018, 5, 14))

    moving.move_cases(session, [case], "know", by=None, now=LATE, answers=answers)

    entry = cases.history(session, case)[-1]
    assert (entry.day, entry.recorded_at) == (date(2018, 5, 14), LATE)
    assert the_case(session, case).appointment_on is None


def test_a_step_cannot_be_made_before_the_one_before_it(session: Session) -> None:
    case = a_case(session, a_library(session))
    answers = Answers(date=date(2018, 4, 2))
    outcome = moving.move_cases(session, [case], "know", by=None, now=LATE, answers=answers)
    assert [fault.thing for fault in outcome.refused[case].faults] == ["date"]


def test_a_move_is_counted_in_its_own_transaction(session: Session) -> None:
    case = a_case(session, a_library(session))
    moving.move_cases(session, [case], "screen", by=None, now=LATE)
    row = the_case(session, case)
    entry = rows_of(session, ReachEntry, case_key=row.case_key)[-1]
    assert (entry.seq, entry.stage, entry.level) == (2, "screened", LEVELS.index("known"))
    assert (entry.day, entry.recorded_at, entry.voided_at) == (date(2018, 5, 18), LATE, None)
    assert entry.way_id == row.way_id
    assert people_per(session) == {"contact": 1, "screened": 1}


def test_a_stage_beside_the_path_counts_on_no_level(session: Session) -> None:
    case = a_case(session, a_library(session), "stopped")
    entry = rows_of(session, ReachEntry, case_key=the_case(session, case).case_key)[-1]
    assert (entry.stage, entry.level) == ("stopped", None)
    assert people_per(session, "level") == {"contacted": 1}


def test_a_move_is_in_the_journal_without_a_name_or_a_note(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library)
    moving.move_cases(session, [case], "know", by=bo, now=LATE, answers=Answers(note="Fatima"))
    [line] = rows_of(session, JournalEntry, what="case.moved")
    assert (line.organisation_id, line.at, line.by_staff_id) == (library, LATE, bo)
    assert (line.subject, line.subject_id) == ("case", case)
    assert line.detail == {"from": "contact", "to": "trust", "seq": 2}


def test_follow_ups_of_the_old_stage_end_and_those_of_the_new_are_planned(
    session: Session,
) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, owner=bo)

    [moved] = moving.move_cases(session, [case], "agree", by=bo, now=LATE).moved

    old, new = planned(session, case)
    assert (old.rule, old.state, old.done_at, old.done_by) == ("first_call", "ended", LATE, None)
    assert (new.rule, new.state, new.seq, new.occurrence) == ("find_a_place", "open", 2, 1)
    assert (new.receiver, new.assignee_id, new.what) == ("owner", bo, None)
    # five workdays after the Friday, without Whit Monday
    assert new.due_on == date(2018, 5, 28)
    assert new.due_at == datetime(2018, 5, 28, 6, 0, tzinfo=UTC)
    assert [(each.rule, each.due_on) for each in moved.planned] == [
        (new.rule, new.due_on), ("norm", new.due_on),
    ]  # fmt: skip


def test_a_follow_up_that_somebody_did_or_planned_by_hand_is_left(session: Session) -> None:
    case = a_case(session, a_library(session))
    [call] = planned(session, case)
    follow_ups.do(session, call.id or 0, by=None, now=NOW, outcome="Komt langs.")
    follow_ups.plan_by_hand(
        session, case, "Breng de folder", TODAY, assignee_id=None, by=None, now=NOW
    )
    moving.move_cases(session, [case], "know", by=None, now=LATE)
    assert [row.state for row in planned(session, case)] == ["done", "open"]


def test_due_days_follow_the_zone_of_the_library_and_its_closed_days(session: Session) -> None:
    library = a_library(session, "bonaire")
    row = session.get_one(Organisation, library)
    row.zone, row.closed_days = "America/Kralendijk", "2018-04-05 2018-04-06"
    session.flush()
    case = a_case(session, library)

    # 02:30 in UTC on Wednesday is still Tuesday evening there
    night = datetime(2018, 4, 4, 2, 30, tzinfo=UTC)
    moving.move_cases(session, [case], "screen", by=None, now=night, due_hour=9)

    assert the_case(session, case).stage_day == date(2018, 4, 3)
    [follow_up] = planned(session, case, state="open")
    assert follow_up.due_on == date(2018, 4, 12)
    assert follow_up.due_at == datetime(2018, 4, 12, 13, 0, tzinfo=UTC)


def test_an_appointment_plans_a_call_on_the_workday_before(session: Session) -> None:
    case = a_case(session, a_library(session), "spoken")
    answers = Answers(date=date(2018, 5, 22))
    moving.move_cases(session, [case], "plan_intake", by=None, now=NOW, answers=answers)
    assert the_case(session, case).appointment_on == date(2018, 5, 22)
    assert open_rules(session, case) == {"before_intake": "2018-05-18"}


def test_a_path_from_first_contact_to_the_end(session: Session) -> None:
    library = a_library(session)
    owner = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "completed", owner=owner)
    assert [each.to_stage for each in cases.history(session, case)] == [
        "contact", "agreed", "referred", "spoken", "intake", "started", "completed",
    ]  # fmt: skip
    assert_whole(session, case)
    assert open_rules(session, case) == {
        "after_three_months": "2018-07-03", "after_six_months": "2018-10-03",
    }  # fmt: skip


def test_a_returned_case_is_open_again(session: Session) -> None:
    case = a_case(session, a_library(session), "completed")
    moving.move_cases(session, [case], "return", by=None, now=LATE).raise_refusal()
    assert the_case(session, case).closed_at is None
    assert open_rules(session, case).keys() == {"welcome_back"}


def test_without_a_commit_nothing_is_written(engine: Engine) -> None:
    with transaction(engine) as session:
        case = a_case(session, a_library(session))
    with rehearsal(engine) as session:
        moving.move_cases(session, [case], "know", by=None, now=NOW).raise_refusal()
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        moving.move_cases(session, [case], "know", by=None, now=NOW).raise_refusal()
        raise ZeroDivisionError
    with transaction(engine) as session:
        [row] = rows_of(session, Case)
        assert (row.stage, row.version) == ("contact", 1)
        assert_whole(session, case)
        assert len(rows_of(session, JournalEntry)) == 1


def test_hours_later_is_not_days_later(session: Session) -> None:
    """A minute after midnight in Amsterdam is the next day, though not yet in UTC."""
    case = a_case(session, a_library(session))
    midnight = datetime(2018, 4, 9, 22, 1, tzinfo=UTC)
    moving.move_cases(session, [case], "know", by=None, now=midnight - timedelta(minutes=2))
    assert the_case(session, case).stage_day == date(2018, 4, 9)
    moving.move_cases(session, [case], "screen", by=None, now=midnight)
    assert the_case(session, case).stage_day == date(2018, 4, 10)
