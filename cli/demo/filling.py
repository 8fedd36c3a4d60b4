"""Fills an empty database with the invented picture, a library at a time and in bounded memory."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session

from cli.demo import libraries, pilots, tallies
from cli.demo.courses import Courses
from cli.demo.days import Days
from cli.demo.drafts import Drafting
from cli.demo.libraries import Library
from cli.demo.writing import Share, Writing
from core.errors import AlreadyThere
from referrals import routes
from referrals.routes import Published
from storage.dialects import for_the_planner
from storage.engine import transaction
from storage.queries import staff, workflows
from workflows.library import builtin, builtin_names

#: people written in one transaction: enough to make the summary cheap, few enough for memory
_PORTION = 25_000
_ZONE = "Europe/Amsterdam"
#: without the summary: told how few cubes it has, SQLite would search all of them for one
_LARGE = (
    "participant", "cases", "stage_entry", "reach_entry", "reach_way", "consent", "referral",
    "follow_up", "course", "staff", "partner",
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """How much was made up."""

    libraries: int
    pilots: int
    people: int
    cases: int
    #: steps in the histories of cases
    steps: int
    open_cases: int
    consents: int
    referrals: int


def fill(
    engine: Engine,
    *,
    people: int,
    seed: int,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Filled:
    """Make up so many people in an empty, migrated database; the same seed makes the same picture.

    `progress` is told how many there are so far. Raises `AlreadyThere` for a database that knows
    a library already.
    """
    dice = Random(seed)
    with transaction(engine) as session:
        country = _found(session, people, dice, now)
    drafting = Drafting(dice, country.days, country.routes, country.campaigns)
    writing = Writing(drafting, now)
    with _uncollected():
        for portion in _portions(country):
            with transaction(engine) as session:
                writing.write(session, portion)
            if progress is not None:
                progress(writing.written.people)
    with transaction(engine) as session:
        writing.settle(session)
        for_the_planner(session, *_LARGE)
    return Filled(len(country.libraries), len(pilots.IDEAS), **asdict(writing.written))


@dataclass(frozen=True)
class _Country:
    """What stands before the first participant comes."""

    days: Days
    routes: dict[str, Published]
    libraries: list[Library]
    #: for each day the campaign that runs
    campaigns: list[int | None]


def _found(session: Session, people: int, dice: Random, now: datetime) -> _Country:
    """Libraries, pilots and campaigns, and the routes if they are not there yet."""
    if staff.organisations(session):
        remedy = "The demo wants an empty database: name another one in BRUG_DATABASE_URL."
        raise AlreadyThere("demo", remedy=remedy)
    days = Days(now, _ZONE)
    published = {
        name: routes.newest(session, name)
        if workflows.newest(session, name)
        else routes.publish(session, builtin(name), by="demo", now=now)
        for name in builtin_names()
    }
    founded = libraries.write_libraries(session, people, dice, now)
    _let_take_part(session, founded, days)
    campaigns = pilots.write_campaigns(session, days)
    tallies.write_tallies(session, founded, days, campaigns, dice, now)
    return _Country(days, published, founded, campaigns)


def _let_take_part(session: Session, founded: list[Library], days: Days) -> None:
    by_name = {library.place.name: library for library in founded}
    expected = {
        idea.name: sum(by_name[name].people for name in idea.libraries) * pilots.SHARE
        for idea in pilots.IDEAS
    }
    for running in pilots.write_pilots(session, days, expected):
        for name in running.idea.libraries:
            by_name[name].pilot = running
            pilots.let_take_part(session, running, by_name[name].id)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of small values without a cycle: looking for cycles in them costs a tenth."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _portions(country: _Country) -> Iterator[list[Share]]:
    """Libraries together until there are enough people; a large one in several goes."""
    portion: list[Share] = []
    for library in country.libraries:
        courses, left = Courses(library, country.days), library.people
        while left:
            count = min(left, _PORTION)
            portion.append(Share(library, courses, count))
            left -= count
            if sum(share.people for share in portion) >= _PORTION:
                yield portion
                portion = []
    if portion:
        yield portion
