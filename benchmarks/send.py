"""`send`: mails through the whole outbox, beside a bare loop that sends the same mails as bytes."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import IO

from aiosmtplib import SMTP
from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks.databases import Bench
from benchmarks.measuring import Row, in_turn
from benchmarks.send_worker import DESK, LOOPBACK, SENDER
from benchmarks.walking import START, Ground, lay_ground
from notifications import composing, outbox, rendering
from storage.engine import rehearsal, transaction
from storage.queries import cases, messages
from storage.queries.messages import Queued
from storage.tables import ContactPerson, Partner, Referral

#: processes that send, as `brug worker` twice would, and the kept connections of each; what these
#: finish together is settled in one commit
WORKERS, CONNECTIONS = 2, 8
#: contact persons at the provider
_CONTACTS = 50


def on_sqlite(bench: Bench) -> list[Row]:
    """On SQLite."""
    return [_row(bench, "sqlite", "send")]


def on_postgresql(bench: Bench) -> list[Row]:
    """On PostgreSQL."""
    return [_row(bench, "postgresql", "send_postgresql")]


def _row(bench: Bench, kind: str, name: str) -> Row:
    engine = bench.empty(kind)
    with sink() as (port, what), ExitStack() as stack:
        work = Outbox(engine, port, lay_ground(engine, bench.mails), bench.rounds + 1)
        for _ in range(WORKERS):
            work.workers.append(stack.enter_context(_worker(engine, port)))
        paces = in_turn(work.ours, work.bare, bench.rounds)
    note = f"referrals to providers; {WORKERS} workers, {CONNECTIONS} connections each, to {what}"
    return Row.of(
        name, paces, unit="mails", limit="a bare aiosmtplib loop with the same mails ready-made",
        target=0.5, note=note,
    )  # fmt: skip


@contextmanager
def _worker(engine: Engine, port: int) -> Iterator[tuple[IO[str], IO[str]]]:
    """What a process that sends is told, and what it answers."""
    address = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "benchmarks.send_worker", address, str(port), str(CONNECTIONS)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.close()


@dataclass
class Outbox:
    """Referrals that providers must hear of, as many in every round."""

    engine: Engine
    port: int
    ground: Ground
    rounds: int
    workers: list[tuple[IO[str], IO[str]]] = field(default_factory=list)
    sources: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hours = count(1)
        with transaction(self.engine) as session:
            provider, contacts = _provider(session, self.ground)
            referrals = _referrals(session, self.ground, provider)
            for hour in range(1, self.rounds + 1):
                mails = [
                    Queued(
                        self.ground.organisation_id, f"referral:{row.id}:{hour}", "referral",
                        START + timedelta(hours=hour),
                        contact_person_id=contacts[place % len(contacts)], case_id=row.case_id,
                        referral_id=row.id,
                    )
                    for place, row in enumerate(referrals)
                ]  # fmt: skip
                messages.queue(session, mails, START)
        with rehearsal(self.engine) as session:
            self.sources = list(self._ready_made(session))
        self.engine.dispose()

    def _ready_made(self, session: Session) -> Iterator[tuple[str, bytes]]:
        """What the bare loop sends: the mails of the first hour as bytes."""
        now = START + timedelta(hours=1)
        for each in outbox.claim(session, now, limit=len(self.ground.cases)):
            letter = composing.compose(session, each, now, DESK)
            assert letter is not None
            mail = rendering.render(letter, key=each.key, sender=SENDER, now=now)
            yield mail.to_email, mail.source

    def ours(self) -> int:
        """Send what is due in the next hour, the way the product does."""
        hour = next(self._hours)
        for told, _ in self.workers:
            told.write(f"{hour}\n")
            told.flush()
        sent = sum(int(answer.readline()) for _, answer in self.workers)
        if sent != len(self.ground.cases):
            raise AssertionError(f"{sent} mails were sent")
        return sent

    def bare(self) -> int:
        """The same mails, over one kept connection, and nothing written down."""

        async def loop() -> None:
            async with SMTP(hostname=LOOPBACK, port=self.port, start_tls=False) as smtp:
                for to, source in self.sources:
                    await smtp.sendmail(SENDER.email, [to], source)

        asyncio.run(loop())
        return len(self.sources)


def _provider(session: Session, ground: Ground) -> tuple[int, list[int]]:
    """A provider and its contact persons."""
    partner = Partner(
        organisation_id=ground.organisation_id, name="Taalhuis (verzonnen)", kind="provider",
        created_at=START,
    )  # fmt: skip
    session.add(partner)
    session.flush()
    people = [
        ContactPerson(
            organisation_id=ground.organisation_id, partner_id=partner.id or 0,
            name=f"Joke {number} (verzonnen)", email=f"joke{number}@taalhuis.voorbeeld.nl",
        )
        for number in range(_CONTACTS)
    ]  # fmt: skip
    session.add_all(people)
    session.flush()
    return partner.id or 0, [person.id or 0 for person in people]


def _referrals(session: Session, ground: Ground, provider: int) -> list[Referral]:
    """A referral of every case."""
    rows = [
        Referral(
            organisation_id=case.organisation_id, case_id=case.id,
            participant_id=case.participant_id, provider_id=provider, state="sent",
            sent_at=START, created_at=START,
        )
        for case in cases.standing(session, ground.cases)
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


@contextmanager
def sink() -> Iterator[tuple[int, str]]:
    """A mail server that throws everything away: Postfix's, which is compiled, or our own."""
    with closing(socket.create_server((LOOPBACK, 0))) as free:
        port = free.getsockname()[1]
    compiled = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if compiled:
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [compiled, "-4", *user, f"{LOOPBACK}:{port}", "100"]
    else:
        command = [sys.executable, "-m", "benchmarks.sink", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _until_it_listens(port)
            yield port, "smtp-sink" if compiled else "a sink in Python"
        finally:
            server.terminate()


def _until_it_listens(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The sink does not listen.")
