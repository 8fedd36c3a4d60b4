"""What `init`, `doctor` and `demo` do."""

import re
import stat
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cli import composition, printing
from cli.composition import Program
from cli.jobs import relay_of
from cli.language import t
from core import clock
from core.errors import BrugError, DatabaseUnready
from core.settings import Settings
from core.words import Told
from notifications import delivery
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
    "brug mail preview digest",
    "brug mail simulate --invented",
    "brug serve",
    "brug init --library Taalhuis",
    "BRUG_ORGANISATION=taalhuis brug import register FILE.xlsx",
    "brug reach --by stage --library taalhuis",
)


#: what people who are neither the owner nor in the group of a file may do with it
_OTHERS = stat.S_IRWXO
_CHECK_MAIL = "Check BRUG_SMTP_HOST and the other settings for mail. Nothing is lost meanwhile."
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
    # people's data is in there: for nobody else, unless the folder was given as it is
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
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
        there = [each for each in staff.organisations(session) if each.kind == "library"]
        mine = staff.organisation(session, _short(library)) if library else _only(there)
        names = sorted({each.name for each in workflows.versions(session)})
    return {
        "database": url,
        "library": mine.name if mine else None,
        "organisation": mine.short_name if mine else None,
        "libraries": len(there),
        "routes": names,
    }


def _only(libraries: Sequence[Organisation]) -> Organisation | None:
    """The one that is meant when none is named, if that is clear."""
    own = [each for each in libraries if not each.invented] or libraries
    return own[0] if len(own) == 1 else None


def fill(program: Program, people: int, seed: int) -> dict[str, Any]:
    """Fill the database with the demo, with a progress bar on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from cli.demo import accounts
    from cli.demo import fill as fill_demo

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=printing.ERR, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=people)
        filled = fill_demo(
            program.engine, people=people, seed=seed, now=program.now,
            progress=lambda done: progress.update(task, completed=done),
        )  # fmt: skip
    with program.writing() as session:
        doors = accounts.open_doors(session, program.now)
    return {
        **asdict(filled),
        "address": program.settings.base_url,
        "password": accounts.PASSWORD,
        "sign_in": [asdict(each) for each in doors],
    }


def examine(settings: Settings) -> list[Finding]:
    """Look at everything a command rests on; stops at the first thing that hides the rest."""
    found = [_folder(settings.data)]
    try:
        program = Program(settings)
        url = program.engine.url.render_as_string(hide_password=True)
        remedy = _closing(_database_file(program))
        found.append(Finding("Database", not remedy, url, remedy))
        found += _look_inside(program)
    except BrugError as error:
        # this is the doctor: nobody is sent to it again
        remedy = _CHECK_SERVER if error.remedy == composition.UNREACHABLE else error.remedy
        found.append(Finding("Database", False, error.thing, remedy))
    return found


def _folder(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding("Data folder", False, str(folder), "Run: brug init")
    remedy = _closing(folder)
    return Finding("Data folder", not remedy, str(folder), remedy)


def _database_file(program: Program) -> Path | None:
    """The file of an SQLite database."""
    url = program.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _closing(path: Path | None) -> str:
    """What to do when others on this machine can get at a file or folder; "" when they cannot."""
    if path is None or not path.exists() or not path.stat().st_mode & _OTHERS:
        return ""
    # one closed folder on the way to it is enough
    if not all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents):
        return ""
    return Told("Others on this machine can read this. Run: chmod o-rwx {path}", path=path)


def _look_inside(program: Program) -> list[Finding]:
    from referrals.reach import settling
    from storage.queries import mail_health, reach

    with program.writing() as session:
        libraries = program.libraries(session)
        names = sorted({each.name for each in workflows.versions(session)})
        waiting = len(reach.unsettled_people(session, 100_000))
        settling.settle(session)
        failed, pending = mail_health.failed(session), mail_health.waiting(session)
    missing = sorted(set(builtin_names()) - set(names))
    summed = t("{number} people were not summed up yet; done.", number=waiting)
    return [
        Finding("Libraries", bool(libraries), str(len(libraries)), "Run: brug init"),
        Finding("Routes", not missing, ", ".join(names), "Run: brug init"),
        Finding("Reach", True, summed if waiting else t("Everybody is summed up.")),
        _mail_server(program.settings, pending),
        Finding("Mails", not failed, _failed(failed), "Run: brug mail list --state trouble"),
    ]


def _mail_server(settings: Settings, pending: int) -> Finding:
    """Whether the mail server can be reached; as long as nothing waits for it that may be so."""
    relay = relay_of(settings)
    said = delivery.trouble(relay)
    found = f"{relay.host}:{relay.port}" + (f": {said}" if said else "")
    return Finding("Mail server", not (said and pending), found, _CHECK_MAIL)


def _failed(number: int) -> str:
    return t("{number} could not be delivered.", number=number) if number else t("All went out.")


def _short(name: str) -> str:
    """A short name for commands: ``Bibliotheek Katwijk`` → ``bibliotheek-katwijk``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "library"
