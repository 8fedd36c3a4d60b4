"""Writes mails that were claimed: asks once more whether each is needed, and what stands in it."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Engine
from sqlmodel import Session

from core import clock
from core.errors import DatabaseUnready, Refused
from notifications import links, outbox
from notifications.desk import Desk
from notifications.letter import Address, Letter
from notifications.mishaps import where
from notifications.outcomes import Broken, KnownBad, NoAddress, NotAllowed, NotNeeded, Outcome
from notifications.relay import Ready, Relay
from storage.engine import transaction
from storage.queries import outbox as outbox_rows
from storage.queries import refused_addresses
from storage.queries.outbox import Outgoing

log = logging.getLogger("brug.mail")


class Compose(Protocol):
    """Says what stands in a mail, from what is true now; None: it is not needed any more.

    Raises `Refused` when the receiver has no address that can be used.
    """

    def __call__(
        self, session: Session, message: Outgoing, now: datetime, desk: Desk
    ) -> Letter | None: ...


class Render(Protocol):
    """Puts a letter into words."""

    def __call__(self, letter: Letter, *, key: str, sender: Address, now: datetime) -> Ready: ...


@dataclass(frozen=True)
class Post:
    """How mails are written, who takes them, and what time it is."""

    desk: Desk
    relay: Relay
    compose: Compose
    render: Render
    now: Callable[[], datetime] = clock.now
    #: how long mails are held before and while they are handed over
    claimed_for: timedelta = outbox.CLAIMED_FOR
    delivering_for: timedelta = outbox.DELIVERING_FOR


@dataclass
class Draft:
    """A claimed mail that is needed: what stands in it and, later, how it looks."""

    outgoing: Outgoing
    letter: Letter
    composed_at: datetime
    ready: Ready | None = None
    broken: Broken | None = None

    @property
    def address(self) -> str:
        """Where it goes."""
        return self.ready.to_email if self.ready else self.letter.to.email

    def render(self, post: Post) -> None:
        """Put it into words, once; what goes wrong is kept."""
        if self.ready is not None or self.broken is not None:
            return
        try:
            self.ready = post.render(
                self.letter, key=self.outgoing.key, sender=post.desk.sender, now=post.now()
            )
        except Exception as error:
            log.error("a mail could not be rendered: %s", where(error))
            self.broken = Broken(where(error))


def write(
    engine: Engine, post: Post, claimed: Sequence[Outgoing], states: Counter[str]
) -> list[Draft]:
    """The drafts of claimed mails that go out; the others are settled, and counted by `states`.

    All in one transaction; when one cannot be written, each in its own, so that it holds up
    nobody else.
    """
    counted: Counter[str] = Counter()
    try:
        with transaction(engine) as session:
            drafts = _drafts(session, post, claimed, counted)
    # a database that is away shows when it comes to settling
    except Exception as error:
        if len(claimed) > 1:
            return [draft for mail in claimed for draft in write(engine, post, [mail], states)]
        log.error("a mail could not be composed: %s", where(error))
        with transaction(engine) as session:
            states[_settled(session, claimed[0], Broken(where(error)), post)] += 1
        return []
    states.update(counted)
    return drafts


def _drafts(
    session: Session, post: Post, claimed: Sequence[Outgoing], states: Counter[str]
) -> list[Draft]:
    drafts = []
    # held until all are composed
    at_hand = outbox_rows.at_hand(session, claimed)
    with links.kept_together(session):
        for mail in claimed:
            letter = _letter(session, post, mail)
            if isinstance(letter, Outcome):
                states[_settled(session, mail, letter, post)] += 1
            else:
                drafts.append(Draft(mail, letter, post.now()))
    del at_hand
    bad = refused_addresses.of_these(session, [draft.letter.to.email for draft in drafts])
    kept = []
    for draft in drafts:
        address = draft.letter.to.email
        reason = bad.get((draft.outgoing.organisation_id, address.lower()))
        if reason is None and post.relay.may_mail(address):
            kept.append(draft)
            continue
        outcome = NotAllowed() if reason is None else KnownBad(reason)
        states[_settled(session, draft.outgoing, outcome, post, address)] += 1
    return kept


def _letter(session: Session, post: Post, mail: Outgoing) -> Letter | NotNeeded | NoAddress:
    try:
        return post.compose(session, mail, post.now(), post.desk) or NotNeeded()
    except DatabaseUnready:
        raise
    except Refused as refusal:
        return NoAddress(str(refusal))


def _settled(
    session: Session, mail: Outgoing, outcome: Outcome, post: Post, address: str = ""
) -> str:
    return outbox.settle(session, mail, outcome, post.now(), address=address) or "stale"
