"""Case references such as ``7K3F-9Q``: what people see and say instead of a row number.

Five characters hold the number (scrambled, so that neighbours look nothing alike) and the sixth
checks them: a wrong character and two swapped ones are always noticed. Crockford's base 32: no I,
L, O or U, and what people type for them is understood.
"""

from core.errors import NotFound

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BITS = 25
#: letters of a reference; a row number has 15 digits at most
_LONGEST = 11
_MASK = (1 << _BITS) - 1
#: odd, so that multiplying modulo a power of two can be turned back
_FACTOR = 0x1B7_35A5
_INVERSE = pow(_FACTOR, -1, 1 << _BITS)


def reference(number: int) -> str:
    """The reference of a positive row number; numbers past 33 million get longer references."""
    high, low = number >> _BITS, number & _MASK
    scrambled = (low * _FACTOR) & _MASK
    scrambled ^= scrambled >> 13
    digits = _base32(high) if high else ""
    digits += _base32(scrambled, 5)
    digits += ALPHABET[_check(digits)]
    return f"{digits[:-2]}-{digits[-2:]}"


def number_of(text: str) -> int:
    """The row number behind a reference, however it is spelled; raises `NotFound`."""
    values = [_VALUES.get(letter, -1) for letter in text.upper() if letter not in "- ."]
    if not 6 <= len(values) <= _LONGEST or -1 in values:
        raise NotFound(text, remedy="A reference looks like 7K3F-9Q.")
    digits = "".join(ALPHABET[value] for value in values[:-1])
    if _check(digits) != values[-1]:
        raise NotFound(text, remedy="Check the letters: one of them is wrong or two are swapped.")
    scrambled = high = 0
    for value in values[-6:-1]:
        scrambled = scrambled * 32 + value
    for value in values[:-6]:
        high = high * 32 + value
    scrambled ^= scrambled >> 13
    return (high << _BITS) | ((scrambled * _INVERSE) & _MASK)


def _base32(number: int, width: int = 0) -> str:
    letters = ""
    while number or len(letters) < width:
        letters = ALPHABET[number & 31] + letters
        number >>= 5
    return letters


def _check(digits: str) -> int:
    """A check value over GF(32): catches every single error and every swap of two neighbours."""
    total = 0
    for letter in digits:
        total = _double(total ^ _VALUES[letter])
    return total


def _double(value: int) -> int:
    """Twice a value in GF(32), with x⁵ + x² + 1 as the field's polynomial."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
