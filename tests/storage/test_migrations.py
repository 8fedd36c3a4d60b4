"""Migrations: from empty to the newest, the same tables as the code declares, on both databases."""

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, make_url, text
from sqlmodel import Session

from storage import migrations
from storage.engine import open_engine, reading, transaction
from storage.tables import (
    Consent,
    Message,
    Organisation,
    Participant,
    ParticipantWord,
    Staff,
    metadata,
)
from tests.builders import NOW, a_library
from tests.looking import refused_by_the_database, rows_of

_NUMBERS = itertools.count(1)


def test_an_empty_database_has_taken_no_step_and_gets_all(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new.sqlite")
    assert migrations.present_step(engine) is None
    migrations.migrate(engine)
    assert migrations.present_step(engine) == migrations.newest_step()
    engine.dispose()


def test_migrating_again_changes_nothing_and_keeps_what_is_there(engine: Engine) -> None:
    with transaction(engine) as session:
        a_library(session)
    before = _shape(engine)
    migrations.migrate(engine)
    assert _shape(engine) == before
    with reading(engine) as session:
        assert len(rows_of(session, Organisation)) == 1


def test_every_table_and_column_of_the_code_is_there_and_nothing_else(engine: Engine) -> None:
    found = _shape(engine)
    found.pop("alembic_version")
    declared = {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns}
        for table in metadata.sorted_tables
    }
    assert found == declared


def test_every_key_and_index_of_the_code_is_there(session: Session) -> None:
    looking = inspect(session.connection())
    for table in metadata.sorted_tables:
        keys = {
            tuple(sorted(k["constrained_columns"])) for k in looking.get_foreign_keys(table.name)
        }
        wanted = {
            tuple(sorted(column.name for column in key.columns))
            for key in table.foreign_key_constraints
        }
        assert keys == wanted, table.name
        indexes = {each["name"] for each in looking.get_indexes(table.name)}
        assert {str(index.name) for index in table.indexes} <= indexes, table.name
        assert tuple(looking.get_pk_constraint(table.name)["constrained_columns"]) == tuple(
            column.name for column in table.primary_key.columns
        )


def test_every_check_knows_the_words_that_the_code_knows(session: Session) -> None:
    looking = inspect(session.connection())
    for table in metadata.sorted_tables:
        there = {
            each["name"]: set(re.findall(r"'(\w+)'", each["sqltext"]))
            for each in looking.get_check_constraints(table.name)
        }
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                words = set(re.findall(r"'(\w+)'", str(check.sqltext)))
                assert there.get(str(check.name)) == words, check.name


@pytest.fixture
def before_the_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that took no step after 0003, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/earlier.sqlite")
    else:
        address = request.getfixturevalue("postgres_address")
        admin = open_engine(address).execution_options(isolation_level="AUTOCOMMIT")
        name = f"earlier_{os.getpid()}_{next(_NUMBERS)}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        url = make_url(address).set(database=name)
        engine = open_engine(url.render_as_string(hide_password=False))
    migrations.migrate(engine, "0003")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("before_the_desk", ["sqlite", "postgresql"], indirect=True)
def test_what_was_there_before_the_desk_is_kept_and_found_by_name(before_the_desk: Engine) -> None:
    engine = before_the_desk
    with engine.connect().execution_options(brug_write=True) as connection, connection.begin():
        for statement in _EARLIER:
            connection.execute(text(statement), {"now": NOW.replace(tzinfo=None), "no": False})
    migrations.migrate(engine)
    with transaction(engine) as session:
        people = rows_of(session, Participant)
        words = {(each.participant_id, each.word) for each in rows_of(session, ParticipantWord)}
        assert words >= {(1, "fatima"), (1, "yilmaz"), (3, "#87654321613"), (3, "hart")}
        assert [each.participant_id for each in rows_of(session, Consent)] == [1]
        assert rows_of(session, Staff)[0].desk == {}
        # what the checks know now, and where a pointer may lead
        people[1].merged_into_id = 1
        session.add(
            Message(
                organisation_id=1, key="reset:1", kind="reset", staff_id=1, next_at=NOW,
                created_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        with refused_by_the_database(session):
            people[1].merged_into_id = 99
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()


_EARLIER = (
    "INSERT INTO organisation (id, short_name, name, kind, zone, closed_days, invented, created_at)"
    " VALUES (1, 'a', 'A', 'library', 'Europe/Amsterdam', '', :no, :now)",
    "INSERT INTO staff (id, organisation_id, name, email, role, active, created_at)"
    " VALUES (1, 1, 'Ann', 'ann@a.example', 'staff', :no, :now)",
    "INSERT INTO participant (id, organisation_id, person_key, first_name, last_name, created_at)"
    " VALUES (1, 1, 1, 'Fátima', 'Yılmaz', :now), (2, 1, 2, NULL, NULL, :now),"
    " (3, 1, 3, NULL, '’t Hart', :now)",
    "UPDATE participant SET phone = '+31612345678' WHERE id = 3",
    "INSERT INTO consent (id, organisation_id, participant_id, basis, purposes, receivers,"
    " text_version, language, form, given_on, created_at)"
    " VALUES (1, 1, 1, 'consent', '[]', '[]', '1', 'nl', 'spoken', '2018-04-03', :now)",
)


def _shape(engine: Engine) -> dict[str, set[tuple[str, bool]]]:
    looking = inspect(engine)
    return {
        table: {(column["name"], column["nullable"]) for column in looking.get_columns(table)}
        for table in looking.get_table_names()
    }
