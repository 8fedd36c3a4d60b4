"""How handing over a mail can end, and what the words of a mail server mean for the address."""

import re
from dataclasses import dataclass
from typing import ClassVar

from core.words import Told

#: characters of the words of a mail server that are kept
_KEPT = 300
#: ``5.1.1`` in "550 5.1.1 No such user"
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
#: subjects of RFC 3463 that say nothing about the address: the server, the protocol, the content,
#: a policy; of mailboxes (2) these details: full, too large
_NOT_THE_ADDRESS = ("3", "5", "6", "7")
_NOT_THE_MAILBOX = ("2", "3")


@dataclass(frozen=True)
class Outcome:
    """How a try ended."""

    #: the words of the mail server, or ours
    reason: str = ""
    #: what is kept in ``message.fault``
    fault: ClassVar[str | None] = None


class Delivered(Outcome):
    """The mail server took it."""


@dataclass(frozen=True)
class Rejected(Outcome):
    """The mail server will never take this mail, or not for this address."""

    fault = "refused"
    #: it is the address that is wrong
    bad_address: bool = False


class Later(Outcome):
    """The mail server may take this mail another time."""

    fault = "later"


class Unreachable(Outcome):
    """The mail server did not get as far as this mail: nothing was sent."""

    fault = "unreachable"


class Uncertain(Outcome):
    """The mail was handed over and no answer came: it may have arrived."""

    fault = "uncertain"


class NotNeeded(Outcome):
    """What the mail is about is done, or has moved on."""


class NotAllowed(Outcome):
    """This system mails only addresses on its list."""

    fault = "not_allowed"


class NoAddress(Outcome):
    """The receiver cannot be mailed."""

    fault = "no_address"


class KnownBad(Outcome):
    """The address was refused for good before."""

    fault = "undeliverable"


class Broken(Outcome):
    """The mail could not be written: a mistake in a template or in the program."""

    fault = "broken"


#: what a fault is called on a screen
CALLED = {
    "refused": Told("The mail server refused it."),
    "later": Told("The mail server asks to try again later."),
    "unreachable": Told("The mail server could not be reached."),
    "uncertain": Told("The connection broke, so it may have arrived."),
    "not_allowed": Told("This system only mails the addresses in BRUG_MAIL_ONLY_TO."),
    "no_address": Told("The receiver has no address that can be used."),
    "undeliverable": Told("This address was refused before. Mend it, then try again."),
    "broken": Told("The mail could not be written."),
    "bounced": Told("It came back."),
    "delayed": Told("It is still on its way."),
}


def is_bad_address(words: str, *, otherwise: bool = True) -> bool:
    """Whether a permanent refusal is about the address; without a code of RFC 3463 `otherwise`."""
    found = _ENHANCED.search(words)
    if found is None:
        return otherwise
    _, subject, detail = found.groups()
    if subject == "2":
        return detail not in _NOT_THE_MAILBOX
    return subject not in _NOT_THE_ADDRESS


def plain(words: str) -> str:
    """The words of a mail server in one line that any database can hold."""
    if words.isascii() and words.isprintable() and len(words) <= _KEPT:
        return words.strip()
    whole = words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    seen = "".join(letter if letter.isprintable() else " " for letter in whole)
    return " ".join(seen.split())[:_KEPT]
