"""Takes away what is of no use any more, so that it does not pile up."""

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select
from sqlmodel import Session

from storage.queries.accounts import DEVICES
from storage.queries.key_links import KEY_LINKS
from storage.queries.sign_in_tries import COUNTED, TRIES
from storage.queries.visits import VISITS
from storage.tables import Draft, HandledRequest, Link, ReadingCode

_LINKS: Table = Link.__table__  # type: ignore[attr-defined]
_CODES: Table = ReadingCode.__table__  # type: ignore[attr-defined]
_REQUESTS: Table = HandledRequest.__table__  # type: ignore[attr-defined]
#: how long after its last day a link still offers a new one
_OFFERS = timedelta(days=60)
_DRAFTS: Table = Draft.__table__  # type: ignore[attr-defined]
#: how long a browser counts as known without anybody signing in there
_KNOWN = timedelta(days=400)
#: how long what somebody was typing is kept for them
_TYPED = timedelta(days=1)
#: how long it is known whose a visit was, so that what they were typing finds them again
_OVER = timedelta(days=1)
#: how long the same form gets the same answer
_REMEMBERED = timedelta(days=30)


def tidy(session: Session, now: datetime) -> int:
    """Drop links that are long over, their codes, forms that nobody sends again, and visits."""
    over = select(_LINKS.c.hash).where(_LINKS.c.expires_at < now - _OFFERS)
    connection = session.connection()
    connection.execute(delete(_CODES).where(_CODES.c.link_hash.in_(over)))
    gone = connection.execute(delete(_LINKS).where(_LINKS.c.expires_at < now - _OFFERS)).rowcount
    old = delete(_REQUESTS).where(_REQUESTS.c.at < now - _REMEMBERED)
    gone += connection.execute(old).rowcount
    return gone + _tidy_accounts(session, now)


def _tidy_accounts(session: Session, now: datetime) -> int:
    """Drop visits that are over, links and tries that count no more, drafts that are left."""
    return sum(
        session.connection().execute(each).rowcount
        for each in (
            delete(VISITS).where(VISITS.c.seen_at < now - _OVER),
            delete(KEY_LINKS).where(KEY_LINKS.c.expires_at < now),
            delete(TRIES).where(TRIES.c.at <= now - COUNTED),
            delete(DEVICES).where(DEVICES.c.seen_at < now - _KNOWN),
            delete(_DRAFTS).where(_DRAFTS.c.at < now - _TYPED),
        )
    )
