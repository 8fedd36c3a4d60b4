"""Every page of the desk in every state that people meet; each room keeps its own."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from playwright.sync_api import Page as Window

from tests.web.town import Town

State = Callable[[Window, Town], None]


def gathered() -> dict[str, State]:
    """The states of ``states_*.py``, by a name that says where they come from."""
    found: dict[str, State] = {}
    for path in sorted(Path(__file__).parent.glob("states_*.py")):
        room = path.stem.removeprefix("states_")
        states: Mapping[str, State] = import_module(f"tests.web.{path.stem}").DESK_STATES
        found |= {f"{room}: {name}": state for name, state in states.items()}
    return found


DESK_STATES = gathered()
