"""`brug case list`: filters, what comes next, and what is not there."""

import shlex
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import transaction
from storage.tables import Staff
from tests.builders import a_colleague, a_library
from tests.cli.running import Brug
from workflows.library import builtin

OWN_ROUTE = """\
name: own
title: {nl: Eigen, en: Own}
stages:
  first: {title: {nl: Eerste, en: First}}
  last: {title: {nl: Laatste, en: Last}, final: true}
moves:
  go: {title: {nl: Verder, en: Go}, from: first, to: last}
"""


def _open(brug: Brug, *words: object) -> str:
    return str(brug.json("case", "open", *words)["reference"])


def _file(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def _next(said: str) -> str:
    """The command at the end of a list that shows the rest of it."""
    return said.splitlines()[-1].partition(": ")[2]


def test_what_comes_next_is_asked_for_with_the_same_filters(
    brug: Brug, office: dict[str, int]
) -> None:
    text = builtin("open-door").replace("trust:", "eerste kop koffie:")
    text = text.replace("name: open-door", "name: o'door").replace("trust", "eerste kop koffie")
    brug("workflow", "publish", _file("koffie.yaml", text))
    references = [
        _open(brug, "--route", "o'door", "--by", "ann@voorbeeld.nl", "--first-name", f"Bo {place}")
        for place in ("een", "twee", "drie")
    ]
    _open(brug)
    brug("case", "move", *references, "-m", "know")
    words: tuple[object, ...] = (
        "--route", "o'door", "--stage", "eerste kop koffie", "--owner", "Ann@Voorbeeld.nl",
        "--open", "--limit", 1,
    )  # fmt: skip
    for place, reference in enumerate(references):
        said = brug("case", "list", *words)
        assert reference in said and references[place - 1] not in said
        last = said.splitlines()[-1]
        assert ("brug case list" in last) == (reference != references[-1])
        words = tuple(shlex.split(last.partition("brug case list ")[2]))
    assert "--limit" not in _next(brug("case", "list", "--limit", 3)).replace("--limit 3", "")
    assert len(brug.json("case", "list", "--limit", 3)) == 3


def test_a_list_with_the_usual_number_of_lines_goes_on_without_naming_it(brug: Brug) -> None:
    for _ in range(51):
        brug.json("case", "open")
    assert _next(brug("case", "list")).startswith("brug case list --after ")


@pytest.mark.parametrize(
    ("words", "there"),
    [
        (("--stage", "intak"), "intake, "),
        (("--stage", "Contact"), "contact, "),
        (("--route", "open-door", "--stage", "first"), "waiting (Wachtlijst)"),
        (("--route", "opendoor"), "open-door"),
        (("--owner", "niemand@voorbeeld.nl"), "ann@voorbeeld.nl"),
        (("--owner", "bo@elders.nl"), "ann@voorbeeld.nl"),
    ],
)
def test_a_list_of_what_is_not_there_is_refused_with_what_is(
    brug: Brug, office: dict[str, int], engine: Engine, words: tuple[str, ...], there: str
) -> None:
    with transaction(engine) as session:
        a_colleague(session, a_library(session, "elders"), "bo@elders.nl")
    brug.folder.joinpath("brug.toml").write_text('organisation = "bibliotheek-de-voorbeeld"')
    brug("workflow", "publish", _file("own.yaml", OWN_ROUTE))
    brug("case", "list", *words, code=1)
    assert brug.complaint.startswith(f"{words[-1]}: ") and there in brug.complaint
    assert "bo@elders.nl" not in brug.complaint.partition(": ")[2]


def test_what_was_there_once_can_be_listed(
    brug: Brug, office: dict[str, int], engine: Engine
) -> None:
    brug("workflow", "publish", _file("own.yaml", OWN_ROUTE))
    brug("workflow", "publish", _file("own.yaml", OWN_ROUTE.replace("first", "begin")))
    with transaction(engine) as session:
        session.get_one(Staff, office["ann"]).active = False
    for words in (
        ("--owner", "ann@voorbeeld.nl"), ("--route", "own", "--stage", "first"),
        ("--route", "own", "--stage", "begin"), ("--stage", "first"), ("--stage", "waiting"),
    ):  # fmt: skip
        assert brug.json("case", "list", *words) == []
    brug("case", "list", "--route", "own", "--stage", "waiting", code=1)
