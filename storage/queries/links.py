"""Questions about links in mails."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, update
from sqlmodel import Session

from storage.dialects import append
from storage.tables import Link

LINKS: Table = Link.__table__  # type: ignore[attr-defined]
COLUMNS = (
    "hash", "organisation_id", "purpose", "subject_id", "version", "staff_id",
    "contact_person_id", "created_at", "expires_at",
)  # fmt: skip


def fingerprint(token: str) -> str:
    """How a token is kept: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def found(session: Session, token: str) -> Link | None:
    """The link with this token, also an expired one."""
    return session.get(Link, fingerprint(token), populate_existing=True)


def add(session: Session, rows: Sequence[Sequence[Any]]) -> None:
    """Keep new links: the values of `COLUMNS`."""
    append(session, LINKS, COLUMNS, rows)


def mark_used(session: Session, link: Link, now: datetime) -> None:
    """Somebody pressed a button on the page of this link."""
    session.connection().execute(update(LINKS).where(LINKS.c.hash == link.hash).values(used_at=now))
