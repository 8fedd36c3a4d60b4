"""Takes the rows of a workbook one by one: each is read or refused, and nothing goes unsaid."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from core.errors import FaultyFile, FaultyValue
from core.words import Told, together
from referrals import bsn
from referrals.exchange.cells import Cell, is_empty, is_error, text_of
from referrals.exchange.columns import Column, Fields
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.tables import Table, find_table
from referrals.exchange.workbooks import Sheet, read_sheets

T = TypeVar("T")

#: refusals by how much they weigh; the first that a row has is its code
CODES = ("bsn", "error", "date", "phone", "email", "no way to reach", "name", "birth year", "text")


UNUSED = "The mapping names this, but no sheet has such a column."


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell, or with a row as a whole; the content itself is never here."""

    code: str
    why: str
    remedy: str
    #: None for the row as a whole
    column: Column | None = None

    @property
    def is_bsn(self) -> bool:
        """Whether the cell holds what may be shown nowhere."""
        return self.code == "bsn"

    @property
    def told(self) -> Told:
        """The column and what is wrong there."""
        if self.column is None:
            return Told(self.why)
        return Told("{place}: {why}", place=self.column.name, why=Told(self.why))


@dataclass(frozen=True)
class RefusedRow:
    """A row that can't be taken, with everything that is wrong with it."""

    sheet: str
    #: 1-based, as the spreadsheet shows it
    row: int
    faults: tuple[CellFault, ...]
    cells: tuple[Cell, ...] = field(repr=False)

    @property
    def code(self) -> str:
        """The weightiest of its faults, one of `CODES`."""
        return min((fault.code for fault in self.faults), key=CODES.index)

    @property
    def why(self) -> Told:
        """All reasons, as sentences."""
        return together(fault.told for fault in self.faults)

    @property
    def remedy(self) -> Told:
        """What to do about them, each thing once."""
        return together(dict.fromkeys(fault.remedy for fault in self.faults))


@dataclass(frozen=True)
class Notice:
    """Something that people should know although nothing is refused for it."""

    sheet: str
    what: str
    remedy: str = ""
    row: int | None = None
    column: str = ""

    @property
    def told(self) -> Told:
        """Where, what, and what to do about it."""
        place = f"{self.sheet} {self.column}{self.row or ''}".strip()
        first = Told("{place}: {why}", place=place, why=Told(self.what))
        return together((first, self.remedy)) if self.remedy else first

    def __str__(self) -> str:
        return str(self.told)


@dataclass
class Reading(Generic[T]):
    """What a workbook holds: the rows that can be taken, and all that is to be said of the rest."""

    rows: list[T] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    #: what each column is taken for, per sheet
    guess: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    #: the tables as found, for the copy with refused rows
    tables: list[Table] = field(default_factory=list, repr=False)

    @property
    def rows_with_content(self) -> int:
        """All rows that hold a person, taken or not."""
        return len(self.rows) + len(self.refused)


