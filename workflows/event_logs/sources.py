"""Opens a log file, compressed or not, so that no single piece of it can fill the memory."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from core.errors import Fault, FaultyFile, why_unopened

#: bytes that may pass without a row or element ending
LONGEST = 1_000_000
#: bytes that are read at a time
BLOCK = 1 << 16


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Source(io.RawIOBase):
    """The bytes of a log. Whoever takes rows from it sets `since` to 0 after each one."""

    def __init__(self, raw: _Readable, name: str):
        self.name = name
        #: bytes since the last complete row or element
        self.since = 0
        self._raw = raw

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer; raises `FaultyFile` when no row or element ends for too long."""
        piece = self.block(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def block(self, size: int = BLOCK) -> bytes:
        """The next bytes, none at the end; raises `FaultyFile` like `readinto`."""
        try:
            piece = self._raw.read(size)
        except (EOFError, OSError, zlib.error) as error:
            remedy = "Copy or download it again."
            raise faulty(self.name, "The compressed file is damaged.", remedy) from error
        self.since += len(piece)
        if self.since > LONGEST + 2 * BLOCK:
            why = "A row or element of more than 1 MB stands in it."
            raise faulty(self.name, why, "Remove it, or check that this is an event log.")
        return piece


@contextmanager
def opened(path: Path) -> Iterator[tuple[Source, bytes]]:
    """The source of a file and its first bytes, which are still to be read as well.

    Raises `FaultyFile` when it cannot be opened or is empty.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        why = why_unopened(error)
        raise faulty(str(path), why, "Check the name.") from error
    with file:
        raw: BinaryIO = file
        if file.peek(2)[:2] == b"\x1f\x8b":
            raw = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        head = Source(raw, str(path)).block(256)
        if not head.strip():
            raise faulty(str(path), "It is empty.", "Check that this is the right file.")
        yield Source(_Chained(head, raw), str(path)), head


class _Chained:
    """Bytes that were looked at already, and then the rest of the file."""

    def __init__(self, head: bytes, rest: _Readable):
        self._head = head
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        head, self._head = self._head[:size], self._head[size:]
        return head or self._rest.read(size)


def faulty(name: str, why: str, remedy: str, line: int | None = None) -> FaultyFile:
    """The error for a file that is no event log."""
    return FaultyFile(name, remedy=remedy, faults=(Fault(name, why, remedy, line),))
