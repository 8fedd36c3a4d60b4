"""Finds a BSN (the Dutch citizen number) wherever it hides, so that it is never kept.

A BSN is nine digits that pass the eleven-test: 9·a + 8·b + … + 2·h − i is a multiple of eleven
(Handreiking BSN, RvIG). One in eleven other numbers of nine digits passes too; those are refused as
well, because keeping a BSN is worse than asking somebody to write a number differently.
"""

import re
import unicodedata
from collections.abc import Iterator

from core.errors import BsnFound, Fault

WHY = "This looks like a BSN, the citizen service number. A BSN may not be kept here."
REMEDY = "Take the number out."
CELL_REMEDY = "Take the number out of this cell."
PHONE_REMEDY = "Take it out; if it is a phone number, write it with its leading 0."

MASK = "*********"
_LENGTH = 9
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

#: what people put between the digits of one number; no colon, as that is a time of day
_GAP = r"[\s.,\-‐-―−/_|'’·+*()]{0,3}"
_DIGITS = re.compile(r"\d+")
_JOINED = re.compile(rf"\d(?:{_GAP}\d)*")
#: headings of columns that hold BSNs, or sofi numbers as they were called until 2007
_HEADING = re.compile(r"\bbsn|burger[\s-]*service|\bsofi(?:[\s-]*n(?:r|um)|\b)", re.IGNORECASE)
#: +31 and nine digits, another country and at least nine, or an area code and the rest of ten:
#: these hold runs of nine digits that are no BSN
_PHONES = re.compile(
    rf"(?:\+|(?<!\d)00)31(?:{_GAP}0\)?)?(?:{_GAP}\d){{9}}(?!\d)"
    rf"|(?:\+|(?<!\d)00)(?!31)[1-9](?:{_GAP}\d){{9,12}}(?!\d)"
    r"|(?<!\d)0(?:\d\)?[\s./-]{1,3}(?:[\s.-]?\d){8}|\d\d\)?[\s./-]{1,3}(?:[\s.-]?\d){7}"
    r"|\d{3}\)?[\s./-]{1,3}(?:[\s.-]?\d){6})(?!\d)"
)
#: a whole date, unless it goes on with the same kind of sign: then it is part of a longer number
_DATES = re.compile(
    r"(?<!\d)(?<!\d[-/.])(?:\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d{2}|(?:19|20)\d{2}-\d{1,2}-\d{1,2})"
    r"(?!\d)(?![-/.]\d)"
)


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits could be a BSN."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def holds_bsn(text: str) -> bool:
    """Whether a BSN stands anywhere in the text, in whatever spelling."""
    # most cells are words or days, and an import looks at every cell
    if text.isascii() and sum(map(str.isdigit, text)) < _LENGTH:
        return False
    return next(_places(_plain(text)), None) is not None


def is_heading(text: str) -> bool:
    """Whether a column with this heading is meant for BSNs."""
    return _HEADING.search(text) is not None


def lost_its_zero(text: str) -> bool:
    """Whether a cell is eight digits that are a BSN once a 0 stands before them.

    A spreadsheet takes that 0 away from a number. Elsewhere than in a column for BSNs it says
    nothing: days have eight digits too, and one in eleven of them passes.
    """
    digits = _plain(text).strip()
    return len(digits) == _LENGTH - 1 and digits.isdecimal() and passes_eleven_test(f"0{digits}")


def without_bsn(text: str) -> str:
    """The text with asterisks instead of each BSN; the same text when there is none."""
    plain = _plain(text)
    places = list(_places(plain))
    if not places:
        return text
    for start, end in reversed(places):
        plain = plain[:start] + MASK + plain[end:]
    return without_bsn(plain)


def refuse(text: str | None, thing: str, *, remedy: str = REMEDY) -> None:
    """Raises `BsnFound` when the text holds one; the error doesn't repeat the number."""
    if text and holds_bsn(text):
        raise BsnFound(thing, remedy=remedy, faults=(Fault(thing, WHY, remedy),))


def _plain(text: str) -> str:
    """Without invisible characters and with ordinary digits, so that nothing hides a number."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() else sign
        for sign in wide
        if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Mn")
    )


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where a BSN starts and ends, each place once and none overlapping."""
    free = _DATES.sub(_blank, _PHONES.sub(_blank, text))
    for joined in _JOINED.finditer(free):
        groups = [
            (group.start() + joined.start(), group.end() + joined.start())
            for group in _DIGITS.finditer(joined.group())
        ]
        yield from _places_in(free, groups)


def _places_in(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(groups):
        found = _place_from(text, groups[first:])
        if found is None:
            first += 1
            continue
        yield groups[first][0], found
        while first < len(groups) and groups[first][0] < found:
            first += 1


def _place_from(text: str, groups: list[tuple[int, int]]) -> int | None:
    digits = ""
    for start, end in groups:
        digits += text[start:end]
        if len(digits) == _LENGTH and passes_eleven_test(digits):
            return end
        if len(digits) >= _LENGTH:
            return None
    return None


def _blank(match: re.Match[str]) -> str:
    return "#" * len(match.group())
