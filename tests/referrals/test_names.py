"""Names are cleaned, bounded and taken apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FaultyValue
from referrals.names import LONGEST_NAME, clean, folded, read_name, read_text, split_name


@given(st.text(), st.booleans())
def test_a_cleaned_text_is_composed_and_holds_nothing_invisible(text: str, lines: bool) -> None:
    cleaned = clean(text, lines=lines)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(sign) in ("Cc", "Cf") for sign in cleaned.replace("\n", ""))
    assert clean(cleaned, lines=lines) == cleaned


def test_signs_that_turn_the_direction_of_text_are_taken_out() -> None:
    assert clean("Ria\u202e\u200b Benali\u2069") == "Ria Benali"


def test_too_long_a_name_is_refused_without_repeating_it() -> None:
    assert read_name("a" * LONGEST_NAME, "naam")
    with pytest.raises(FaultyValue) as refused:
        read_name("a" * (LONGEST_NAME + 1), "naam")
    assert "aaa" not in str(refused.value)


def test_a_name_has_a_letter_in_it() -> None:
    with pytest.raises(FaultyValue):
        read_name("12345", "naam")
    assert read_name("-", "naam") == ""


def test_notes_keep_their_lines() -> None:
    assert read_text("belt\r\n  maandag ", "notes", lines=True) == "belt\nmaandag"


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Ali van Leeuwen", "Ali", "van Leeuwen"),
        ("Leeuwen, Ali van", "Ali", "van Leeuwen"),
        ("Fatima El Amrani", "Fatima", "El Amrani"),
        ("Jan Willem de Boer", "Jan Willem", "de Boer"),
        ("R. Benali", "R.", "Benali"),
        ("mw. Pieters", "", "Pieters"),
        ("Ria", "Ria", ""),
        ("", "", ""),
    ],
)
def test_a_name_in_one_piece_is_taken_apart(full: str, first: str, last: str) -> None:
    assert split_name(full) == (first, last)


def test_comparing_sees_no_case_and_no_accents() -> None:
    assert folded("Yılmaz") == folded("YILMAZ") == "yilmaz"
    assert folded("Öztürk") == folded("OZTURK")
