"""Phone numbers and e-mail addresses come out in one form, or are refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FaultyValue
from referrals.phones import read_email, read_phones


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "+31 612345678",
        "0031 612345678",
        "612345678",
        "+31 (0)6 12345678",
        "tel. 0612345678 (dochter)",
        "０６１２３４５６７８",
    ],
)
def test_one_number_in_many_spellings_is_one_number(text: str) -> None:
    assert read_phones(text) == ("+31612345678",)


@pytest.mark.parametrize("text", ["", "-", "?", "geen", "Geen", "onbekend", "n.v.t."])
def test_no_phone_is_said_in_many_ways(text: str) -> None:
    assert read_phones(text) == ()


@pytest.mark.parametrize("text", ["06-123", "06123456789", "112", "bel maar", "+999 1234", "1"])
def test_what_cannot_be_called_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(FaultyValue) as refused:
        read_phones(text, "D (Mobiel)")
    assert refused.value.faults[0].thing == "D (Mobiel)"
    assert text not in refused.value.faults[0].why
    assert refused.value.remedy


def test_two_numbers_in_one_cell_are_both_found_in_their_order() -> None:
    assert read_phones("0612345678 / 0591-123456") == ("+31612345678", "+31591123456")


def test_a_number_from_abroad_keeps_its_country() -> None:
    assert read_phones("+32 470 12 34 56") == ("+32470123456",)


@given(st.text())
def test_a_phone_is_read_or_refused_whatever_the_text(text: str) -> None:
    with suppress(FaultyValue):
        assert all(number.startswith("+") for number in read_phones(text))


def test_an_address_comes_out_in_lower_case() -> None:
    assert read_email(" Ria.Benali@Voorbeeld.NL ") == "ria.benali@voorbeeld.nl"
    assert read_email("mailto:ria@voorbeeld.nl") == "ria@voorbeeld.nl"
    assert read_email("-") == ""


@pytest.mark.parametrize(
    "text",
    [
        "ria",
        "ria@",
        "@nl",
        "ria@nl",
        "a b@c.nl",
        "a@b.nl,c@d.nl",
        "a@b.nl\nBcc: x@y.nl",
        "a..b@c.nl",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(FaultyValue):
        read_email(text)


@given(st.text())
def test_an_address_never_holds_a_line_end_or_a_space(text: str) -> None:
    with suppress(FaultyValue):
        assert not any(sign.isspace() for sign in read_email(text))
