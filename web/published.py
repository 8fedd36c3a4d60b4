"""Routes as pages name them: titles of routes and stages, from the versions that are published."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from referrals import routes
from storage.queries.boards import Version
from workflows.definition import Definition


def newest(session: Session, versions: Sequence[Version]) -> dict[str, Definition]:
    """The newest version of each route; `versions`: by route and number."""
    last = {each.name: each.id for each in versions}
    return {name: routes.pinned(session, number).definition for name, number in last.items()}


def route_titles(definitions: Mapping[str, Definition], language: str) -> list[tuple[str, str]]:
    """(name, title) of each route."""
    return [(name, each.title[language]) for name, each in definitions.items()]


def stage_titles(
    definitions: Mapping[str, Definition], route: str, language: str
) -> list[tuple[str, str]]:
    """(name, title) of the stages of a route, or of all; routes use the same names."""
    found: dict[str, str] = {}
    for name, each in definitions.items():
        if route in ("", name):
            for stage in each.stages.values():
                found.setdefault(stage.name, stage.title[language])
    return list(found.items())
