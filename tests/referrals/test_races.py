"""Two people on one case: one wins, the other is told what changed, nothing is lost or doubled."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine

from core.errors import BrugError, ChangedMeanwhile, MoveRefused
from referrals import answering, follow_ups, moving, undoing
from referrals.moving import Answers
from referrals.reach import counting, settling
from referrals.reach.counting import Question
from storage.engine import transaction
from storage.queries import cases
from storage.tables import Case, FollowUp, Referral
from tests.builders import NOW, a_case, a_course, a_library, a_participant, a_provider
from tests.looking import assert_counted_whole, assert_whole, planned, rows_of, the_case

RACES, RACERS = 25, 4


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each of the acts gave (or raised), all of them begun at the same moment."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = acts[place]()
        except BaseException as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _cases(engine: Engine, stage: str = "contact", count: int = 1) -> list[int]:
    with transaction(engine) as session:
        library = a_library(session)
        who = a_participant(session, library)
        return [a_case(session, library, stage, participant=who) for _ in range(count)]


def _move(engine: Engine, case: int, version: int | None, move: str, hours: int) -> Any:
    with transaction(engine) as session:
        outcome = moving.move_cases(
            session, {case: version}, move, by=None, now=NOW + timedelta(hours=hours),
            answers=Answers(reason="moved"),
        )  # fmt: skip
    return outcome.moved[0] if outcome.moved else outcome.refused[case]


def test_of_those_who_saw_the_same_version_exactly_one_wins(engine: Engine) -> None:
    [case] = _cases(engine)
    moves = ("know", "screen", "stop", "postpone")
    for race in range(RACES):
        with transaction(engine) as session:
            version, stage = the_case(session, case).version, the_case(session, case).stage
        results = at_once(
            [partial(_move, engine, case, version, move, race) for move in moves[:RACERS]]
        )
        won = [each for each in results if isinstance(each, moving.Moved)]
        lost = [each for each in results if isinstance(each, ChangedMeanwhile)]
        assert (len(won), len(lost)) == (1, RACERS - 1), results
        assert {each.change.stage for each in lost} == {won[0].to_stage}
        assert {each.change.expected_stage for each in lost} == {stage}
        with transaction(engine) as session:
            assert_whole(session, case)
            undoing.undo(session, case, by=None, now=NOW + timedelta(hours=race, minutes=30))
    with transaction(engine) as session:
        assert len(cases.history(session, case)) == 1 + 2 * RACES
        assert_counted_whole(session)


def test_without_a_version_the_slower_one_hears_that_the_step_is_not_possible(
    engine: Engine,
) -> None:
    numbers = _cases(engine, count=5)
    for case in numbers:
        results = at_once([partial(_move, engine, case, None, "know", 1)] * RACERS)
        kinds = sorted(type(each).__name__ for each in results)
        assert kinds == ["MoveRefused"] * (RACERS - 1) + ["Moved"]
    with transaction(engine) as session:
        assert {the_case(session, case).seq for case in numbers} == {2}


def test_of_two_undoings_each_undoes_another_step(engine: Engine) -> None:
    [case] = _cases(engine, "screened")

    def undo() -> Any:
        with transaction(engine) as session:
            return undoing.undo(session, case, by=None, now=NOW + timedelta(hours=1))

    results = at_once([undo, undo, undo])
    assert sorted(type(each).__name__ for each in results) == [
        "NothingToUndo", "Undone", "Undone",
    ]  # fmt: skip
    with transaction(engine) as session:
        assert the_case(session, case).stage == "contact"
        assert_whole(session, case)


def test_of_two_answers_of_a_provider_the_second_sees_the_first(engine: Engine) -> None:
    for race, case in enumerate(_cases(engine, "referred", count=5)):

        def answer(given: str, case: int = case, race: int = race) -> Any:
            with transaction(engine) as session:
                return answering.answer(
                    session, case, given, by=None, now=NOW + timedelta(hours=race)
                )

        results = at_once([lambda: answer("declined"), lambda: answer("no_show")])
        assert sum(isinstance(each, BrugError) for each in results) == 1, results
        with transaction(engine) as session:
            [referral] = rows_of(session, Referral, case_id=case)
            assert referral.version == 2
            assert_whole(session, case)


def test_a_follow_up_is_done_once(engine: Engine) -> None:
    for case in _cases(engine, count=5):
        with transaction(engine) as session:
            [row] = planned(session, case)

        def do(number: int = row.id or 0) -> None:
            with transaction(engine) as session:
                # a page has read it before, as pages do
                session.get(FollowUp, number)
                follow_ups.do(session, number, by=None, now=NOW)

        results = at_once([do] * RACERS)
        assert sum(isinstance(each, MoveRefused) for each in results) == RACERS - 1


def test_a_move_sees_what_is_planned_at_the_same_moment(engine: Engine) -> None:
    """A call that comes again though it was done, and a case that moves on meanwhile."""
    for race, case in enumerate(_cases(engine, count=RACES)):
        _move(engine, case, None, "postpone", 1)
        with transaction(engine) as session:
            [row] = planned(session, case, state="open")

        def do(number: int = row.id or 0) -> None:
            with transaction(engine) as session:
                follow_ups.do(session, number, by=None, now=NOW + timedelta(hours=2))

        acts: list[Callable[[], Any]] = [do, partial(_move, engine, case, None, "return", 2)]
        results = at_once(acts if race % 2 else acts[::-1])
        assert not [each for each in results if isinstance(each, ChangedMeanwhile)]
        with transaction(engine) as session:
            assert the_case(session, case).stage == "returned"
            assert_whole(session, case)


def test_counting_while_others_move_and_undo_misses_nothing(engine: Engine) -> None:
    numbers = _cases(engine, count=6)
    busy = threading.Event()

    def work(case: int) -> None:
        for hour in range(1, 12, 2):
            _move(engine, case, None, "know", hour)
            with transaction(engine) as session:
                undoing.undo(session, case, by=None, now=NOW + timedelta(hours=hour, minutes=1))
            _move(engine, case, None, "screen", hour + 1)
            with transaction(engine) as session:
                undoing.undo(session, case, by=None, now=NOW + timedelta(hours=hour + 1, minutes=1))
        _move(engine, case, None, "agree", 20)

    def look() -> int:
        looked = 0
        while not busy.is_set():
            with transaction(engine) as session:
                settling.settle(session)
                looked += 1
        return looked

    def all_work() -> None:
        try:
            failures = at_once([partial(work, case) for case in numbers])
            assert failures == [None] * len(numbers), failures
        finally:
            busy.set()

    done, *looked = at_once([all_work, look, look])
    assert done is None and all(isinstance(each, int) and each > 3 for each in looked)
    with transaction(engine) as session:
        assert_counted_whole(session)
        [agreed] = [r for r in counting.count(session, Question()).rows if r.reached == "agreed"]
        assert (agreed.people, agreed.participations) == (1, len(numbers))


def test_a_case_opened_at_the_same_moment_gets_a_number_of_its_own(engine: Engine) -> None:
    _cases(engine)
    with transaction(engine) as session:
        library = the_case(session, 1).organisation_id

    def open_one() -> int:
        with transaction(engine) as session:
            return a_case(session, library)

    results = at_once([open_one] * 8)
    with transaction(engine) as session:
        assert sorted(results) == sorted(row.id or 0 for row in rows_of(session, Case))[1:]


def test_nobody_gets_two_open_referrals_to_one_course_even_at_once(engine: Engine) -> None:
    with transaction(engine) as session:
        library = a_library(session)
        who = a_participant(session, library)
        provider = a_provider(session, library)
        course = a_course(session, library, provider)
        both = [a_case(session, library, "agreed", participant=who) for _ in range(2)]

    def refer(case: int) -> Any:
        with transaction(engine) as session:
            outcome = moving.move_cases(
                session, [case], "refer", by=None, now=NOW,
                answers=Answers(provider=provider, course=course),
            )  # fmt: skip
            outcome.raise_refusal()
            return outcome

    results = at_once([lambda: refer(both[0]), lambda: refer(both[1])])
    assert sum(isinstance(each, moving.Outcome) for each in results) == 1, results
    assert sum(isinstance(each, BrugError) for each in results) == 1, results
    with transaction(engine) as session:
        assert len(rows_of(session, Referral, course_id=course)) == 1
        assert sorted(the_case(session, case).stage for case in both) == ["agreed", "referred"]
