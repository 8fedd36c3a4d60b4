"""dbos: a move is one durable step of a workflow, which makes the four moves of the walk.

SQLite in a file, with the write-ahead log that dbos does not turn on by itself and SQLite's own
``synchronous=FULL``: as ours. The steps do nothing else, and nobody is waited for.
"""

import sqlite3
import sys

from dbos import DBOS

from benchmarks.peers.turns import take_turns

MOVES = ("screen", "agree", "postpone", "return")


@DBOS.step()
def move(case: int, name: str) -> str:
    """A case gets to its next stage."""
    return name


@DBOS.workflow()
def walk(case: int) -> str:
    """The four moves of a case."""
    stage = ""
    for name in MOVES:
        stage = move(case, name)
    return stage


def main() -> None:
    """Take turns: in each, every case makes four moves."""
    folder, cases = sys.argv[1], int(sys.argv[2])
    path = f"{folder}/dbos.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    DBOS(
        config={
            "name": "open-door",
            "system_database_url": f"sqlite:///{path}",
            "enable_otlp": False,
            "log_level": "ERROR",
        }
    )
    DBOS.launch()

    def walk_all() -> int:
        for case in range(cases):
            walk(case)
        return len(MOVES) * cases

    take_turns(walk_all)
    DBOS.destroy()


if __name__ == "__main__":
    main()
