"""Refuses a workbook that would take too much to open, before anything opens it.

A workbook is a zip of XML, and both can promise a terabyte in a kilobyte: by what they unpack to,
by one cell in the last row (readers lay a sheet out in full), by cells that are repeated, and by
one long text that a million cells point to. All of it is measured in a stream, in a few megabytes.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from core.errors import Fault, FaultyFile, why_unopened

#: bytes; a register of 100,000 people with 25 columns is about 15 MB
LARGEST_FILE = 20_000_000
#: bytes, unpacked; the same register is about 100 MB
LARGEST_CONTENT = 200_000_000
#: cells, empty ones inside a sheet included, as each takes 32 bytes while reading
MOST_CELLS = 5_000_000
#: bytes of text in all cells together
MOST_TEXT = 500_000_000
#: bytes; a list of files this long belongs to no workbook
LARGEST_DIRECTORY = 1_000_000

_CHUNK = 1_000_000
#: bytes kept from the chunk before, so that nothing hides on the border of two
_OVERLAP = 200
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,7})["']""")
_POINTER = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})""")
#: how many there will be of something; a reader makes room for them before it has seen one
_PROMISE = re.compile(rb"""\b(?:unique)?[cC]ount\s*=\s*["']\s*\+?0*(\d{1,30})""")
_PICTURES = ("xl/media/", "pictures/", "thumbnails/", "media/")

#: what `zipfile` and `expat` raise for a file that is damaged somewhere
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError)

NOT_A_WORKBOOK = "This is no workbook that can be read. Save it as XLSX or ODS and try again."
LOCKED = "This workbook has a password. Save a copy without one and try again."
TOO_LARGE = "This workbook is too large. Split it into several workbooks and try again."
BROKEN = "This workbook is damaged. Open it, save it again and try again."


@dataclass
class _Extent:
    """How far the cells of one part reach."""

    rows: int = 0
    columns: int = 0

    def reach(self, rows: int, columns: int) -> None:
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)


