"""The name of an activity as a route file can hold it; logs and discovered routes share it."""

import unicodedata
from hashlib import sha256

from workflows.definition import LONGEST_NAME

#: kinds of character that no line of text can hold
_UNWRITABLE = ("Cc", "Cs", "Zl", "Zp")
_MARK = 8


def clean_name(text: str) -> str:
    """The text without control characters and outer spaces, at most 120 characters.

    A longer one is cut off and marked, so that two long names stay two. `*` means every stage in
    a route file and becomes the full-width `＊`. May be empty.
    """
    if not text.isprintable():
        text = "".join(map(_writable, text))
    text = text.strip()
    return "＊" if text == "*" else fitting(text)


def fitting(text: str, key: str = "") -> str:
    """The text when it fits, else its beginning with a mark made from `key` (or the text)."""
    if len(text) <= LONGEST_NAME and not key:
        return text
    mark = sha256((key or text).encode()).hexdigest()[:_MARK]
    return f"{text[: LONGEST_NAME - _MARK - 2]}… {mark}"


def _writable(character: str) -> str:
    forbidden = unicodedata.category(character) in _UNWRITABLE or ord(character) & 0xFFFE == 0xFFFE
    return " " if forbidden else character
