"""Mails for tests of the outbox: queued without cases, composed and rendered by a few lines."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from notifications import outbox
from notifications.desk import Desk
from notifications.letter import Address, Letter
from notifications.outcomes import Outcome
from notifications.relay import Relay
from notifications.writing import Post
from storage.engine import reading, transaction
from storage.queries import messages
from storage.queries.messages import Queued
from storage.queries.outbox import Begun, Outgoing
from storage.tables import Message, Staff
from tests.builders import NOW, a_library

SENDER = Address("Brug", "brug@voorbeeld.nl")
ADDRESS = "ann@voorbeeld.nl"
DESK = Desk("https://brug.voorbeeld.nl", SENDER)


@dataclass(frozen=True)
class Plain:
    """A mail as rendering would make it."""

    to_email: str
    message_id: str
    source: bytes


@dataclass
class Moving:
    """A clock that a test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def on(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Office:
    """A database with a library, a server to send to, and a clock."""

    engine: Engine
    port: int
    clock: Moving = field(default_factory=Moving)
    #: number of the message → what composing it does instead
    instead: dict[int, Callable[[], Letter | None]] = field(default_factory=dict)
    relay: Relay = field(default_factory=Relay)
    library: int = 0
    coordinator: int = 0
    sender: str = SENDER.email

    def __post_init__(self) -> None:
        self.relay = replace(self.relay, host="127.0.0.1", port=self.port)
        if not self.library:
            with transaction(self.engine) as session:
                self.library = a_library(session)
                self.coordinator = session.exec(select(Staff.id)).one() or 0

    @property
    def post(self) -> Post:
        desk = replace(DESK, sender=Address("Brug", self.sender))
        return Post(desk, self.relay, self.compose, rendered, self.clock)

    def compose(
        self, session: Session, message: Outgoing, now: datetime, desk: Desk
    ) -> Letter | None:
        """What a test wants instead, or else a letter."""
        if message.id in self.instead:
            return self.instead[message.id]()
        return compose(session, message, now, desk)

    def queue(self, count: int = 1, *, kind: str = "digest", **detail: str) -> list[int]:
        """Mails to the coordinator that are due now; ``to=`` is another address."""
        with transaction(self.engine) as session:
            there = len(session.exec(select(Message.id)).all())
            keys = [f"{kind}:test:{there + number}" for number in range(count)]
            messages.queue(
                session,
                [
                    Queued(self.library, key, kind, self.clock.at, staff_id=self.coordinator,
                           detail=detail)
                    for key in keys
                ],
                self.clock.at,
            )  # fmt: skip
            rows = session.exec(select(Message).where(Message.key.in_(keys)))  # type: ignore[attr-defined]
            return sorted(row.id or 0 for row in rows)

    def claim(self, limit: int = 50) -> list[Outgoing]:
        with transaction(self.engine) as session:
            return outbox.claim(session, self.clock.at, limit=limit)

    def start(self, mail: Outgoing) -> bool:
        """Whether the claim held."""
        try:
            with transaction(self.engine) as session:
                begun = [Begun(mail, ADDRESS, "<1@voorbeeld.nl>")]
                outbox.start_data(session, begun, self.clock.at)
        except outbox.Overtaken:
            return False
        return True

    def settle(self, mail: Outgoing, outcome: Outcome) -> str | None:
        """The new state, unless the claim was lost."""
        with transaction(self.engine) as session:
            return outbox.settle(session, mail, outcome, self.clock.at, address=ADDRESS)

    def release(self) -> int:
        with transaction(self.engine) as session:
            return outbox.release(session, self.clock.at)

    def tried(self, outcome: Outcome) -> str | None:
        """The one mail that is due is claimed, begun and settled."""
        [mail] = self.claim()
        assert self.start(mail)
        return self.settle(mail, outcome)

    def rows(self, kind: str | None = None) -> list[Message]:
        """All messages, or those of a kind, in the order in which they were queued."""
        with reading(self.engine) as session:
            rows = session.exec(select(Message).order_by(Message.id))  # type: ignore[arg-type]
            return [row for row in rows if kind in (None, row.kind)]

    def row(self, number: int) -> Message:
        """One of them."""
        with reading(self.engine) as session:
            return session.get_one(Message, number)

    def states(self, kind: str | None = None) -> list[str]:
        return [row.state for row in self.rows(kind)]

    def change(self, statement: str, **values: Any) -> None:
        """A change by hand."""
        with transaction(self.engine) as session:
            session.connection().execute(text(statement), values)


def compose(session: Session, message: Outgoing, now: datetime, desk: Desk) -> Letter | None:
    """A letter to the member of staff, or to the address in `detail`."""
    receiver = session.get_one(Staff, message.staff_id)
    return a_letter(message.detail.get("to") or receiver.email)


def a_letter(address: str) -> Letter:
    """A letter that says little."""
    return Letter("digest", "nl", Address("Ann", address), {}, "De Voorbeeld")


def rendered(letter: Letter, *, key: str, sender: Address, now: datetime) -> Plain:
    """A mail with the headers that matter here."""
    message_id = f"<{sha256(key.encode()).hexdigest()[:32]}@voorbeeld.nl>"
    source = (
        f"From: {sender.email}\r\nTo: {letter.to.email}\r\nSubject: Vandaag\r\n"
        f"Message-ID: {message_id}\r\nX-Brug-Key: {key}\r\n\r\nEr is iets te doen.\r\n"
        ".een punt\r\n"
    )
    return Plain(letter.to.email, message_id, source.encode())
