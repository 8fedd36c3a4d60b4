"""However a route file is damaged, what comes out is a route or faults with their lines."""

import random

import pytest

from core.errors import Fault
from workflows.checking import check
from workflows.definition import Definition
from workflows.library import builtin, builtin_names
from workflows.machine import Route

TIMES = 1000
BITS: list[str] = [
    *"{}[]:,#&*!|>'\"%@`- \t\n\\0aé→",
    "\n  ",
    ": ",
    "- ",
    "true",
    "null",
    "{nl: x}",
    "*x",
]


@pytest.mark.parametrize("name", builtin_names())
def test_a_damaged_route_is_a_route_or_has_named_faults(name: str) -> None:
    chance = random.Random(name)  # seeded: a failure comes back
    sound = 0
    for _ in range(TIMES):
        text = builtin(name)
        for _ in range(chance.randint(1, 3)):
            text = chance.choice(DAMAGES)(text, chance)
        definition, faults = check(text)
        if definition is None:
            assert faults
            _all_named(faults, text)
        else:
            assert not faults
            _walkable(definition)
            sound += 1
    assert 0 < sound < TIMES


def _all_named(faults: tuple[Fault, ...], text: str) -> None:
    lines = text.count("\n") + 2
    for fault in faults:
        assert fault.line is not None
        assert 1 <= fault.line <= lines
        assert fault.thing
        assert fault.why.endswith(".")
        assert fault.remedy


def _walkable(definition: Definition) -> None:
    Route(definition)
    assert set(definition.start) <= set(definition.stages)
    assert all(move.to in definition.stages for move in definition.moves.values())


def _less(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randint(1, 30) :]


def _more(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(BITS) + text[place:]


def _without_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def _twice(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    line = chance.choice(lines)
    lines.insert(chance.randrange(len(lines)), line)
    return "".join(lines)


def _moved(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    number = chance.randrange(len(lines))
    indent: str = chance.choice(("  ", "", " ", "    "))
    lines[number] = indent + lines[number].lstrip()
    return "".join(lines)


DAMAGES = (_less, _more, _without_line, _twice, _moved)
