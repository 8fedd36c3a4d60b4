"""Forms that were sent: the same one sent again has one effect and gets the same answer."""

from datetime import datetime

from sqlalchemy import Table, update
from sqlmodel import Session, select

from storage.dialects import append_once
from storage.tables import HandledRequest

REQUESTS: Table = HandledRequest.__table__  # type: ignore[attr-defined]
_COLUMNS = ("actor", "key", "request_hash", "outcome", "at")


def claim(
    session: Session, actor: str, key: str, request_hash: str, now: datetime
) -> HandledRequest | None:
    """Take up a form, or give what became of it when it was taken up before.

    Whoever sends the same form meanwhile waits here until this transaction ends.
    """
    row = (actor, key, request_hash, "", now)
    if append_once(session, REQUESTS, _COLUMNS, [row]) == 1:
        return None
    return handled(session, actor, key)


def handled(session: Session, actor: str, key: str) -> HandledRequest | None:
    """What became of a form."""
    asked = select(HandledRequest).where(HandledRequest.actor == actor, HandledRequest.key == key)
    return session.exec(asked.execution_options(populate_existing=True)).first()


def settle(session: Session, actor: str, key: str, outcome: str) -> None:
    """Keep what became of a form."""
    where = (REQUESTS.c.actor == actor, REQUESTS.c.key == key)
    session.connection().execute(update(REQUESTS).where(*where).values(outcome=outcome))
