"""`move_many`: ten thousand cases in one call and one commit, beside the same rows by hand."""

from itertools import cycle

from sqlalchemy import Engine

from benchmarks.by_hand import PostgresScript, Script
from benchmarks.databases import Bench
from benchmarks.measuring import Round, Row, in_turn
from benchmarks.walking import Ground, lay_ground, moments
from referrals import moving
from storage.engine import transaction

LIMITS = {"sqlite": "the same rows with executemany", "postgresql": "the same rows with COPY"}


def on_sqlite(bench: Bench) -> list[Row]:
    """On SQLite."""
    return [_row(bench, "sqlite", "move_many")]


def on_postgresql(bench: Bench) -> list[Row]:
    """On PostgreSQL."""
    return [_row(bench, "postgresql", "move_many_postgresql")]


def _row(bench: Bench, kind: str, name: str) -> Row:
    engine = bench.empty(kind)
    ground = lay_ground(engine, bench.many)
    twins = bench.twins(engine)
    paces = in_turn(
        ours(twins.ours, ground), by_hand(kind, twins.by_hand, ground), rounds=min(3, bench.rounds)
    )
    note = "{:.0f} µs of processor a move, by hand {:.0f}".format(*(p.microseconds for p in paces))
    return Row.of(name, paces, unit="moves", limit=LIMITS[kind], target=0.2, note=note)


def ours(engine: Engine, ground: Ground) -> Round:
    """A round in which all cases make one move together; the next round makes the next move."""
    times, turn = moments(), cycle(ground.walk)

    def move() -> int:
        step = next(turn)
        with transaction(engine) as session:
            outcome = moving.move_cases(
                session, ground.cases, step.move, by=ground.owner_id, now=next(times),
                answers=step.answers,
            )  # fmt: skip
            outcome.raise_refusal()
        return len(outcome.moved)

    return move


def by_hand(kind: str, connection: object, ground: Ground) -> Round:
    """The same round by hand."""
    script = (Script if kind == "sqlite" else PostgresScript)(connection, ground)
    times, turn = moments(), cycle(ground.walk)

    def move() -> int:
        script.move_many(ground.cases, next(turn), next(times))
        return len(ground.cases)

    return move
