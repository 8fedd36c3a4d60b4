"""Undoing: a step back is a step too, and whatever the order, everything stays whole."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import BrugError, NotFound, NothingToUndo
from referrals import answering, consent, follow_ups, moving, routes, undoing
from referrals.consent import Agreement
from referrals.moving import Answers
from storage.queries import cases
from storage.tables import FollowUp, JournalEntry, Referral
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_colleague,
    a_library,
    a_participant,
    a_provider,
    a_route,
)
from tests.looking import (
    assert_counted_whole,
    assert_whole,
    effective,
    open_rules,
    people_per,
    rows_of,
    savepoint,
    the_case,
)

LATER = NOW + timedelta(days=1)
MUCH_LATER = NOW + timedelta(days=2)


def test_undoing_a_step_puts_the_case_back_and_voids_the_step(session: Session) -> None:
    case = a_case(session, a_library(session))
    moving.move_cases(session, [case], "screen", by=None, now=LATER)

    undone = undoing.undo(session, case, by=None, now=MUCH_LATER)

    assert (undone.from_stage, undone.to_stage, undone.remains) == ("screened", "contact", ())
    row = the_case(session, case)
    assert (row.stage, row.seq, row.version, row.stage_day) == ("contact", 3, 3, TODAY)
    history = cases.history(session, case)
    assert [(e.kind, e.move, e.voided_by) for e in history] == [
        ("open", None, None), ("move", "screen", 3), ("undo", "screen", None),
    ]  # fmt: skip
    assert (history[2].from_stage, history[2].to_stage, history[2].at) == (
        "screened", "contact", MUCH_LATER,
    )  # fmt: skip
    assert people_per(session) == {"contact": 1}


def test_undoing_is_in_the_journal_with_who_did_it(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "trust")
    undoing.undo(session, case, by=bo, now=LATER)
    [line] = rows_of(session, JournalEntry, what="case.undone")
    assert (line.by_staff_id, line.subject_id, line.at) == (bo, case, LATER)
    assert line.detail == {"from": "trust", "to": "contact", "seq": 3}


def test_steps_are_undone_one_by_one_until_the_opening(session: Session) -> None:
    case = a_case(session, a_library(session), "started")
    stages = [undoing.undo(session, case, by=None, now=LATER).to_stage for _ in range(5)]
    assert stages == ["intake", "spoken", "referred", "agreed", "contact"]
    with pytest.raises(NothingToUndo) as refusal:
        undoing.undo(session, case, by=None, now=LATER)
    assert refusal.value.remedy
    assert_whole(session, case)


def test_a_case_that_does_not_exist_cannot_be_undone(session: Session) -> None:
    with pytest.raises(NotFound):
        undoing.undo(session, 12345, by=None, now=NOW)


def test_undoing_opens_a_closed_case_and_closes_a_returned_one(session: Session) -> None:
    case = a_case(session, a_library(session), "stopped")
    moving.move_cases(session, [case], "return", by=None, now=LATER)
    assert the_case(session, case).closed_at is None

    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert (the_case(session, case).stage, the_case(session, case).closed_at) == ("stopped", NOW)

    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert (the_case(session, case).stage, the_case(session, case).closed_at) == ("contact", None)


def test_what_the_step_had_ended_is_to_be_done_again_on_its_own_day(session: Session) -> None:
    case = a_case(session, a_library(session))
    before = open_rules(session, case)
    moving.move_cases(session, [case], "screen", by=None, now=LATER)
    assert open_rules(session, case).keys() == {"tell_the_result"}

    undoing.undo(session, case, by=None, now=MUCH_LATER)

    assert open_rules(session, case) == before == {"first_call": "2018-04-10"}


def test_undoing_keeps_attempts_that_were_made_before_the_step(session: Session) -> None:
    case = a_case(session, a_library(session))
    [call] = rows_of(session, FollowUp, case_id=case)
    follow_ups.try_in_vain(session, call.id or 0, by=None, now=LATER)
    moving.move_cases(session, [case], "screen", by=None, now=MUCH_LATER)

    undoing.undo(session, case, by=None, now=MUCH_LATER + timedelta(hours=1))

    [again] = rows_of(session, FollowUp, case_id=case, state="open")
    assert (again.rule, again.occurrence) == ("first_call", 2)


def test_undoing_leaves_what_was_planned_by_hand(session: Session) -> None:
    case = a_case(session, a_library(session))
    moving.move_cases(session, [case], "screen", by=None, now=LATER)
    follow_ups.plan_by_hand(
        session, case, "Breng de folder", TODAY + timedelta(days=9), assignee_id=None, by=None,
        now=LATER,
    )  # fmt: skip
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert [row.what for row in rows_of(session, FollowUp, case_id=case, state="open")] == [
        None, "Breng de folder",
    ]  # fmt: skip


def test_calls_after_three_and_six_months_are_planned_once(session: Session) -> None:
    case = a_case(session, a_library(session), "completed")
    planned = open_rules(session, case)
    assert planned.keys() == {"after_three_months", "after_six_months"}
    moving.move_cases(session, [case], "go_on", by=None, now=LATER)
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert open_rules(session, case) == planned


def test_calls_that_a_return_ended_come_back_when_it_is_undone(session: Session) -> None:
    case = a_case(session, a_library(session), "completed")
    planned = open_rules(session, case)
    moving.move_cases(session, [case], "go_on", by=None, now=LATER)
    moving.move_cases(session, [case], "return", by=None, now=MUCH_LATER)
    assert open_rules(session, case).keys() == {"welcome_back"}
    undoing.undo(session, case, by=None, now=MUCH_LATER + timedelta(hours=1))
    assert open_rules(session, case) == planned


def test_undoing_says_that_a_referral_stays(session: Session) -> None:
    case = a_case(session, a_library(session), "agreed")
    provider = a_provider(session, the_case(session, case).organisation_id)
    moving.move_cases(
        session, [case], "refer", by=None, now=LATER, answers=Answers(provider=provider)
    )
    undone = undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert len(undone.remains) == 1 and "referral" in undone.remains[0]
    [referral] = rows_of(session, Referral, case_id=case)
    assert referral.state == "sent"


def test_undoing_says_that_the_answer_of_a_provider_stays(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    answering.answer(session, case, "declined", by=None, now=LATER)
    undone = undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert undone.to_stage == "referred"
    assert len(undone.remains) == 1 and "answer" in undone.remains[0]
    [referral] = rows_of(session, Referral, case_id=case)
    assert referral.state == "declined"


def test_undoing_says_that_a_linked_case_stays(session: Session) -> None:
    library = a_library(session)
    a_route(session, "language-to-digital")
    case = a_case(session, library, "completed")
    [moved] = moving.move_cases(session, [case], "cross", by=None, now=LATER).moved
    undone = undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert len(undone.remains) == 1 and "linked" in undone.remains[0]
    assert moved.opened is not None and the_case(session, moved.opened).stage


def test_an_undone_step_made_again_gives_the_same_state(session: Session) -> None:
    case = a_case(session, a_library(session), "agreed")
    steps = [entry.to_stage for entry in effective(session, case)]
    planned, people = open_rules(session, case), people_per(session)

    undoing.undo(session, case, by=None, now=LATER)
    moving.move_cases(session, [case], "agree", by=None, now=NOW).raise_refusal()

    assert [entry.to_stage for entry in effective(session, case)] == steps
    assert (open_rules(session, case), people_per(session)) == (planned, people)
    assert_whole(session, case)


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choices=st.lists(st.integers(0, 10_000), min_size=3, max_size=25))
def test_whatever_is_done_in_whatever_order_everything_stays_whole(
    session: Session, choices: list[int]
) -> None:
    with savepoint(session) as inner:
        journey = _Journey(session)
        for choice in choices:
            journey.do(choice)
        journey.end()
        inner.rollback()
    session.expunge_all()


class _Journey:
    """Somebody with two cases to whom anything may happen."""

    def __init__(self, session: Session):
        self.session = session
        self.now = NOW
        self.library = a_library(session, "reis")
        self.provider = a_provider(session, self.library)
        self.who = a_participant(session, self.library)
        self.cases = [
            a_case(session, self.library, participant=self.who),
            a_case(session, self.library, participant=self.who),
        ]

    def do(self, choice: int) -> None:
        """One action on one of the cases; a refusal must leave no trace."""
        self.now += timedelta(hours=choice % 30 + 1)
        case = self.cases[choice % len(self.cases)]
        acts = self._acts(case)
        act = acts[choice // 2 % len(acts)]
        with savepoint(self.session) as inner:
            try:
                act()
            except BrugError:
                inner.rollback()
        assert_whole(self.session, case)

    def end(self) -> None:
        assert_counted_whole(self.session)
        for case in self.cases:
            self._undo_and_do_again(case)

    def _acts(self, case: int):  # type: ignore[no-untyped-def]
        stage = the_case(self.session, case).stage
        route = routes.newest(self.session, "open-door")
        moves = [move.name for move in route.definition.moves_from[stage] if not move.opens]
        return [
            *(lambda name=name: self._move(case, name) for name in moves),
            lambda: self._undo(case),
            lambda: self._undo(case),
            *(
                lambda given=given: answering.answer(
                    self.session, case, given, by=None, now=self.now
                )
                for given in ("accepted", "waiting", "declined", "started", "finished")
            ),
            self._withdraw,
            self._agree,
            lambda: self._try_in_vain(case),
        ]

    def _move(self, case: int, name: str) -> None:
        answers = Answers(
            provider=self.provider, reason="moved", date=self.now.date() + timedelta(days=7)
        )
        moving.move_cases(self.session, [case], name, by=None, now=self.now, answers=answers)

    def _undo(self, case: int) -> None:
        undoing.undo(self.session, case, by=None, now=self.now)

    def _withdraw(self) -> None:
        consent.withdraw_consent(self.session, self.who.id, by=None, now=self.now)

    def _agree(self) -> None:
        agreement = (self.who.id, Agreement(given_on=self.now.date()))
        consent.note_consent(self.session, self.library, [agreement], now=self.now)

    def _try_in_vain(self, case: int) -> None:
        for row in rows_of(self.session, FollowUp, case_id=case, state="open")[:1]:
            follow_ups.try_in_vain(self.session, row.id or 0, by=None, now=self.now)

    def _undo_and_do_again(self, case: int) -> None:
        """The last step of a case undone and made again: as if nothing had happened."""
        last = effective(self.session, case)[-1]
        if last.kind != "move" or last.move is None:
            return
        steps = [entry.to_stage for entry in effective(self.session, case)]
        rules = open_rules(self.session, case).keys()
        self.now += timedelta(hours=1)
        self._undo(case)
        self._agree()
        moved = self._again(case, last.move)
        if moved:
            assert [entry.to_stage for entry in effective(self.session, case)] == steps
            assert open_rules(self.session, case).keys() >= rules - {"first_call"}
        assert_whole(self.session, case)
        assert_counted_whole(self.session)

    def _again(self, case: int, move: str) -> bool:
        before = the_case(self.session, case).seq
        self._move(case, move)
        return the_case(self.session, case).seq == before + 1


def _hours(count: int) -> datetime:
    return NOW + timedelta(hours=count)
