"""A worker process: takes back what others left and sends what is due, until it is told to stop."""

import json
import logging
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event

from core.errors import DatabaseUnready
from notifications import failpoints, outbox
from notifications.relay import Relay
from notifications.sending import send_due
from notifications.writing import Post
from storage.engine import open_engine, transaction
from tests.chaos.warped import Warped
from tests.notifications.mails import DESK, compose, rendered


@dataclass(frozen=True)
class Order:
    """What a worker is told."""

    database: str
    port: int
    clock: str
    since: float
    speed: float
    batch: int = 20
    last_timeout: float = 3.0
    #: where it dies, as BRUG_FAIL_AT says it
    fail_at: str = ""

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def work(order: Order) -> None:
    """Work until SIGTERM."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    # what goes wrong is what is wanted here
    logging.disable(logging.CRITICAL)
    if order.fail_at:
        failpoints.arm(order.fail_at)
    engine = open_engine(order.database)
    clock = Warped(Path(order.clock), order.since, order.speed)
    relay = Relay("127.0.0.1", order.port, timeout=3, last_timeout=order.last_timeout)
    post = Post(DESK, relay, compose, rendered, clock)
    while not stop.is_set():
        try:
            with transaction(engine) as session:
                outbox.release(session, clock())
            send_due(engine, post, batch=order.batch, stop=stop)
        except DatabaseUnready:
            engine.dispose()
        stop.wait(0.03)
    engine.dispose()


if __name__ == "__main__":
    work(Order(**json.loads(sys.argv[1])))
