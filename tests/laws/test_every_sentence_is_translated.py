"""Every sentence that people see has a Dutch twin in `core/locale/nl*.po`; every twin is used."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from core import errors, words
from referrals.reach.counting import SPLITS
from storage.tables.partner import CHANNELS
from tests.laws import template_sentences
from workflows.definition import LEVELS

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "workflows", "storage", "referrals", "notifications", "web", "cli")
#: the templates of mails and pages
TEMPLATES = [
    path
    for room in ("notifications", "web")
    for path in sorted((ROOT / room / "templates").rglob("*"))
    if path.suffix in (".txt", ".html", ".svg")
]
#: content that is Dutch as it stands: the people, places and pilots of the demo and the previews
INVENTED = ("cli/demo/", "notifications/previews.py")
#: single words that are looked up by what a variable holds
WORDS = {*LEVELS, *CHANNELS, "stage", "level"}

#: the call → which of its arguments are sentences
SPOKEN = {
    "t": slice(0, 1),
    "say": slice(0, 2),
    "table": slice(0, 1),
    "Told": slice(0, 1),
    "Fault": slice(1, 3),
    "Guard": slice(1, 3),
    "Finding": slice(0, 4),
    "Notice": slice(1, 3),
    "warn": slice(1, 3),
    "refuse": slice(1, 3),
    "faulty": slice(1, 3),
    "_faulty": slice(1, 3),
    "_fault": slice(2, 4),
    "_no_log": slice(0, 1),
    "_refuse": slice(1, 3),
    "_refuse_event": slice(1, 3),
    "_TooMuch": slice(1, 3),
    "_show_some": slice(1, 2),
}
#: names that hold sentences until they are passed on
HOLDERS = re.compile(r"why|remedy|what|twice|headings|_HEADINGS|_MARKS")
#: how a sentence looks wherever it stands: "Write it out.", "Write for example: 3"
LOOKS_SPOKEN = re.compile(r"(?:[A-Z]|\{…\}:? [A-Za-z]+ [a-z]).*(?:[.?!…]|: .*)", re.DOTALL)
#: they look like sentences, but nobody who works with Brug reads them
UNSEEN = {
    "A moment without a time zone cannot be stored.": "a mistake in our code",
    "A stage changes by a move.": "a mistake in our code",
    "Value error, ": "what pydantic puts before a message",
}
#: notes on a case: Dutch as they stand, because they are kept and not spoken
NOTED = frozenset(("Doorverwezen door: {…}", "Gedacht aan: {…}", "Reden: {…}"))


#: what can have a docstring
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _spoken() -> dict[str, str]:
    """Every sentence in the source → a place where it stands."""
    found = dict.fromkeys(WORDS, "by what a variable holds")
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for sentence, line in _File(path, name).sentences():
                found.setdefault(sentence, f"{name}:{line}")
    for path in TEMPLATES:
        for sentence, line in template_sentences.sentences(path):
            found.setdefault(sentence, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return {sentence: place for sentence, place in found.items() if sentence not in UNSEEN}


class _File:
    """The sentences of one source file."""

    def __init__(self, path: Path, name: str):
        self.name = name
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.inner = {
            id(part)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.JoinedStr)
            for part in ast.walk(node)
            if part is not node
        }

    def sentences(self) -> Iterator[tuple[str, int]]:
        docstrings = {id(node) for _, node in _docstrings(self.tree)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                text = _text(node)
                plain = id(node) not in docstrings | self.inner and not self._invented
                if text and plain and LOOKS_SPOKEN.fullmatch(text) and " " in text:
                    yield text, node.lineno
            for part in _said_by(node):
                yield from _said(part)
        if self.name == "core/errors.py":
            for name, node in _docstrings(self.tree):
                if name in _errors():
                    yield str(node.value), node.lineno
        if self.name.startswith("workflows/"):
            yield from _of_checks(self.tree)

    @property
    def _invented(self) -> bool:
        return self.name.startswith(INVENTED)


def _said_by(node: ast.AST) -> Iterator[ast.expr]:
    """The parts of a call or an assignment that are sentences."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if getattr(getattr(node.func, "value", None), "id", "") == "bsn":
            return
        yield from node.args[SPOKEN[name]] if name in SPOKEN else ()
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "remedy")
    if isinstance(node, ast.Assign) and HOLDERS.fullmatch(getattr(node.targets[0], "id", "")):
        yield node.value


