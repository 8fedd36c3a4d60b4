"""Whether mail gets out: one question that a probe may ask every few seconds."""

from datetime import datetime, timedelta

from sqlalchemy import func, literal, select
from sqlmodel import Session

from storage.queries.messages import MESSAGES

#: a mail that could not be handed over is tried again within four hours
_LATELY = timedelta(hours=1)


def in_trouble(session: Session, now: datetime) -> bool:
    """Whether mail waits because the mail server could not be reached.

    A mail that was due longer than an hour ago says nothing any more: then it is the worker that
    stands still. Asked by the index of what waits.
    """
    waiting = (
        select(literal(1))
        .where(
            MESSAGES.c.state == "pending",
            MESSAGES.c.fault == "unreachable",
            MESSAGES.c.next_at >= now - _LATELY,
        )
        .limit(1)
    )
    return session.connection().execute(waiting).first() is not None


def waiting(session: Session) -> int:
    """How many mails wait for the mail server."""
    return _number(session, "pending")


def failed(session: Session) -> int:
    """How many mails were given up or refused, and wait for somebody's eyes."""
    return _number(session, "failed")


def _number(session: Session, state: str) -> int:
    rows = select(func.count()).where(MESSAGES.c.state == state)
    return int(session.connection().execute(rows).scalar_one())
