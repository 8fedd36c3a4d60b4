"""Opens a database and is the one place that commits."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel import Session

from core.errors import DatabaseUnready

#: milliseconds that SQLite itself waits for a lock; our own queue waits before that
_BUSY_TIMEOUT = 30_000
#: KiB of pages that a SQLite connection keeps in memory
_CACHE = 64 * 1024


def open_engine(address: str) -> Engine:
    """An engine for ``sqlite:///file`` or ``postgresql://…``; raises `DatabaseUnready`."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        remedy = "Write sqlite:///file.sqlite or postgresql://user@host/name."
        raise DatabaseUnready("BRUG_DATABASE_URL", remedy=remedy) from error
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    if url.get_backend_name() in ("postgresql", "postgres"):
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    remedy = "Brug runs on SQLite and on PostgreSQL."
    raise DatabaseUnready(url.get_backend_name(), remedy=remedy)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that writes: committed when the block ends well, undone when it raises.

    On SQLite the writer takes its turn first, within the process and between processes, and
    begins as a writer, so that it never fails half-way for want of the lock.
    """
    with _turn(engine), _opened(engine, write=True) as session:
        yield session
        if session.in_transaction():
            session.commit()
        else:
            # nothing went through the session's own rows, so there is nothing for it to write
            connection_of(session).commit()


@contextmanager
def at_once(engine: Engine) -> Iterator[Session | None]:
    """A session that writes when nobody else does; none while somebody does, instead of waiting.

    For marks that can be made the next time as well.
    """
    queue = _queue_of(engine)
    if queue is None:
        with transaction(engine) as session:
            yield session
        return
    with queue.turn_if_free() as free:
        if not free:
            yield None
            return
        with _opened(engine, write=True) as session:
            yield session
            connection_of(session).commit()


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Session]:
    """A session that writes and whose writing is undone at the end: to see what would happen."""
    with _turn(engine), _opened(engine, write=True) as session:
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, from one consistent moment."""
    with _opened(engine, write=False) as session:
        yield session


@contextmanager
def _opened(engine: Engine, *, write: bool) -> Iterator[Session]:
    """A session on a connection of its own, which begins at once and ends with the block."""
    try:
        with engine.connect().execution_options(brug_write=write) as connection:
            connection.begin()
            with Session(
                connection,
                expire_on_commit=False,
                autoflush=False,
                join_transaction_mode="control_fully",
            ) as session:
                session.info["connection"] = connection
                yield session
    # rows that are appended by the shortest way raise the error of the driver itself
    except (OperationalError, engine.dialect.loaded_dbapi.OperationalError) as error:
        remedy = "Run: brug doctor"
        raise DatabaseUnready(_plain_reason(error), remedy=remedy) from error


def connection_of(session: Session) -> Connection:
    """The connection that a session works on, without the session looking for it every time."""
    connection: Connection | None = session.info.get("connection")
    return connection if connection is not None else session.connection()


def is_writing(session: Session) -> bool:
    """Whether the session was opened to write, be it as a rehearsal."""
    return bool(connection_of(session).get_execution_options().get("brug_write"))


def _plain_reason(error: Exception) -> str:
    """What the driver said, without the statement and its values."""
    said = str(getattr(error, "orig", error)).strip()
    return said.splitlines()[0] if said else "database"


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT / 1000})
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(_dialect: Any, _record: Any, arguments: Any, _options: Any) -> None:
    """A file that is not there yet is made here, for its owner alone; those beside it follow it."""
    path = Path(arguments[0])
    if not path.is_absolute():
        # a database in memory; of a file the whole path is given
        return
    # where it cannot be made, or is there already, SQLite itself has the say
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"cache_size = -{_CACHE}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("brug_write")
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")


class _Queue:
    """Where the writers of one SQLite file wait: those of this process, and it among others."""

    def __init__(self, database: str):
        self.within = threading.Lock()
        try:
            self.file = Path(f"{database}-queue").open("w")  # noqa: SIM115 - kept open
        except OSError as error:
            raise DatabaseUnready(database, remedy="Run: brug doctor") from error

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self.within:
            fcntl.flock(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self.file, fcntl.LOCK_UN)

    @contextmanager
    def turn_if_free(self) -> Iterator[bool]:
        """The turn, unless somebody has it or waits for it."""
        if not self.within.acquire(blocking=False):
            yield False
            return
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.within.release()
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self.file, fcntl.LOCK_UN)
            self.within.release()


#: a forked process opens the file again, because a lock goes with the opened file
_queues: dict[tuple[int, str], _Queue] = {}


def _turn(engine: Engine) -> AbstractContextManager[None]:
    """One SQLite writer at a time, first come first served; PostgreSQL needs no queue.

    SQLite's own waiting is a lottery in which a writer can starve for seconds; a lock on a file
    beside the database is handed out in order.
    """
    queue = _queue_of(engine)
    return queue.turn() if queue else nullcontext()


def _queue_of(engine: Engine) -> _Queue | None:
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        return None
    key = (os.getpid(), database)
    if key not in _queues:
        _queues[key] = _Queue(database)
    return _queues[key]
