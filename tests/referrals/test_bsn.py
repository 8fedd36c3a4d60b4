"""A BSN is found in whatever spelling, and never repeated."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BsnFound
from referrals import bsn

#: invented; the first is in the register of the tests
ONES = ("584548175", "452632791", "123456782", "111222333", "012345672")


def _is_bsn(digits: str) -> bool:
    return bsn.passes_eleven_test(digits)


def _finished(start: int) -> str:
    """Eight digits and the ninth that makes a BSN of them; where that would be a ten, the next."""
    digits = f"{start:08d}"
    last = sum(w * int(d) for w, d in zip(range(9, 1, -1), digits, strict=True)) % 11
    return f"{digits}{last}" if last < 10 else _finished(start + 1)


some_bsn = st.integers(1, 99_999_000).map(_finished)
no_digits = st.text(
    st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"], exclude_characters="+"), max_size=8
)


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """A BSN cut anywhere, joined by one kind of sign, in one kind of digits."""
    digits = draw(some_bsn)
    cuts = draw(st.sets(st.integers(1, 8)))
    sign = draw(st.sampled_from(["", " ", ".", "-", "/", "\u00a0", "\u2009", "\u200b", " - ", "·"]))
    zero = draw(st.sampled_from("0٠०０𝟎"))
    spelling = "".join(sign + d if at in cuts else d for at, d in enumerate(digits))
    return "".join(chr(ord(zero) + int(d)) if d in string.digits else d for d in spelling)


@given(no_digits, spelled(), no_digits)
def test_a_bsn_never_slips_through_in_any_spelling(before: str, number: str, after: str) -> None:
    assert bsn.holds_bsn(f"{before} {number} {after}")
    assert bsn.holds_bsn(f"bsn{number}x")


@given(no_digits, spelled(), no_digits)
def test_a_masked_text_holds_no_bsn(before: str, number: str, after: str) -> None:
    masked = bsn.without_bsn(f"{before} {number} {after}")
    assert bsn.MASK in masked
    assert not bsn.holds_bsn(masked)


@given(st.text())
def test_any_text_can_be_searched_and_masked(text: str) -> None:
    assert not bsn.holds_bsn(bsn.without_bsn(text))


@given(st.text(string.digits, min_size=9, max_size=9).filter(lambda d: not _is_bsn(d)))
def test_nine_other_digits_are_no_bsn(digits: str) -> None:
    assert not bsn.holds_bsn(f"nummer {digits}.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "000000000",
        "1584548175",
        "06 02 83 95 86",
        # nine of the digits in each of these pass the eleven-test
        "0031 584548175",
        "+31 584548175",
        "+31 5 84548175",
        "+31 (0)584 548 175",
        "+212 584548175",
        "tel 058 4548175 2",
        "op 12-3-2018 10 uur",
        "2018-3-12 11 uur",
        "2018-03-12 14:30",
        "ma 9-12, wo 13-15",
    ],
)
def test_phone_numbers_and_days_are_no_bsn(text: str) -> None:
    assert not bsn.holds_bsn(text)


@pytest.mark.parametrize(
    "text", ["⑩⑩⑩⑩2", "５８４５４８１７５", "584\u200b548\u202e175", "5̶84548175"]
)
def test_a_bsn_in_odd_signs_is_found(text: str) -> None:
    assert bsn.holds_bsn(text)


@pytest.mark.parametrize("number", ONES)
def test_a_refusal_does_not_repeat_the_number(number: str) -> None:
    with pytest.raises(BsnFound) as refused:
        bsn.refuse(f"bsn {number}", "opmerkingen")
    assert number not in str(refused.value) + repr(refused.value.faults)


@pytest.mark.parametrize(
    ("heading", "is_one"),
    [
        ("BSN", True),
        ("bsn-nummer", True),
        ("BSN/Sofi", True),
        ("Burgerservicenummer", True),
        ("burger service nr.", True),
        ("Sofinummer", True),
        ("sofi-nr", True),
        ("Sofia", False),
        ("Absntie", False),
        ("Burgerlijke staat", False),
        ("Nummer", False),
        ("", False),
    ],
)
def test_a_heading_says_that_bsns_stand_below_it(heading: str, is_one: bool) -> None:
    assert bsn.is_heading(heading) == is_one


@given(some_bsn)
def test_a_bsn_that_lost_its_zero_is_known_where_bsns_stand(digits: str) -> None:
    assert bsn.lost_its_zero(digits[1:]) == (digits[0] == "0")
    assert not bsn.lost_its_zero(digits)


@pytest.mark.parametrize("text", ["", "12345673", "12032018", "x", "*********", "1234567a"])
def test_eight_other_digits_lost_nothing(text: str) -> None:
    assert not bsn.lost_its_zero(text)


def test_a_phone_number_beside_a_bsn_does_not_hide_it() -> None:
    assert bsn.without_bsn("0612345678 of 584548175") == f"0612345678 of {bsn.MASK}"
    assert bsn.without_bsn("0591-123456 584.548.175") == f"0591-123456 {bsn.MASK}"
