"""Runs `brug` in this process, as a terminal would, and gives what it printed."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cli import composition
from cli.main import run


class Brug:
    """The command, on a data folder and a database of its own."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        folder: Path,
        address: str,
    ):
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self.folder, self.address = folder, address
        monkeypatch.chdir(folder)
        monkeypatch.setenv("BRUG_DATA", str(folder / "data"))
        monkeypatch.setenv("BRUG_DATABASE_URL", address)
        for name in ("BRUG_ORGANISATION", "BRUG_LANGUAGE", "BRUG_ZONE", "BRUG_DUE_HOUR"):
            monkeypatch.delenv(name, raising=False)
        #: what the last command said on the other channel
        self.complaint = ""

    def __call__(self, *words: object, code: int = 0) -> str:
        """What a command prints; it must end with this exit code and never with a traceback."""
        self._monkeypatch.setattr(sys, "argv", ["brug", *map(str, words)])
        composition.settings.cache_clear()
        self._capsys.readouterr()
        ended: object = 0
        try:
            run()
        except SystemExit as end:
            ended = end.code
        printed = self._capsys.readouterr()
        self.complaint = printed.err
        assert (ended or 0) == code, f"{ended}: {printed.out}{printed.err}"
        assert "Traceback" not in printed.err
        return printed.out

    def json(self, *words: object, code: int = 0) -> Any:
        """What a command prints as JSON."""
        return json.loads(self(*words, "--json", code=code))
