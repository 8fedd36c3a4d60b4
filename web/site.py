"""What the pages stand on: the settings they need, the database, and the clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlmodel import Session

from storage.engine import at_once, reading, rehearsal, transaction

#: names of this very machine, which mean the same
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Site:
    """Where the pages stand and how they work."""

    #: what links in mails begin with; with a path when a proxy serves the pages below one
    base_url: str
    #: further names under which they may be asked for
    trusted_hosts: tuple[str, ...] = ()
    #: the local hour at which something that is due on a day becomes due
    due_hour: int = 8
    #: the language of whoever is not known and prefers none of ours
    language: str = "nl"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages over TLS."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def prefix(self) -> str:
        """What stands before every path; empty when the pages have a name to themselves."""
        return urlsplit(self.base_url).path.rstrip("/")

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The names under which the pages answer, in small letters and without a port."""
        own = bare_host(urlsplit(self.base_url).netloc.rpartition("@")[2])
        names = {own, *(bare_host(name) for name in self.trusted_hosts)}
        return frozenset(names | LOOPBACK if own in LOOPBACK else names)


def bare_host(host: str) -> str:
    """A name as hosts are compared: in small letters, without the port and a last dot."""
    name, colon, port = host.strip().lower().rpartition(":")
    if not colon or (not port.isdigit() and port) or port.endswith("]"):
        name = host.strip().lower()
    return name.rstrip(".")


@dataclass(frozen=True)
class House:
    """A running site: handed to every page."""

    site: Site
    engine: Engine
    now: Callable[[], datetime]

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends, and so before the reply."""
        with transaction(self.engine) as session:
            yield session

    @contextmanager
    def rehearsing(self) -> Iterator[Session]:
        """A session whose work is undone when the block ends: to show what would happen."""
        with rehearsal(self.engine) as session:
            yield session

    @contextmanager
    def marking(self) -> Iterator[Session | None]:
        """A session for a mark that can be made the next time as well; none while others write."""
        with at_once(self.engine) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with reading(self.engine) as session:
            yield session
