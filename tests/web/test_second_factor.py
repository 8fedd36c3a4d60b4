"""The second step of signing in: a code, once, in time, and few guesses at it."""

import pytest

from tests.web.entering import code_of, is_in, signs_in, with_codes, with_password
from tests.web.town import Town, Visitor


def test_a_code_is_asked_for_and_works_once(town: Town, visitor: Visitor) -> None:
    with_password(town)
    secret = with_codes(town)
    page = signs_in(visitor, to="?to=/account")
    assert page.title == "Nog één stap"
    assert not is_in(visitor)
    right = code_of(secret, town)
    wrong = visitor.send(page, code=f"{(int(right) + 1) % 10**6:06}")
    assert wrong.status == 422 and not is_in(visitor)
    assert visitor.send(page, code=f"{right[:3]} {right[3:]}").path == "/account"
    other = town.visitor()
    again = other.send(signs_in(other), code=right)
    assert again.status == 422 and "al gebruikt" in again.text
    # the one before it was over with it
    early = other.send(signs_in(other), code=code_of(secret, town, -1))
    assert early.status == 422
    other.send(signs_in(other, to="?to=/account"), code=code_of(secret, town, 1))
    assert is_in(other)


def test_codes_are_guessed_ten_times_at_most(town: Town, visitor: Visitor) -> None:
    with_password(town)
    secret = with_codes(town)
    page = signs_in(visitor)
    wrong = f"{(int(code_of(secret, town)) + 1) % 10**6:06}"
    statuses = [visitor.send(page, code=wrong).status for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert visitor.send(page, code=code_of(secret, town)).status == 429


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "1234567", "-12345"])
def test_what_is_no_code_is_refused(town: Town, visitor: Visitor, code: str) -> None:
    with_password(town)
    with_codes(town)
    assert visitor.send(signs_in(visitor), code=code).status == 422


def test_half_of_signing_in_is_over_after_ten_minutes(town: Town, visitor: Visitor) -> None:
    with_password(town)
    secret = with_codes(town)
    page = signs_in(visitor)
    town.later(minutes=10)
    assert visitor.send(page, code=code_of(secret, town)).title == "Inloggen"
    assert not is_in(visitor)
    # nobody comes to the code without the password
    assert town.visitor().open("/sign-in/code").title == "Inloggen"
