"""Dutch and English: every sentence that people see is looked up here.

The English sentence stands in the code, its Dutch twin in ``core/locale/nl*.po``: what the
program says, the mails, the pages. The catalogue is read into memory; there is no compile step.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

LANGUAGES = ("nl", "en")
_LOCALE = Path(__file__).parent / "locale"


@runtime_checkable
class Titled(Protocol):
    """A title in every language, such as that of a stage."""

    nl: str
    en: str

    def __getitem__(self, language: str, /) -> str: ...


class Told(str):
    """An English sentence that remembers its pattern and values, so that it can be translated.

    Wherever its words do not matter it is the English sentence. A value that is itself told is
    translated with it, titles are shown in the language asked for, and anything else as it is.
    """

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, **values: object) -> "Told":
        if isinstance(pattern, Told) and not values:
            return pattern
        told = super().__new__(cls, _filled("en", pattern, values))
        told.pattern, told.values = pattern, values
        return told

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        # a copy is made from the pattern, not from the sentence
        return (self.pattern,), dict(self.values)


def together(sentences: Iterable[str], between: str = " ") -> Told:
    """Several sentences as one, each of them still to be translated."""
    parts = {f"part{number}": Told(sentence) for number, sentence in enumerate(sentences)}
    return Told(between.join(f"{{{name}}}" for name in parts), **parts)


def say(language: str, sentence: str, **values: object) -> str:
    """The sentence in a language, with ``{placeholders}`` filled in.

    A sentence without a translation is shown in English; a test sees to it that there is none.
    """
    if isinstance(sentence, Told):
        values = {**sentence.values, **values}
        sentence = sentence.pattern
    return _filled(language, catalogue(language).get(sentence, sentence), values)


def _filled(language: str, text: str, values: Mapping[str, object]) -> str:
    shown = {name: _shown(language, value) for name, value in values.items()}
    return text.format(**shown) if shown else text


def _shown(language: str, value: object) -> object:
    if type(value) in (str, int):
        return value
    if isinstance(value, Told):
        return say(language, value)
    return value[language] if isinstance(value, Titled) else value


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language, by their English original."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for path in sorted(_LOCALE.glob(f"{language}*.po")):
        with path.open("rb") as file:
            found |= {str(each.id): str(each.string) for each in read_po(file) if each.id}
    return found


def title_in(language: str, titles: Mapping[str, str]) -> str:
    """The title in this language, or else in Dutch, or else in whatever there is."""
    return titles.get(language) or titles.get("nl") or next(iter(titles.values()), "")


def day_in_words(language: str, day: date) -> str:
    """A day written out, such as "dinsdag 3 april 2018"."""
    from babel.dates import format_date

    return format_date(day, "EEEE d MMMM y", locale=language)


def short_day_in(language: str, day: date, *, year: bool = False) -> str:
    """A day as tables have it, such as "di 3 apr" or "di 3 apr 2018"."""
    names = _SHORT[language]
    words = f"{names[day.weekday()]} {day.day} {names[6 + day.month]}"
    return f"{words} {day.year}" if year else words


#: seven weekdays and twelve months; a list has hundreds of days, and babel takes its time for each
_SHORT = {
    "nl": (
        "ma", "di", "wo", "do", "vr", "za", "zo",
        "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ),
    "en": (
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ),
}  # fmt: skip


def weekdays_in(language: str, days: Iterable[int]) -> str:
    """Weekdays by their short names, 1 for Monday, such as "ma di wo"."""
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", locale=language)
    return " ".join(names[day - 1] for day in days)


@lru_cache(maxsize=4096)
def number_in(language: str, number: float) -> str:
    """A number as the language writes it: 23.800 in Dutch, 23,800 in English."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=language)
