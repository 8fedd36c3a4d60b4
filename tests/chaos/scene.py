"""Where a fault happens: a database, a mail server that counts, a clock, and workers to kill."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from storage.engine import open_engine, transaction
from tests.chaos.warped import Warped
from tests.chaos.worker import Order
from tests.notifications.mails import Moving, Office
from tests.notifications.servers import Sink

ROOT = Path(__file__).parents[2]
_DONE = ("sent", "failed", "cancelled")


@dataclass(frozen=True)
class Count:
    """What a fault came to."""

    fault: str
    due: int
    accepted: int
    lost: int
    double: int
    #: doubles that the promise allows: one for each cut or kill between the mail and its answer
    allowed: int
    seconds: float

    @property
    def kept(self) -> bool:
        return self.lost == 0 and self.double <= self.allowed


@dataclass
class Scene:
    """Mails that are due, and two workers that send them while something goes wrong."""

    address: str
    reminders: int
    kills: int = 0
    speed: float = 60
    workers: int = 2
    seed: int = 2018
    sink: Sink = field(default_factory=Sink)
    allowed: int = 0

    def __post_init__(self) -> None:
        self._stack = ExitStack()
        self._stack.callback(self.sink.close)
        folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="brug-chaos-")))
        self.random = random.Random(self.seed)
        self.clock = Warped.started(folder / "clock", self.speed)
        self.engine: Engine = open_engine(self.address)
        self._stack.callback(self.engine.dispose)
        self.running: list[int] = []
        self._nursery: subprocess.Popen[str] | None = None
        self._stack.callback(self.stop)
        self._empty()
        self.office = Office(self.engine, self.sink.port, Moving(self.clock()), library=1,
                             coordinator=1)  # fmt: skip
        self.office.queue(self.reminders)

    def _empty(self) -> None:
        """An empty outbox; only where there is nothing but what a run before this one left."""
        with self.engine.connect() as connection:
            there = connection.exec_driver_sql("SELECT invented, name FROM organisation").all()
        if not there:
            Office(self.engine, self.sink.port)
        elif len(there) > 1 or not there[0][0]:
            sys.exit(f"There are libraries in this database: {self.address}")
        with transaction(self.engine) as session:
            for table in ("message", "undeliverable"):
                session.connection().exec_driver_sql(f"DELETE FROM {table}")

    @property
    def order(self) -> Order:
        return Order(
            self.address, self.sink.port, str(self.clock.path), self.clock.since, self.speed
        )

    def start(self, count: int | None = None, **changes: object) -> list[int]:
        """Start workers; returns their numbers."""
        if self._nursery is None:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.nursery"], cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        started = []
        for _ in range(count or self.workers):
            order = replace(self.order, **changes)  # type: ignore[arg-type]
            self._nursery.stdin.write(order.as_json() + "\n")
            self._nursery.stdin.flush()
            started.append(int(self._nursery.stdout.readline()))
        self.running += started
        return started

    def kill(self, number: int, how: int = signal.SIGKILL) -> None:
        """Kill a worker that was started here."""
        with suppress(ProcessLookupError):
            os.kill(number, how)
        if how in (signal.SIGKILL, signal.SIGTERM):
            self.running.remove(number)

    def is_alive(self, number: int) -> bool:
        """Whether a worker that was started here is still there."""
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            self.running.remove(number)
            return False
        return True

    def states(self) -> dict[str, int]:
        """How many mails are in which state, without those that tell of others."""
        with self.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT state, count(*) FROM message WHERE kind = 'digest' GROUP BY state"
            )
            return {row[0]: row[1] for row in rows}

    def left(self) -> int:
        return sum(count for state, count in self.states().items() if state not in _DONE)

    def until_done(self, seconds: float = 900) -> None:
        """Wait until no mail is on its way."""
        end = time.monotonic() + seconds
        while self.left() and time.monotonic() < end:
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop every worker that was started here."""
        for number in list(self.running):
            self.kill(number, signal.SIGCONT)
            self.kill(number, signal.SIGKILL)
        if self._nursery is not None:
            assert self._nursery.stdin is not None
            assert self._nursery.stdout is not None
            self._nursery.stdin.close()
            self._nursery.wait(10)
            self._nursery.stdout.close()
            self._nursery = None

    def close(self) -> None:
        self._stack.close()


@contextmanager
def opened(scene: Scene) -> Iterator[Scene]:
    """A scene that is cleared away in the end."""
    try:
        yield scene
    finally:
        scene.close()


def counted(scene: Scene, fault: str, started: float) -> Count:
    """What was due and not accepted, and what was accepted beyond once."""
    due = {row.key for row in scene.office.rows("digest")}
    refused = {row.key for row in scene.office.rows("digest") if row.state == "failed"}
    keys = [key for key in scene.sink.keys if key in due]
    return Count(
        fault=fault,
        due=len(due - refused),
        accepted=len(keys),
        lost=len(due - refused - set(keys)),
        double=len(keys) - len(set(keys)),
        allowed=scene.allowed,
        seconds=time.monotonic() - started,
    )
