"""Sentences are English in the code and Dutch on the screen, with their values kept beside them."""

import pickle
from copy import deepcopy

import pytest

from core.words import Told, say, together, weekdays_in
from workflows.definition import Titles

DAY = "This day does not exist."
TOLD = Told("{place}: {why}", place="L {Eerste contact}", why=Told(DAY))


def test_a_told_sentence_is_the_english_one() -> None:
    assert TOLD == "L {Eerste contact}: This day does not exist."
    assert say("en", TOLD) == TOLD


def test_it_is_translated_with_the_sentences_in_it() -> None:
    assert say("nl", TOLD) == "L {Eerste contact}: Deze dag bestaat niet."
    assert say("nl", Told("Choose one of: {names}.", names="a, b")) == "Kies uit: a, b."


def test_a_value_is_no_sentence_unless_it_is_told() -> None:
    assert say("nl", Told("Did you mean {name}?", name="school")) == "Bedoel je school?"
    assert say("nl", Told("Did you mean {name}?", name="known")) == "Bedoel je known?"


def test_a_title_is_shown_in_the_language_asked_for() -> None:
    why = Told("This step does not start from the stage {stage}.", stage=Titles(nl="Ja", en="Yes"))
    assert why.endswith("the stage Yes.")
    assert say("nl", why) == "Deze stap begint niet in de fase Ja."


def test_several_sentences_are_translated_one_by_one() -> None:
    assert say("nl", together((DAY, TOLD))).count("Deze dag bestaat niet.") == 2
    assert together(("a", "b"), between=", ") == "a, b"
    assert together(()) == say("nl", together(())) == ""


def test_telling_again_changes_nothing() -> None:
    assert Told(TOLD) is TOLD
    assert say("nl", Told(DAY)) == say("nl", DAY)


def test_braces_without_values_stay() -> None:
    assert say("nl", Told("Write: shame: {nl: …, en: …}")) == "Schrijf: shame: {nl: …, en: …}"


@pytest.mark.parametrize("copy", [deepcopy, lambda told: pickle.loads(pickle.dumps(told))])
def test_a_copy_can_still_be_translated(copy: object) -> None:
    assert callable(copy)
    again = copy(TOLD)
    assert again == TOLD
    assert say("nl", again) == say("nl", TOLD)


def test_weekdays_are_named_shortly() -> None:
    assert weekdays_in("nl", [1, 3, 7]) == "ma wo zo"
    assert weekdays_in("en", range(1, 6)) == "Mon Tue Wed Thu Fri"
