"""Reads names and other short texts as people type them: cleaned, bounded, never guessed at."""

import re
import unicodedata

from core.errors import Fault, FaultyValue

#: characters; the longest full name in the Dutch registers of persons is bounded at 200
LONGEST_NAME = 100
LONGEST_TEXT = 200
#: characters; about a page and a half
LONGEST_NOTES = 4000

#: what stands before a Dutch, Arabic or other last name and doesn't tell people apart
_PARTICLES = "van de den der het 't in op ter ten te aan bij uit la le du el al von zu da di dos"
PARTICLES = frozenset(_PARTICLES.split())
_TITLES = re.compile(r"^(?:dhr|de heer|hr|mw|mevr|mevrouw|meneer|mr|mrs|ms)\b\.?\s*", re.IGNORECASE)


def clean(text: str, *, lines: bool = False) -> str:
    """In NFC, without control, invisible and direction characters, and with single spaces.

    With `lines` the line ends stay, for notes.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(_visible(sign) for sign in composed)
    if not lines:
        return " ".join(kept.split())
    return "\n".join(" ".join(line.split()) for line in kept.splitlines()).strip()


def read_text(text: str, thing: str, *, longest: int = LONGEST_TEXT, lines: bool = False) -> str:
    """A cleaned text; raises `FaultyValue` when it is longer than `longest` characters."""
    cleaned = clean(text, lines=lines)
    if len(cleaned) > longest:
        remedy = "Shorten it."
        fault = Fault(thing, "This text is too long to keep.", remedy)
        raise FaultyValue(thing, remedy=remedy, faults=(fault,))
    return "" if cleaned in ("-", "--", "–", "—", "?") else cleaned


def read_name(text: str, thing: str) -> str:
    """A first or last name; raises `FaultyValue` when it is too long or has no letter in it."""
    name = read_text(text, thing, longest=LONGEST_NAME)
    if name and not any(sign.isalpha() for sign in name):
        remedy = "Write the name, or leave the cell empty when it is not known."
        fault = Fault(thing, "There is no letter in this name.", remedy)
        raise FaultyValue(thing, remedy=remedy, faults=(fault,))
    return name


def split_name(full: str) -> tuple[str, str]:
    """First and last name of a name in one piece: "Ali van Dijk" as well as "Dijk, Ali van"."""
    name = _TITLES.sub("", clean(full))
    last, comma, first = name.partition(",")
    if comma and first.strip():
        words = first.split()
        behind = [word for word in words if word.lower() in PARTICLES]
        return " ".join(w for w in words if w not in behind), " ".join([*behind, last.strip()])
    words = name.split()
    if len(words) < 2:
        return (name, "") if name == full.strip() else ("", name)
    particle = next((i for i, w in enumerate(words) if i and w.lower() in PARTICLES), None)
    cut = particle if particle is not None and particle < len(words) - 1 else 1
    return " ".join(words[:cut]), " ".join(words[cut:])


def folded(text: str) -> str:
    """For comparing: without case, accents and punctuation, so "Yılmaz" and "YILMAZ" are equal."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    letters = (sign for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(s if s.isalnum() else " " for s in letters).split())


#: letters that have no decomposition but are written plainly by people in a hurry
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "'": "", "’": "", "`": ""}
)


def _visible(sign: str) -> str:
    if sign.isspace():
        return sign
    return "" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") else sign
