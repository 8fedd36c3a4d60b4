"""Plain Dutch: the words of the list in ``docs/nl/woorden.md`` are said nowhere."""

import re
from pathlib import Path

import pytest

from core import words

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "nl" / "woorden.md"
#: signs in a sentence that people take in at once; more than this is two sentences
LONGEST_SENTENCE = 160
#: values that are filled in, tags, and what is typed at a terminal
_COMMANDS = re.compile(r"\{\w+\}|<[^>]*>|brug [a-z]+(?: [a-z]+)*")


def _avoided() -> dict[str, str]:
    rows = (line.strip("| ").split(" | ") for line in LIST.read_text().splitlines() if "|" in line)
    return {row[0]: row[1] for row in rows if len(row) == 3 and row[0] not in ("niet", "---")}


def _texts() -> dict[str, str]:
    """Everything that is said in Dutch: by catalogue, and by pages written as a whole."""
    said = {f"“{sentence}”": dutch for sentence, dutch in words.catalogue("nl").items()}
    for room in ("web", "notifications"):
        for path in sorted((ROOT / room / "templates").rglob("nl.*")):
            said[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
    return {place: _COMMANDS.sub("", text) for place, text in said.items()}


@pytest.mark.parametrize("word", sorted(_avoided()))
def test_a_word_that_we_avoid_is_said_nowhere(word: str) -> None:
    # as a whole word, also with an ending
    found = re.compile(rf"(?<![\w/.-]){re.escape(word)}(?:e|en|s|’s|'s)?(?![\w/.-])", re.IGNORECASE)
    places = [place for place, text in _texts().items() if found.search(text)]
    assert not places, f"{word} → {_avoided()[word]}: {places}"


def test_a_sentence_that_people_read_has_one_message() -> None:
    long = {
        sentence
        for dutch in words.catalogue("nl").values()
        for sentence in re.split(r"(?<=[.!?:;])\s", dutch)
        if len(sentence) > LONGEST_SENTENCE
    }
    assert not long
