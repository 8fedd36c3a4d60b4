"""`page_…`: pages of the desk over 100,000 cases, beside the same bytes from memory."""

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from benchmarks import visitors
from benchmarks.databases import Bench
from benchmarks.measuring import Row, in_turn
from benchmarks.visitors import Site
from cli.demo import fill
from core import clock
from core.references import reference
from storage.engine import transaction
from storage.queries.links import fingerprint
from storage.tables import Visit

SEED = 1
#: connections at once, and pages asked for in a round
CONNECTIONS, TIMES = 16, 320
#: the steady pace at which waiting is measured, and for how long
PER_S, SECONDS = 40, 10
_CASES = 100
#: seconds within which a server must be there
_PATIENCE = 30


def on_sqlite(bench: Bench) -> list[Row]:
    """A row for the case page, the board, the list and the page of today."""
    engine = bench.empty("sqlite")
    now = clock.now()
    filled = fill(engine, people=bench.cases, seed=SEED, now=now)
    visit, paths = _sign_in(engine, now)
    engine.dispose()
    with _serving(str(engine.url)) as port:
        site = Site(port, {"brug": visit, "brug-form": secrets.token_urlsafe(32)})
        folder = bench.folder / "pages"
        folder.mkdir()
        for name, asked in paths.items():
            (folder / name).write_bytes(visitors.page(site, asked[0]))
        note = f"{filled.cases} cases, {CONNECTIONS} connections, one process"
        with _serving(str(folder)) as bare_port:
            rows = [
                _row(bench, name, asked, site, Site(bare_port), folder / name, note)
                for name, asked in paths.items()
            ]
    return rows


def _row(
    bench: Bench, name: str, asked: list[str], site: Site, bare: Site, kept: Path, note: str
) -> Row:
    paces = in_turn(
        lambda: visitors.crowd(site, asked, TIMES, CONNECTIONS),
        lambda: visitors.crowd(bare, [f"/{name}"], 4 * TIMES, CONNECTIONS),
        bench.rounds,
    )
    took = visitors.steady(site, _anew(asked, PER_S * SECONDS), PER_S, SECONDS)
    p95 = took[int(0.95 * len(took))] * 1000
    began = time.perf_counter()
    made = visitors.crowd(site, _anew(asked, TIMES), TIMES, CONNECTIONS)
    note = (
        f"{note}; {kept.stat().st_size:,} bytes; when every page is made anew:"
        f" {made / (time.perf_counter() - began):.0f}/s, p95 {p95:.0f} ms at {PER_S}/s"
    )
    return Row.of(
        name, paces, unit="pages", limit="a bare FastAPI page with the same bytes from memory",
        target=0.25, note=note,
    )  # fmt: skip


def _anew(asked: list[str], times: int) -> list[str]:
    """Addresses that were never asked for: nothing is kept of them, though they show the same."""
    turns = (asked[number % len(asked)] for number in range(times))
    return [f"{path}?anew={secrets.token_hex(8)}" for path in turns]


def _sign_in(engine: Engine, now: datetime) -> tuple[str, dict[str, list[str]]]:
    """A visit of the coordinator of the largest library, and the addresses to ask for."""
    token = secrets.token_urlsafe(32)
    with transaction(engine) as session:
        [library, staff_id] = _coordinator(session)
        visit = Visit(
            hash=fingerprint(token), organisation_id=library, staff_id=staff_id, created_at=now,
            seen_at=now,
        )  # fmt: skip
        session.add(visit)
        opened = session.connection().execute(
            text("SELECT id FROM cases WHERE organisation_id = :library ORDER BY id DESC LIMIT :n"),
            {"library": library, "n": _CASES},
        )
        cases = [f"/cases/{reference(number)}" for (number,) in opened]
    return token, {
        "page_case": cases,
        "page_board": ["/board/open-door"],
        "page_list": ["/cases"],
        "page_start": ["/"],
    }


def _coordinator(session: Session) -> tuple[int, int]:
    row = session.connection().execute(
        text(
            "SELECT c.organisation_id, (SELECT min(s.id) FROM staff s"
            " WHERE s.organisation_id = c.organisation_id AND s.role = 'coordinator')"
            " FROM cases c GROUP BY c.organisation_id ORDER BY count(*) DESC LIMIT 1"
        )
    )
    [(library, staff_id)] = row
    return library, staff_id


@contextmanager
def _serving(what: str) -> Iterator[int]:
    """A server in a process of its own, until the block ends; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.page_server", what, str(port)])
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
