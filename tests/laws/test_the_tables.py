"""What must always hold of the tables."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from storage import migrations
from storage.tables import metadata

#: tables that point at rows of no single library
SHARED = {"organisation", "pilot", "campaign", "workflow_version", "reach_way"}


def test_a_row_of_a_library_points_only_at_rows_of_that_library() -> None:
    loose = []
    for table in metadata.tables.values():
        if "organisation_id" not in table.c:
            continue
        for key in table.foreign_key_constraints:
            target = key.referred_table
            if target.name in SHARED:
                continue
            if "organisation_id" not in key.column_keys:
                loose.append(f"{table.name}: {key.column_keys}")
    assert not loose


def test_nothing_has_room_for_a_bsn() -> None:
    columns = {column.name for table in metadata.tables.values() for column in table.c}
    assert not {name for name in columns if "bsn" in name or "citizen" in name}


def test_migrations_equal_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert migrations.present_step(engine) == migrations.newest_step()


def test_moments_are_stored_with_a_type_that_refuses_naive_ones() -> None:
    for table in metadata.tables.values():
        for column in table.c:
            if column.name.endswith("_at") or column.name == "at":
                assert type(column.type).__name__ == "UtcMoment", f"{table.name}.{column.name}"
