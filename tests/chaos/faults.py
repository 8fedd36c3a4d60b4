"""What goes wrong: each fault is a function that does it to a scene until every mail is settled."""

import signal
import time
from collections.abc import Callable, Mapping
from contextlib import closing

from aiosmtpd.smtp import Envelope

from notifications.failpoints import POINTS
from tests.chaos.scene import Count, Scene, counted, opened
from tests.notifications.lines import Proxy

Fault = Callable[[Scene], None]


def nothing(scene: Scene) -> None:
    """Nothing goes wrong, with four workers."""
    scene.start(4)
    scene.until_done()


def sigkill(scene: Scene) -> None:
    """Workers are killed at random moments, and others take their place."""
    scene.start()
    for _ in range(scene.kills):
        time.sleep(scene.random.expovariate(1 / 0.1))
        if not scene.left():
            # there are mails for every kill
            scene.office.queue(scene.reminders // 10 or 1)
        scene.kill(scene.random.choice(scene.running))
        scene.allowed += 1
        scene.start(1)
    scene.until_done()


def failpoints(scene: Scene) -> None:
    """Workers die at each named place, the first time and a later one."""
    for turn in (1, 3):
        for point in POINTS:
            if scene.left() < 80:
                # three times as many as a worker claims at once
                scene.office.queue(60)
            [worker] = scene.start(1, fail_at=f"{point}:{turn}")
            scene.allowed += point in _AFTER_DATA
            end = time.monotonic() + 60
            while scene.is_alive(worker):
                if time.monotonic() > end:
                    raise AssertionError(f"no worker got to {point}")
                time.sleep(0.01)
    scene.start()
    scene.until_done()


#: between the mail and the line that says that it was accepted
_AFTER_DATA = ("data_written", "rendered", "delivered", "settling")


def later(scene: Scene) -> None:
    """The mail server knows nobody at first, and puts off a quarter of the mails after that."""

    def moody(_: Envelope) -> str | None:
        return scene.random.choice(["451 4.3.0 later", "452 4.3.1 full", *[None] * 6])

    scene.sink.decide = moody
    scene.sink.script["RCPT"].extend(["450 4.2.0 greylisted"] * scene.reminders)
    scene.start()
    scene.until_done()


def refused(scene: Scene) -> None:
    """The mail server refuses one mail in ten for good."""
    scene.sink.decide = lambda _: "554 5.7.1 no" if scene.random.random() < 0.1 else None
    scene.start()
    scene.until_done()


def cut(scene: Scene) -> None:
    """The connection is cut after one mail in twenty, before the answer."""
    with closing(Proxy(scene.sink.port)) as proxy:
        proxy.cutting = lambda: scene.random.random() < 0.05
        scene.start(port=proxy.port)
        scene.until_done()
        scene.allowed = proxy.cut
        scene.stop()


def slow(scene: Scene) -> None:
    """The mail server takes its time, now and then longer than anybody waits."""

    def think(_: Envelope) -> None:
        late = scene.random.random() < 0.01
        scene.sink.pause = 2.0 if late else scene.random.random() * 0.02
        # nobody waits two seconds here, so it is accepted and not known to be
        scene.allowed += late

    scene.sink.decide = think
    scene.start(4, last_timeout=1.0)
    scene.until_done()


def away(scene: Scene) -> None:
    """The mail server is away for 72 hours, and a little more."""
    scene.start()
    while scene.left() > scene.reminders * 0.8:
        time.sleep(0.01)
    scene.sink.shut()
    for _ in range(20):
        scene.clock.move(hours=4)
        time.sleep(0.1)
    scene.sink.open()
    # the mails at which the connections broke may have got through
    scene.allowed = scene.workers
    scene.until_done()


def clock(scene: Scene) -> None:
    """The clock is put forward and back while mails are on their way."""
    scene.start()

    def put() -> None:
        hours = scene.random.choice([1, -1, 5, -5])
        scene.clock.move(hours=hours)
        # a claim ends early when the clock is put forward past it
        scene.allowed += scene.workers if hours > 0 else 0

    for _ in range(12):
        put()
        time.sleep(0.1)
    scene.clock.move(hours=24)
    scene.allowed += scene.workers
    scene.until_done()


def hang(scene: Scene) -> None:
    """Workers are stopped for longer than their claims hold, and go on after that."""
    scene.start(4)
    for _ in range(3):
        if scene.left() < 50:
            scene.office.queue(50)
        number = scene.random.choice(scene.running)
        scene.kill(number, signal.SIGSTOP)
        # a quarter of an hour, and what it takes to send on
        time.sleep(1200 / scene.speed)
        scene.kill(number, signal.SIGCONT)
        scene.allowed += 1
        time.sleep(0.1)
    scene.until_done()


def restarts(scene: Scene) -> None:
    """The database throws everybody out, again and again; a file has nobody to throw out."""
    scene.start()
    if scene.engine.dialect.name == "postgresql":
        for _ in range(20):
            with scene.engine.connect() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            time.sleep(0.1)
    scene.until_done()


FAULTS: Mapping[str, Fault] = {
    "nothing": nothing,
    "sigkill": sigkill,
    "failpoints": failpoints,
    "4xx": later,
    "5xx": refused,
    "cut after DATA": cut,
    "slow": slow,
    "72 hours away": away,
    "clock changes": clock,
    "hanging workers": hang,
    "database restarts": restarts,
}


def suffer(scene: Scene, name: str) -> Count:
    """Do one of them to a scene, and count."""
    with opened(scene):
        started = time.monotonic()
        FAULTS[name](scene)
        left = scene.left()
        scene.stop()
        count = counted(scene, name, started)
        if left:
            raise AssertionError(f"{name}: {left} mails are still on their way: {scene.states()}")
        return count
