"""Where a route leads nowhere: stages that no step leads to, or that no step leads away from."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from core.errors import Fault
from workflows.definition import Move, Stage
from workflows.reading import Path_


def dead_ends(
    stages: Mapping[str, Stage],
    moves: Mapping[str, Move],
    start: Iterable[str],
    line: Callable[[Path_], int],
) -> Iterator[Fault]:
    """A fault for every stage that cannot be reached from a start, or neither left nor final."""
    still_open = tuple(stage.name for stage in stages.values() if not stage.final)
    for move in moves.values():
        if set(move.sources) == {"*"} and not still_open:
            why = "This starts from every open stage, and there is none."
            remedy = "Name the stages it starts from."
            yield Fault(f"{move.name}.from", why, remedy, line(("moves", move.name, "from")))
    ways = _ways(stages, moves, still_open)
    reached = _reached(start, ways)
    for name, stage in stages.items():
        if name not in reached:
            remedy = "Add a step that leads here, or remove the stage."
            yield Fault(name, "No step leads to this stage.", remedy, line(("stages", name)))
        if not stage.final and not ways[name] - {name}:
            remedy = "Add a step that starts here, or write: final: true"
            why = "No step leads away from this stage."
            yield Fault(name, why, remedy, line(("stages", name)))


def _ways(
    stages: Iterable[str], moves: Mapping[str, Move], still_open: Iterable[str]
) -> dict[str, set[str]]:
    """Each stage → the stages to which a step leads from it."""
    ways: dict[str, set[str]] = {name: set() for name in stages}
    for move in moves.values():
        for source in (*move.sources, *(still_open if "*" in move.sources else ())):
            ways.get(source, set()).add(move.to)
    return ways


def _reached(start: Iterable[str], ways: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for stage in ways.get(waiting.pop(), ()):
            if stage not in reached:
                reached.add(stage)
                waiting.append(stage)
    return reached
