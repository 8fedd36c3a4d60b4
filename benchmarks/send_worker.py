"""A process that sends what is due in the hour it is told, as `brug worker` does at a tick."""

import sys
from datetime import timedelta
from functools import partial
from operator import add

from benchmarks.walking import START
from notifications import composing, rendering
from notifications.desk import Desk
from notifications.letter import Address
from notifications.relay import Relay
from notifications.sending import send_due
from notifications.writing import Post
from storage.engine import open_engine

LOOPBACK = "127.0.0.1"
SENDER = Address("Brug", "brug@voorbeeld.nl")
DESK = Desk("https://brug.voorbeeld.nl", SENDER)


def main(address: str, port: str, connections: str) -> None:
    """Answer every line, which is an hour, with how many mails were sent."""
    engine = open_engine(address)
    relay = Relay(LOOPBACK, int(port))
    for line in sys.stdin:
        clock = partial(add, START, timedelta(hours=int(line)))
        post = Post(DESK, relay, composing.compose, rendering.render, clock)
        sent = send_due(engine, post, connections=int(connections))
        print(sent.states["sent"], flush=True)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
