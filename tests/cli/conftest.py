"""What commands need: a database, and themselves."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine

from cli import composition
from storage.engine import transaction
from storage.queries import staff
from storage.tables import Partner
from tests.builders import NOW, a_colleague, a_course, a_pilot, a_provider
from tests.cli.running import Brug


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    database_address: str,
) -> Iterator[Brug]:
    """The command on a database with tables and nothing in them."""
    # a command ends with its process and closes nothing itself: here no connection outlives it
    monkeypatch.setattr("storage.engine.create_engine", partial(create_engine, poolclass=NullPool))
    folder = tmp_path / "office"
    folder.mkdir()
    yield Brug(monkeypatch, capsys, folder, database_address)
    composition.settings.cache_clear()


@pytest.fixture
def brug(bare: Brug) -> Brug:
    """The command on a database with a library and the built-in routes."""
    bare("init", "--library", "Bibliotheek De Voorbeeld")
    return bare


@pytest.fixture
def office(brug: Brug, engine: Engine) -> dict[str, int]:
    """A colleague, a provider with a course, and a pilot."""
    with transaction(engine) as session:
        [library] = staff.organisations(session)
        assert library.id is not None
        provider = a_provider(session, library.id, "Taalhuis")
        other = Partner(organisation_id=library.id, name="ROC", kind="provider", created_at=NOW)
        session.add(other)
        return {
            "library": library.id,
            "ann": a_colleague(session, library.id),
            "course": a_course(session, library.id, provider),
            "pilot": a_pilot(session, library.id, "Katwijk"),
        }
