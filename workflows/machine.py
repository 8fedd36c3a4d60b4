"""Turns a definition or a lifecycle into a `transitions` machine: the one place that knows it.

One machine per published version, built once, without a model: a case is never decorated, a
light `_Standing` takes its place for the moment of the decision.
"""

from functools import cache
from typing import Any

from transitions import Machine, MachineError

from core.errors import Fault, MoveRefused
from core.words import Told, together
from workflows import guards
from workflows.definition import Definition, Move
from workflows.guards import Facts
from workflows.lifecycles import CALLED, Lifecycle

#: answers that a route remembers
_REMEMBERED = 4096


class _Standing:
    """Where something stands while a move is decided."""

    __slots__ = ("state",)

    def __init__(self, state: str):
        self.state = state


class _Machine(Machine):
    """A machine in which a stage may be named anything: `*` and `=` mean nothing special."""

    wildcard_all = wildcard_same = object()  # type: ignore[assignment]


class Route:
    """The machine of one published definition."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self._decided: dict[tuple[str, str, Facts], str | tuple[Fault, ...]] = {}
        self._machine = _Machine(
            model=None,
            states=list(definition.stages),
            initial=None,
            auto_transitions=False,
            send_event=True,
            transitions=[
                {"trigger": move.name, "source": stage, "dest": move.to, "conditions": [_holds]}
                for stage, moves in definition.moves_from.items()
                for move in moves
            ],
        )

    def decide(self, stage: str, move_name: str, facts: Facts) -> str:
        """The stage that the move leads to; raises `MoveRefused` with every reason why not.

        Pure, so the same question is put to the machine once.
        """
        question = (stage, move_name, facts)
        if question not in self._decided:
            if len(self._decided) >= _REMEMBERED:
                self._decided.clear()
            self._decided[question] = self._ask(stage, move_name, facts)
        answer = self._decided[question]
        if isinstance(answer, str):
            return answer
        raise MoveRefused(move_name, faults=answer)

    def _ask(self, stage: str, move_name: str, facts: Facts) -> str | tuple[Fault, ...]:
        """The stage that the machine moves to, or every reason why it does not."""
        move = self.definition.moves.get(move_name)
        if move is None:
            possible = ", ".join(move.name for move in self.definition.moves_from[stage])
            remedy = Told("Possible now: {names}.", names=possible) if possible else ""
            fault = Fault(move_name, "This route has no such step.", remedy)
            return (fault,)
        standing = _Standing(stage)
        try:
            moved = self._machine.events[move_name].trigger(standing, move=move, facts=facts)
        except MachineError:
            return self._not_from(stage, move, facts)
        return standing.state if moved else guards.unmet(move, facts)

    def _not_from(self, stage: str, move: Move, facts: Facts) -> tuple[Fault, ...]:
        possible = ", ".join(each.name for each in self.definition.moves_from[stage])
        remedy = (
            Told("Possible now: {names}.", names=possible) if possible else "This case is closed."
        )
        title = self.definition.stages[stage].title
        why = Told("This step does not start from the stage {stage}.", stage=title)
        first = Fault(move.name, why, remedy)
        return (first, *guards.unmet(move, facts))

    def options(self, stage: str, facts: Facts) -> dict[str, tuple[Fault, ...]]:
        """The moves from a stage, each with the reasons why it is off; none: it is possible."""
        return {move.name: guards.unmet(move, facts) for move in self.definition.moves_from[stage]}


def _holds(event: Any) -> bool:
    return not guards.unmet(event.kwargs["move"], event.kwargs["facts"])


@cache
def _lifecycle_machine(name: str) -> Machine:
    from workflows import lifecycles

    life = {"referral": lifecycles.REFERRAL, "message": lifecycles.MESSAGE}[name]
    return Machine(
        model=None,
        states=list(life.states),
        initial=None,
        auto_transitions=False,
        transitions=[
            {"trigger": event, "source": source, "dest": to}
            for event, (sources, to) in life.events.items()
            for source in sources
        ],
    )


def next_state(life: Lifecycle, state: str, event: str) -> str:
    """The state after an event; raises `MoveRefused` when it is not possible from here."""
    standing = _Standing(state)
    try:
        _lifecycle_machine(life.name).events[event].trigger(standing)
    except (MachineError, KeyError) as error:
        ways = [CALLED[to] for sources, to in life.events.values() if state in sources]
        possible = together(ways, ", ")
        remedy = (
            Told("Possible now: {names}.", names=possible)
            if ways
            else "Nothing more can be done with it."
        )
        why = Told("This is not possible in the state {state}.", state=CALLED[state])
        asked = CALLED[life.events[event][1]] if event in life.events else event
        fault = Fault(asked, why, remedy)
        raise MoveRefused(life.name, faults=(fault,)) from error
    return standing.state
