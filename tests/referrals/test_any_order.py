"""Whatever is done to cases, in whatever order, everything stays whole and exactly counted."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import BrugError
from referrals import answering, consent, follow_ups, moving, routes, undoing
from referrals.consent import Agreement
from referrals.moving import Answers
from storage.tables import FollowUp
from tests.builders import (
    NOW,
    a_case,
    a_library,
    a_participant,
    a_provider,
)
from tests.looking import (
    assert_counted_whole,
    assert_whole,
    effective,
    open_rules,
    rows_of,
    savepoint,
    the_case,
)


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
            self._agree_for_a_while,
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

    def _agree_for_a_while(self) -> None:
        last = self.now.date() + timedelta(days=self.now.hour * 10)
        agreement = (self.who.id, Agreement(given_on=self.now.date(), expires_on=last))
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
            assert open_rules(self.session, case).keys() >= rules - {"first_call", "consent_ends"}
        assert_whole(self.session, case)
        assert_counted_whole(self.session)

    def _again(self, case: int, move: str) -> bool:
        before = the_case(self.session, case).seq
        self._move(case, move)
        return the_case(self.session, case).seq == before + 1
