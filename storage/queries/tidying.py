"""Takes away what is of no use any more, so that it does not pile up."""

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select
from sqlmodel import Session

from storage.tables import HandledRequest, Link, ReadingCode

_LINKS: Table = Link.__table__  # type: ignore[attr-defined]
_CODES: Table = ReadingCode.__table__  # type: ignore[attr-defined]
_REQUESTS: Table = HandledRequest.__table__  # type: ignore[attr-defined]
#: how long after its last day a link still offers a new one
_OFFERS = timedelta(days=60)
#: how long the same form gets the same answer
_REMEMBERED = timedelta(days=30)


def tidy(session: Session, now: datetime) -> int:
    """Drop links that are long over, their codes, and forms that nobody sends again."""
    over = select(_LINKS.c.hash).where(_LINKS.c.expires_at < now - _OFFERS)
    connection = session.connection()
    connection.execute(delete(_CODES).where(_CODES.c.link_hash.in_(over)))
    gone = connection.execute(delete(_LINKS).where(_LINKS.c.expires_at < now - _OFFERS)).rowcount
    old = delete(_REQUESTS).where(_REQUESTS.c.at < now - _REMEMBERED)
    return gone + connection.execute(old).rowcount
