"""Reads phone numbers and e-mail addresses into the one form in which they can be compared."""

import re
import unicodedata

import phonenumbers

from core.errors import Fault, FaultyValue

REGION = "NL"
#: digits after the country code; the Dutch numbering plan has nine for every personal number
_DUTCH_DIGITS = 9
_LEAST_DIGITS_ABROAD = 7
#: characters; RFC 5321, 4.5.3.1
LONGEST_EMAIL = 254

NO_ANSWER = frozenset(
    [
        "",
        "-",
        "--",
        "?",
        "geen",
        "nee",
        "onbekend",
        "nvt",
        "n.v.t.",
        "n.v.t",
        "none",
        "no",
        "x",
        "geen tel",
    ]
)
_SEVERAL = re.compile(r"[/;,\n&|]|[^\W\d_]+")
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


def read_phones(text: str, thing: str = "phone") -> tuple[str, ...]:
    """The phone numbers in a text as E.164 (+31612345678), in their order; none for "geen" or "-".

    A number must be possible, not allocated: new ranges open more often than tables are renewed.
    Raises `FaultyValue` when something stands there that is no phone number.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if written.casefold() in NO_ANSWER:
        return ()
    whole = _number(written)
    parts = [whole] if whole else [_number(part) for part in _SEVERAL.split(written)]
    found = tuple(dict.fromkeys(part for part in parts if part))
    if not found:
        remedy = "Write the whole number, such as 06 12345678, or +32 and the number."
        fault = Fault(thing, "This is not a phone number that can be called.", remedy)
        raise FaultyValue(thing, remedy=remedy, faults=(fault,))
    return found


def read_email(text: str, thing: str = "e-mail") -> str:
    """An e-mail address in lower case, or "" for none; raises `FaultyValue` for anything else."""
    written = unicodedata.normalize("NFKC", text).strip().strip("<>;,").lower()
    written = written.removeprefix("mailto:")
    if written in NO_ANSWER:
        return ""
    local = written.partition("@")[0]
    if len(written) > LONGEST_EMAIL or len(local) > 64 or not _EMAIL.fullmatch(written):
        remedy = "Write one address, such as naam@voorbeeld.nl, or leave the cell empty."
        fault = Fault(thing, "This is not an e-mail address.", remedy)
        raise FaultyValue(thing, remedy=remedy, faults=(fault,))
    return written


def _number(text: str) -> str | None:
    # phonenumbers reads letters as the keys of a telephone, which makes a number of any remark
    if any(sign.isalpha() for sign in text):
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    digits = len(phonenumbers.national_significant_number(number))
    dutch = number.country_code == 31
    if (dutch and digits != _DUTCH_DIGITS) or digits < _LEAST_DIGITS_ABROAD or number.extension:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
