"""References: said over the phone, typed in a hurry, and never somebody else's."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound
from core.references import ALPHABET, number_of, reference

numbers = st.integers(1, 2**40)


@given(numbers)
def test_a_number_comes_back_from_its_reference(number: int) -> None:
    assert number_of(reference(number)) == number


@given(numbers)
def test_it_is_understood_however_it_is_spelled(number: int) -> None:
    text = reference(number)
    bare = text.replace("-", "")
    spelled = bare.replace("0", "o").replace("1", "l").lower()
    for spelling in (
        text.lower(),
        bare,
        f" {bare[:3]} {bare[3:]} ",
        spelled,
        bare.replace("1", "I"),
    ):
        assert number_of(spelling) == number


@given(st.integers(1, 2**25 - 1), st.integers(0, 5), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_noticed(number: int, place: int, letter: str) -> None:
    letters = reference(number).replace("-", "")
    if letters[place] != letter:
        with pytest.raises(NotFound):
            number_of(letters[:place] + letter + letters[place + 1 :])


@given(st.integers(1, 2**25 - 1), st.integers(0, 4))
def test_two_swapped_letters_are_noticed(number: int, place: int) -> None:
    letters = list(reference(number).replace("-", ""))
    if letters[place] != letters[place + 1]:
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
        with pytest.raises(NotFound):
            number_of("".join(letters))


def test_it_looks_like_7k3f_9q_and_has_no_letter_that_is_misread() -> None:
    for number in (1, 2, 3, 1_000, 2**25 - 1):
        text = reference(number)
        assert len(text) == 7 and text[4] == "-"
        assert not set(text) & set("ILOU")
    assert len(reference(2**25)) > 7


def test_neighbours_look_nothing_alike() -> None:
    texts = [reference(number) for number in range(1, 200)]
    assert len(set(texts)) == len(texts)
    alike = [
        sum(a == b for a, b in zip(one[:4], other[:4], strict=True))
        for one, other in pairwise(texts)
    ]
    assert max(alike) <= 2


@pytest.mark.parametrize("text", ["", "7K3F", "-", "7K3F-9", "7K3F-9Ü", "§§§§§§", "U" * 6, "٣" * 6])
def test_what_is_no_reference_is_not_found_with_an_example(text: str) -> None:
    with pytest.raises(NotFound) as refusal:
        number_of(text)
    assert refusal.value.remedy
