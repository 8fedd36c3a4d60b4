"""Published routes: a version once published never changes, and cases stay on theirs."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session

from core.errors import AlreadyThere, NotFound
from core.words import Told
from storage.engine import connection_of
from storage.queries import workflows
from storage.tables import WorkflowVersion
from workflows import checking
from workflows.definition import Definition, Titles, digest
from workflows.machine import Route


@dataclass(frozen=True)
class Published:
    """A version of a route, with its machine."""

    id: int
    name: str
    number: int
    route: Route

    @property
    def definition(self) -> Definition:
        """What the route declares."""
        return self.route.definition


def publish(session: Session, text: str, *, by: str, now: datetime) -> Published:
    """Publish a text as the next version of its route, for cases that start from now on.

    Raises `FaultyRoute` with every fault, and `AlreadyThere` for the text of the newest version.
    """
    definition = checking.parse(text, routes=names(session))
    newest = workflows.newest(session, definition.name)
    if newest and newest.digest == digest(text):
        remedy = Told("It is version {number}.", number=newest.number)
        raise AlreadyThere(definition.name, remedy=remedy)
    version = WorkflowVersion(
        name=definition.name,
        number=newest.number + 1 if newest else 1,
        text=text,
        digest=digest(text),
        published_at=now,
        published_by=by,
    )
    session.add(version)
    session.flush()
    return _published(version)


def names(session: Session) -> tuple[str, ...]:
    """The names of the published routes, in the order of the alphabet."""
    return tuple(sorted({each.name for each in workflows.versions(session)}))


def newest(session: Session, name: str) -> Published:
    """The version on which new cases start; raises `NotFound` with what there is."""
    version = workflows.newest(session, name)
    if version is None:
        there = names(session)
        published = Told("Published are: {names}.", names=", ".join(there))
        remedy = published if there else "Run: brug init"
        raise NotFound(name, remedy=remedy)
    return _published(version)


def pinned(session: Session, version_id: int) -> Published:
    """The version with this row number; a version never changes, so it is asked for once."""
    kept = _pinned.setdefault(connection_of(session).engine, {})
    if version_id not in kept:
        kept[version_id] = _published(workflows.version(session, version_id))
    return kept[version_id]


#: engine → the versions that were asked for
_pinned: WeakKeyDictionary[Engine, dict[int, Published]] = WeakKeyDictionary()


def _published(version: WorkflowVersion) -> Published:
    assert version.id is not None
    return Published(version.id, version.name, version.number, _route(version.text))


@lru_cache(maxsize=256)
def _route(text: str) -> Route:
    return Route(checking.published(text))


def stage_order(session: Session, name: str | None) -> tuple[str, ...]:
    """The stages of a route (or of all, the built-in first), in the order of their files."""
    asked = (name,) if name else names(session)
    order: dict[str, None] = {}
    for each in asked:
        version = workflows.newest(session, each)
        if version is not None:
            order.update(dict.fromkeys(_route(version.text).definition.stages))
    return tuple(order)


def stages(session: Session, name: str | None) -> dict[str, Titles]:
    """Every stage that any version of a route (or of all) has or had → its newest title."""
    found: dict[str, Titles] = {}
    for row in sorted(workflows.versions(session), key=lambda row: (row.name, -row.number)):
        if name in (None, row.name):
            for stage in pinned(session, row.id or 0).definition.stages.values():
                found.setdefault(stage.name, stage.title)
    return found


def stage_titles(session: Session, name: str | None, language: str) -> dict[str, str]:
    """Stage → its title, of a route or of all; built-in routes use the same names."""
    asked = (name,) if name else names(session)
    return {
        stage.name: stage.title[language]
        for each in reversed(asked)
        for stage in newest(session, each).definition.stages.values()
    }
