"""What a faulty route file is told: why something is wrong and what to write instead."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import BaseModel

from core.words import Told
from workflows.definition import LONGEST_NAME

#: names among which a misspelt one is looked up
COMPARABLE = 100

SHORTER = Told("Keep it within {number} characters.", number=LONGEST_NAME)
_TITLES = ("This must be a list of names and values.", "Write for example: {nl: …, en: …}")
_SENTENCES = {
    "bool_parsing": ("This must be true or false.", "Write: true"),
    "bool_type": ("This must be true or false.", "Write: true"),
    "int_parsing": ("This must be a whole number.", "Write for example: 3"),
    "int_type": ("This must be a whole number.", "Write for example: 3"),
    "greater_than_equal": ("This number is too small.", "Write at least 1."),
    "less_than_equal": ("This number is too large.", "Write at most 60."),
    "string_type": ("This must be text.", "Put it between quotes."),
    "string_too_short": ("This is empty.", "Fill it in."),
    "string_too_long": ("This is too long.", SHORTER),
    "model_type": _TITLES,
    "dict_type": _TITLES,
    "tuple_type": ("This must be a name or a list of names.", "Write for example: [contact]"),
}
#: what takes the place of something faulty; `owner` is somebody, and as a stage it is not known
_INSTEAD: dict[str, Any] = {
    "title": {"nl": "?", "en": "?"},
    "do": {"nl": "?", "en": "?"},
    "nl": "?",
    "en": "?",
    "final": True,
    "from": "?",
    "to": "owner",
    "when": "?",
    "every": "1 week",
}


def sentences(problem: Any, place: tuple[Any, ...]) -> tuple[str, str]:
    """Why and remedy for a problem that pydantic found at a place within a part."""
    if problem["type"] == "missing":
        return "This is missing.", Told("Add: {name}: …", name=place[-1])
    if problem["type"] == "literal_error":
        names = problem["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        return "This value is not known.", Told("Choose one of: {names}.", names=names)
    if problem["type"] in _SENTENCES:
        return _SENTENCES[problem["type"]]
    if problem["type"] != "value_error":
        return "This value cannot be used.", "See the guide to routes."
    why, _, remedy = problem["msg"].removeprefix("Value error, ").partition(". ")
    return f"This {why}".rstrip(".") + ".", remedy or "See the guide to routes."


def suggestion(name: str, known: Collection[str]) -> str:
    """What a name that is not known was meant to be, or what there is to choose from."""
    # comparing is slow: a file made of thousands of names gets no guesses
    few = tuple(islice(known, 20))
    comparable = len(known) <= COMPARABLE and len(name) <= LONGEST_NAME
    close = get_close_matches(name, known, n=1, cutoff=0.6) if comparable else []
    if close:
        return Told("Did you mean {name}?", name=close[0])
    if not few:
        return "Remove it."
    return Told("Choose one of: {names}.", names=", ".join(map(short, few)))


def short(name: object) -> str:
    """A name that is not too long to be read."""
    text = str(name)
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def keys(kind: type[BaseModel], place: tuple[Any, ...]) -> tuple[str, ...]:
    """The keys that are allowed where an unknown one stood."""
    for key in place[:-1]:
        if key in ("title", "do"):
            return ("nl", "en")
        if key == "escalate":
            return ("to", "after")
    return tuple(field.alias or name for name, field in kind.model_fields.items() if name != "name")


def mended(
    kind: type[BaseModel], value: Mapping[str, Any], faulty: Collection[str]
) -> dict[str, Any]:
    """The values of a part without what is faulty, and something sound where it must have some."""
    rest = {key: item for key, item in value.items() if key not in faulty}
    known = set(keys(kind, ())).intersection(faulty)
    return rest | {key: item for key, item in _INSTEAD.items() if key in known}
