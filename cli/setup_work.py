"""What `init`, `doctor` and `demo` do."""

import re
import sys
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cli import composition, printing
from cli.composition import Program
from cli.language import t
from core import clock
from core.errors import BrugError, DatabaseUnready
from core.settings import Settings
from referrals import routes
from storage import migrations
from storage.engine import open_engine, transaction
from storage.queries import staff, workflows
from storage.tables import Organisation
from workflows.library import builtin, builtin_names

#: what a newcomer can do after the demo
NEXT = (
    "brug reach --by level",
    "brug reach --by stage --by pilot",
    "brug case list --open",
    "brug init --library Taalhuis",
    "BRUG_ORGANISATION=taalhuis brug import register FILE.xlsx",
    "brug reach --by stage --library taalhuis",
)


_CHECK_SERVER = "Check BRUG_DATABASE_URL and whether the server runs."


@dataclass(frozen=True)
class Finding:
    """Something that was looked at, what was found, and what to do when it is not well."""

    about: str
    well: bool
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding for programs."""
        remedy = "" if self.well else t(self.remedy)
        return {**asdict(self), "about": t(self.about), "remedy": remedy}


def needs_library(settings: Settings) -> bool:
    """Whether there is no library yet."""
    try:
        engine = open_engine(settings.url)
        composition.check_ready(engine)
        with transaction(engine) as session:
            return not staff.organisations(session)
    except DatabaseUnready:
        return True


def init(settings: Settings, library: str | None) -> dict[str, Any]:
    """Create the data folder and the tables, publish the built-in routes, add this library.

    Does only what is not done yet; `library` none: adds no library.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.url)
    url = engine.url.render_as_string(hide_password=True)
    try:
        migrations.migrate(engine)
    except SQLAlchemyError as error:
        raise DatabaseUnready(url, remedy=_CHECK_SERVER) from error
    now = clock.now()
    with transaction(engine) as session:
        for name in builtin_names():
            if workflows.newest(session, name) is None:
                routes.publish(session, builtin(name), by="brug init", now=now)
        if library and staff.organisation(session, _short(library)) is None:
            session.add(
                Organisation(
                    short_name=_short(library), name=library, zone=settings.zone, created_at=now
                )
            )
            session.flush()
        there = staff.organisations(session)
        names = sorted({each.name for each in workflows.versions(session)})
    return {
        "database": url,
        "library": library or (there[0].name if there else None),
        "organisation": _short(library) if library else None,
        "routes": names,
    }


def fill(program: Program, people: int, seed: int) -> dict[str, Any]:
    """Fill the database with the demo, with a progress bar on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from cli.demo import fill as fill_demo

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=printing.ERR, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=people)
        filled = fill_demo(
            program.engine, people=people, seed=seed, now=program.now,
            progress=lambda done: progress.update(task, completed=done),
        )  # fmt: skip
    return asdict(filled)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything a command rests on; stops at the first thing that hides the rest."""
    found = [Finding("Data folder", settings.data.is_dir(), str(settings.data), "Run: brug init")]
    try:
        program = Program(settings)
        url = program.engine.url.render_as_string(hide_password=True)
        found.append(Finding("Database", True, url))
        found += _look_inside(program)
    except BrugError as error:
        # this is the doctor: nobody is sent to it again
        remedy = _CHECK_SERVER if error.remedy == composition.UNREACHABLE else error.remedy
        found.append(Finding("Database", False, error.thing, remedy))
    return found


def _look_inside(program: Program) -> list[Finding]:
    from referrals.reach import settling
    from storage.queries import reach

    with program.writing() as session:
        libraries = program.libraries(session)
        names = sorted({each.name for each in workflows.versions(session)})
        waiting = len(reach.unsettled_people(session, 100_000))
        settling.settle(session)
    missing = sorted(set(builtin_names()) - set(names))
    return [
        Finding("Libraries", bool(libraries), str(len(libraries)), "Run: brug init"),
        Finding("Routes", not missing, ", ".join(names), "Run: brug init"),
        Finding("Reach", True, t("{number} people were not summed up yet; done.", number=waiting)),
    ]


def _short(name: str) -> str:
    """A short name for commands: ``Bibliotheek Katwijk`` → ``bibliotheek-katwijk``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "library"
