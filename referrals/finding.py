"""Finds people by whatever is typed: a name, a phone number, an e-mail address, a reference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from core.errors import FaultyValue, NotFound
from core.references import number_of
from core.words import Told
from referrals import names, phones
from referrals.search_words import asked_words, backwards
from storage.queries import search

#: characters of a question; what comes after them is not looked for
LONGEST = 100
#: people that are shown at most
MOST = 50
#: fewer letters, or fewer last digits, fit too many people
LEAST_LETTERS, LEAST_DIGITS = 2, 4
#: digits from its beginning after which a phone number is looked for from there
_LEAST_BEGINNING = 4
_ADDRESS = re.compile(r"/(cases|people)/([^/?#]+)")
_NO_NUMBER = re.compile(r"[^\d+\s().\-–/]")


class Hit(NamedTuple):
    """Somebody who was found, and why."""

    participant_id: int
    #: a sentence
    why: Told


@dataclass(frozen=True)
class Found:
    """What a question found."""

    hits: tuple[Hit, ...] = ()
    #: the case whose reference was typed, for the first of the hits
    case_id: int | None = None
    #: whether there are more than are shown
    more: bool = False


@dataclass(frozen=True)
class Asked:
    """What somebody typed, read in every way that it can be meant."""

    #: the number of a case or participant
    number: int | None = None
    #: whether that is the number of a participant, as in the address of a page
    of_person: bool = False
    #: of names, folded
    words: tuple[str, ...] = ()
    #: from the beginning, in E.164
    phone: str = ""
    #: the last digits
    digits: str = ""
    email: str = ""


def read(text: str) -> Asked:
    """What a text asks for; nothing for a text that says nothing."""
    typed = names.clean(text[:LONGEST])
    address = _ADDRESS.search(typed)
    if address:
        return Asked(number=_number(address.group(2)), of_person=address.group(1) == "people")
    if "@" in typed:
        return Asked(email=typed.casefold())
    digits = "".join(sign for sign in typed if sign.isdigit())
    if digits and not _NO_NUMBER.search(typed):
        number = _number(typed)
        last = digits if len(digits) >= LEAST_DIGITS else ""
        return Asked(number=number, phone=_beginning(typed, digits), digits=last)
    words = asked_words(typed)
    tells = bool(words) and len(words[0]) >= LEAST_LETTERS
    return Asked(number=_number(typed), words=words if tells else ())


def find(session: Session, organisation_id: int, text: str, *, sees: int | None) -> Found:
    """Everybody of a library whom a text can mean; the case whose reference it is.

    `sees`: the member of staff whose cases and nobody's are all that may be found; none: all.
    """
    asked = read(text)
    why: dict[int, Told] = {}
    whose = None
    if asked.number and not asked.of_person:
        whose = search.participant_of(session, organisation_id, asked.number, sees=sees)
    if whose is not None:
        why[whose] = Told("This is the reference of the case.")
    elif asked.number:
        who = search.seen(session, organisation_id, asked.number, sees=sees)
        if who is not None:
            why[who] = Told("This is the reference of the participant.")
    for number, reason in _people(session, organisation_id, asked, sees):
        why.setdefault(number, reason)
    hits = tuple(Hit(number, reason) for number, reason in why.items())
    return Found(hits[:MOST], asked.number if whose else None, len(hits) > MOST)


def _people(
    session: Session, organisation_id: int, asked: Asked, sees: int | None
) -> Iterator[tuple[int, Told]]:
    limit = MOST + 1
    if asked.email:
        by_mail = search.with_email(session, organisation_id, asked.email, sees=sees, limit=limit)
        yield from ((who, Told("This is the e-mail address.")) for who in by_mail)
    if asked.phone:
        begins = search.with_phone(session, organisation_id, asked.phone, sees=sees, limit=limit)
        yield from ((who, Told("The phone number begins so.")) for who in begins)
    if asked.digits:
        last = (backwards(asked.digits),)
        ends = search.with_words(session, organisation_id, last, sees=sees, limit=limit)
        yield from ((who, Told("The phone number ends so.")) for who in ends)
    if asked.words:
        named = search.with_words(session, organisation_id, asked.words, sees=sees, limit=limit)
        yield from ((who, Told("The name fits.")) for who in named)


def _number(text: str) -> int | None:
    try:
        return number_of(text)
    except NotFound:
        return None


def _beginning(typed: str, digits: str) -> str:
    """A number, or what was typed of it so far, as E.164 begins."""
    try:
        whole = phones.read_phones(typed)
    except FaultyValue:
        whole = ()
    if whole:
        return whole[0]
    bare = typed.replace("(0)", "").lstrip("( ")
    if bare.startswith("+"):
        known = "+" + "".join(sign for sign in bare if sign.isdigit())
    elif digits.startswith("00"):
        known = "+" + digits[2:]
    elif digits.startswith("0"):
        known = "+31" + digits[1:]
    else:
        return ""
    return known if len(digits) >= _LEAST_BEGINNING else ""
