"""Moves of many cases, of which some may not move: each says every reason, and stays as it was."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, BsnFound, ChangedMeanwhile, MoveRefused, NotFound
from core.references import reference
from referrals import case_changes, moving
from referrals.moving import Answers
from storage.queries import cases
from storage.tables import FollowUp, JournalEntry, ReachEntry, Referral
from tests.builders import (
    NOW,
    a_case,
    a_colleague,
    a_course,
    a_library,
    a_participant,
    a_provider,
    a_route,
)
from tests.looking import assert_whole, people_per, rows_of, the_case

#: the Friday before Whit Monday, 22:30 in summer time: still that day in Amsterdam
LATE = datetime(2018, 5, 18, 20, 30, tzinfo=UTC)


def test_a_refused_move_says_every_reason_and_what_to_do(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    case = a_case(session, library, participant=who)

    outcome = moving.move_cases(session, [case], "refer", by=None, now=NOW)

    refusal = outcome.refused[case]
    assert isinstance(refusal, MoveRefused) and reference(case) in refusal.thing
    assert [fault.thing for fault in refusal.faults] == ["refer", "consent_to_refer", "provider"]
    assert all(fault.why and fault.remedy for fault in refusal.faults)
    assert not outcome.moved
    with pytest.raises(MoveRefused):
        outcome.raise_refusal()


def test_a_reason_that_the_route_does_not_have_is_refused(session: Session) -> None:
    case = a_case(session, a_library(session))
    answers = Answers(reason="regen")
    outcome = moving.move_cases(session, [case], "stop", by=None, now=NOW, answers=answers)
    [fault] = outcome.refused[case].faults
    assert fault.thing == "reason" and "moved" in fault.remedy


def test_a_step_that_no_route_has_is_refused_with_what_is_possible(session: Session) -> None:
    case = a_case(session, a_library(session))
    outcome = moving.move_cases(session, [case], "fly", by=None, now=NOW)
    [fault] = outcome.refused[case].faults
    assert fault.thing == "fly" and "know" in fault.remedy


def test_a_refused_move_leaves_everything_as_it_was(session: Session) -> None:
    case = a_case(session, a_library(session))
    before = _everything_of(session, case)
    moving.move_cases(session, [case], "speak", by=None, now=LATE)
    assert _everything_of(session, case) == before


def _everything_of(session: Session, case: int) -> list[dict[str, object]]:
    row = the_case(session, case)
    rows = [
        row, *rows_of(session, FollowUp, case_id=case), *rows_of(session, JournalEntry),
        *rows_of(session, ReachEntry, case_key=row.case_key),
    ]  # fmt: skip
    return [
        *(each.model_dump() for each in rows),
        *(e._asdict() for e in cases.history(session, case)),
    ]


def test_a_case_that_does_not_exist_is_not_found_and_the_others_move(session: Session) -> None:
    case = a_case(session, a_library(session))
    outcome = moving.move_cases(session, [case, 999_999], "know", by=None, now=NOW)
    assert [each.case_id for each in outcome.moved] == [case]
    assert isinstance(outcome.refused[999_999], NotFound)


def test_nothing_to_move_moves_nothing(session: Session) -> None:
    outcome = moving.move_cases(session, [], "know", by=None, now=NOW)
    assert (outcome.moved, outcome.refused) == ([], {})


def test_of_ten_cases_those_move_that_may_and_the_others_say_why(session: Session) -> None:
    library = a_library(session)
    may = [a_case(session, library, agrees=True) for _ in range(6)]
    may_not = [a_case(session, library, agrees=False) for _ in range(3)]
    elsewhere = a_case(session, library, "started")

    outcome = moving.move_cases(session, [*may_not, elsewhere, *may], "agree", by=None, now=LATE)

    assert sorted(each.case_id for each in outcome.moved) == sorted(may)
    assert outcome.refused.keys() == {*may_not, elsewhere}
    assert {the_case(session, case).stage for case in may} == {"agreed"}
    assert {the_case(session, case).stage for case in may_not} == {"contact"}
    for case in [*may, *may_not, elsewhere]:
        assert_whole(session, case)
    assert people_per(session)["agreed"] == 7


def test_many_cases_get_exactly_the_rows_that_one_gets(session: Session) -> None:
    library = a_library(session)
    alone, *together = (a_case(session, library, channel="school") for _ in range(60))
    moving.move_cases(session, [alone], "screen", by=None, now=LATE)
    moving.move_cases(session, together, "screen", by=None, now=LATE)
    expected = _comparable(session, alone)
    assert all(_comparable(session, case) == expected for case in together)


def _comparable(session: Session, case: int) -> list[dict[str, object]]:
    own = {"id", "case_id", "participant_id", "case_key", "person_key", "subject_id"}
    rows = _everything_of(session, case)
    mine = [row for row in rows if row.get("subject_id", case) == case]
    return [{name: row[name] for name in row if name not in own} for row in mine]


def test_cases_on_different_routes_move_together(session: Session) -> None:
    library = a_library(session)
    a_route(session, "parents")
    one, other = a_case(session, library), a_case(session, library, route="parents")
    outcome = moving.move_cases(session, [one, other], "screen", by=None, now=NOW)
    assert len(outcome.moved) == 2
    assert [the_case(session, case).stage for case in (one, other)] == ["screened"] * 2


def test_a_bsn_in_a_note_is_refused(session: Session) -> None:
    case = a_case(session, a_library(session))
    answers = Answers(note="bsn 111222333 van de vader")
    with pytest.raises(BsnFound):
        moving.move_cases(session, [case], "know", by=None, now=NOW, answers=answers)
    assert the_case(session, case).version == 1


def test_whoever_saw_an_older_version_is_told_what_changed(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library)
    moving.move_cases(session, {case: 1}, "know", by=bo, now=LATE).raise_refusal()

    outcome = moving.move_cases(session, {case: 1}, "screen", by=None, now=LATE)

    refusal = outcome.refused[case]
    assert isinstance(refusal, ChangedMeanwhile) and refusal.remedy
    change = refusal.change
    assert (change.reference, change.expected_stage, change.stage) == (
        reference(case), "contact", "trust",
    )  # fmt: skip
    assert (change.by, change.at) == ("Ann (verzonnen)", LATE.isoformat())
    assert the_case(session, case).stage == "trust"


def test_a_new_owner_is_a_change_as_well(session: Session) -> None:
    case = a_case(session, a_library(session))
    case_changes.change_owner(session, case, None, by=None, now=NOW)
    outcome = moving.move_cases(session, {case: 1}, "know", by=None, now=NOW)
    assert isinstance(outcome.refused[case], ChangedMeanwhile)


def test_a_second_referral_to_a_course_is_refused_for_that_case_alone(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    who = a_participant(session, library)
    twice = [a_case(session, library, "agreed", participant=who) for _ in range(2)]
    other = a_case(session, library, "agreed")

    outcome = moving.move_cases(
        session, [*twice, other], "refer", by=None, now=NOW,
        answers=Answers(provider=provider, course=course),
    )  # fmt: skip

    assert [each.case_id for each in outcome.moved] == [twice[0], other]
    assert isinstance(outcome.refused[twice[1]], AlreadyThere)
    assert the_case(session, twice[1]).stage == "agreed"
    assert len(rows_of(session, Referral, course_id=course)) == 2
