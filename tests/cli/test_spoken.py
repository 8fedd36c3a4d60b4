"""What Typer says of commands is said in the language of the command line."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import app
from tests.cli.running import Brug

ROOT = Path(__file__).parents[2]
#: what stands for something to be filled in: {references}, <list[str]>, [OPTIONS], COMMAND
PLACEHOLDER = re.compile(
    r"\{\w+\}|<[a-z][^>]*>|\[[A-Z]+\]|\b[A-Z]{4,}\b|(?<=^  )[a-z]+(?=(?:\.\.\.)? <)", re.M
)
DUTCH = {
    "[OPTIES]", "[ARGUMENTEN]", "OPDRACHT", "<tekst>", "<getal>", "<bestand>",
    "{kenmerk}", "{kenmerken}", "{antwoord}", "{bestand}", "{logboek}", "{naam}",
    "{nummer}", "kenmerk", "kenmerken", "antwoord", "bestand", "logboek", "naam", "nummer", "JSON",
    "XLSX", "YAML",
}  # fmt: skip


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(command, "commands", {}).items():
        yield from _commands(each, (*words, name))


@pytest.mark.parametrize("words", list(_commands(typer.main.get_command(app))), ids=" ".join)
def test_help_leaves_nothing_in_english(bare: Brug, words: tuple[str, ...]) -> None:
    found = {hit.group() for hit in PLACEHOLDER.finditer(bare(*words, "-h"))}
    assert "[OPTIES]" in found
    assert found <= DUTCH


def test_what_is_missing_or_too_much_is_named(bare: Brug) -> None:
    bare("case", "show", code=2)
    assert "kenmerk ontbreekt." in bare.complaint and "[OPTIES] {kenmerk}" in bare.complaint
    bare("case", "move", "-m", "agree", code=2)
    assert "kenmerken ontbreekt." in bare.complaint and "{kenmerken}..." in bare.complaint
    for extra in ("B", "s", "BEE"):
        bare("case", "show", "A", extra, code=2)
        assert f"Dit is te veel: {extra}." in bare.complaint


def test_english_help_knows_no_types_of_python() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "cli.main", "case", "move", "-h"],
        cwd=ROOT, env={**os.environ, "BRUG_LANGUAGE": "en"}, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "[OPTIONS] {references}..." in said
    assert "--course <number>" in said and "--note <text>" in said
    assert "str" not in re.findall(r"\w+", said)
