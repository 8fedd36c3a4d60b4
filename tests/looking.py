"""What tests look at afterwards: rows as the database has them, and what must always hold."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, SQLModel, select

from referrals import routes
from referrals.reach.counting import Question, Row, count, recount
from storage.queries import cases
from storage.queries.cases import Entry
from storage.tables import Case, FollowUp, ReachEntry, WorkflowVersion
from workflows.definition import NORM

T = TypeVar("T", bound=SQLModel)


def rows_of(session: Session, table: type[T], **values: object) -> list[T]:
    """The rows with these values, fresh from the database, in the order of their keys."""
    keys = inspect(table).primary_key
    statement = select(table).filter_by(**values).order_by(*keys)
    return list(session.exec(statement.execution_options(populate_existing=True)))


@contextmanager
def savepoint(session: Session) -> Iterator[SessionTransaction]:
    """A part of the transaction that is undone when it raises, or when told to."""
    with session.begin_nested() as inner:
        # only with its first use of the connection a savepoint begins
        session.connection()
        yield inner


@contextmanager
def refused_by_the_database(session: Session) -> Iterator[None]:
    """What is written in this block must be refused, and the session goes on without it."""
    with pytest.raises(IntegrityError), savepoint(session):
        yield
        session.flush()


def the_case(session: Session, number: int) -> Case:
    """A case as it stands."""
    [row] = rows_of(session, Case, id=number)
    return row


def planned(session: Session, case: int, **values: object) -> list[FollowUp]:
    """The follow-ups of a case without the one that every stage with a norm time has."""
    return [row for row in rows_of(session, FollowUp, case_id=case, **values) if row.rule != NORM]


def open_rules(session: Session, case: int) -> dict[str, str]:
    """Rule → local day, of the planned follow-ups that are open; each rule may be open once.

    Without the one that every stage with a norm time has (`workflows.definition.NORM`).
    """
    rows = [row for row in planned(session, case, state="open") if row.rule is not None]
    found = {row.rule or "": row.due_on.isoformat() for row in rows}
    assert len(found) == len(rows), f"a rule is open twice: {[row.rule for row in rows]}"
    return found


def effective(session: Session, case: int) -> list[Entry]:
    """The steps that hold: neither undone nor themselves an undoing."""
    history = cases.history(session, case)
    return [entry for entry in history if entry.voided_by is None and entry.kind != "undo"]


def counted(session: Session, question: Question) -> set[Row]:
    """The rows of an answer, which must be those of a plain recount of the entries."""
    rows = count(session, question).rows
    assert sorted(map(repr, rows)) == sorted(map(repr, recount(session, question).rows))
    assert len(set(rows)) == len(rows)
    return set(rows)


def people_per(session: Session, by: str = "stage", route: str | None = None) -> dict[str, int]:
    """Stage or level → people, exactly counted."""
    question = Question(by="level" if by == "level" else "stage", route=route)
    return {row.reached: row.people for row in counted(session, question)}


def assert_whole(session: Session, number: int) -> None:
    """What must hold of every case, whatever was done to it."""
    case, history, held = the_case(session, number), *_histories(session, number)
    definition = routes.pinned(session, case.workflow_version_id).definition
    assert [entry.seq for entry in history] == list(range(1, len(history) + 1))
    assert case.seq == len(history)
    by_hand = [entry for entry in history if entry.kind != "history"]
    assert case.version >= len(by_hand)
    assert (case.stage, case.stage_day) == (held[-1].to_stage, held[-1].day)
    assert (case.closed_at is not None) == definition.stages[case.stage].final
    undone = [entry.voided_by for entry in history if entry.voided_by]
    assert sorted(undone) == [entry.seq for entry in history if entry.kind == "undo"]
    assert len(rows_of(session, FollowUp, case_id=number, rule=NORM, state="open")) <= 1
    for rule in open_rules(session, number):
        here = definition.rules_at[case.stage]
        assert definition.follow_ups[rule] in here or definition.follow_ups[rule].ends, rule
    assert_counts(session, case, history)


def assert_counts(session: Session, case: Case, history: list[Entry]) -> None:
    """Every step counts for its stage and level, as long as it is not undone."""
    reached = {row.seq: row for row in rows_of(session, ReachEntry, case_key=case.case_key)}
    went_over = {entry.seq for entry in history if entry.kind == "migrate"}
    steps = {entry.seq for entry in history if entry.kind != "undo"}
    # going over counts only for what was not reached before
    assert steps - went_over <= reached.keys() <= steps
    version = routes.pinned(session, case.workflow_version_id)
    levels: defaultdict[str, set[int | None]] = defaultdict(set)
    for each in rows_of(session, WorkflowVersion, name=version.name):
        for stage, level in routes.pinned(session, each.id or 0).definition.level_numbers.items():
            if each.id == version.id or went_over:
                levels[stage].add(level)
    for entry in history:
        if entry.seq in reached:
            row = reached[entry.seq]
            assert (row.stage, row.day) == (entry.to_stage, entry.day)
            assert row.level in levels[entry.to_stage] | ({None} if went_over else set())
            assert (row.voided_at is None) == (entry.voided_by is None)


def _histories(session: Session, number: int) -> tuple[list[Entry], list[Entry]]:
    return cases.history(session, number), effective(session, number)


def assert_counted_whole(session: Session) -> None:
    """The counts are those of the steps that hold, summed up by hand."""
    people: defaultdict[str, set[int]] = defaultdict(set)
    number_of_cases: defaultdict[str, set[int]] = defaultdict(set)
    for case in rows_of(session, Case):
        assert case.id is not None
        for entry in effective(session, case.id):
            people[entry.to_stage].add(case.participant_id)
            number_of_cases[entry.to_stage].add(case.id)
    expected = {Row(stage, "", len(people[stage]), len(number_of_cases[stage])) for stage in people}
    assert counted(session, Question()) == expected
    counted(session, Question(by="level"))
