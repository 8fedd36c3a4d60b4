"""Codes that show for ten minutes who a link is about: made, kept as a fingerprint, tried.

A code exists in clear only in the mail that carries it. It is made when that mail is written
(`fresh`, in the transaction of whoever writes it), so neither the outbox nor a backup ever holds
one, and its ten minutes begin when it leaves and not when it was asked for.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlmodel import Session

from storage.tables import ReadingCode

DIGITS = 6
MINUTES = 10
#: wrong codes after which the right one is worth nothing either
TRIES = 5


class Tried(NamedTuple):
    """What became of a code that somebody typed."""

    #: ``gone``: there is none, or not any more; ``spent``: too many were wrong
    result: Literal["right", "wrong", "gone", "spent"]
    #: how many tries are left
    left: int = 0


def fresh(session: Session, link_hash: str, now: datetime) -> str:
    """A new code for a link, in clear; the one before is worth nothing from now on."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = session.get(ReadingCode, link_hash, with_for_update=True, populate_existing=True)
    row = row or ReadingCode(link_hash=link_hash, code_hash="", expires_at=now)
    row.code_hash = _fingerprint(link_hash, code)
    row.expires_at, row.tries = now + timedelta(minutes=MINUTES), 0
    session.add(row)
    session.flush()
    return code


def attempt(session: Session, link_hash: str, code: str, now: datetime) -> Tried:
    """Try a code; a right one opens once. What was tried must be committed, right or wrong."""
    row = session.get(ReadingCode, link_hash, with_for_update=True, populate_existing=True)
    if row is None or row.expires_at <= now:
        return Tried("gone")
    if row.tries >= TRIES:
        return Tried("spent")
    if hmac.compare_digest(row.code_hash, _fingerprint(link_hash, code)):
        session.delete(row)
        session.flush()
        return Tried("right")
    row.tries += 1
    session.add(row)
    session.flush()
    left = TRIES - row.tries
    return Tried("wrong" if left else "spent", left)


def _fingerprint(link_hash: str, code: str) -> str:
    return hashlib.sha256(f"{link_hash}:{code}".encode()).hexdigest()
