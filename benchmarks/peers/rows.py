"""`peer_viewflow` and `peer_dbos`: durable moves a second, ours and theirs in turn, on SQLite."""

from importlib.util import find_spec

from benchmarks import move_one
from benchmarks.databases import Bench
from benchmarks.measuring import Row, in_turn
from benchmarks.peers.turns import Peer
from benchmarks.walking import lay_ground


def viewflow(bench: Bench) -> list[Row]:
    """Beside django-viewflow."""
    return [_row(bench, "peer_viewflow", "viewflow", "benchmarks.peers.on_viewflow")]


def dbos(bench: Bench) -> list[Row]:
    """Beside dbos."""
    return [_row(bench, "peer_dbos", "dbos", "benchmarks.peers.on_dbos")]


def _row(bench: Bench, name: str, package: str, module: str) -> Row:
    if find_spec(package) is None:
        raise SystemExit(f"{package} is not installed. Run: pip install -r requirements/peers.txt")
    engine = bench.empty("sqlite")
    ground = lay_ground(engine, bench.few * (bench.rounds + 1))
    peer = Peer(module, bench.folder, bench.few, bench.rounds + 1)
    try:
        paces = in_turn(move_one.ours(engine, ground, bench.few), peer.go, bench.rounds)
    finally:
        peer.stop()
    return Row.of(name, paces, unit="moves", limit=f"{package}, the same moves", target=2)
