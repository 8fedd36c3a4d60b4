"""Asks a question once in a transaction, however many mails of a batch need the answer."""

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

Answer = TypeVar("Answer")


def once(session: Session, question: Callable[[Session, int], Answer], number: int) -> Answer:
    """What a question about a row says, as it was when it was first asked."""
    answers: dict[tuple[object, int], Answer] = session.info.setdefault("answers", {})
    key = (question, number)
    if key not in answers:
        answers[key] = question(session, number)
    return answers[key]
