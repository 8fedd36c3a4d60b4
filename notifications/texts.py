"""The texts in mails that a library writes itself: words and placeholders such as ``{{naam}}``.

They are no templates: a placeholder stands for one value, and what a value holds is never read
again. A faulty text is refused when it is saved, so that no mail fails on it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core.errors import Fault, FaultyValue, NotFound
from core.words import Told, day_in_words, say
from notifications.envelopes import one_line
from notifications.views import AppointmentView, ReferralView
from storage.queries import mail_texts
from workflows import remedies

_PLACEHOLDER = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")
#: with the space before it, which goes too when there is nothing to fill in
_WITH_SPACE = re.compile(rf"([ \t]*){_PLACEHOLDER.pattern}")
_BRACES = re.compile(r"\{[{%#]?|[}%#]?\}")
#: what nobody reads about themselves; kept out of everything a participant sees
_HURTING = re.compile(r"laag\s*-?\s*gelet+erd\w*|analfab\w+", re.IGNORECASE)


@dataclass(frozen=True)
class EditableText:
    """A text that a library may write itself."""

    #: where it stands, in words
    title: Told
    #: placeholder → what it stands for, in words
    placeholders: Mapping[str, Told]
    #: what is used while the library has written nothing
    default: Told
    #: characters
    longest: int = 1000


_LIBRARY = Told("name of the library")
TEXTS = {
    "referral": EditableText(
        Told("The first lines of a mail to a provider about a referral"),
        {
            "naam": Told("name of the contact person"),
            "bibliotheek": _LIBRARY,
            "kenmerk": Told("reference"),
            "cursus": Told("name of the course"),
            "datum": Told("first day of the course"),
        },
        Told("We refer somebody to you. Will you let us know how it stands?"),
    ),
    "appointment": EditableText(
        Told("What stands under the day and place in a mail to a participant"),
        {
            "naam": Told("first name"),
            "bibliotheek": _LIBRARY,
            "datum": Told("day of the appointment"),
            "plaats": Told("place"),
            "telefoon": Told("phone number"),
        },
        Told("You may bring somebody along."),
    ),
    "signature": EditableText(
        Told("The end of every mail to partners and participants"),
        {"bibliotheek": _LIBRARY},
        Told("Kind regards,\n{{bibliotheek}}"),
        300,
    ),
}
NAMES = tuple(TEXTS)


def named(name: str) -> EditableText:
    """The text with this name; raises `NotFound` with those that there are."""
    if name not in TEXTS:
        raise NotFound(name, remedy=remedies.suggestion(name, NAMES))
    return TEXTS[name]


def default(name: str, language: str) -> str:
    """What is used while a library has written nothing."""
    return say(language, named(name).default)


def clean(text: str) -> str:
    """A text as it is kept: in NFC, without invisible signs, with single empty lines."""
    lines = (one_line(line).rstrip() for line in unicodedata.normalize("NFC", text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def check(name: str, text: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a text, with its lines; an empty text is a good one."""
    known = named(name)
    faults = [*_unknown(known, text), *_loose(text), *_hurting(name, text)]
    if len(text) > known.longest:
        shorter = Told("Keep it within {number} characters.", number=known.longest)
        faults.append(Fault(name, "This is too long.", shorter))
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def fill(name: str, text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; one without a value leaves no gap."""
    known = named(name).placeholders

    def filled(found: re.Match[str]) -> str:
        space, word = found.groups()
        value = one_line(values.get(word, "")) if word in known else ""
        return f"{space}{value}" if value else ""

    return _WITH_SPACE.sub(filled, text)


def values_for_referral(view: ReferralView, language: str) -> dict[str, str]:
    """What the placeholders of ``referral`` stand for."""
    return {
        "naam": view.name,
        "bibliotheek": view.library,
        "kenmerk": view.reference,
        "cursus": view.course or "",
        "datum": _written(view.starts_on, language),
    }


def values_for_appointment(view: AppointmentView, library: str, language: str) -> dict[str, str]:
    """What the placeholders of ``appointment`` stand for."""
    return {
        "naam": view.first_name or "",
        "bibliotheek": library,
        "datum": _written(view.day, language),
        "plaats": view.place,
        "telefoon": view.phone or "",
    }


def save(
    session: Session, organisation_id: int, name: str, language: str, text: str, *, now: datetime
) -> str:
    """Keep what a library wrote and give it back cleaned; an empty text brings back the default.

    Raises `FaultyValue` with every fault. That it holds no BSN is for the caller to see to.
    """
    cleaned = clean(text)
    faults = check(name, cleaned)
    if faults:
        raise FaultyValue(name, faults=faults)
    if cleaned:
        mail_texts.keep(session, organisation_id, name, language, cleaned, now)
    else:
        mail_texts.drop(session, organisation_id, name, language)
    return cleaned or default(name, language)


def in_use(kept: Mapping[tuple[str, str], str], name: str, language: str) -> str:
    """What a library wrote, of `storage.queries.mail_texts.of_library`, or else the default."""
    return kept.get((name, language)) or default(name, language)


def _unknown(known: EditableText, text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), 1):
        for word in _PLACEHOLDER.findall(line):
            if word not in known.placeholders:
                remedy = remedies.suggestion(word, known.placeholders)
                yield Fault(remedies.short(word), "This placeholder is not known.", remedy, number)


def _loose(text: str) -> Iterator[Fault]:
    """Braces that belong to no placeholder."""
    for number, line in enumerate(text.splitlines(), 1):
        loose = _BRACES.search(_PLACEHOLDER.sub("", line))
        if loose:
            why = "This brace belongs to no placeholder."
            remedy = "Write a placeholder as {{naam}}, and no other braces."
            yield Fault(loose.group(), why, remedy, number)


def _hurting(name: str, text: str) -> Iterator[Fault]:
    """A word that a participant must never read; providers and staff are another matter."""
    if name == "referral":
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = _HURTING.search(line)
        if found:
            remedy = "Write what somebody can learn."
            yield Fault(
                found.group(), "Participants read this, and this word hurts.", remedy, number
            )


def _written(day: date | None, language: str) -> str:
    return day_in_words(language, day) if day else ""
