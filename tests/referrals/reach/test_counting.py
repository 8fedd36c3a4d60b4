"""Counting: whatever people went through, the answers are exact, in the order of the path."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import FaultyValue
from referrals import consent, histories, moving, opening, participants, routes, undoing
from referrals.histories import PastCase, PastStep
from referrals.opening import NewCase
from referrals.participants import Newcomer
from referrals.reach.counting import DEFINITION, Question, Row, count
from storage.tables import ReachEntry
from tests.builders import NOW, TODAY, a_case, a_library, a_participant, a_pilot, a_route
from tests.looking import counted, people_per, rows_of, savepoint, the_case
from tests.referrals.reach.ledgers import Ledger, Step, assert_answers, long_histories
from tests.referrals.reach.ledgers import histories as ledgers

_HEALTHY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=9, suppress_health_check=_HEALTHY)
@given(steps=long_histories, part=st.integers(0, 2))
def test_every_question_is_answered_as_if_counted_by_hand(
    session: Session, steps: list[Step], part: int
) -> None:
    with savepoint(session) as inner:
        ledger = Ledger(session)
        for step in steps:
            ledger.write(step)
        assert_answers(session, steps, ledger.libraries[1], part)
        inner.rollback()
    session.expunge_all()


@settings(max_examples=15, suppress_health_check=_HEALTHY)
@given(steps=ledgers)
def test_a_count_as_known_on_a_day_is_what_was_answered_on_that_day(
    session: Session, steps: list[Step]
) -> None:
    """Steps are written and voided day by day; what was answered then must come back later."""
    question = Question(split="pilot")
    with savepoint(session) as inner:
        ledger = Ledger(session)
        ordered = sorted(steps, key=lambda step: step.recorded)
        voids: dict[int, int] = {}
        reported = {}
        for after in range(10):
            for seq, day in voids.items():
                if day == after:
                    ledger.void(seq, NOW + timedelta(days=day))
            for seq, step in enumerate(ordered, 1):
                if step.recorded == after:
                    ledger.write(_without_void(step))
                    if step.voided_after:
                        voids[seq] = after + step.voided_after
            reported[TODAY + timedelta(days=after)] = set(count(session, question).rows)
        for reported_on, rows in reported.items():
            known = Question(split="pilot", as_known_on=reported_on)
            assert set(count(session, known).rows) == rows, reported_on
        inner.rollback()
    session.expunge_all()


def _without_void(step: Step) -> Step:
    return Step(
        step.person, step.case, step.route, step.place, step.stage, step.day, step.recorded, None
    )


def test_a_person_with_two_cases_is_one_person_and_two_participations(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    a_case(session, library, "screened", participant=who)
    a_case(session, library, participant=who)
    assert counted(session, Question()) == {
        Row("contact", "", 1, 2), Row("trust", "", 1, 1), Row("screened", "", 1, 1),
    }  # fmt: skip


def test_from_digital_to_language_and_back_is_one_person_counted_once(session: Session) -> None:
    library = a_library(session)
    for name in ("digital-to-language", "language-to-digital"):
        a_route(session, name)
    who = a_participant(session, library)
    new = NewCase(who, channel="digital_desk", reachable=True)
    published = routes.newest(session, "language-to-digital")
    [digital] = opening.open_cases(session, library, published, [new], by=None, now=NOW)
    moving.move_cases(session, [digital], "agree", by=None, now=NOW).raise_refusal()
    for move in ("plan_intake", "start"):
        moving.move_cases(session, [digital], move, by=None, now=NOW).raise_refusal()
    [moved] = moving.move_cases(session, [digital], "cross_alongside", by=None, now=NOW).moved

    assert moved.opened is not None
    assert the_case(session, moved.opened).participant_id == who.id
    assert the_case(session, moved.opened).linked_case_id == digital
    rows = {row.reached: row for row in counted(session, Question(by="level"))}
    assert (rows["contacted"].people, rows["contacted"].participations) == (1, 2)
    assert (rows["started"].people, rows["started"].participations) == (1, 1)
    by_route = counted(session, Question(by="level", split="route"))
    contacted = {row.part: row.people for row in by_route if row.reached == "contacted"}
    assert contacted == {"digital-to-language": 1, "language-to-digital": 1}


def test_people_and_participations_are_two_figures(session: Session) -> None:
    """As the trial of CBS in 2022 had them: 23,800 people in 27,700 courses, here in hundreds."""
    library = a_library(session)
    people = participants.register(session, library, [Newcomer()] * 238, now=NOW)
    steps = [PastStep("contact", NOW, TODAY)]
    cases = [PastCase(NewCase(who), steps, alone=False) for who in (*people, *people[:39])]
    published = routes.newest(session, "open-door")
    histories.write_cases(session, library, published, cases, by=None, now=NOW)
    assert counted(session, Question()) == {Row("contact", "", 238, 277)}


def test_withdrawn_consent_changes_no_count(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    a_case(session, library, "referred", participant=who)
    before = people_per(session)
    consent.withdraw_consent(session, who.id, by=None, now=NOW)
    assert people_per(session) == before == {"contact": 1, "agreed": 1, "referred": 1}


def test_rows_stand_in_the_order_of_the_path_and_then_of_their_part(session: Session) -> None:
    library = a_library(session)
    pilots = [a_pilot(session, library, name) for name in ("Waterland", "Katwijk")]
    for pilot in (*pilots, None):
        a_case(session, library, "screened", pilot=pilot)
    rows = count(session, Question(split="pilot")).rows
    assert [(row.reached, row.part) for row in rows] == [
        (stage, part)
        for stage in ("contact", "trust", "screened")
        for part in ("", "Katwijk", "Waterland")
    ]


def test_an_answer_carries_its_definition(session: Session) -> None:
    a_library(session)
    answer = count(session, Question(by="level"))
    assert answer.definition == DEFINITION.format(kind="level")
    assert "never added" in answer.definition
    assert answer.rows == ()


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(FaultyValue):
        Question(first=date(2018, 2, 1), last=date(2018, 1, 31))


def test_undone_steps_count_no_more_but_did_on_the_day_itself(session: Session) -> None:
    case = a_case(session, a_library(session), "screened")
    undoing.undo(session, case, by=None, now=NOW + timedelta(days=3))
    assert people_per(session) == {"contact": 1, "trust": 1}
    day_before = Question(as_known_on=TODAY + timedelta(days=2))
    day_itself = Question(as_known_on=TODAY + timedelta(days=3))
    assert {row.reached for row in count(session, day_before).rows} == {
        "contact", "trust", "screened",
    }  # fmt: skip
    assert {row.reached for row in count(session, day_itself).rows} == {"contact", "trust"}


def test_a_back_dated_import_does_not_change_what_was_reported(session: Session) -> None:
    library = a_library(session)
    a_case(session, library)
    [who] = participants.register(session, library, [Newcomer()], now=NOW)
    past = PastCase(NewCase(who), [PastStep("contact", NOW - timedelta(days=60), date(2018, 2, 2))])
    published = routes.newest(session, "open-door")
    later = NOW + timedelta(days=10)
    histories.write_cases(session, library, published, [past], by=None, now=later)

    assert people_per(session) == {"contact": 2}
    february = Question(first=date(2018, 2, 1), last=date(2018, 2, 28))
    assert counted(session, february) == {Row("contact", "", 1, 1)}
    known = Question(as_known_on=TODAY + timedelta(days=9))
    assert count(session, known).rows == (Row("contact", "", 1, 1),)


def test_as_known_on_a_day_ends_when_that_day_ends_in_the_zone(session: Session) -> None:
    library = a_library(session)
    # half past midnight in Amsterdam, half past six in the evening of the day before on Bonaire
    a_case(session, library, now=datetime(2018, 4, 3, 22, 30, tzinfo=UTC))
    known = Question(as_known_on=date(2018, 4, 3))
    assert count(session, known, zone="Europe/Amsterdam").rows == ()
    assert len(count(session, known, zone="America/Kralendijk").rows) == 1


def test_the_ledger_holds_no_number_of_a_person_or_case(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    case = a_case(session, library, participant=who)
    [entry] = rows_of(session, ReachEntry)
    assert (entry.person_key, entry.case_key) == (who.person_key, the_case(session, case).case_key)
    assert min(entry.person_key, entry.case_key) > 2**40
