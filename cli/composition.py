"""Puts the program together: settings, database, the library a command works for, the clock."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from cli import printing
from cli.language import t
from core import clock
from core.errors import DatabaseUnready, Fault, FaultyValue, Misused, NotFound
from core.settings import Settings
from core.words import Told
from storage import migrations
from storage.engine import is_writing, open_engine, reading, transaction
from storage.queries import staff
from storage.tables import Organisation
from workflows import remedies

#: libraries that a message names at most
_NAMED = 10
UNREACHABLE = "Check BRUG_DATABASE_URL and whether the server runs; then: brug doctor"


@cache
def settings() -> Settings:
    """The settings, read once; raises `Misused` with everything that is wrong in them."""
    try:
        return Settings()
    except ValidationError as error:
        faults = tuple(_fault(problem) for problem in error.errors())
        remedy = "Mend this in the environment or in brug.toml."
        names = ", ".join(fault.thing for fault in faults)
        raise Misused(names, remedy=remedy, faults=faults) from error
    except (OSError, ValueError) as error:
        raise Misused("brug.toml", faults=(Fault("brug.toml", *_UNREADABLE),)) from error


_UNREADABLE = ("This is no well-formed TOML.", 'Write for example: language = "nl"')


def _fault(problem: Any) -> Fault:
    name = "_".join(map(str, problem["loc"]))
    if problem["type"] == "extra_forbidden":
        return Fault(
            name, "This is not known here.", remedies.suggestion(name, tuple(Settings.model_fields))
        )
    return Fault(f"BRUG_{name.upper()}", *remedies.sentences(problem, problem["loc"]))


@dataclass(frozen=True)
class Program:
    """A running command: the settings and the database it works on."""

    settings: Settings

    @cached_property
    def engine(self) -> Engine:
        """The database, which must be there and up to date."""
        engine = open_engine(self.settings.url)
        check_ready(engine)
        return engine

    @property
    def now(self) -> datetime:
        """The present moment."""
        return clock.now()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed at the end."""
        with transaction(self.engine) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with reading(self.engine) as session:
            yield session

    def library(self, session: Session, *, aloud: bool = False) -> Organisation:
        """The library that this command works for; raises `NotFound` when it is not clear which.

        Without a name it is the only one there is; invented ones do not count beside one that is
        not, and of invented ones alone it is the first. When there was a choice, a command that
        writes (or is asked to be `aloud`) says which one it took.
        """
        if self.settings.organisation:
            return self.named(session, self.settings.organisation)
        libraries = self.libraries(session)
        if not libraries:
            raise NotFound("organisation", remedy="Run: brug init")
        meant = _meant(libraries)
        if len(libraries) > 1 and (aloud or is_writing(session)):
            _tell(meant)
        return meant

    def named(self, session: Session, short_name: str) -> Organisation:
        """The library with this short name; raises `NotFound` with those that there are."""
        found = staff.organisation(session, short_name)
        if found is None:
            names = _short_names(self.libraries(session))
            choice = Told("Choose one of: {names}.", names=names)
            raise NotFound(short_name, remedy=choice if names else "Run: brug init")
        return found

    def libraries(self, session: Session) -> list[Organisation]:
        """All libraries in the database, by name."""
        return [each for each in staff.organisations(session) if each.kind == "library"]

    def library_id(self) -> int:
        """The number of the library that an import works for, which is said when not named."""
        with self.reading() as session:
            number = self.library(session, aloud=True).id
        assert number is not None
        return number


def program() -> Program:
    """The program with the settings of this environment."""
    return Program(settings())


def _tell(meant: Organisation) -> None:
    """On the other channel, so that what a command prints stays what it was asked for."""
    sentence = "This is for {name} ({short_name}). Choose another library with BRUG_ORGANISATION."
    said = t(sentence, name=meant.name, short_name=meant.short_name)
    printing.ERR.print(said, markup=False)


def _meant(libraries: Sequence[Organisation]) -> Organisation:
    own = [each for each in libraries if not each.invented]
    if len(own) > 1:
        several = Told(
            "There are several libraries: {names}. Name one with BRUG_ORGANISATION.",
            names=_short_names(own),
        )
        raise NotFound("organisation", remedy=several)
    return own[0] if own else min(libraries, key=lambda each: each.id or 0)


def _short_names(libraries: Sequence[Organisation]) -> str:
    """The first of them, those that are not invented before the others."""
    names = [each.short_name for each in sorted(libraries, key=lambda each: each.invented)]
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def check_ready(engine: Engine) -> None:
    """Raises `DatabaseUnready` when the database cannot be reached or is not up to date."""
    url = engine.url.render_as_string(hide_password=True)
    if engine.dialect.name == "sqlite" and not _exists(engine):
        raise DatabaseUnready(url, remedy="Run: brug init")
    try:
        step = migrations.present_step(engine)
    except SQLAlchemyError as error:
        raise DatabaseUnready(url, remedy=UNREACHABLE) from error
    if step != migrations.newest_step():
        raise DatabaseUnready(url, remedy="Run: brug init")


def _exists(engine: Engine) -> bool:
    database = engine.url.database
    return bool(database) and (database == ":memory:" or Path(str(database)).exists())


def day(text: str | None, name: str) -> date | None:
    """A day on the command line, as 2018-03-31; raises `FaultyValue`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FaultyValue(f"{name} {text}", remedy="Write a day as 2018-03-31.") from error
