"""The municipalities of the Netherlands: code, name and province, found by whatever people write.

Municipalities merge, so a code belongs to a year: the file says which. Facts and source stand in
``core/data/municipalities.txt``.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from rapidfuzz import fuzz, process

#: out of 100: one slip in a name of ten letters is forgiven; a short name must be right
_LIKE_ENOUGH = 92
#: by how much the best must be better than another municipality
_CLEARLY = 4
_PREFIX = re.compile(r"^(?:gemeente|gem\b\.?)\s*")
_IN_BRACKETS = re.compile(r"\([^)]*\)")


class Municipality(NamedTuple):
    """A municipality as it was in the year of the file."""

    #: CBS code, such as ``GM0363``
    code: str
    name: str
    province: str
    #: what it is also called, such as 's-Gravenhage
    other_names: tuple[str, ...] = ()


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All of them, by code."""
    return tuple(sorted(each for line in _lines() for each in _of_province(line)))


def year() -> int:
    """The year to which the codes belong."""
    return next(int(line.removeprefix("year ")) for line in _text() if line.startswith("year "))


def name_of(code: str) -> str:
    """The name that belongs to a code; the code itself when it is of another year."""
    return _names().get(code, code)


def by_code(code: str) -> Municipality | None:
    """The municipality with a code, as ``GM0363`` or 363; none when it is of another year."""
    digits = code.strip().upper().removeprefix("GM")
    wanted = f"GM{digits:0>4}" if digits.isascii() and digits.isdigit() else ""
    return next((each for each in municipalities() if each.code == wanted), None)


@lru_cache(maxsize=4096)
def find(name: str) -> Municipality | None:
    """The municipality that somebody means; none when it is unknown or could be two.

    Capitals, accents, hyphens, "gem." and the province in brackets make no difference; a slip of
    the pen in a long name is forgiven.
    """
    wanted = _bare(_PREFIX.sub("", name.strip().casefold()))
    known = _known()
    if not wanted or wanted in known:
        return known.get(wanted)
    alike = process.extract(
        wanted, known.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH, limit=5
    )
    if not alike:
        return None
    best, score, _ = alike[0]
    others = [key for key, other, _ in alike if score - other < _CLEARLY]
    return known[best] if all(known[key] == known[best] for key in others) else None


@cache
def _names() -> dict[str, str]:
    return {each.code: each.name for each in municipalities()}


@cache
def _known() -> dict[str, Municipality | None]:
    """By every name in its bare form; none for a name that two of them share."""
    whole: dict[str, Municipality | None] = {}
    short: dict[str, Municipality | None] = {}
    for each in municipalities():
        for name in (each.name, *each.other_names):
            whole[_bare(name)] = each
            without = _bare(_IN_BRACKETS.sub("", name))
            short[without] = None if short.get(without, each) != each else each
    return short | whole


def _bare(name: str) -> str:
    """Letters only, without accents: what is left when everybody's habits are taken off."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _of_province(line: str) -> Iterator[Municipality]:
    province, _, rest = line.partition(": ")
    for entry in rest.split("; "):
        digits, _, names = entry.partition(" ")
        name, *others = names.split(" = ")
        yield Municipality(f"GM{digits}", name, province, tuple(others))


def _lines() -> list[str]:
    """The lines of the provinces."""
    return [line for line in _text() if ": " in line and not line.startswith("#")]


@cache
def _text() -> tuple[str, ...]:
    file = files("core") / "data" / "municipalities.txt"
    return tuple(file.read_text(encoding="utf-8").splitlines())
