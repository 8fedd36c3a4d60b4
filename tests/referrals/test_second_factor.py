"""Codes of an app: as RFC 6238 has them, for a minute and a half, and drawn so that they scan."""

from datetime import UTC, datetime, timedelta

import pytest

from referrals import second_factor
from tests.builders import NOW

#: the secret of the RFC, in base 32
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.step_of(RFC, code, now) == seconds // 30
    assert second_factor.step_of(RFC, f" {code[:3]} {code[3:]} ", now) == seconds // 30


def test_a_code_is_taken_half_a_minute_early_or_late_and_no_more() -> None:
    import pyotp

    code, step = pyotp.TOTP(RFC).at(NOW), int(NOW.timestamp()) // 30
    for steps in (-1, 0, 1):
        assert second_factor.step_of(RFC, code, NOW + timedelta(seconds=30 * steps)) == step
    for steps in (-2, 2):
        assert second_factor.step_of(RFC, code, NOW + timedelta(seconds=30 * steps)) is None


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "+12345", "1e1234"]
)
def test_what_is_no_code_is_none(code: str) -> None:
    assert second_factor.step_of(RFC, code, NOW) is None


def test_secrets_are_long_and_new() -> None:
    first, second = second_factor.new_secret(), second_factor.new_secret()
    assert first != second and len(first) == 32
    assert second_factor.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"


def test_the_drawing_is_the_code_square_by_square() -> None:
    import re

    import segno

    text = second_factor.address(RFC, "ann@voorbeeld.nl")
    assert text.startswith("otpauth://totp/Brug:ann%40voorbeeld.nl?secret=" + RFC)
    drawn = second_factor.drawn(text)
    dark = {
        (int(x) + n, int(y))
        for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn.path)
        for n in range(int(wide))
    }
    made = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    assert drawn.size == len(made) == len(made[0])
    assert dark == {(x, y) for y, row in enumerate(made) for x, on in enumerate(row) if on}
