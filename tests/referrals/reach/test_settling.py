"""Settling: the summary follows every move, and never differs from one that is made anew."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from referrals import histories, moving, participants, routes, undoing
from referrals.histories import PastCase, PastStep
from referrals.opening import NewCase
from referrals.participants import Newcomer
from referrals.reach import settling
from referrals.reach.cells import Summary
from referrals.reach.counting import Question
from storage.tables import ReachCell, ReachEntry
from storage.tables.reach import PENDING, RETRACTED, SETTLED
from tests.builders import NOW, TODAY, a_case, a_library, a_participant
from tests.looking import counted, people_per, rows_of, savepoint, the_case
from tests.referrals.reach.ledgers import Ledger, Step, answer
from tests.referrals.reach.ledgers import histories as ledgers


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=ledgers, seed=st.randoms(use_true_random=False))
def test_settling_now_and_then_equals_making_the_summary_anew(
    session: Session, steps: list[Step], seed: object
) -> None:
    choose = seed.random  # type: ignore[attr-defined]
    with savepoint(session) as inner:
        ledger = Ledger(session)
        for number, step in enumerate(steps, 1):
            ledger.write(step)
            if choose() < 0.4:
                settling.settle(session)
            if choose() < 0.3:
                ledger.void(1 + int(choose() * number), NOW)
        settling.settle(session)
        followed = ledger.cells()
        settling.rebuild(session)
        assert followed == ledger.cells()
        assert settling.settle(session) == 0
        inner.rollback()
    session.expunge_all()


def _states(session: Session, case: int) -> list[int]:
    key = the_case(session, case).case_key
    return [row.settled for row in rows_of(session, ReachEntry, case_key=key)]


def test_an_entry_is_pending_until_it_is_settled_and_retracted_when_undone(
    session: Session,
) -> None:
    case = a_case(session, a_library(session), "trust")
    assert _states(session, case) == [PENDING, PENDING]
    assert settling.settle(session) == 1
    assert _states(session, case) == [SETTLED, SETTLED]
    undoing.undo(session, case, by=None, now=NOW)
    assert _states(session, case) == [SETTLED, RETRACTED]
    assert settling.settle(session) == 1
    assert _states(session, case) == [SETTLED, SETTLED]
    assert people_per(session) == {"contact": 1}


def test_a_step_that_was_undone_before_it_was_counted_never_counts(session: Session) -> None:
    case = a_case(session, a_library(session), "trust")
    undoing.undo(session, case, by=None, now=NOW)
    assert people_per(session) == {"contact": 1}


def test_settling_says_how_many_people_had_something_new(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    a_case(session, library, participant=who)
    a_case(session, library, participant=who)
    a_case(session, library)
    assert settling.settle(session) == 2
    assert settling.settle(session) == 0


def test_cells_that_came_down_to_nothing_are_in_no_answer(session: Session) -> None:
    case = a_case(session, a_library(session), "trust")
    settling.settle(session)
    undoing.undo(session, case, by=None, now=NOW)
    settling.settle(session)
    assert any(row.people == 0 for row in rows_of(session, ReachCell))
    for split in (None, "month", "pilot"):
        rows = answer(session, Question(split=split))
        assert [reached for reached, *_ in rows] == ["contact"]


def test_making_anew_mends_a_summary_that_was_spoilt(session: Session) -> None:
    a_case(session, a_library(session), "screened")
    before = people_per(session)
    for row in rows_of(session, ReachCell):
        row.people += 7
        session.add(row)
    session.flush()
    assert settling.rebuild(session) == 3
    assert people_per(session) == before


def test_people_who_come_in_alone_are_summed_up_as_they_are_written(session: Session) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    people = participants.register(session, library, [Newcomer()] * 50, now=NOW)
    summary = Summary({})
    for some in (people[:20], people[20:]):
        past = [
            PastCase(
                NewCase(who, channel="school"),
                [PastStep("contact", NOW, date(2018, 1 + place % 3, 5)),
                 PastStep("agreed", NOW, TODAY)],
            )
            for place, who in enumerate(some)
        ]  # fmt: skip
        histories.write_cases(session, library, published, past, by=None, now=NOW, summary=summary)
    settling.write(session, summary)
    assert settling.settle(session) == 0
    assert people_per(session) == {"contact": 50, "agreed": 50}
    by_month = {row.part for row in counted(session, Question(split="month"))}
    assert by_month == {"2018-01", "2018-02", "2018-03", "2018-04"}


def test_whoever_was_summed_up_alone_and_gets_a_second_case_is_still_one(
    session: Session,
) -> None:
    library = a_library(session)
    published = routes.newest(session, "open-door")
    [who] = participants.register(session, library, [Newcomer()], now=NOW)
    past = [PastCase(NewCase(who), [PastStep("contact", NOW, TODAY)])]
    histories.write_cases(session, library, published, past, by=None, now=NOW)
    second = a_case(session, library, participant=who)
    moving.move_cases(session, [second], "know", by=None, now=NOW + timedelta(days=40))
    [row] = [row for row in counted(session, Question()) if row.reached == "contact"]
    assert (row.people, row.participations) == (1, 2)
