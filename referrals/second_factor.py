"""The second factor: codes of an app (TOTP, RFC 6238), each of which works once."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno

#: seconds of a time step
_STEP = 30
#: steps before and after the present one whose code is taken too: clocks differ
_AROUND = 1
DIGITS = 6
_ISSUER = "Brug"


@dataclass(frozen=True)
class Drawn:
    """A QR code as a drawing: one path in squares of one by one."""

    size: int
    path: str


def new_secret() -> str:
    """What an app makes its codes from: 160 random bits."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """What an app reads to know the secret (``otpauth://``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def drawn(text: str) -> Drawn:
    """A text as a QR code, with the quiet border of four squares."""
    made = segno.make(text, error="m", micro=False)
    rows = [list(map(bool, row)) for row in made.matrix_iter(border=4)]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            wide = x
            while wide < len(row) and row[wide]:
                wide += 1
            if wide > x:
                parts.append(f"M{x} {y}h{wide - x}v1h-{wide - x}z")
            x = wide + 1
    return Drawn(len(rows), "".join(parts))


def in_groups(secret: str) -> str:
    """A secret for typing over, four signs at a time."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to, of the present one and its neighbours."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdecimal()):
        return None
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    for step in range(present - _AROUND, present + _AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None
