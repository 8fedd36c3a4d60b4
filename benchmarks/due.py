"""Planning and writing the digests of 10,000 due follow-ups, among ever more that are not due.

The limit of the larger sizes is the pace at the smallest: the work must grow with what is due and
not with what exists. Each size is measured in a process of its own, which tells its peak memory.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks.databases import Bench
from benchmarks.measuring import Row
from notifications import composing, digest, outbox, rendering, rules
from notifications.desk import Desk
from notifications.letter import Address
from referrals import opening, participants, routes
from referrals.doubles import Person
from referrals.opening import NewCase
from referrals.participants import Newcomer
from storage.dialects import append, for_the_planner
from storage.engine import open_engine, transaction
from storage.queries.follow_ups import COLUMNS, FOLLOW_UPS
from storage.tables import Organisation, Staff
from workflows.library import builtin
from workflows.workdays import moment

DUE = 10_000
SIZES = (10_000, 100_000, 1_000_000)
LIBRARIES, STAFF, CASES = 50, 10, 200
#: a Tuesday, nine o'clock in the Netherlands
NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
TODAY = date(2018, 4, 3)
ZONE = "Europe/Amsterdam"
ROUTE = "open-door"
#: a share of what is due goes on to somebody else
_ESCALATED = 5
DESK = Desk("https://brug.example", Address("Brug", "brug@brug.example"))


def on_sqlite(bench: Bench) -> list[Row]:
    """The pace at each size, on SQLite."""
    return _rows(bench, "sqlite", "")


def on_postgresql(bench: Bench) -> list[Row]:
    """The pace at each size, on PostgreSQL."""
    return _rows(bench, "postgresql", "_postgresql")


def _rows(bench: Bench, kind: str, suffix: str) -> list[Row]:
    measured = []
    for size in SIZES:
        engine = bench.empty(kind)
        lay_ground(engine, size)
        address = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        command = [sys.executable, "-m", "benchmarks.due", address]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        measured.append((size, json.loads(done.stdout)))
    smallest = DUE / measured[0][1]["seconds"]
    return [
        Row(
            f"due_{size}{suffix}", DUE / found["seconds"], smallest, "due",
            f"the same at {SIZES[0]:,} open", 0.7,
            f"{found['seconds']:.1f} s, {found['mails']} mails, {found['megabytes']:.0f} MB",
        )
        for size, found in measured
    ]  # fmt: skip


def lay_ground(engine: Engine, size: int) -> None:
    """Libraries with staff and cases, `size` open follow-ups, 10,000 of them due today."""
    with transaction(engine) as session:
        published = routes.publish(session, builtin(ROUTE), by="bench", now=NOW)
        cases: list[tuple[int, int, int]] = []
        for number in range(LIBRARIES):
            cases += _library(session, number, published)
        append(session, FOLLOW_UPS, COLUMNS, _follow_ups(cases, size))
        for_the_planner(session, "follow_up", "cases", "participant")


def _library(
    session: Session, number: int, published: routes.Published
) -> list[tuple[int, int, int]]:
    """(library, case, owner) of a new library."""
    library = Organisation(
        short_name=f"meting-{number}", name=f"Bibliotheek {number} (verzonnen)", created_at=NOW
    )
    session.add(library)
    session.flush()
    assert library.id is not None
    staff = [
        Staff(
            organisation_id=library.id, name=f"Ann {each} (verzonnen)",
            email=f"ann{number}.{each}@voorbeeld.nl", role="staff" if each else "coordinator",
            created_at=NOW,
        )
        for each in range(STAFF)
    ]  # fmt: skip
    session.add_all(staff)
    session.flush()
    newcomers = [Newcomer(Person(first_name="Fatima")) for _ in range(CASES)]
    people = participants.register(session, library.id or 0, newcomers, now=NOW)
    new = [
        NewCase(who, "self", owner_id=staff[place % STAFF].id, reachable=True)
        for place, who in enumerate(people)
    ]
    later = NOW + timedelta(days=400)
    cases = opening.open_cases(session, library.id or 0, published, new, by=None, now=later)
    owners = [each.owner_id or 0 for each in new]
    return [(library.id or 0, case, owner) for case, owner in zip(cases, owners, strict=True)]


def _follow_ups(cases: list[tuple[int, int, int]], size: int) -> Iterator[tuple[object, ...]]:
    """`size` follow-ups round about the cases; the first 10,000 are due today."""
    due_at, later = moment(TODAY, 8, ZONE), moment(TODAY + timedelta(days=60), 8, ZONE)
    for number in range(size):
        library, case, owner = cases[number % len(cases)]
        due = number < DUE
        escalates = due_at if due and number % _ESCALATED == 0 else None
        yield (
            library, case, "first_call", 1, number // len(cases) + 2, "owner", owner,
            TODAY if due else TODAY + timedelta(days=60), due_at if due else later, escalates,
            "open", NOW,
        )  # fmt: skip


def work(engine: Engine) -> int:
    """Plan, queue the digests and write every mail as it would go out; returns how many."""
    planned = rules.BATCH
    while planned >= rules.BATCH:
        with transaction(engine) as session:
            planned = rules.plan(session, NOW, 8)
    with transaction(engine) as session:
        digest.plan(session, NOW)
        digest.ask_partners(session, NOW, 8)
    written = 0
    while True:
        with transaction(engine) as session:
            claimed = outbox.claim(session, NOW, limit=50, lease=timedelta(minutes=15))
            for mail in claimed:
                letter = composing.compose(session, mail, NOW, DESK)
                if letter is not None:
                    rendering.render(letter, key=mail.key, sender=DESK.sender, now=NOW)
                    written += 1
        if not claimed:
            return written


def main() -> None:
    """Work through what is due in a database and print seconds, mails and peak memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.due", description=__doc__)
    parser.add_argument("address")
    engine = open_engine(parser.parse_args().address)
    start = perf_counter()
    mails = work(engine)
    seconds = perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mails": mails, "megabytes": megabytes}))


if __name__ == "__main__":
    main()
