"""Serving pages: what runs beside them starts and stops with them; strangers are not believed."""

import socket
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from cli.serve_work import server, site_of
from core.settings import Settings
from tests.builders import NOW


class Beside:
    """Something that runs beside the pages and keeps what happened to it."""

    def __init__(self) -> None:
        self.happened: list[str] = []

    def start(self) -> "Beside":
        self.happened.append("started")
        return self

    def stop(self) -> None:
        self.happened.append("stopped")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)


def test_what_runs_beside_starts_and_stops_with_the_pages() -> None:
    beside = Beside()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = server(
            Settings(), create_engine("sqlite://"), lambda: NOW, host="127.0.0.1",
            port=listening.getsockname()[1], start=beside.start,
        )  # fmt: skip
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        while not serving.started:
            time.sleep(0.01)
        assert beside.happened == ["started"]
        serving.should_exit = True
        thread.join()
    assert beside.happened == ["started", "stopped"]


def test_only_listed_proxies_are_believed() -> None:
    def config(*proxies: str) -> tuple[bool, object, bool]:
        serving = server(
            Settings(), create_engine("sqlite://"), lambda: NOW, host="127.0.0.1", port=8000,
            proxies=proxies,
        )  # fmt: skip
        made = serving.config
        return made.proxy_headers, made.forwarded_allow_ips, made.access_log

    assert config() == (False, [], False)
    assert config("10.0.0.1") == (True, ["10.0.0.1"], False)


def test_the_pages_know_their_names_from_the_settings() -> None:
    settings = Settings(base_url="https://brug.example", trusted_hosts=("pad.example",))
    site = site_of(settings)
    assert site.hosts == {"brug.example", "pad.example"}
    assert site.secure
