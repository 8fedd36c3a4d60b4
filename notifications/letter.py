"""A letter: everything that stands in one mail, before it is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Address:
    """Somebody who can be mailed."""

    name: str
    email: str


@dataclass(frozen=True)
class Appointment:
    """What goes into a calendar: a neutral title and a day."""

    #: the same for every version of the same appointment
    uid: str
    day: date
    place: str = ""


@dataclass(frozen=True)
class Letter:
    """What a mail says, to whom, and why it comes; `rendering` puts it into words."""

    #: a folder in `notifications/templates/`
    template: str
    #: ``nl`` or ``en``
    language: str
    to: Address
    #: what the template is filled with; a name that it uses and that is missing is an error
    values: Mapping[str, object]
    #: the library it comes from
    library: str
    #: a real person or a desk where people read: where an answer goes
    reply_to: Address | None = None
    #: the reference of the case, by which mail programs keep mails together
    thread: str | None = None
    #: the page on which the receiver chooses how often mail comes
    preferences: str | None = None
    #: for mails that come regularly: one click or one POST ends them (RFC 8058)
    unsubscribe: str | None = None
    appointment: Appointment | None = None
    #: texts that the library wrote itself, filled in already
    texts: Mapping[str, str] = field(default_factory=dict)
