"""Prepared statements give what SQLAlchemy would, and questions about many use an index."""

from datetime import date

import pytest
from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.queries.cases import CASES
from storage.queries.follow_ups import FOLLOW_UPS
from tests.builders import TODAY, a_case, a_library

OF_A_DAY = select(CASES.c.id, CASES.c.stage_day, CASES.c.created_at).where(
    among(CASES.c.id, "ids"), CASES.c.stage_day == bindparam("day")
)


def test_a_prepared_question_finds_what_sqlalchemy_finds(session: Session) -> None:
    library = a_library(session)
    cases = [a_case(session, library) for _ in range(3)]
    values = {"ids": cases[:2], "day": TODAY}

    found = Prepared(OF_A_DAY).rows(session, values)

    assert found == [tuple(row) for row in session.connection().execute(OF_A_DAY, values)]
    assert len(found) == 2


def test_a_prepared_question_can_be_asked_again_with_other_values(session: Session) -> None:
    case = a_case(session, a_library(session))
    question = Prepared(OF_A_DAY)
    assert question.rows(session, {"ids": [case], "day": date(2001, 1, 1)}) == []
    assert len(question.rows(session, {"ids": [case], "day": TODAY})) == 1


@pytest.mark.parametrize(
    ("column", "index"),
    [(CASES.c.id, "PRIMARY KEY"), (FOLLOW_UPS.c.case_id, "sqlite_autoindex_follow_up")],
)
def test_a_question_about_many_numbers_uses_the_index_of_sqlite(
    session: Session, column: object, index: str
) -> None:
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        # PostgreSQL chooses by the size of a table, and these are small
        column_is_any = str(select(among(column, "ids")).compile(dialect=connection.dialect))
        assert "= ANY (" in column_is_any
        return
    table = CASES if index == "PRIMARY KEY" else FOLLOW_UPS
    question = select(table).where(among(column, "ids")).compile(dialect=connection.dialect)
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", ("[1]",))
    steps = [row[3] for row in plan]
    assert any(step.startswith("SEARCH") and index in step for step in steps), steps
