"""Several workers, and workers that stop, hang or lose their database, send each mail once."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from notifications import outbox, sending
from notifications.sending import send_due
from storage.engine import transaction
from tests.notifications.mails import Office
from tests.notifications.servers import Sink, proxy, sink

__all__ = ["proxy", "sink"]


@pytest.fixture
def office(engine: Engine, sink: Sink) -> Iterator[Office]:
    """A library whose mails go to the sink."""
    yield Office(engine, sink.port)


def send(office: Office, **options: Any) -> Counter[str]:
    return send_due(office.engine, office.post, **options).states


@pytest.mark.parametrize("workers", [2, 4])
def test_several_workers_send_everything_once(office: Office, sink: Sink, workers: int) -> None:
    office.queue(200)
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda _: send(office, batch=7), range(workers)))
    assert sum(results, Counter()) == {"sent": 200}
    assert len(sink.accepted) == 200
    assert sink.doubles == 0


def test_one_worker_with_several_connections(office: Office, sink: Sink) -> None:
    office.queue(60)
    sink.pause = 0.02
    assert send(office, connections=4, batch=5) == {"sent": 60}
    assert sink.doubles == 0
    assert sum(sink.sessions.values()) == 4


def test_a_worker_that_is_told_to_stop_finishes_the_mail_it_is_at(
    office: Office, sink: Sink
) -> None:
    office.queue(20)
    sink.pause = 0.1
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(send_due, office.engine, office.post, stop=stop)
        while not sink.accepted:
            pass
        stop.set()
        sent = running.result(10).states["sent"]
    assert 1 <= sent < 20
    assert len(sink.accepted) == sent
    assert Counter(office.states()) == {"sent": sent, "pending": 20 - sent}


def test_what_was_composed_long_ago_is_composed_anew(office: Office, sink: Sink) -> None:
    """Each mail takes the server 20 seconds; by the third, the first look is too old."""
    numbers = office.queue(4)

    def pass_time(_: object) -> None:
        office.clock.on(seconds=20)
        # meanwhile somebody does what the last mail is about
        office.instead[numbers[-1]] = lambda: None

    sink.decide = pass_time
    assert send(office) == {"sent": 3, "cancelled": 1}


def test_a_worker_stopped_past_its_lease_does_not_write(office: Office, sink: Sink) -> None:
    [number] = office.queue()

    def hang(_: object) -> None:
        office.clock.on(minutes=16)
        with transaction(office.engine) as session:
            outbox.release(session, office.clock.at)

    sink.decide = hang
    assert send(office) == {"stale": 1}
    assert office.row(number).state == "uncertain"


def test_a_database_that_is_away_for_a_moment_makes_no_doubles(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL restarts between the mail and the line that says so."""
    if office.engine.dialect.name == "sqlite":
        return
    monkeypatch.setattr(sending, "_PAUSE", 0.05)
    office.queue(5)
    hits = iter([True])

    def restart(_: object) -> None:
        if next(hits, False):
            with office.engine.connect() as admin:
                admin.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    sink.decide = restart
    assert send(office) == {"sent": 5}
    assert sink.doubles == 0
