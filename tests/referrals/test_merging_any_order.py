"""In whatever order people are merged, taken apart and moved, the counts stay whole."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import BrugError
from referrals import merging, moving, undoing
from referrals.reach import verifying
from referrals.reach.counting import Question, count
from tests.builders import NOW, a_case, a_library, a_participant
from tests.looking import assert_counted_whole, savepoint, the_case

DAY = timedelta(days=1)


def _people(session: Session, known_on: date | None = None) -> int:
    assert all(not differences for _, differences in verifying.verify(session))
    rows = count(session, Question(by="stage", as_known_on=known_on)).rows
    return sum(row.people for row in rows if row.reached == "contact")


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choices=st.lists(st.integers(0, 10_000), min_size=3, max_size=18))
def test_any_order_of_merges_undos_and_moves_leaves_the_counts_whole(
    session: Session, choices: list[int]
) -> None:
    with savepoint(session) as inner:
        _Town(session).live(choices)
        inner.rollback()
    session.expunge_all()


class _Town:
    """Four participants with cases to whom anything may happen."""

    def __init__(self, session: Session):
        self.session, self.now = session, NOW
        self.library = a_library(session, "samen")
        self.people = [a_participant(session, self.library) for _ in range(4)]
        self.cases = [a_case(session, self.library, participant=who) for who in self.people]
        self.merges: list[int] = []
        self.known: dict[date, int] = {}

    def live(self, choices: list[int]) -> None:
        for choice in choices:
            self.now += DAY
            with savepoint(self.session) as inner:
                try:
                    self._act(choice)
                except BrugError:
                    inner.rollback()
            self.known[self.now.date()] = _people(self.session)
        assert_counted_whole(self.session)
        for day, people in self.known.items():
            assert _people(self.session, known_on=day) == people
        self._all_apart()

    def _act(self, choice: int) -> None:
        kept, gone = self.people[choice % 4], self.people[choice // 4 % 4]
        case = self.cases[choice % 4]
        kind = choice // 16 % 5
        if kind < 2:
            row = merging.merge(
                self.session, self.library, kept.id, gone.id, {}, by=None, now=self.now
            )
            self.merges.append(row.id or 0)
        elif kind == 2 and self.merges:
            number = self.merges[choice // 80 % len(self.merges)]
            merging.undo(self.session, self.library, number, by=None, now=self.now)
        elif kind == 3:
            moving.move_cases(self.session, [case], "agree", by=None, now=self.now)
        else:
            undoing.undo(self.session, case, by=None, now=self.now)

    def _all_apart(self) -> None:
        """Undone in the opposite order, everybody has their own case again."""
        for number in reversed(self.merges):
            self.now += DAY
            if merging.may_undo(self.session, self.library, number):
                merging.undo(self.session, self.library, number, by=None, now=self.now)
        owners = [the_case(self.session, case).participant_id for case in self.cases]
        assert owners == [who.id for who in self.people]
        assert_counted_whole(self.session)
