"""What commands need: a database, and themselves."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from cli import composition
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
