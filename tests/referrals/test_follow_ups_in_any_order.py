"""Whatever is done with follow-ups, in whatever order, nobody has the same thing to do twice."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import BrugError
from referrals import follow_ups, moving, undoing
from referrals.moving import Answers
from storage.tables import FollowUp
from tests.builders import NOW, a_case, a_colleague, a_library
from tests.looking import rows_of, savepoint
from tests.referrals.test_follow_ups_again import a_twin


@pytest.mark.parametrize("step", ["know", "postpone"])
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choices=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 50)), max_size=25))
def test_nobody_has_the_same_to_do_twice(
    session: Session, step: str, choices: list[tuple[int, int]]
) -> None:
    with savepoint(session) as inner:
        desk = _Desk(session, step)
        for act, which in choices:
            desk.do(act, which)
            desk.assert_sound()
        inner.rollback()
    session.expunge_all()


class _Desk:
    """A case at whose follow-ups people work."""

    def __init__(self, session: Session, step: str):
        self.session, self.step, self.now = session, step, NOW
        library = a_library(session, "werk")
        self.bo = a_colleague(session, library, "bo@voorbeeld.nl")
        self.case = a_case(session, library)
        self._move()

    def do(self, act: int, which: int) -> None:
        """One act on one of the follow-ups; a refusal must leave no trace."""
        self.now += timedelta(hours=1)
        rows = self._rows()
        number = rows[which % len(rows)].id or 0
        acts: list[Callable[[], Any]] = [
            lambda: follow_ups.do(self.session, number, by=self.bo, now=self.now),
            lambda: follow_ups.try_in_vain(self.session, number, by=self.bo, now=self.now),
            lambda: follow_ups.put_off(
                self.session, number, self.now.date() + timedelta(days=which + 1), by=None,
                now=self.now,
            ),
            lambda: follow_ups.hand_over(self.session, number, self.bo, by=None, now=self.now),
            lambda: follow_ups.undo(self.session, number, by=None, now=self.now),
            lambda: self._escalate(number),
            lambda: undoing.undo(self.session, self.case, by=None, now=self.now),
            self._move,
        ]  # fmt: skip
        with savepoint(self.session) as inner:
            try:
                acts[act]()
            except BrugError:
                inner.rollback()

    def assert_sound(self) -> None:
        rows = self._rows()
        opened = [row for row in rows if row.state == "open"]
        keys = [(row.rule, row.seq, row.receiver) for row in opened]
        assert not [key for key, times in Counter(keys).items() if times > 1]
        attempts: defaultdict[tuple[str | None, int], set[int]] = defaultdict(set)
        for row in rows:
            attempts[row.rule, row.seq].add(row.occurrence)
        for row in opened:
            # the last attempt that there is, whoever it is for
            assert max(attempts[row.rule, row.seq]) == row.occurrence
            assert not [
                other
                for other in rows
                if (other.rule, other.seq, other.occurrence) == (row.rule, row.seq, row.occurrence)
                and other.state in ("done", "missed")
            ]
        firsts = [row for row in opened if row.receiver != "coordinator"]
        assert len(firsts) == len({row.rule for row in firsts})

    def _rows(self) -> list[FollowUp]:
        return rows_of(self.session, FollowUp, case_id=self.case)

    def _move(self) -> None:
        moving.move_cases(
            self.session, [self.case], self.step, by=None, now=self.now,
            answers=Answers(reason="moved"),
        )  # fmt: skip

    def _escalate(self, number: int) -> None:
        row = self.session.get_one(FollowUp, number, populate_existing=True)
        twin = {"case_id": row.case_id, "rule": row.rule, "seq": row.seq}
        there = rows_of(
            self.session, FollowUp, **twin, occurrence=row.occurrence, receiver="coordinator"
        )
        if row.state == "open" and not there:
            a_twin(self.session, row, "coordinator")
