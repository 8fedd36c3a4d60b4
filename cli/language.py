"""The language of the command line, chosen before anything else is loaded."""

import os
import tomllib

from core import words


def _chosen() -> str:
    named = os.environ.get("BRUG_LANGUAGE") or _in_file()
    return "en" if named.lower() == "en" else "nl"


def _in_file() -> str:
    """What ``brug.toml`` says; a file that cannot be read is reported when settings are read."""
    try:
        with open("brug.toml", "rb") as file:  # noqa: PTH123 -- pathlib would cost 10 ms
            return str(tomllib.load(file).get("language", ""))
    except (OSError, ValueError):
        return ""


LANGUAGE = _chosen()


def t(sentence: str, **values: object) -> str:
    """A sentence in the language of the command line."""
    return words.say(LANGUAGE, sentence, **values)
