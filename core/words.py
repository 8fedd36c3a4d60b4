"""Dutch and English: every sentence that people see is looked up here.

The English sentence stands in the code, its Dutch twin in ``core/locale/nl.po``. The catalogue is
read into memory; there is no compile step.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

LANGUAGES = ("nl", "en")
_LOCALE = Path(__file__).parent / "locale"


def say(language: str, sentence: str, **values: object) -> str:
    """The sentence in a language, with ``{placeholders}`` filled in.

    A sentence without a translation is shown in English; a test sees to it that there is none.
    """
    text = catalogue(language).get(sentence, sentence)
    return text.format(**values) if values else text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language, by their English original."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po

    with (_LOCALE / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def title_in(language: str, titles: Mapping[str, str]) -> str:
    """The title in this language, or else in Dutch, or else in whatever there is."""
    return titles.get(language) or titles.get("nl") or next(iter(titles.values()), "")


def day_in_words(language: str, day: date) -> str:
    """A day written out, such as "dinsdag 3 april 2018"."""
    from babel.dates import format_date

    return format_date(day, "EEEE d MMMM y", locale=language)


def number_in(language: str, number: float) -> str:
    """A number as the language writes it: 23.800 in Dutch, 23,800 in English."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=language)
