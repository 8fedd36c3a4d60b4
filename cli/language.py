"""The language of the command line, chosen before anything else is loaded."""

import os

from core import words

LANGUAGE = "en" if os.environ.get("BRUG_LANGUAGE", "").lower() == "en" else "nl"


def t(sentence: str, **values: object) -> str:
    """A sentence in the language of the command line."""
    return words.say(LANGUAGE, sentence, **values)
