"""Links in mails: 256 random bits each, for one person and one thing, kept as a SHA-256."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from storage.queries import key_links, links
from storage.tables import ContactPerson, Staff

#: how long a link works; afterwards its page offers a new one
LASTS = {
    "follow_up": timedelta(days=30),
    "referral": timedelta(days=180),
    "preferences": timedelta(days=400),
    "contact_preferences": timedelta(days=400),
}
_BYTES = 32
_WAITING = "links"


@dataclass
class Maker:
    """Makes the links of one mail or of many, for one receiver at a time; `save` keeps them."""

    base_url: str
    now: datetime
    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    def follow_up(self, number: int, version: int, to: Staff | ContactPerson) -> str:
        """The page on which the receiver says what became of a follow-up."""
        return self._make("a", "follow_up", number, version, to)

    def referral(self, number: int, version: int, to: ContactPerson) -> str:
        """The page on which a provider answers a referral."""
        return self._make("a", "referral", number, version, to)

    def preferences(self, to: Staff | ContactPerson) -> str:
        """The page on which the receiver chooses when and how often mail comes."""
        purpose = "preferences" if isinstance(to, Staff) else "contact_preferences"
        return self._make("m", purpose, to.id or 0, None, to)

    def key(self, session: Session, purpose: str, to: Staff) -> str:
        """The page on which somebody chooses a password; kept at once."""
        token = key_links.fresh(session, purpose, to.organisation_id, to.id or 0, self.now)
        return f"{self.base_url.rstrip('/')}/{purpose}/{token}"

    def cases(self) -> str:
        """The receiver's own cases at the desk, for whoever can sign in."""
        return f"{self.base_url.rstrip('/')}/cases?owner=mine"

    def _make(
        self, door: str, purpose: str, subject: int, version: int | None, to: Staff | ContactPerson
    ) -> str:
        token = secrets.token_urlsafe(_BYTES)
        is_staff = isinstance(to, Staff)
        self._rows.append(
            (
                links.fingerprint(token), to.organisation_id, purpose, subject, version,
                to.id if is_staff else None, None if is_staff else to.id, self.now,
                self.now + LASTS[purpose],
            )
        )  # fmt: skip
        return f"{self.base_url.rstrip('/')}/{door}/{token}"

    def save(self, session: Session) -> None:
        """Keep the links that were made, in the transaction in which the mail is written."""
        waiting = session.info.get(_WAITING)
        if waiting is None:
            links.add(session, self._rows)
        else:
            waiting.extend(self._rows)
        self._rows.clear()


@contextmanager
def kept_together(session: Session) -> Iterator[None]:
    """Within this, what is saved is kept at the end, all at once: for a batch of mails."""
    waiting: list[tuple[Any, ...]] = []
    session.info[_WAITING] = waiting
    yield
    del session.info[_WAITING]
    links.add(session, waiting)
