"""The measurements: each row runs, and the limit by hand leaves the very rows that we leave."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from benchmarks import import_events, logs, move_many, move_one, reach_standard
from benchmarks.__main__ import ROWS, table
from benchmarks.databases import Bench
from benchmarks.measuring import Row, in_turn
from benchmarks.walking import ZONE, lay_ground
from workflows.discovery import discover
from workflows.event_logs import read_traces

WRITTEN = {
    "cases": "id",
    "stage_entry": "case_id, seq",
    "reach_entry": "case_key, seq",
    "follow_up": "id",
    "journal": "id",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database to measure on."""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_address")
        monkeypatch.setenv("BRUG_BENCH_POSTGRES", address)
    return str(request.param)


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A tiny run."""
    with Bench(people=60, events=300, many=5, few=3, rounds=1) as bench:
        yield bench


def rows_of(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that moves write."""
    return {
        table: [
            tuple(row)
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()
        ]
        for table, order in WRITTEN.items()
    }


def rows_of_ours(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """The same, read with the driver alone, so that both are compared as they are stored."""
    with engine.connect() as connection:
        return rows_of(connection.connection.driver_connection)


@pytest.mark.parametrize(("measured", "some"), [(move_one, (2,)), (move_many, ())])
def test_the_limit_leaves_the_rows_that_we_leave(
    bench: Bench, kind: str, measured: Any, some: tuple[int, ...]
) -> None:
    engine = bench.empty(kind)
    ground = lay_ground(engine, 3)
    twins = bench.twins(engine)
    ours = measured.ours(engine, ground, *some)
    by_hand = measured.by_hand(kind, twins.by_hand, ground, *some)

    for _ in range(6):
        assert ours() == by_hand()

    left = rows_of_ours(engine)
    assert left == rows_of(twins.by_hand)
    assert len(left["stage_entry"]) > 3 * 6
    # what each stage asks for, and that it takes no longer than its norm
    assert len(left["follow_up"]) == 2 * len(left["stage_entry"])


def test_the_limit_writes_by_the_statements_that_we_write_by(bench: Bench) -> None:
    engine = bench.empty("sqlite")
    ground = lay_ground(engine, 1)
    twins = bench.twins(engine)
    by_us: list[str] = []
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
    driver.set_trace_callback(by_us.append)
    by_hand: list[str] = []
    twins.by_hand.set_trace_callback(by_hand.append)

    ours = move_one.ours(engine, ground, 1)
    assert ours() == move_one.by_hand("sqlite", twins.by_hand, ground, 1)()

    def kinds(statements: list[str]) -> list[str]:
        words = [" ".join(each.split()[:3]) for each in statements]
        return [
            each for each in words if each.split()[0] in ("BEGIN", "INSERT", "UPDATE", "COMMIT")
        ]

    assert kinds(by_us) == kinds(by_hand)


@pytest.mark.parametrize("measured", [move_one, move_many])
def test_the_moves_are_measured(bench: Bench, kind: str, measured: Any) -> None:
    [row] = measured.on_sqlite(bench) if kind == "sqlite" else measured.on_postgresql(bench)
    assert row.ours_per_s > 0
    assert row.limit_per_s > 0


def test_a_row_for_machines_has_four_fields() -> None:
    row = Row("move_one", 500.0, 1000.0, unit="moves", limit="by hand", target=0.3)
    assert json.loads(row.as_json()) == {
        "name": "move_one", "ours_per_s": 500.0, "limit_per_s": 1000.0, "ratio": 0.5,
    }  # fmt: skip


def test_the_two_are_measured_in_turn() -> None:
    turns: list[str] = []

    def ours() -> int:
        turns.append("ours")
        return 1

    def limit() -> int:
        turns.append("limit")
        return 1

    in_turn(ours, limit, rounds=2)
    assert turns == ["ours", "limit"] * 3


def test_the_limit_is_as_safe_as_we_are(bench: Bench) -> None:
    engine = bench.empty("sqlite")
    by_hand = bench.twins(engine).by_hand
    names = ("journal_mode", "synchronous", "foreign_keys", "cache_size", "mmap_size", "temp_store")

    with engine.connect() as connection:
        ours = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert ours == [by_hand.execute(f"PRAGMA {name}").fetchone()[0] for name in names]


@pytest.mark.parametrize("write", [logs.write_csv, logs.write_xes])
def test_every_event_of_an_invented_log_is_imported(bench: Bench, write: Any) -> None:
    path = write(bench.folder / "log", 300)
    text = discover(read_traces(path, zone=ZONE), import_events.ROUTE)
    engine = bench.empty("sqlite")
    library = import_events.found_library(engine, text)

    assert import_events.ours(iter([(engine, library)]), path)() == 300
    assert import_events.parsing(path)() == 300


def test_imports_are_measured(bench: Bench) -> None:
    [row] = import_events.of_csv(bench)
    assert row.ours_per_s > 0
    assert "300 events" in row.note


def test_the_standard_questions_are_answered_alike_from_summary_and_entries(
    bench: Bench, kind: str
) -> None:
    measure = reach_standard.on_sqlite if kind == "sqlite" else reach_standard.on_postgresql
    rows = measure(bench)
    assert [row.name.removesuffix("_postgresql") for row in rows] == [
        "reach_standard", "reach_whole_months", "reach_odd_period",
    ]  # fmt: skip


def test_the_table_shows_each_row() -> None:
    row = Row("move_one", 500.0, 1000.0, unit="moves", limit="by hand", target=0.3)
    assert table([row]).row_count == 1
    assert "move_one" in ROWS
