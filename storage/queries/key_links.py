"""Links by mail with which somebody chooses a password, and what is kept while signing in."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Table, delete, update
from sqlmodel import Session, col, select

from storage.dialects import append
from storage.queries.links import fingerprint
from storage.tables import KeyLink, Organisation, Staff

KEY_LINKS: Table = KeyLink.__table__  # type: ignore[attr-defined]
LASTS = {
    "invitation": timedelta(days=7),
    "reset": timedelta(hours=1),
    # between the password and the code
    "step": timedelta(minutes=10),
}
_COLUMNS = ("hash", "organisation_id", "staff_id", "purpose", "created_at", "expires_at")
#: people of whom one browser has the password at the same time
_MOST = 6


class Opened(NamedTuple):
    """A link that still works, with the person it is for."""

    link: KeyLink
    person: Staff
    library: Organisation


def fresh(
    session: Session, purpose: str, organisation_id: int, staff_id: int, now: datetime
) -> str:
    """A new link for somebody: 256 random bits, in clear."""
    return _keep(session, secrets.token_urlsafe(32), "", purpose, organisation_id, staff_id, now)


def opened(session: Session, token: str, purpose: str, now: datetime) -> Opened | None:
    """The person a link is for; none when it is unknown, used, over, or of somebody who left."""
    row = session.get(KeyLink, fingerprint(token), populate_existing=True)
    if row is None or row.purpose != purpose or row.used_at or row.expires_at <= now:
        return None
    person = session.get(Staff, row.staff_id, populate_existing=True)
    if person is None or not person.active:
        return None
    return Opened(row, person, session.get_one(Organisation, row.organisation_id))


def use(session: Session, link: KeyLink, now: datetime) -> bool:
    """Use a link up; whether it was not used before."""
    where = (KEY_LINKS.c.hash == link.hash, KEY_LINKS.c.used_at.is_(None))
    done = session.connection().execute(update(KEY_LINKS).where(*where).values(used_at=now))
    return done.rowcount == 1


def drop_others(session: Session, staff_id: int) -> None:
    """What was mailed to somebody before is worth nothing any more."""
    session.connection().execute(
        delete(KEY_LINKS).where(KEY_LINKS.c.staff_id == staff_id, KEY_LINKS.c.used_at.is_(None))
    )


def begin_steps(session: Session, people: list[tuple[int, int]], now: datetime) -> str:
    """What a browser keeps of whom it has the password: (organisation, staff) of each."""
    token = secrets.token_urlsafe(32)
    for place, (organisation_id, staff_id) in enumerate(people[:_MOST]):
        _keep(session, token, f":{place}", "step", organisation_id, staff_id, now)
    return token


def steps(session: Session, token: str, now: datetime) -> list[int]:
    """Of whom a browser has the password, half signed in."""
    hashes = [fingerprint(f"{token}:{place}") for place in range(_MOST)]
    rows = select(KeyLink.staff_id).where(
        col(KeyLink.hash).in_(hashes), KeyLink.purpose == "step", KeyLink.expires_at > now
    )
    return list(session.exec(rows.order_by(col(KeyLink.staff_id))))


def end_steps(session: Session, token: str) -> bool:
    """The half of signing in is worth nothing any more; whether it was worth something."""
    hashes = [fingerprint(f"{token}:{place}") for place in range(_MOST)]
    done = session.connection().execute(delete(KEY_LINKS).where(KEY_LINKS.c.hash.in_(hashes)))
    return done.rowcount > 0


def _keep(
    session: Session,
    token: str,
    rest: str,
    purpose: str,
    organisation_id: int,
    staff_id: int,
    now: datetime,
) -> str:
    row = (
        fingerprint(f"{token}{rest}"), organisation_id, staff_id, purpose, now,
        now + LASTS[purpose],
    )  # fmt: skip
    append(session, KEY_LINKS, _COLUMNS, [row])
    return token
