"""Changes that are no moves: another owner or appointment, notes, what was planned by hand."""

from datetime import date

import pytest
from sqlmodel import Session

from core.errors import BsnFound, ChangedMeanwhile, FaultyValue, NotFound, NothingToUndo
from referrals import case_changes, follow_ups
from storage.queries.cases import standing, update_case
from storage.tables import FollowUp, JournalEntry, Note
from tests.builders import NOW, TODAY, a_case, a_colleague, a_library
from tests.looking import open_rules, planned, rows_of, the_case


def test_a_new_owner_gets_what_the_old_one_still_had_to_do(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    cor = a_colleague(session, library, "cor@voorbeeld.nl")
    case = a_case(session, library, "trust", owner=bo)
    follow_ups.plan_by_hand(session, case, "Bel", TODAY, assignee_id=bo, by=bo, now=NOW)
    follow_ups.plan_by_hand(session, case, "Mail", TODAY, assignee_id=cor, by=bo, now=NOW)

    case_changes.change_owner(session, case, cor, by=bo, now=NOW, expected_version=2)

    row = the_case(session, case)
    assert (row.owner_id, row.version, row.seq, row.stage) == (cor, 3, 2, "trust")
    rows = planned(session, case)
    assert [(each.state, each.assignee_id) for each in rows] == [
        ("ended", bo), ("open", cor), ("open", cor),
    ]  # fmt: skip
    [line] = rows_of(session, JournalEntry, what="case.owner")
    assert (line.detail, line.by_staff_id) == ({"from": bo, "to": cor}, bo)


def test_a_case_can_be_given_to_nobody_and_taken_up_again(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, owner=bo)
    case_changes.change_owner(session, case, None, by=None, now=NOW)
    assert rows_of(session, FollowUp, case_id=case)[0].assignee_id is None
    case_changes.change_owner(session, case, bo, by=None, now=NOW)
    assert rows_of(session, FollowUp, case_id=case)[0].assignee_id == bo


def test_whoever_saw_an_older_version_is_told(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "trust")
    with pytest.raises(ChangedMeanwhile) as refusal:
        case_changes.change_owner(session, case, bo, by=None, now=NOW, expected_version=1)
    assert refusal.value.change.field == "owner"
    assert the_case(session, case).owner_id is None


def test_a_stage_does_not_change_in_passing(session: Session) -> None:
    case = a_case(session, a_library(session))
    [row] = standing(session, [case])
    with pytest.raises(ValueError, match="by a move"):
        update_case(session, row, stage="started")


def test_a_note_is_kept_with_who_wrote_it(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library)
    case_changes.add_note(session, case, "  Belt liever 's avonds.\n", by=bo, now=NOW)
    [note] = rows_of(session, Note)
    assert (note.case_id, note.by_staff_id, note.text, note.at) == (
        case, bo, "Belt liever 's avonds.", NOW,
    )  # fmt: skip


def test_what_is_no_note_is_refused(session: Session) -> None:
    case = a_case(session, a_library(session))
    with pytest.raises(FaultyValue):
        case_changes.add_note(session, case, " \n", by=None, now=NOW)
    with pytest.raises(BsnFound):
        case_changes.add_note(session, case, "bsn: 111222333", by=None, now=NOW)
    assert rows_of(session, Note) == []


def test_a_case_that_is_not_there_cannot_be_changed(session: Session) -> None:
    with pytest.raises(NotFound):
        case_changes.add_note(session, 77, "x", by=None, now=NOW)
    with pytest.raises(NotFound):
        case_changes.change_owner(session, 77, None, by=None, now=NOW)


def test_a_remark_is_taken_away_once(session: Session) -> None:
    case = a_case(session, a_library(session))
    note = case_changes.add_note(session, case, "Belde terug.", by=None, now=NOW)
    case_changes.remove_note(session, case, note.id or 0, by=None, now=NOW)
    assert rows_of(session, Note) == []
    with pytest.raises(NothingToUndo):
        case_changes.remove_note(session, case, note.id or 0, by=None, now=NOW)


def test_what_counts_from_an_appointment_follows_it(session: Session) -> None:
    case = a_case(session, a_library(session), "intake")
    case_changes.change_appointment(session, case, date(2018, 4, 19), by=None, now=NOW)
    assert open_rules(session, case)["before_intake"] == "2018-04-18"
    case_changes.change_appointment(session, case, date(2018, 4, 26), by=None, now=NOW)
    assert open_rules(session, case)["before_intake"] == "2018-04-25"
    case_changes.change_appointment(session, case, None, by=None, now=NOW)
    assert "before_intake" not in open_rules(session, case)


def test_an_appointment_is_not_made_for_the_past_but_put_back_there(session: Session) -> None:
    case = a_case(session, a_library(session), "intake")
    with pytest.raises(FaultyValue):
        case_changes.change_appointment(session, case, date(2018, 4, 2), by=None, now=NOW)
    case_changes.put_appointment(session, case, date(2018, 4, 2), by=None, now=NOW)
    assert the_case(session, case).appointment_on == date(2018, 4, 2)


def test_a_plan_is_dropped_as_long_as_nobody_touched_it(session: Session) -> None:
    case = a_case(session, a_library(session))
    plan = follow_ups.plan_by_hand(
        session, case, "Bel terug", date(2018, 4, 9), assignee_id=None, by=None, now=NOW
    )
    case_changes.drop_plan(session, plan.id or 0, by=None, now=NOW)
    assert the_case(session, case).seq == 1
    with pytest.raises(NothingToUndo):
        case_changes.drop_plan(session, plan.id or 0, by=None, now=NOW)
