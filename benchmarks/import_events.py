"""`import_events`: events a second into histories, beside reading the same file alone."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from benchmarks import logs
from benchmarks.databases import Bench
from benchmarks.measuring import Round, Row, in_turn
from benchmarks.walking import START, ZONE
from referrals import routes
from referrals.exchange import event_imports
from storage.engine import transaction
from storage.tables import Organisation
from workflows.discovery import discover
from workflows.event_logs import read_events, read_traces

ROUTE = "log"
#: rounds, each into an empty database
_ROUNDS = 2


def of_xes(bench: Bench) -> list[Row]:
    """A log in XES: the real one where it is at hand."""
    real = logs.REAL.exists()
    path = logs.REAL if real else logs.write_xes(bench.folder / "log.xes", bench.events)
    return [_row(bench, "import_events_xes", path)]


def of_csv(bench: Bench) -> list[Row]:
    """An invented log in CSV."""
    path = logs.write_csv(bench.folder / "log.csv", bench.events)
    return [_row(bench, "import_events_csv", path)]


def _row(bench: Bench, name: str, path: Path) -> Row:
    text = discover(read_traces(path, zone=ZONE), ROUTE)
    rounds = min(_ROUNDS, bench.rounds)
    databases = [bench.empty("sqlite") for _ in range(rounds + 1)]
    libraries = [(engine, found_library(engine, text)) for engine in databases]
    paces = in_turn(ours(iter(libraries), path), parsing(path), rounds)
    note = f"{path.name}, {parsing(path)():,} events"
    return Row.of(name, paces, unit="events", limit="reading the file alone", target=0.2, note=note)


def found_library(engine: Engine, text: str) -> int:
    """A library with the route of the log published; its number."""
    with transaction(engine) as session:
        library = Organisation(
            short_name="meting", name="Bibliotheek Meting (verzonnen)", created_at=START
        )
        session.add(library)
        session.flush()
        routes.publish(session, text, by="bench", now=START)
        assert library.id is not None
        return library.id


def ours(libraries: Iterator[tuple[Engine, int]], path: Path) -> Round:
    """A round that imports the log into the next empty database."""

    def take() -> int:
        engine, library = next(libraries)
        report = event_imports.import_events(
            engine, path, route=ROUTE, organisation_id=library, now=START
        )
        return report.events

    return take


def parsing(path: Path) -> Round:
    """A round that reads every event of the log and keeps none."""

    def read() -> int:
        return sum(1 for _ in read_events(path, zone=ZONE))

    return read
