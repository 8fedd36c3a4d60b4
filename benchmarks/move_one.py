"""`move_one`: one case, one move, one commit, beside the same statements by hand."""

from itertools import cycle, islice

from sqlalchemy import Engine

from benchmarks.by_hand import PostgresScript, Script
from benchmarks.databases import Bench
from benchmarks.measuring import Round, Row, in_turn
from benchmarks.walking import Ground, lay_ground, moments
from referrals import moving
from storage.engine import transaction

LIMITS = {"sqlite": "the same statements with sqlite3", "postgresql": "… with psycopg"}


def on_sqlite(bench: Bench) -> list[Row]:
    """On SQLite."""
    return [_row(bench, "sqlite", "move_one")]


def on_postgresql(bench: Bench) -> list[Row]:
    """On PostgreSQL."""
    return [_row(bench, "postgresql", "move_one_postgresql")]


def _row(bench: Bench, kind: str, name: str) -> Row:
    engine = bench.empty(kind)
    ground = lay_ground(engine, bench.few * (bench.rounds + 1))
    twins = bench.twins(engine)
    paces = in_turn(
        ours(twins.ours, ground, bench.few),
        by_hand(kind, twins.by_hand, ground, bench.few),
        bench.rounds,
    )
    note = "{:.0f} µs of processor a move, by hand {:.0f}".format(*(p.microseconds for p in paces))
    return Row.of(name, paces, unit="moves", limit=LIMITS[kind], target=0.3, note=note)


def ours(engine: Engine, ground: Ground, count: int) -> Round:
    """A round in which the next `count` cases make four moves each, the way the product does."""
    times, cases = moments(), cycle(ground.cases)

    def walk() -> int:
        for case in islice(cases, count):
            for step in ground.walk:
                with transaction(engine) as session:
                    moving.move_cases(
                        session, [case], step.move, by=ground.owner_id, now=next(times),
                        answers=step.answers,
                    ).raise_refusal()  # fmt: skip
        return count * len(ground.walk)

    return walk


def by_hand(kind: str, connection: object, ground: Ground, count: int) -> Round:
    """The same round by hand."""
    script = (Script if kind == "sqlite" else PostgresScript)(connection, ground)
    times, cases = moments(), cycle(ground.cases)

    def walk() -> int:
        for case in islice(cases, count):
            for step in ground.walk:
                script.move_one(case, step, next(times))
        return count * len(ground.walk)

    return walk
