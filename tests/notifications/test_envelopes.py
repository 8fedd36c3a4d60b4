"""Names and texts as headers have them."""

import unicodedata
from email.header import decode_header, make_header
from email.utils import getaddresses
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import envelopes
from notifications.letter import Address


def test_a_plain_name_stays_readable() -> None:
    assert envelopes.mailbox(Address('Ann "de" Bot, B.', "a@x.nl")) == (
        '"Ann \\"de\\" Bot, B." <a@x.nl>'
    )
    assert envelopes.mailbox(Address("", "a@x.nl")) == "a@x.nl"


def test_a_name_is_composed_and_cut() -> None:
    assert envelopes.one_line("Rene\u0301e\n  de\tBoer\u202e") == "Renée de Boer"
    assert len(envelopes.mailbox(Address("a" * 500, "a@x.nl"))) < 130


@settings(max_examples=1000)
@given(st.text(max_size=100))
def test_encoded_words_give_back_the_name(text: str) -> None:
    line = envelopes.one_line(text)
    header = envelopes.subject(line)
    lines = header.split("\r\n ")
    assert all(len(each) <= 76 for each in lines[1:])
    assert not any(unicodedata.category(sign) == "Cc" for each in lines for sign in each)
    if not line.isascii():
        assert str(make_header(decode_header(header.replace("\r\n", "")))) == line


def test_a_link_cannot_leave_its_header() -> None:
    assert envelopes.link("https://x.nl/m/a>\r\nBcc: <b@y.nl") == (
        "https://x.nl/m/a%3E%0D%0ABcc:%20%3Cb@y.nl"
    )


def test_no_name_of_a_hundred_thousand_becomes_a_header_or_a_receiver() -> None:
    dice = Random(2018)
    pieces = [*'ab <>,;:@"\\()[]é\r\n\t\0\u202e\u2028', "\r\nBcc: evil@x.nl", "=?utf-8?q?=0d=0a?="]
    for _ in range(100_000):
        name = "".join(dice.choices(pieces, k=dice.randint(0, 8)))
        lines = envelopes.mailbox(Address(name, "ann@voorbeeld.example")).splitlines()
        # further lines are folded ones: they begin with a space and start no header
        assert all(line.startswith((" ", "\t")) for line in lines[1:])
        assert [email for _, email in getaddresses(["".join(lines)])] == ["ann@voorbeeld.example"]
