"""Puts the program together: settings, database, the library a command works for, the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from cli.language import t
from core import clock
from core.errors import DatabaseUnready, FaultyValue, Misused, NotFound
from core.settings import Settings
from storage import migrations
from storage.engine import open_engine, reading, transaction
from storage.queries import staff
from storage.tables import Organisation


@cache
def settings() -> Settings:
    """The settings, read once; raises `Misused` with everything that is wrong in them."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(
            f"BRUG_{'_'.join(map(str, problem['loc'])).upper()} ({problem['msg']})"
            for problem in error.errors()
        )
        raise Misused(names, remedy="Mend this in the environment or in brug.toml.") from error


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

    def library(self, session: Session) -> Organisation:
        """The library that this command works for; raises `NotFound` when it is not clear which."""
        if self.settings.organisation:
            found = staff.organisation(session, self.settings.organisation)
            if found is None:
                names = [each.short_name for each in staff.organisations(session)]
                remedy = t("Choose one of: {names}.", names=", ".join(names[:10]))
                raise NotFound(self.settings.organisation, remedy=remedy)
            return found
        libraries = [each for each in staff.organisations(session) if each.kind == "library"]
        if not libraries:
            raise NotFound("organisation", remedy="Run: brug init")
        if len(libraries) > 1 and libraries[0].invented:
            return min(libraries, key=lambda each: each.id or 0)
        if len(libraries) > 1:
            remedy = "There are several libraries: name one with BRUG_ORGANISATION."
            raise NotFound("organisation", remedy=remedy)
        return libraries[0]

    def library_id(self) -> int:
        """The number of the library that this command works for."""
        with self.reading() as session:
            number = self.library(session).id
        assert number is not None
        return number


def program() -> Program:
    """The program with the settings of this environment."""
    return Program(settings())


def check_ready(engine: Engine) -> None:
    """Raises `DatabaseUnready` when the database cannot be reached or is not up to date."""
    url = engine.url.render_as_string(hide_password=True)
    if engine.dialect.name == "sqlite" and not _exists(engine):
        raise DatabaseUnready(url, remedy="Run: brug init")
    try:
        step = migrations.present_step(engine)
    except SQLAlchemyError as error:
        remedy = "Check BRUG_DATABASE_URL and whether the server runs; then: brug doctor"
        raise DatabaseUnready(url, remedy=remedy) from error
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