class RowReader:
    """The cells of one row by field; it gathers what is wrong with them."""

    def __init__(self, table: Table, number: int, cells: Sequence[Cell]):
        self.sheet = table.sheet.name
        self.number = number
        self.cells = cells
        self.faults: list[CellFault] = []
        self.notices: list[Notice] = []
        self._table = table
        self._spoilt: set[int] = set()
        self._refuse_cells()

    def columns(self, fields: Iterable[str]) -> list[Column]:
        """Those of the fields that the table has, as they stand from left to right."""
        wanted = set(fields)
        return [column for column in self._table.columns if column.field in wanted]

    def text(self, name: str) -> str:
        """What the cell of a field says, "" when there is none or it was refused."""
        return text_of(self.cell(name))

    def cell(self, name: str) -> Cell:
        """The cell of a field, "" when there is none or it was refused."""
        column = self._table.places.get(name)
        if column is None or column.index in self._spoilt:
            return ""
        return self.cells[column.index]

    def read(self, name: str, code: str, how: Callable[[Cell, str], T]) -> T | None:
        """What `how` makes of a cell; what it refuses becomes a fault of this row."""
        column = self._table.places.get(name)
        cell = self.cell(name)
        if column is None or is_empty(cell):
            return None
        try:
            return how(cell, column.name)
        except FaultyValue as error:
            why = error.faults[0].why if error.faults else error.sentence
            self.refuse(code, why, error.remedy, column)
            return None

    def refuse(self, code: str, why: str, remedy: str, column: Column | None = None) -> None:
        """Note that the row can't be taken."""
        self.faults.append(CellFault(code, why, remedy, column))

    def warn(self, name: str, what: str, remedy: str = "") -> None:
        """Note something about a cell that is taken all the same."""
        column = self._table.places.get(name)
        letter = column.letter if column else ""
        self.notices.append(Notice(self.sheet, what, remedy, self.number, letter))

    def _refuse_cells(self) -> None:
        """Refuse what may not be read at all: a BSN anywhere, an error where it is missed."""
        for column, cell in zip(self._table.columns, self.cells, strict=False):
            text = text_of(cell) if isinstance(cell, str | int | float) else ""
            if self._is_bsn(column, text):
                remedy = bsn.PHONE_REMEDY if column.field == "phone" else bsn.CELL_REMEDY
                self.refuse("bsn", bsn.WHY, remedy, column)
            elif is_error(text) and column.field not in (None, "number"):
                why = Told("The spreadsheet shows the error {error} here.", error=text)
                self.refuse("error", why, "Mend the formula, or write what belongs here.", column)
            else:
                continue
            self._spoilt.add(column.index)

    def _is_bsn(self, column: Column, text: str) -> bool:
        if bsn.holds_bsn(text):
            return True
        return column.index in self._table.for_bsns and bsn.lost_its_zero(text)


def read_rows(
    path: Path,
    fields: Fields,
    mapping: ColumnMapping | None,
    take: Callable[[RowReader], T],
) -> Reading[T]:
    """Every row of every sheet, taken or refused; raises `FaultyFile` when no sheet has a table."""
    reading: Reading[T] = Reading()
    for sheet in read_sheets(path):
        _read_sheet(sheet, reading, fields, mapping or ColumnMapping(), take)
    if not reading.tables:
        remedy = "No row of headings is understood. Name the columns in a mapping."
        raise FaultyFile(str(path), remedy=remedy)
    if mapping:
        reading.warnings += [Notice(name, UNUSED) for name in mapping.unused(reading.guess)]
    return reading


def _read_sheet(
    sheet: Sheet,
    reading: Reading[T],
    fields: Fields,
    mapping: ColumnMapping,
    take: Callable[[RowReader], T],
) -> None:
    if sheet.hidden:
        what = "This sheet is hidden and was not taken."
        reading.warnings.append(Notice(sheet.name, what, "Show it and import again to take it."))
        return
    table = find_table(sheet, fields, mapping.of_sheet(sheet.name))
    if table is None:
        what = "No row of headings was found; this sheet was not taken."
        reading.warnings.append(Notice(sheet.name, what, "Name its columns in a mapping."))
        return
    reading.tables.append(table)
    reading.guess[sheet.name] = table.columns
    reading.warnings += _untaken(table)
    for number, cells in table.rows():
        _take_row(table, number, cells, reading, take)


def _take_row(
    table: Table,
    number: int,
    cells: list[Cell],
    reading: Reading[T],
    take: Callable[[RowReader], T],
) -> None:
    if not table.holds_person(cells):
        if table.holds_remark(cells):
            what = "This row holds no person and was not taken."
            reading.warnings.append(Notice(table.sheet.name, what, row=number))
        return
    reader = RowReader(table, number, cells)
    taken = take(reader)
    if reader.faults:
        faults = tuple(reader.faults)
        reading.refused.append(RefusedRow(reader.sheet, number, faults, tuple(cells)))
        return
    reading.rows.append(taken)
    reading.warnings += reader.notices


def _untaken(table: Table) -> list[Notice]:
    what = "It is not clear what this column is; it was not taken."
    twice = "Another column was already taken for this; it was not taken."
    remedy = 'Name it in a mapping, or call it "ignore" there.'
    return [
        Notice(
            table.sheet.name,
            Told(
                "{place}: {why}",
                place=column.name,
                why=Told(twice if column.how == "taken twice" else what),
            ),
            remedy,
            table.heading,
            column.letter,
        )
        for column in table.untaken
    ]


def fingerprint(content: Mapping[str, object]) -> str:
    """SHA-256 in hexadecimal over what a row says, wherever it stands: the same row, the same."""
    said = {name: value for name, value in content.items() if value}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
