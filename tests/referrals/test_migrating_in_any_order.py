"""Publishing, going over, bringing back, moving, undoing in any order: whole and counted once."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import BrugError
from referrals import bringing_back, follow_ups, migrating, moving, routes, undoing
from referrals.moving import Answers
from referrals.reach import verifying
from storage.queries import case_migrations
from storage.tables import FollowUp, ReachEntry
from tests.builders import NOW, a_case, a_library, a_participant, a_pilot, a_provider
from tests.looking import assert_counted_whole, assert_whole, rows_of, savepoint, the_case
from tests.referrals.test_migrating import RENAMED, changed

#: the built-in route under other rules, names and levels
TEXTS = (
    changed(("when: contact + 5 workdays", "when: contact + 9 workdays")),
    RENAMED,
    changed(
        ("Screened}, level: known", "Screened}, level: agreed"), ("  find_a_place:", "  find_it:")
    ),
    RENAMED.replace("norm: 15 workdays", "norm: 3 workdays"),
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choices=st.lists(st.integers(0, 10_000), min_size=4, max_size=25))
def test_whatever_is_published_and_moved_everything_stays_whole(
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
    """Two people with three cases, on a route of which new versions appear."""

    def __init__(self, session: Session):
        self.session, self.now, self.published = session, NOW, 0
        # what a savepoint takes back leaves numbers of versions that come again
        routes._pinned.clear()
        self.library = a_library(session, "reis")
        self.provider = a_provider(session, self.library)
        self.pilot = a_pilot(session, self.library)
        who = a_participant(session, self.library)
        self.cases = [
            a_case(session, self.library, participant=who),
            a_case(session, self.library, participant=who, pilot=self.pilot),
            a_case(session, self.library),
        ]
        for case, move in ((self.cases[1], "know"), (self.cases[2], "screen")):
            self.now += timedelta(hours=1)
            self._move(case, move)

    def do(self, choice: int) -> None:
        """One thing; a refusal must leave no trace, and nothing counted is lost by going over."""
        self.now += timedelta(hours=choice % 30 + 1)
        case = self.cases[choice % len(self.cases)]
        acts = [
            *self._moves(case),
            lambda: undoing.undo(self.session, case, by=None, now=self.now),
            lambda: self._deal_with(case),
            self._publish,
            lambda: self._go_over(None),
            lambda: self._go_over(None),
            lambda: self._go_over(self.pilot),
            self._bring_back,
            self._bring_back,
        ]
        act = acts[choice // 3 % len(acts)]
        with savepoint(self.session) as inner:
            try:
                act()
            except BrugError:
                inner.rollback()
        for each in self.cases:
            assert_whole(self.session, each)

    def end(self) -> None:
        assert_counted_whole(self.session)
        for question, differences in verifying.verify(self.session):
            assert not differences, question

    def _moves(self, case: int):  # type: ignore[no-untyped-def]
        there = the_case(self.session, case)
        definition = routes.pinned(self.session, there.workflow_version_id).definition
        names = [move.name for move in definition.moves_from[there.stage] if not move.opens]
        return [lambda name=name: self._move(case, name) for name in names]

    def _move(self, case: int, name: str) -> None:
        day = self.now.date() + timedelta(days=7)
        answers = Answers(provider=self.provider, reason="moved", date=day)
        moving.move_cases(self.session, [case], name, by=None, now=self.now, answers=answers)

    def _deal_with(self, case: int) -> None:
        for row in rows_of(self.session, FollowUp, case_id=case, state="open")[:1]:
            follow_ups.try_in_vain(self.session, row.id or 0, by=None, now=self.now)

    def _publish(self) -> None:
        text = f"{TEXTS[self.published % len(TEXTS)]}# {self.published}\n"
        routes.publish(self.session, text, by="test", now=self.now)
        self.published += 1

    def _go_over(self, pilot: int | None) -> None:
        to = routes.newest(self.session, "open-door")
        mapping = {"trust": "met"} if "met" in to.definition.stages else {"met": "trust"}
        counted = self._counting()
        migrating.migrate(
            self.session, self.library, to, mapping=mapping, pilot_id=pilot, by=None, now=self.now
        )
        # what counted goes on counting, and no level counts in another month
        after = self._counting()
        assert counted <= after
        months = {(person, level, month) for person, level, month, _ in counted}
        levels = {(person, level) for person, level, _ in months}
        for person, level, month, _ in after - counted:
            new = (person, level) not in levels
            assert level is None or new or (person, level, month) in months

    def _counting(self) -> set[tuple[int, int | None, int, str]]:
        rows = rows_of(self.session, ReachEntry, voided_at=None)
        return {(row.case_key, row.level, row.day.month, row.stage) for row in rows}

    def _bring_back(self) -> None:
        for each in case_migrations.migrations(self.session, self.library, "open-door")[:1]:
            bringing_back.bring_back(
                self.session, self.library, each.id or 0, by=None, now=self.now
            )
