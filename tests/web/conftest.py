"""What tests of pages need: a town on both databases, and a real browser on a real server."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window
from sqlalchemy import Engine

from cli.serve_work import server
from core.settings import Settings
from storage.engine import open_engine
from tests.web.town import Town, Visitor


@pytest.fixture
def town(engine: Engine) -> Town:
    """A small town, on SQLite and on PostgreSQL in turn."""
    return Town(engine)


@pytest.fixture
def visitor(town: Town) -> Visitor:
    """A browser that nobody has used yet."""
    return town.visitor()


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[Town]:
    """A town whose pages are served on this machine, by the server that `brug serve` runs."""
    shutil.copy(sqlite_template, tmp_path / "brug.sqlite")
    engine = open_engine(f"sqlite:///{tmp_path / 'brug.sqlite'}")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        town = Town(engine, f"http://localhost:{port}")
        settings = Settings(base_url=town.base_url)
        serving = server(settings, engine, lambda: town.now, host="127.0.0.1", port=port)
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        while not serving.started:
            time.sleep(0.01)
        yield town
        serving.should_exit = True
        thread.join()
    engine.dispose()


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Window]:
    """A window of somebody who switched scripts off, on a small telephone."""
    telephone = chromium.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="nl-NL"
    )
    telephone.set_default_timeout(5000)
    yield telephone.new_page()
    telephone.close()


@pytest.fixture
def engine_town_https(engine: Engine) -> Town:
    """A town whose pages browsers reach over TLS."""
    return Town(engine, "https://brug.example")
