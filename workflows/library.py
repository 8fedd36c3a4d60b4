"""The routes that come with the house, read from `workflows/routes/`."""

from functools import cache
from importlib.resources import files

from core.errors import NotFound
from core.words import Told

_ROUTES = files("workflows") / "routes"


@cache
def builtin_names() -> tuple[str, ...]:
    """The names of the built-in routes, in the order of the alphabet."""
    found = (entry.name for entry in _ROUTES.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


@cache
def builtin(name: str) -> str:
    """The text of a built-in route; raises `NotFound` with the names that there are."""
    if name not in builtin_names():
        remedy = Told("Choose one of: {names}.", names=", ".join(builtin_names()))
        raise NotFound(name, remedy=remedy)
    return (_ROUTES / f"{name}.yaml").read_text(encoding="utf-8")
