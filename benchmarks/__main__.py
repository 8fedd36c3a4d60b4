"""``python -m benchmarks``: a table for people, and a line of JSON for each row."""

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import due, import_events, move_many, move_one, pages, reach_standard, send
from benchmarks.databases import Bench
from benchmarks.measuring import Row

Measurement = Callable[[Bench], list[Row]]
ROWS: Mapping[str, Measurement] = {
    "move_one": move_one.on_sqlite,
    "move_one_postgresql": move_one.on_postgresql,
    "move_many": move_many.on_sqlite,
    "move_many_postgresql": move_many.on_postgresql,
    "import_events_xes": import_events.of_xes,
    "import_events_csv": import_events.of_csv,
    "due": due.on_sqlite,
    "due_postgresql": due.on_postgresql,
    "send": send.on_sqlite,
    "send_postgresql": send.on_postgresql,
    "pages": pages.on_sqlite,
    "reach_standard": reach_standard.on_sqlite,
    "reach_standard_postgresql": reach_standard.on_postgresql,
}


def main() -> None:
    """Measure what was asked for and print it."""
    options = _options()
    rows: list[Row] = []
    console = Console(stderr=True)
    measurements = _chosen(options.only, options.peers)
    with Bench(people=options.people, events=options.events) as bench:
        for name, measure in measurements.items():
            console.print(f"[dim]{name} …[/dim]")
            gc.collect()
            rows += measure(bench)
    if not options.json:
        Console().print(table(rows))
    for row in rows:
        print(row.as_json())


def table(rows: Sequence[Row]) -> Table:
    """The rows for people."""
    shown = Table(title="Measured, each beside its limit, in turns on this machine")
    for heading in ("row", "unit", "ours /s", "limit /s", "ratio", "target", "limit", "note"):
        right = heading.endswith("/s") or heading in ("ratio", "target")
        shown.add_column(heading, justify="right" if right else "left")
    for row in rows:
        colour = "green" if row.ratio >= row.target else "red"
        shown.add_row(
            row.name, row.unit, f"{row.ours_per_s:,.0f}", f"{row.limit_per_s:,.0f}",
            f"[{colour}]{row.ratio:.2f}[/{colour}]", f"{row.target:g}", row.limit, row.note,
        )  # fmt: skip
    return shown


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", type=int, default=50_000, help="in the reach measurements")
    parser.add_argument("--events", type=int, default=200_000, help="in the invented log")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="just these rows")
    parser.add_argument("--peers", action="store_true", help="also beside viewflow and dbos")
    parser.add_argument("--json", action="store_true", help="no table")
    return parser.parse_args()


def _chosen(only: Sequence[str] | None, peers: bool) -> dict[str, Measurement]:
    known = dict(ROWS)
    if peers:
        from benchmarks.peers import rows

        known |= {"peer_viewflow": rows.viewflow, "peer_dbos": rows.dbos}
    unknown = [name for name in only or () if name not in known]
    if unknown:
        sys.exit(f"There is no row {', '.join(unknown)}. There are: {', '.join(known)}.")
    return {name: measure for name, measure in known.items() if not only or name in only}


if __name__ == "__main__":
    main()
