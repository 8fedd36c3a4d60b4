"""Migrations: from empty to the newest, the same tables as the code declares, on both databases."""

from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlmodel import Session

from storage import migrations
from storage.engine import open_engine, reading, transaction
from storage.tables import Organisation, metadata
from tests.builders import a_library
from tests.looking import rows_of


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


def _shape(engine: Engine) -> dict[str, set[tuple[str, bool]]]:
    looking = inspect(engine)
    return {
        table: {(column["name"], column["nullable"]) for column in looking.get_columns(table)}
        for table in looking.get_table_names()
    }
