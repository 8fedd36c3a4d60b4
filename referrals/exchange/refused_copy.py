"""Writes a copy of a workbook with just its refused rows, marked, to be mended and taken again."""

import math
import os
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from referrals.bsn import MASK, holds_bsn, without_bsn
from referrals.exchange.cells import Cell, is_empty, text_of
from referrals.exchange.columns import MARK, Column
from referrals.exchange.rows import CellFault, Reading, RefusedRow
from referrals.exchange.tables import Table

Say = Callable[[str], str]

#: characters; the most that Excel keeps in a cell, and in the name of a sheet
_LONGEST = 32_767
_LONGEST_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
#: a spreadsheet takes what begins so for a formula, full-width twins included
_FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")
_MARKS = ("Row in the workbook", "What is wrong", "What to do")
MASKED = "The number was replaced by asterisks in this copy. Nothing more is needed."


def write_refused_copy(reading: Reading[Any], target: Path, *, say: Say = str) -> int:
    """Write the refused rows under their own headings and return how many there are.

    Every cell keeps what stood in it, dates as dates, with two exceptions: a BSN is replaced by
    asterisks, and no text is ever a formula. `say` translates the sentences. Importing the copy
    again ignores the columns that are added here. The file is for its owner alone, and takes the
    place of one that is there already once it is whole.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with _replacing(target) as beside, xlsxwriter.Workbook(str(beside), options) as book:
        formats = _Formats(book)
        for name, table, rows in _sheets(reading):
            _write_sheet(book.add_worksheet(name), table, rows, formats, say)
    return len(reading.refused)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    # what `tempfile` makes is for its owner alone
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:20]}-")
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.replace(target)
    except BaseException:
        beside.unlink()
        raise


class _Formats:
    """How cells look: plain or marked, and a text always as text."""

    def __init__(self, book: xlsxwriter.Workbook):
        marked = {"bg_color": "#FFD7D7"}
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._by_kind = {
            (kind, is_marked): book.add_format({**look, **(marked if is_marked else {})})
            for kind, look in _LOOKS.items()
            for is_marked in (False, True)
        }

    def of(self, kind: str, is_marked: bool) -> Any:
        return self._by_kind[kind, is_marked]


_LOOKS: dict[str, dict[str, object]] = {
    "plain": {},
    "day": {"num_format": "dd-mm-yyyy"},
    "moment": {"num_format": "dd-mm-yyyy hh:mm:ss"},
    "time": {"num_format": "[hh]:mm:ss"},
    # keeps "=3+4" a text when somebody edits the cell
    "quoted": {"quote_prefix": True},
}


def _sheets(reading: Reading[Any]) -> Iterable[tuple[str, Table, list[RefusedRow]]]:
    taken: set[str] = set()
    for table in reading.tables:
        rows = [row for row in reading.refused if row.sheet == table.sheet.name]
        if rows:
            name = _sheet_name(table.sheet.name, taken)
            taken.add(name.casefold())
            yield name, table, rows


def _sheet_name(name: str, taken: set[str]) -> str:
    """The sheet's own name, or the nearest that Excel allows: an ODS may have any."""
    allowed = _printable(without_bsn(name)).translate(_FORBIDDEN).strip("'")[:_LONGEST_NAME].strip()
    if allowed and allowed.casefold() not in {*taken, "history"}:
        return allowed
    number = len(taken) + 1
    return f"{allowed[: _LONGEST_NAME - 4].strip()} {number}".strip()


def _write_sheet(
    sheet: Worksheet, table: Table, rows: list[RefusedRow], formats: _Formats, say: Say
) -> None:
    width = len(table.columns)
    for column in table.columns:
        sheet.write_string(0, column.index, _heading(column), formats.heading)
    for at, mark in enumerate(_MARKS):
        sheet.write_string(0, width + at, f"{MARK} {say(mark)}", formats.heading)
    sheet.set_column(width + 1, width + 2, 60)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, start=1):
        marked = {fault.column.index for fault in row.faults if fault.column}
        secret = {fault.column.index for fault in row.faults if fault.column and fault.is_bsn}
        for at, cell in enumerate(row.cells):
            shown = _masked(cell) if at in secret else cell
            _write_cell(sheet, line, at, shown, formats, at in marked)
        for fault in row.faults:
            if fault.column:
                sheet.write_comment(line, fault.column.index, _comment(fault, say))
        sheet.write_number(line, width, row.row)
        whys = [say(fault.told) for fault in row.faults]
        remedies = dict.fromkeys(_remedy(fault, say) for fault in row.faults)
        sheet.write_string(line, width + 1, "\n".join(whys), formats.wrapped)
        sheet.write_string(line, width + 2, "\n".join(remedies), formats.wrapped)


def _heading(column: Column) -> str:
    # what was guessed from many cells can't be guessed again from the few that are left
    guessed = f" [{column.field}]" if column.how == "cells" else ""
    return f"{_printable(column.header)}{guessed}".strip()


def _remedy(fault: CellFault, say: Say) -> str:
    return f"{say(fault.remedy)} {say(MASKED)}" if fault.is_bsn else say(fault.remedy)


def _comment(fault: CellFault, say: Say) -> str:
    return f"{say(fault.why)} {_remedy(fault, say)}"


def _masked(cell: Cell) -> str:
    """Without the BSN; one that lost its 0 is only known by its column, and is the whole cell."""
    text = without_bsn(text_of(cell))
    return text if MASK in text else MASK


def _write_cell(
    sheet: Worksheet, line: int, at: int, cell: Cell, formats: _Formats, marked: bool
) -> None:
    if is_empty(cell) and not isinstance(cell, bool):
        sheet.write_blank(line, at, None, formats.of("plain", marked))
    elif isinstance(cell, bool):
        sheet.write_boolean(line, at, cell, formats.of("plain", marked))
    elif isinstance(cell, int | float) and math.isfinite(cell) and not holds_bsn(text_of(cell)):
        sheet.write_number(line, at, cell, formats.of("plain", marked))
    elif isinstance(cell, date | time | timedelta) and _fits_excel(cell):
        sheet.write_datetime(line, at, cell, formats.of(_kind(cell), marked))
    else:
        text = _printable(without_bsn(text_of(cell)))[:_LONGEST]
        kind = "quoted" if text.startswith(_FORMULA_SIGNS) else "plain"
        sheet.write_string(line, at, text, formats.of(kind, marked))


def _kind(cell: date | time | timedelta) -> str:
    if isinstance(cell, datetime):
        return "moment"
    return "day" if isinstance(cell, date) else "time"


def _fits_excel(cell: date | time | timedelta) -> bool:
    # Excel knows no day before 1900, and takes that year for a leap year
    return not isinstance(cell, date) or cell.year > 1900


def _printable(text: str) -> str:
    """Without the characters that XML has no place for."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn")
    )
