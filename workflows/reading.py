"""Reads a route file into plain values, each with the line it stands on.

Deliberately less than YAML: no anchors or aliases (so no alias bombs), no tags, a bounded size and
depth, no key twice, and the plain words `yes` and `no` stay words.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from core.errors import Fault, FaultyRoute, why_unopened

#: bytes; the largest built-in route is 9 kB, one discovered in a log can be hundreds
LARGEST = 4_000_000
DEEPEST = 10

Path_ = tuple[str | int, ...]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class Tree:
    """The values of a file, and the line (from 1) of each of its places."""

    value: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    #: false when reading had to stop half-way
    whole: bool = True
    #: whether a list holds a name twice
    twice: bool = False

    def readings(self) -> tuple["Tree", ...]:
        """The tree itself; or two, with the first and the last of each name that stands twice."""
        if not self.twice:
            return (self,)
        return _reading(self, last=False), _reading(self, last=True)

    def line(self, path: Path_) -> int:
        """The line of a place, or of the nearest place above it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Again(str):
    """A name that its list holds already: kept beside the first, so that both can be looked at."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def _reading(tree: Tree, *, last: bool) -> Tree:
    """The tree with one value for every name, and the lines of those that were chosen."""
    lines: dict[Path_, int] = {}

    def look(value: Any, path: Path_, chosen: Path_) -> Any:
        if path in tree.lines:
            lines[chosen] = tree.lines[path]
        if isinstance(value, list):
            return [look(item, (*path, n), (*chosen, n)) for n, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        names: dict[str, str] = {}
        for key in value:
            if last or str(key) not in names:
                names[str(key)] = key
        return {
            name: look(value[key], (*path, key), (*chosen, name)) for name, key in names.items()
        }

    return Tree(look(tree.value, (), ()), lines, tree.faults)


def read_file(path: Path) -> str:
    """The text of a route file; raises `FaultyRoute` for what is too large or no text."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        fault = Fault(str(path), why_unopened(error), "Check the name.")
        raise FaultyRoute(str(path), faults=(fault,)) from error
    if len(content) > LARGEST:
        fault = Fault(str(path), "It is larger than 4 MB.", "A route file is a few kB of text.")
        raise FaultyRoute(str(path), faults=(fault,))
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        fault = Fault(str(path), "It is not UTF-8 text.", "Save it as UTF-8.")
        raise FaultyRoute(str(path), faults=(fault,)) from error


def read_tree(text: str) -> Tree:
    """The values of a text; what is wrong with its form stands in `Tree.faults`."""
    tree = Tree()
    try:
        _Builder(tree).build(yaml.parse(text, Loader=_LOADER))
    except _TooMuch as stop:
        tree.whole = False
        tree.faults.append(stop.fault)
    except yaml.YAMLError as error:
        tree.whole = False
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        why = "This is not well-formed YAML."
        tree.faults.append(Fault("file", why, "Check indents, colons and quotes.", line))
    return tree


class Span(NamedTuple):
    """Where a value stands in a text: from its first sign up to the sign after its last."""

    start: int
    end: int
    #: a mapping between braces, or lines that are indented
    braces: bool = False


def spans(text: str) -> dict[Path_, Span]:
    """Where each value and each mapping of a sound text stands; of a list only the list itself."""
    found: dict[Path_, Span] = {}
    stack: list[_Open] = []
    event: Any
    for event in yaml.parse(text, Loader=_LOADER):
        top = stack[-1] if stack else None
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent) and top and isinstance(top.value, dict):
            if top.key is None:
                top.key = str(event.value)
                continue
            found[top.place] = Span(start, end)
            top.key = None
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            place = top.place if top else ()
            found[place] = Span(start, end, bool(event.flow_style))
            mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append(_Open({} if mapping else [], place))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            begun = stack.pop().path
            found[begun] = found[begun]._replace(end=end)
            if stack:
                stack[-1].key = None
    return found


class _TooMuch(Exception):
    def __init__(self, line: int, why: str, remedy: str):
        self.fault = Fault("file", why, remedy, line)


@dataclass
class _Open:
    """A list or mapping that is being read."""

    value: Any
    path: Path_
    key: str | None = None

    @property
    def place(self) -> Path_:
        if isinstance(self.value, list):
            return (*self.path, len(self.value))
        return (*self.path, self.key or "")


class _Builder:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, tree: Tree):
        self.tree = tree
        self.stack: list[_Open] = []

    def build(self, events: Any) -> None:
        for event in events:
            self._refuse_references(event)
            if isinstance(event, yaml.MappingStartEvent):
                self._open({}, event)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._open([], event)
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.stack.pop()

    def _refuse_references(self, event: Any) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _TooMuch(line, "Anchors and aliases (& and *) are not allowed.", "Write it out.")
        if getattr(event, "tag", None):
            raise _TooMuch(line, "Tags (!) are not allowed.", "Remove the tag.")
        if isinstance(event, yaml.DocumentStartEvent) and self.tree.lines:
            raise _TooMuch(line, "There is a second document.", "Keep one route a file.")

    def _open(self, value: Any, event: Any) -> None:
        line = event.start_mark.line + 1
        if len(self.stack) >= DEEPEST:
            raise _TooMuch(line, "This is nested too deep.", "A route needs five levels at most.")
        if self._expects_key():
            raise _TooMuch(line, "A name cannot be a list or a mapping.", "Write a plain name.")
        place = self.stack[-1].place if self.stack else ()
        there = self._there()
        if isinstance(value, dict) and isinstance(there, dict):
            # a section that stands twice: its names are read as one list
            value = there
        self._place(value, line)
        self.stack.append(_Open(value, place))

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._expects_key():
            self._key(str(event.value), line)
        else:
            self._place(_plain(event.value) if event.implicit[0] else event.value, line)

    def _expects_key(self) -> bool:
        return (
            bool(self.stack)
            and isinstance(self.stack[-1].value, dict)
            and (self.stack[-1].key is None)
        )

    def _there(self) -> Any:
        """What was read before under the name that is being read; only sections have that."""
        top = self.stack[-1] if self.stack else None
        return top.value.get(top.key) if top and isinstance(top.value, dict) else None

    def _key(self, key: str, line: int) -> None:
        top = self.stack[-1]
        top.key = key
        if key in top.value:
            why = "This name stands here twice."
            self.tree.faults.append(Fault(key, why, "Remove or rename one.", line))
            if len(self.stack) > 1 or not isinstance(top.value[key], dict):
                top.key = key = _Again(key)
                self.tree.twice = True
        self.tree.lines.setdefault((*top.path, key), line)

    def _place(self, value: Any, line: int) -> None:
        if not self.stack:
            self.tree.value = value
            self.tree.lines.setdefault((), line)
            return
        top = self.stack[-1]
        self.tree.lines.setdefault(top.place, line)
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value.setdefault(top.key, value)
            top.key = None


def _plain(text: str) -> Any:
    """An unquoted word: a truth value, nothing, a whole number, or else just text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
