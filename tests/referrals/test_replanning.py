"""A date that becomes known or changes: what counts from it is planned anew."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from core.errors import MoveRefused, NothingToUndo
from referrals import consent, follow_ups, moving, replanning, undoing
from referrals.consent import Agreement
from referrals.moving import Answers
from referrals.participants import Registered
from storage.queries import cases as case_queries
from storage.tables import FollowUp, JournalEntry
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_colleague,
    a_library,
    a_participant,
    a_provider,
)
from tests.looking import assert_whole, open_rules, planned, rows_of
from tests.referrals.test_follow_ups_again import a_twin

LATER = NOW + timedelta(days=1)
MUCH_LATER = NOW + timedelta(days=2)
#: a Monday, and ten workdays before it
SUMMER, BEFORE_SUMMER = date(2018, 7, 2), "2018-06-18"
WINTER, BEFORE_WINTER = date(2018, 12, 3), "2018-11-19"


def _note(
    session: Session, library: int, who: Registered, last: date | None, now: datetime = NOW
) -> None:
    agreement = (who.id, Agreement(given_on=TODAY, expires_on=last))
    consent.note_consent(session, library, [agreement], now=now)


def _with_consent_until(
    session: Session, last: date | None, stage: str = "agreed"
) -> tuple[int, Registered, int]:
    """(library, participant, case) of somebody whose consent ends."""
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    _note(session, library, who, last)
    return library, who, a_case(session, library, stage, participant=who, owner=bo)


def _ends(session: Session, case: int, **values: object) -> list[FollowUp]:
    return planned(session, case, rule="consent_ends", **values)


def test_a_consent_that_ends_is_asked_again_in_time(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "agreed", participant=who, owner=bo)
    consent.withdraw_consent(session, who.id, by=None, now=NOW)
    assert open_rules(session, case).keys() == {"find_a_place"}

    _note(session, library, who, SUMMER, now=LATER)

    [row] = _ends(session, case, state="open")
    assert (row.due_on.isoformat(), row.receiver, row.assignee_id) == (BEFORE_SUMMER, "owner", bo)
    assert row.due_at == datetime(2018, 6, 18, 6, 0, tzinfo=UTC)
    assert row.escalates_at == datetime(2018, 6, 25, 6, 0, tzinfo=UTC)
    assert (row.seq, row.occurrence, row.created_at) == (2, 1, LATER)
    [line] = rows_of(session, JournalEntry, what="case.replanned")
    assert (line.subject_id, line.at, line.by_staff_id) == (case, LATER, None)
    assert line.detail == {"rules": ["consent_ends"]}
    assert_whole(session, case)


def test_in_a_stage_where_nothing_is_shared_yet_it_waits_for_the_move(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    case = a_case(session, library, "screened", participant=who)
    _note(session, library, who, SUMMER)
    assert open_rules(session, case).keys() == {"tell_the_result"}
    assert rows_of(session, JournalEntry, what="case.replanned") == []
    moving.move_cases(session, [case], "agree", by=None, now=LATER).raise_refusal()
    assert open_rules(session, case)["consent_ends"] == BEFORE_SUMMER


@pytest.mark.parametrize("stage", ["agreed", "referred", "spoken", "intake", "started"])
def test_every_stage_in_which_something_is_shared_has_it(session: Session, stage: str) -> None:
    _, _, case = _with_consent_until(session, SUMMER, stage)
    assert open_rules(session, case)["consent_ends"] == BEFORE_SUMMER


@pytest.mark.parametrize("stage", ["screened", "completed", "stopped"])
def test_no_other_stage_has_it(session: Session, stage: str) -> None:
    _, _, case = _with_consent_until(session, SUMMER, stage)
    assert "consent_ends" not in open_rules(session, case)


def test_a_consent_that_is_renewed_is_asked_for_at_its_new_end(session: Session) -> None:
    library, who, case = _with_consent_until(session, SUMMER)
    [old] = _ends(session, case)
    twin = a_twin(session, old, "coordinator")

    _note(session, library, who, WINTER, now=LATER)

    assert open_rules(session, case)["consent_ends"] == BEFORE_WINTER
    for row in (old, twin):
        session.refresh(row)
        assert (row.state, row.done_at) == ("ended", LATER)
    # what stands in an old mail does nothing to it
    with pytest.raises(MoveRefused):
        follow_ups.do(session, old.id or 0, by=None, now=MUCH_LATER)
    assert_whole(session, case)


def test_what_was_done_before_the_renewal_stays_done(session: Session) -> None:
    library, who, case = _with_consent_until(session, SUMMER)
    [old] = _ends(session, case)
    follow_ups.do(session, old.id or 0, by=None, now=LATER)
    _note(session, library, who, WINTER, now=LATER)
    assert [(row.state, row.occurrence) for row in _ends(session, case)] == [
        ("done", 1), ("open", 2),
    ]  # fmt: skip
    assert open_rules(session, case)["consent_ends"] == BEFORE_WINTER


def test_a_later_agreement_that_changes_no_date_changes_nothing(session: Session) -> None:
    library, who, case = _with_consent_until(session, WINTER)
    before = [row.model_dump() for row in planned(session, case)]
    for last in (WINTER, SUMMER):
        _note(session, library, who, last, now=LATER)
    assert [row.model_dump() for row in planned(session, case)] == before
    assert rows_of(session, JournalEntry, what="case.replanned") == []


def test_whoever_it_was_handed_over_to_keeps_it(session: Session) -> None:
    library, who, case = _with_consent_until(session, SUMMER)
    cor = a_colleague(session, library, "cor@voorbeeld.nl")
    follow_ups.hand_over(session, _ends(session, case)[0].id or 0, cor, by=None, now=NOW)
    _note(session, library, who, WINTER, now=LATER)
    assert _ends(session, case, state="open")[0].assignee_id == cor


def test_all_open_cases_of_somebody_and_no_others_are_planned_for(session: Session) -> None:
    library, who, case = _with_consent_until(session, SUMMER)
    second = a_case(session, library, "started", participant=who)
    closed = a_case(session, library, "completed", participant=who)
    other = a_case(session, library, "agreed")
    _note(session, library, who, WINTER, now=LATER)
    for number in (case, second):
        assert open_rules(session, number)["consent_ends"] == BEFORE_WINTER
    for number in (closed, other):
        assert "consent_ends" not in open_rules(session, number)


def test_nobody_who_withdrew_is_asked_whether_it_may_go_on(session: Session) -> None:
    _, who, case = _with_consent_until(session, SUMMER)
    consent.withdraw_consent(session, who.id, by=None, now=LATER)
    assert open_rules(session, case).keys() == {"find_a_place"}
    [row] = _ends(session, case)
    assert (row.state, row.done_at) == ("ended", LATER)


def test_a_step_at_the_very_moment_of_a_renewal_can_be_undone(session: Session) -> None:
    library, who, case = _with_consent_until(session, SUMMER)
    _note(session, library, who, WINTER, now=LATER)
    answers = Answers(provider=a_provider(session, library))
    moving.move_cases(session, [case], "refer", by=None, now=LATER, answers=answers)
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert open_rules(session, case)["consent_ends"] == BEFORE_WINTER


def test_after_an_undo_it_belongs_to_the_step_that_holds(session: Session) -> None:
    library, who, case = _with_consent_until(session, None)
    answers = Answers(provider=a_provider(session, library))
    moving.move_cases(session, [case], "refer", by=None, now=LATER, answers=answers)
    undoing.undo(session, case, by=None, now=LATER)
    consent.withdraw_consent(session, who.id, by=None, now=LATER)
    _note(session, library, who, SUMMER, now=MUCH_LATER)
    [row] = _ends(session, case)
    assert row.seq == 2


def test_what_was_done_before_the_date_changed_is_not_undone(session: Session) -> None:
    library, who, case = _with_consent_until(session, SUMMER)
    [old] = _ends(session, case)
    follow_ups.do(session, old.id or 0, by=None, now=LATER)
    _note(session, library, who, WINTER, now=MUCH_LATER)
    with pytest.raises(NothingToUndo):
        follow_ups.undo(session, old.id or 0, by=None, now=MUCH_LATER)
    assert open_rules(session, case)["consent_ends"] == BEFORE_WINTER


def _statements(engine: Engine, session: Session, agreements: int, last: date | None) -> int:
    """What noting this many consents asks, beside writing them."""
    library = a_library(session, f"b{agreements}{last}")
    people = [a_participant(session, library, agrees=False) for _ in range(agreements)]
    for who in people:
        a_case(session, library, participant=who)
    noted = [(who.id, Agreement(given_on=TODAY, expires_on=last)) for who in people]
    asked: list[str] = []

    def listen(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    consent.note_consent(session, library, noted, now=NOW)
    event.remove(engine, "before_cursor_execute", listen)
    return len(asked)


def test_noting_many_consents_asks_no_more_than_noting_one(
    engine: Engine, session: Session
) -> None:
    assert _statements(engine, session, 1, None) == _statements(engine, session, 30, None) == 0
    # the first time the route is read as well
    few = _statements(engine, session, 2, SUMMER)
    assert _statements(engine, session, 30, SUMMER) <= few <= 5


def test_a_block_that_fails_leaves_the_follow_ups(session: Session) -> None:
    _, _, case = _with_consent_until(session, SUMMER)
    before = open_rules(session, case)
    with pytest.raises(ZeroDivisionError), replanning.following(session, [case], now=LATER):
        raise ZeroDivisionError
    assert open_rules(session, case) == before
    assert case_queries.standing(session, [case])[0].stage == "agreed"
