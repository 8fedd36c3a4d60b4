"""The words by whose beginning somebody is found: parts of the name, and the phone from its end."""

from referrals.names import PARTICLES, folded

#: stands before a phone number, which is kept backwards so that its last digits come first
PHONE = "#"
#: the words before a last name as they are when folded: of "'t" the sign is gone
_SMALL = PARTICLES | {"t"}


def words_of(first_name: str | None, last_name: str | None, phone: str | None) -> tuple[str, ...]:
    """The words that are kept for somebody, in their order; none for the nameless.

    `phone`: in E.164. What stands before a last name, such as "van den", is no word of its own.
    """
    last = folded(last_name or "").split()
    words = {*folded(first_name or "").split(), *_telling(last)}
    if phone:
        words.add(backwards(phone))
    return tuple(sorted(words))


def asked_words(text: str) -> tuple[str, ...]:
    """The words that somebody asks for, longest first, which are usually the rarest."""
    words = dict.fromkeys(_telling(folded(text).split()))
    return tuple(sorted(words, key=len, reverse=True))


def backwards(digits: str) -> str:
    """A phone number, or its last digits, as it is kept."""
    return PHONE + digits.removeprefix("+")[::-1]


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in _SMALL] or words
