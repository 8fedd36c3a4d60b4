"""Sends what is due: claims, has it written, hands it over, settles; at most a commit a mail.

Nothing is handed over within a transaction. One transaction settles a mail and begins the next,
and while the mail server thinks about a mail the next one is rendered.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from threading import Event

from sqlalchemy import Engine
from sqlmodel import Session

from core.errors import DatabaseUnready
from notifications import outbox, writing
from notifications.delivery import Connections
from notifications.failpoints import passing
from notifications.outcomes import Delivered, Outcome, Unreachable
from notifications.writing import Draft, Post
from storage.engine import reading, transaction
from storage.queries.outbox import Begun

log = logging.getLogger("brug.mail")
#: what was composed longer ago than this is composed anew: it may not be true any more
FRESH = timedelta(seconds=30)
#: how often it is tried to write down how a mail ended while the database is away, in seconds
_TRIES, _PAUSE = 20, 1.0


@dataclass
class Sent:
    """What a round of sending came to: how many mails ended in which state.

    ``stale`` counts those that somebody else had taken over meanwhile.
    """

    states: Counter[str] = field(default_factory=Counter)
    #: why the mail server could not be reached, if it could not
    unreachable: str | None = None


def send_due(
    engine: Engine, post: Post, *, connections: int = 1, batch: int = 50, stop: Event | None = None
) -> Sent:
    """Send everything that is due, until `stop` is set; mails that are under way are finished.

    Any number of processes may do so at the same time. While the mail server cannot be reached
    nothing is claimed; it shows at the mail that waits longest. With several `connections` a
    server that hangs holds up one of them, and what they finish together is settled together.
    """
    with reading(engine) as session:
        if outbox.waiting(session, post.now()) is None:
            return Sent()
    round_ = _Round(engine, post, batch, stop or Event())
    with Connections[Draft](post.relay, connections) as lines:
        round_.work(lines)
    return round_.sent


class _Round:
    """One worker and its connections."""

    def __init__(self, engine: Engine, post: Post, batch: int, stop: Event):
        self.sent = Sent()
        self._engine = engine
        self._post = post
        self._batch = batch
        self._stop = stop
        #: composed and not yet begun
        self._queue: deque[Draft] = deque()
        self._nothing_due = False

    def work(self, lines: Connections[Draft]) -> None:
        unreachable = lines.connect()
        if unreachable is not None:
            self._note(unreachable)
            return
        ended: list[tuple[Draft, Outcome]] = []
        while True:
            self._refill(lines, ended)
            begun = self._turn_over(ended, 0 if self._stop.is_set() else lines.free)
            for draft in begun:
                self._hand_over(lines, draft)
            if not lines.busy and (self._nothing_due or self._stop.is_set() or not lines.free):
                break
            lines.push()
            self._render(len(begun))
            ended = lines.finished()
            passing("delivered")
            self._look_at(ended, lines)
        self._let_go()

    def _note(self, unreachable: Unreachable) -> None:
        self.sent.unreachable = unreachable.reason
        log.warning("the mail server cannot be reached")
        with transaction(self._engine) as session:
            now = self._post.now()
            longest = outbox.waiting(session, now)
            if longest is not None:
                outbox.note_unreachable(session, longest, unreachable.reason, now)

    def _refill(self, lines: Connections[Draft], ended: list[tuple[Draft, Outcome]]) -> None:
        """Have mails ready for the free connections.

        A database that is away now is no reason to drop what was handed over and is not settled:
        that would go out twice. Settling waits for it.
        """
        try:
            self._fill(lines.free)
        except DatabaseUnready:
            if not ended and not lines.busy:
                raise

    def _fill(self, room: int) -> None:
        """Claim and compose the next mails when there are too few for the free connections."""
        if self._queue and self._post.now() - self._queue[0].composed_at > FRESH:
            self._let_go()
        if len(self._queue) >= room or self._nothing_due or self._stop.is_set():
            return
        with transaction(self._engine) as session:
            claimed = outbox.claim(
                session, self._post.now(), limit=self._batch, lease=self._post.claimed_for
            )
        passing("claimed")
        self._nothing_due = not claimed
        if claimed:
            drafts = writing.write(self._engine, self._post, claimed, self.sent.states)
            self._queue.extend(drafts)
            passing("composed")

    def _hand_over(self, lines: Connections[Draft], draft: Draft) -> None:
        assert draft.ready is not None
        sender, key = self._post.desk.sender.email, draft.outgoing.key
        lines.hand_over(draft, draft.ready, sender=sender, key=key)

    def _render(self, count: int) -> None:
        """Put the next mails into words while the mail server is at others."""
        for draft in islice(self._queue, count):
            draft.render(self._post)
            passing("rendered")

    def _look_at(self, ended: list[tuple[Draft, Outcome]], lines: Connections[Draft]) -> None:
        """A connection that failed is not used again; without any this round is over."""
        for _, outcome in ended:
            if isinstance(outcome, Unreachable) and not lines.free and not lines.busy:
                self.sent.unreachable = outcome.reason

    def _turn_over(self, ended: list[tuple[Draft, Outcome]], room: int) -> list[Draft]:
        """Settle mails and begin the next in one transaction; returns those that were begun.

        A mail that was handed over and cannot be settled would go out twice, so a database that
        is away is waited for. Together, unless a claim was lost: then one by one, to see which.
        """
        together = True
        for left in reversed(range(_TRIES)):
            turn = _Turn(self._post, together)
            try:
                if ended or (room and self._queue):
                    with transaction(self._engine) as session:
                        turn.settle(session, ended)
                        turn.take_up(session, self._queue, room)
                        passing("settling")
                break
            except outbox.Overtaken:
                together = False
            except DatabaseUnready:
                if not left:
                    raise
                self._stop.wait(_PAUSE)
        passing("settled" if ended else "data_started")
        for _ in range(turn.passed):
            self._queue.popleft()
        self.sent.states.update(turn.states)
        return turn.begun

    def _let_go(self) -> None:
        """Give back what was claimed and not begun."""
        if self._queue:
            with transaction(self._engine) as session:
                outbox.put_back(session, [draft.outgoing for draft in self._queue])
            self._queue.clear()


class _Turn:
    """What is written in one transaction, and what it came to."""

    def __init__(self, post: Post, together: bool):
        self._post = post
        self._now = post.now()
        self._together = together
        self.states: Counter[str] = Counter()
        self.begun: list[Draft] = []
        #: how many of the queue are done with
        self.passed = 0

    def settle(self, session: Session, ended: list[tuple[Draft, Outcome]]) -> None:
        delivered = []
        for draft, outcome in ended:
            if self._together and isinstance(outcome, Delivered):
                delivered.append((draft.outgoing, draft.address))
            else:
                self._settle_one(session, draft, outcome)
        outbox.settle_delivered(session, delivered, self._now)
        self.states.update(["sent"] * len(delivered))

    def _settle_one(self, session: Session, draft: Draft, outcome: Outcome) -> None:
        state = outbox.settle(session, draft.outgoing, outcome, self._now, address=draft.address)
        if state is None:
            log.warning("mail %s was taken over by another worker", draft.outgoing.id)
        self.states[state or "stale"] += 1

    def take_up(self, session: Session, queue: Iterable[Draft], room: int) -> None:
        for draft in queue:
            if len(self.begun) == room or self._now - draft.composed_at > FRESH:
                break
            self.passed += 1
            draft.render(self._post)
            if draft.broken is not None:
                self._settle_one(session, draft, draft.broken)
            elif self._together or self._start_one(session, draft):
                self.begun.append(draft)
        if self._together:
            begun = [self._about(draft) for draft in self.begun]
            outbox.start_data(session, begun, self._now, lease=self._post.delivering_for)

    def _start_one(self, session: Session, draft: Draft) -> bool:
        try:
            outbox.start_data(
                session, [self._about(draft)], self._now, lease=self._post.delivering_for
            )
        except outbox.Overtaken:
            self.states["stale"] += 1
            return False
        return True

    def _about(self, draft: Draft) -> Begun:
        assert draft.ready is not None
        return Begun(draft.outgoing, draft.address, draft.ready.message_id)
