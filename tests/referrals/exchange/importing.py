"""Imports registers in tests, and looks at everything that is in the database then."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from referrals.exchange.register_imports import import_register
from referrals.exchange.report import ImportReport
from storage.engine import reading, transaction
from storage.tables import metadata
from tests.looking import people_per

#: the day of the import: after everything in the small register
NOW = datetime(2018, 6, 1, 9, 0, tzinfo=UTC)


def take_in(engine: Engine, library: int, path: Path, **options: Any) -> ImportReport:
    """Import a register for a library."""
    return import_register(engine, path, **{"organisation_id": library, "now": NOW, **options})


def all_rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reading(engine) as session:
        return {
            name: session.connection().execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in metadata.tables
        }


def people_in(engine: Engine, route: str | None = None) -> dict[str, int]:
    """Stage → people."""
    with transaction(engine) as session:
        return people_per(session, route=route)
