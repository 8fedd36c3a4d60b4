"""Opens a workbook (XLSX or ODS) and gives its sheets, cell by cell, as a person sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import FaultyFile
from referrals.exchange.cells import Cell
from referrals.exchange.workbook_limits import BROKEN, LOCKED, NOT_A_WORKBOOK, check_size

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is what the spreadsheet shows as row 1; an empty cell is ""."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of a workbook that hold anything, hidden ones too.

    Raises `FaultyFile` for what is no workbook, has a password, is damaged or too large.
    """
    check_size(path)
    # loaded here, as most commands never open a workbook
    import python_calamine as calamine

    try:
        # by its content and not its name, as people rename files
        with path.open("rb") as file:
            sheets = list(_sheets(calamine.CalamineWorkbook.from_filelike(file)))
    except calamine.PasswordError as error:
        raise FaultyFile(str(path), remedy=LOCKED) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FaultyFile(str(path), remedy=NOT_A_WORKBOOK) from error
    except BaseException as error:
        # the reader is written in Rust, and what it gives up on is no `Exception`
        if type(error).__name__ != "PanicException":
            raise
        raise FaultyFile(str(path), remedy=BROKEN) from error
    if not sheets:
        raise FaultyFile(str(path), remedy="There are no rows in this workbook.")
    return sheets


def _sheets(book: "CalamineWorkbook") -> Iterator[Sheet]:
    for place, about in enumerate(book.sheets_metadata):
        if str(about.typ) != "SheetTypeEnum.WorkSheet":
            continue
        sheet = book.get_sheet_by_index(place)
        rows = sheet.to_python(skip_empty_area=False)
        if rows:
            _fill_down(rows, sheet)
            hidden = str(about.visible) != "SheetVisibleEnum.Visible"
            yield Sheet(about.name, rows, hidden)


def _fill_down(rows: list[list[Cell]], sheet: "CalamineSheet") -> None:
    """A cell merged over several rows of one column is what people read in each of them."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]
