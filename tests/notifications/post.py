"""Letters for tests: a message is queued, its letter composed and put into words."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from sqlmodel import Session

from notifications.composing import compose
from notifications.letter import Letter
from notifications.rendering import Mail, render
from storage.queries import messages, outbox
from storage.queries.messages import Queued
from storage.queries.outbox import Outgoing
from storage.tables import Message
from tests.builders import NOW
from tests.looking import rows_of
from tests.notifications.mails import DESK

#: what the participants of these tests are called, and how they can be reached
FIRST_NAME, LAST_NAME = "Kanariette", "Geheimstra"
PHONE, EMAIL = "+31612349876", "kanariette@post.example"
CANARIES = (FIRST_NAME, LAST_NAME, "612349876", "6 12349876", "kanariette@")


def a_message(
    session: Session, library: int, kind: str, *, now: datetime = NOW, **about: Any
) -> Outgoing:
    """A message as a worker holds it; `about`: its receiver, case, referral and detail."""
    key = f"{kind}:{len(rows_of(session, Message))}"
    messages.queue(session, [Queued(library, key, kind, now, **about)], now)
    [row] = rows_of(session, Message, key=key)
    return claimed(session, row)


def claimed(session: Session, row: Message) -> Outgoing:
    """A message that was queued, as a worker holds it."""
    found = outbox.by_number(session, row.id or 0)
    assert found is not None
    return found


def letter(session: Session, message: Outgoing, now: datetime = NOW) -> Letter | None:
    """The letter of a message, or nothing when it is not needed any more."""
    session.flush()
    # as in a transaction of its own, in which everything is asked anew
    session.info.clear()
    return compose(session, message, now, DESK)


def needed(session: Session, message: Outgoing, now: datetime = NOW) -> Letter:
    """The letter of a message that is needed."""
    found = letter(session, message, now)
    assert found is not None
    return found


def written(session: Session, message: Outgoing, now: datetime = NOW) -> Mail:
    """The mail of a message that is needed."""
    found = needed(session, message, now)
    return render(found, key=message.key, sender=DESK.sender, now=now)


def everything(mail: Mail) -> str:
    """All that somebody could read in a mail: headers and parts, decoded."""
    parsed = message_from_bytes(mail.source, policy=default)
    assert isinstance(parsed, EmailMessage)
    return "\n".join([mail.source.decode(), mail.subject, mail.text, mail.html, *_parts(parsed)])


def _parts(parsed: EmailMessage) -> Iterator[str]:
    for part in parsed.walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            yield part.get_content()