def check_size(path: Path) -> None:
    """Raises `FaultyFile` for a file that is no workbook, is locked, or would be too large."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FaultyFile(str(path), remedy=TOO_LARGE)
        with path.open("rb") as file:
            _check(file, str(path))
    except OSError as error:
        fault = Fault(str(path), why_unopened(error), remedy="Check the name of the file.")
        raise FaultyFile(str(path), remedy=fault.remedy, faults=(fault,)) from error


def _check(file: BinaryIO, name: str) -> None:
    start = file.read(8)
    if start == bytes.fromhex("d0cf11e0a1b11ae1"):
        # the box of old: an XLS of before 2007, or any workbook behind a password
        locked = "EncryptedPackage".encode("utf-16-le") in file.read()
        raise FaultyFile(name, remedy=LOCKED if locked else NOT_A_WORKBOOK)
    if not start.startswith(b"PK"):
        raise FaultyFile(name, remedy=NOT_A_WORKBOOK)
    if _directory_size(file) > LARGEST_DIRECTORY:
        raise FaultyFile(name, remedy=TOO_LARGE)
    try:
        with zipfile.ZipFile(file) as parts:
            _check_parts(parts, name)
    except _DAMAGE as error:
        raise FaultyFile(name, remedy=BROKEN) from error


def _directory_size(file: BinaryIO) -> int:
    """Bytes of the list of files, as its end record says; `zipfile` would read it whole."""
    length = file.seek(0, 2)
    file.seek(max(0, length - 65_557))
    tail = file.read()
    at = len(tail) - 22 if tail[-22:-18] == b"PK\5\6" else tail.rfind(b"PK\5\6")
    file.seek(0)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _check_parts(parts: zipfile.ZipFile, name: str) -> None:
    listed = parts.infolist()
    if sum(part.file_size for part in listed) > LARGEST_CONTENT:
        raise FaultyFile(name, remedy=TOO_LARGE)
    names = {part.filename for part in listed}
    if not names & {"[Content_Types].xml", "content.xml"} or "xl/workbook.bin" in names:
        raise FaultyFile(name, remedy=NOT_A_WORKBOOK)
    if any(part.flag_bits & 1 for part in listed):
        raise FaultyFile(name, remedy=LOCKED)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in listed):
        raise FaultyFile(name, remedy=BROKEN)
    cells = 0
    for part in listed:
        extent = _repeated(parts, part) if part.filename == "content.xml" else _extent(parts, part)
        cells += extent.rows * extent.columns if extent else MOST_CELLS + 1
        if cells > MOST_CELLS:
            raise FaultyFile(name, remedy=TOO_LARGE)
    if _text(parts, listed) > MOST_TEXT:
        raise FaultyFile(name, remedy=TOO_LARGE)


def _extent(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Extent | None:
    """How far the cells of an XLSX part reach; None when it is already too far."""
    extent = _Extent()
    picture = part.filename.lower().startswith(_PICTURES)
    for chunk in _chunks(parts, part):
        # a reader keeps a text in one piece, and no cell holds a megabyte
        if len(chunk) >= _CHUNK and b"<" not in chunk and not picture:
            return None
        if any(int(promise) > MOST_CELLS for promise in _PROMISE.findall(chunk)):
            return None
        found = _REFERENCE.findall(chunk)
        if found:
            widest = max({letters for letters, _ in found}, key=lambda each: (len(each), each))
            extent.reach(max(int(row) for _, row in found), _column(widest))
        if extent.rows * extent.columns > MOST_CELLS:
            return None
    return extent


def _repeated(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Extent | None:
    """How far the cells of an ODS reach, each repeated as often as it says; None for too far."""
    counter = _OdsCells()
    try:
        for chunk in _chunks(parts, part, overlap=0):
            counter.parser.Parse(chunk)
            if counter.cells > MOST_CELLS:
                return None
        # the reader waits for ever for the end of a part that was cut off
        counter.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise zipfile.BadZipFile from error
    except _NotOds:
        return None
    return _Extent(counter.cells, 1)


class _NotOds(Exception):
    """No spreadsheet program writes this."""


class _OdsCells:
    """Counts the cells of all sheets while the XML passes by."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._done = 0
        self._row = self._width = self._at = self._repeat = 0
        self._widest = self._lowest = 0
        self._last = 1

    @property
    def cells(self) -> int:
        """Cells so far, empty ones inside the sheets included."""
        return self._done + self._lowest * max(self._widest, self._width)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table-row":
            self._repeat = _times(attributes, "number-rows-repeated")
            self._at = self._width = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._last = _times(attributes, "number-columns-repeated")
            self._at += self._last
            if any(key.endswith(("value-type", "formula")) for key in attributes):
                self._width = self._at
        elif kind == "p":
            self._width = self._at

    def _end(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table-row":
            self._row += self._repeat
            if self._width:
                self._lowest = self._row
                self._widest = max(self._widest, self._width)
        elif kind == "table":
            self._done += self._lowest * self._widest
            self._row = self._widest = self._lowest = self._width = 0

    def _refuse(self, *_: object) -> None:
        raise _NotOds


def _times(attributes: dict[str, str], name: str) -> int:
    said = next((value for key, value in attributes.items() if key.endswith(name)), "1")
    return int(said) if said.isdecimal() and len(said) < 10 else 1


def _text(parts: zipfile.ZipFile, listed: list[zipfile.ZipInfo]) -> int:
    """Bytes of text that the cells of an XLSX point to, each as often as it is pointed to."""
    shared = next((p for p in listed if p.filename.lower().endswith("sharedstrings.xml")), None)
    sheets = [p for p in listed if p is not shared and p.filename.lower().endswith(".xml")]
    if shared is None:
        return 0
    lengths = _lengths(parts, shared)
    longest = max(lengths, default=0)
    # a cell with a pointer takes at least twenty bytes: most files need no second look
    if longest * (sum(sheet.file_size for sheet in sheets) // 20) <= MOST_TEXT:
        return 0
    total = 0
    for sheet in sheets:
        for chunk in _chunks(parts, sheet):
            total += sum(
                lengths[int(at)] for at in _POINTER.findall(chunk) if int(at) < len(lengths)
            )
            if total > MOST_TEXT:
                return total
    return total


def _lengths(parts: zipfile.ZipFile, shared: zipfile.ZipInfo) -> list[int]:
    lengths, carried, tail = [], 0, b""
    for chunk in _chunks(parts, shared, overlap=0):
        *whole, rest = (tail + chunk).split(b"</si>")
        for text in whole:
            lengths.append(carried + len(text))
            carried = 0
        # the border of two pieces may run through an end mark
        tail = rest[-4:]
        carried += len(rest) - len(tail)
    return lengths


def _chunks(
    parts: zipfile.ZipFile, part: zipfile.ZipInfo, overlap: int = _OVERLAP
) -> Iterator[bytes]:
    """A part in pieces, each beginning with the end of the one before."""
    before = b""
    with parts.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield before + chunk
            before = chunk[-overlap:] if overlap else b""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
