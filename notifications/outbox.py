"""The life of a mail in the outbox: claimed, tried, settled, or let go of by a worker that died.

The promise: a mail is never lost, and goes out twice at most once for each connection that is cut
between the mail and the answer to it. A mail that was being handed over when its worker died may
have arrived; it is tried again with the same Message-ID.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from random import uniform

from sqlmodel import Session

from core.errors import NotFound, Refused
from notifications import undelivered
from notifications.failpoints import passing
from notifications.outcomes import (
    Broken,
    Delivered,
    KnownBad,
    Later,
    NoAddress,
    NotAllowed,
    NotNeeded,
    Outcome,
    Rejected,
    Uncertain,
    Unreachable,
)
from storage.queries import outbox, refused_addresses
from storage.queries.outbox import Begun, Outgoing, Settled, Waiting
from workflows.lifecycles import MESSAGE
from workflows.machine import next_state

#: how long a worker may hold mails that it has not begun to hand over: with a tick of 15 seconds,
#: what a dead worker held is taken up again within a minute
CLAIMED_FOR = timedelta(seconds=45)
#: how long handing over one mail may take: more than all timeouts of a delivery together
DELIVERING_FOR = timedelta(minutes=15)
#: tries come 1 minute after the first, then 2, 4, 8 … and at most this long after one another
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
#: after this long, and this many tries, the mail is given up and a coordinator is told
GIVE_UP_AFTER = timedelta(hours=72)
TRIES_AT_LEAST = 10


@cache
def after(state: str, event: str) -> str:
    """The state after an event, asked of the machine once."""
    return next_state(MESSAGE, state, event)


def claim(
    session: Session, now: datetime, *, limit: int = 50, lease: timedelta = CLAIMED_FOR
) -> list[Outgoing]:
    """Claim the mails that have been due longest, for as long as the lease lasts."""
    return outbox.claim(
        session,
        now,
        to_state=after("pending", "claim"),
        token=secrets.token_hex(16),
        until=now + lease,
        most=limit,
    )


class Overtaken(Exception):
    """A worker lost a claim: its lease ended, and somebody else took the mail over."""


def start_data(
    session: Session, begun: Sequence[Begun], now: datetime, *, lease: timedelta = DELIVERING_FOR
) -> None:
    """Say of mails, before they are handed over, that they will be; raises `Overtaken`."""
    state = after("claimed", "start_data")
    if begun and outbox.start(session, begun, "claimed", state, now + lease) < len(begun):
        raise Overtaken


def settle_delivered(
    session: Session, mails: Sequence[tuple[Outgoing, str]], now: datetime
) -> None:
    """Write of mails, each with its address, that they were delivered; raises `Overtaken`."""
    settled = [(mail, _settled(mail, Delivered(), now, address)) for mail, address in mails]
    if settled and outbox.settle(session, settled) < len(settled):
        raise Overtaken


def settle(
    session: Session, mail: Outgoing, outcome: Outcome, now: datetime, *, address: str = ""
) -> str | None:
    """Write how a try ended; returns the new state, or None when the claim was lost before.

    What follows, such as telling the coordinators, is done here too. `address`: where the mail
    went or was to go, when that is known.
    """
    settled = _settled(mail, outcome, now, address)
    if not outbox.settle(session, [(mail, settled)]):
        return None
    if settled.to_state == "failed":
        undelivered.tell(session, mail, known=isinstance(outcome, KnownBad), now=now)
    if isinstance(outcome, Rejected) and outcome.bad_address and address:
        refused_addresses.mark(
            session, mail.organisation_id, address, reason=outcome.reason, message_id=mail.id,
            now=now,
        )  # fmt: skip
    return settled.to_state


def _settled(mail: Outgoing, outcome: Outcome, now: datetime, address: str) -> Settled:
    """What becomes of the mail."""
    event, counts, again_at = _decided(mail, outcome, now)
    from_state = "claimed" if isinstance(outcome, _BEFORE) else "data_started"
    return Settled(
        from_state=from_state,
        to_state=after(from_state, event),
        to_address=address or None,
        tries=mail.attempts + counts,
        again_at=again_at,
        first_at=mail.first_tried_at or (now if counts else None),
        gone_at=now if isinstance(outcome, Delivered) else None,
        words=(outcome.reason or None) if outcome.fault else None,
        kind_of_fault=outcome.fault,
    )


def _decided(mail: Outgoing, outcome: Outcome, now: datetime) -> tuple[str, bool, datetime]:
    """The event, whether it counts as a try, and when it is tried again."""
    match outcome:
        case Delivered():
            return "deliver", True, mail.next_at
        case NotNeeded() | NotAllowed():
            return "cancel", False, mail.next_at
        case Unreachable():
            # not about this mail, so it never counts against it
            return "retry", False, now + _some(FIRST_PAUSE)
        case Later() | Uncertain() | Broken():
            if gives_up(mail, now):
                return "fail", True, mail.next_at
            event = "lose_track" if isinstance(outcome, Uncertain) else "retry"
            return event, True, next_try(mail.first_tried_at or now, now)
        case _:
            return "fail", isinstance(outcome, Rejected), mail.next_at


#: outcomes of mails that were claimed and not begun
_BEFORE = (NotNeeded, NotAllowed, NoAddress, KnownBad, Broken)


def gives_up(mail: Outgoing, now: datetime) -> bool:
    """Whether it was tried long enough, and often enough in that time."""
    tried_since = mail.first_tried_at or now
    return now - tried_since >= GIVE_UP_AFTER and mail.attempts + 1 >= TRIES_AT_LEAST


def next_try(first_tried_at: datetime, now: datetime) -> datetime:
    """When to try again: twice as long after each try, so that 72 hours hold about 25 tries."""
    return now + _some(min(now - first_tried_at + FIRST_PAUSE, LONGEST_PAUSE))


def _some(pause: timedelta) -> timedelta:
    """About as long, so that what failed together does not come back together."""
    return pause * uniform(0.8, 1.2)


def put_back(session: Session, mails: Iterable[Outgoing]) -> None:
    """Let go of claimed mails that were not begun."""
    outbox.put_back(session, mails, "claimed", after("claimed", "release"))


def release(session: Session, now: datetime) -> int:
    """Take back what workers that died or hang had in hands, and wake what is uncertain."""
    expired = outbox.expired(session, now)
    by_token: dict[str | None, list[Outgoing]] = {}
    for mail in expired:
        if mail.state == "claimed":
            by_token.setdefault(mail.claim_token, []).append(mail)
        else:
            lost = Uncertain("The worker stopped while it handed the mail over.")
            settle(session, mail, lost, now)
    for claimed in by_token.values():
        put_back(session, claimed)
    passing("released")
    woken = outbox.wake(session, "uncertain", after("uncertain", "retry"), now)
    return len(expired) + woken


def waiting(session: Session, now: datetime) -> Waiting | None:
    """The mail that has been due longest; None: nothing is due."""
    return outbox.longest_waiting(session, now)


def note_unreachable(session: Session, mail: Waiting, reason: str, now: datetime) -> None:
    """Write down at the mail that waits longest that the mail server cannot be reached.

    It is what pages and `brug doctor` look at; all the others stay as they are.
    """
    outbox.write(
        session, mail.id, ("pending",), fault=Unreachable.fault, error=reason,
        next_at=now + _some(FIRST_PAUSE),
    )  # fmt: skip


def retry(session: Session, number: int, now: datetime) -> None:
    """Try a mail again that failed or may have arrived, as if for the first time.

    One that waits for its next try goes now. Its address counts as mended. Raises `NotFound`,
    or `Refused` for a mail that was sent, is not needed any more, or is being sent.
    """
    mail = outbox.by_number(session, number)
    if mail is None:
        raise NotFound(str(number), remedy="Run: brug mail list")
    if mail.state in ("claimed", "data_started"):
        raise Refused(str(number), remedy="It is being sent right now.")
    if mail.address:
        refused_addresses.mend(session, mail.organisation_id, mail.address)
    state = mail.state if mail.state == "pending" else after(mail.state, "retry")
    outbox.write(
        session, number, (mail.state,), state=state, next_at=now, first_tried_at=None, error=None,
        fault=None,
    )  # fmt: skip
