"""Puts a letter into words: subject, text and HTML from its templates, and the mail as bytes."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from core import words
from core.words import Told
from notifications import calendars, envelopes, styling
from notifications.envelopes import Part
from notifications.kinds import KINDS, Kind
from notifications.letter import Address, Letter
from notifications.texts import NAMES

TEMPLATES = Path(__file__).parent / "templates"
_PLAIN = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_CALENDAR = "text/calendar; charset=utf-8; method=PUBLISH"
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
#: control characters but tab and line end, and signs that turn the direction of what follows
_UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(13, 32), 127, *range(0x202A, 0x202F),
                         *range(0x2066, 0x206A)])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter in words, and as the bytes that a mail server gets."""

    to_email: str
    subject: str
    text: str
    html: str
    #: with its angle brackets
    message_id: str
    #: RFC 5322, with CRLF, in lines of at most 998 octets of 7 bits
    source: bytes


def render(letter: Letter, *, key: str, sender: Address, now: datetime) -> Mail:
    """Write a letter out; the same letter with the same key and moment gives the same bytes.

    Raises `FaultyValue` when an address cannot be mailed.
    """
    kind = KINDS[letter.template]
    shelf = _environment(letter.language)
    context = _context(letter, kind)
    subject = envelopes.one_line(_filled(shelf, letter.template, "subject.txt", context))
    context["subject"] = subject
    text = _EMPTY_LINES.sub("\n\n", _filled(shelf, letter.template, "body.txt", context))
    text = _seen(text.strip() + "\n")
    html = _seen(_filled(shelf, letter.template, "body.html", context).strip() + "\n")
    mark = envelopes.fingerprint(key)
    email = envelopes.mailable(letter.to.email)
    domain = envelopes.mailable(sender.email).rpartition("@")[2]
    message_id = f"<{mark[:40]}@{domain}>"
    headers = [
        # people know the library and not the program; the address stays that of the sender
        ("From", _mailbox(Address(letter.library or sender.name, sender.email))),
        ("To", envelopes.mailbox(letter.to)),
        ("Subject", envelopes.subject(subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", message_id),
        *_further(letter, domain),
        ("X-Brug-Key", key),
    ]
    source = envelopes.packed(headers, _body(letter, text, html, mark, now))
    return Mail(email, subject, text, html, message_id, source)


def _further(letter: Letter, domain: str) -> list[tuple[str, str]]:
    """Headers that depend on the letter; what is empty is left out."""
    thread = f"<case-{letter.thread}@{domain}>" if letter.thread else ""
    off = f"<{envelopes.link(letter.unsubscribe)}>" if letter.unsubscribe else ""
    return [
        ("Reply-To", _mailbox(letter.reply_to) if letter.reply_to else ""),
        ("In-Reply-To", thread),
        ("References", thread),
        ("Content-Language", letter.language),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", off),
        ("List-Unsubscribe-Post", off and "List-Unsubscribe=One-Click"),
    ]


def _body(letter: Letter, text: str, html: str, mark: str, now: datetime) -> str:
    parts = [envelopes.single(Part(_PLAIN, text)), envelopes.single(Part(_HTML, html))]
    if letter.appointment is None:
        return envelopes.several("multipart/alternative", parts, mark[:24])
    entry = calendars.calendar(letter.appointment, letter.language, now)
    parts.append(envelopes.single(Part(_CALENDAR, entry)))
    name = words.say(letter.language, "appointment")
    return envelopes.several(
        "multipart/mixed",
        [
            envelopes.several("multipart/alternative", parts, mark[24:48]),
            envelopes.single(Part(_CALENDAR, entry, file=f"{name}.ics")),
        ],
        mark[:24],
    )


#: the sender is the same in every mail, and where answers go nearly so
_mailbox = lru_cache(maxsize=256)(envelopes.mailbox)


def _context(letter: Letter, kind: Kind) -> dict[str, Any]:
    """What every template is filled with, beside the values of its kind."""
    return {
        **letter.values,
        "language": letter.language,
        "library": letter.library,
        "texts": dict.fromkeys(NAMES, "") | dict(letter.texts),
        "audience": kind.audience,
        "why": kind.why,
        "choose": kind.choose,
        "by_reply": kind.by_reply,
        "preferences": letter.preferences,
        "reader": letter.reply_to.name if letter.reply_to else "",
    }


def _filled(shelf: Environment, folder: str, name: str, context: dict[str, Any]) -> str:
    return shelf.get_template(f"{folder}/{name}").render(context)


def _seen(text: str) -> str:
    """A text without control characters and signs that turn the direction of what follows."""
    # nearly every text is well as it is, and this finds that out several times faster
    return text if all(map(str.isprintable, text.split("\n"))) else text.translate(_UNSEEN)


class _Templates(BaseLoader):
    """Our templates, with the style sheet put into their elements."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        path = TEMPLATES / template
        if not path.is_file():
            raise TemplateNotFound(template)
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = styling.inlined(source)
        return source, str(path), None


@cache
def _environment(language: str) -> Environment:
    """The templates in a language."""
    shelf = Environment(
        loader=_Templates(),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(".html")),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    shelf.globals |= {"t": _speaker(language), "kept_style": Markup(styling.kept())}
    shelf.filters |= {
        "day": lru_cache(maxsize=1024)(lambda day: _day(language, day)),
        "number": lru_cache(maxsize=1024)(lambda number: words.number_in(language, number)),
        "names": lambda names: _listed(language, names),
        "first_upper": lambda text: text[:1].upper() + text[1:],
        "dialled": lambda phone: re.sub(r"[^+0-9]", "", phone),
        "paragraphs": _paragraphs,
    }
    return shelf


def _speaker(language: str) -> Callable[..., str]:
    """`core.words.say` in a language, without its cost for a plain sentence with plain values."""
    twins = words.catalogue(language)

    def t(sentence: str, **values: object) -> str:
        if type(sentence) is Told:
            if sentence.values:
                return words.say(language, sentence, **values)
            sentence = sentence.pattern
        found = twins.get(sentence, sentence)
        return found.format(**values) if values else found

    return t


def _day(language: str, day: date) -> str:
    """A day near today, written out without its year."""
    return words.day_in_words(language, day).removesuffix(f" {day.year}")


def _listed(language: str, names: Sequence[str]) -> str:
    *others, last = names
    if not others:
        return last
    return words.say(language, "{names} and {last}", names=", ".join(others), last=last)


def _paragraphs(text: str) -> Iterable[list[str]]:
    """The lines of each paragraph; an empty line parts two paragraphs."""
    parts = re.split(r"\n\s*\n", text.strip()) if text.strip() else ()
    return [part.splitlines() for part in parts]