def _said(part: ast.expr) -> Iterator[tuple[str, int]]:
    """The sentences in an expression: itself, the ways of a choice, the headings of a list."""
    if isinstance(part, ast.JoinedStr) or (
        isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
    ):
        text = _text(part)
        if any(letter.isalpha() for letter in re.sub(r"\{.*?\}", "", text)):
            yield text, part.lineno
    elif isinstance(part, ast.IfExp):
        yield from (each for way in (part.body, part.orelse) for each in _said(way))
    elif isinstance(part, ast.BoolOp):
        yield from (each for way in part.values for each in _said(way))
    elif isinstance(part, ast.Tuple | ast.List):
        yield from (each for item in part.elts for each in _said(item))
    elif isinstance(part, ast.Dict):
        yield from (each for value in part.values for each in _said(value))


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    """A sentence as it stands; the values in an f-string become ``{…}``."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values
    )


def _docstrings(tree: ast.AST) -> Iterator[tuple[str, ast.Constant]]:
    """The name of everything that has a docstring, with that docstring."""
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield getattr(node, "name", ""), first.value


def _errors() -> set[str]:
    """The names of our errors, whose docstrings people read."""
    found = [errors.BrugError]
    for error in found:
        found += error.__subclasses__()
    return {error.__name__ for error in found if error.__module__ == errors.__name__}


def _of_checks(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What pydantic is told is wrong with a route, as `workflows.remedies` cuts it in two."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        if getattr(node.exc.func, "id", "") != "ValueError" or not node.exc.args:
            continue
        message = node.exc.args[0]
        if isinstance(message, ast.Constant) and str(message.value).startswith(("is ", "repeats ")):
            why, _, remedy = str(message.value).partition(". ")
            yield f"This {why}.", node.lineno
            yield remedy, node.lineno


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_sentence_has_a_dutch_twin() -> None:
    dutch = words.catalogue("nl")
    missing = {
        sentence: place
        for sentence, place in _spoken().items()
        if "{…}" not in sentence and not dutch.get(sentence)
    }
    assert not missing, "\n".join(f"{place}: {text!r}" for text, place in missing.items())


def test_no_sentence_has_values_written_into_it() -> None:
    """It could not be looked up: values travel beside it, in `core.words.Told`."""
    with_values = {text: place for text, place in _spoken().items() if "{…}" in text}
    new = with_values.keys() - NOTED
    assert not new, "\n".join(f"{with_values[text]}: {text!r}" for text in sorted(new))
    assert not NOTED - with_values.keys(), "Take these off the list: they are gone."


def test_every_dutch_sentence_is_used() -> None:
    unused = words.catalogue("nl").keys() - _spoken().keys()
    assert not unused, "\n".join(sorted(unused))


def test_no_sentence_has_two_dutch_twins() -> None:
    """The catalogue is several files that are read together: the last one would win."""
    twice = Counter(
        line
        for path in (ROOT / "core" / "locale").glob("nl*.po")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("msgid ") and line != 'msgid ""'
    )
    assert not [line for line, times in twice.items() if times > 1]


#: shows every part that pages are made of, on the machine of whoever builds them
FOR_BUILDERS = "components.html"


def test_a_text_that_is_written_as_a_whole_is_there_in_every_language() -> None:
    texts = {path.stem: path for path in TEMPLATES if path.parent.name == "help"}
    assert set(words.LANGUAGES) <= texts.keys()
    ids = [re.findall(r'<h[123] id="([^"]+)"', texts[each].read_text()) for each in words.LANGUAGES]
    assert ids[0] and all(each == ids[0] for each in ids)


def test_templates_hold_no_words_of_their_own() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text!r}"
        for path in TEMPLATES
        if not (path.name == FOR_BUILDERS or path.parent.name == "help")
        for text, line in template_sentences.bare(path)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("sentence", sorted(words.catalogue("nl")))
def test_the_dutch_sentence_holds_the_same_values(sentence: str) -> None:
    dutch = words.catalogue("nl")[sentence]
    assert dutch == dutch.strip()
    if re.search(r"\{\w+\}", sentence):
        assert _placeholders(dutch) == _placeholders(sentence)


def test_headings_of_splits_are_known() -> None:
    from cli.reach_work import _HEADINGS

    assert _HEADINGS.keys() == set(SPLITS)
