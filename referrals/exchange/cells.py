"""What stands in one cell of a spreadsheet, and how it is spoken of."""

import re
from datetime import date, datetime, time, timedelta

from core.errors import Fault, FaultyValue

#: as files keep them, as Dutch Excel shows them, and those of LibreOffice
_ERROR = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!"
    r"|VERW!|N/B|WAARDE!|DEEL/0!|NAAM\?|GETAL!|LEEG!)|(?:Err|Fout):\d{3}"
)

Cell = int | float | str | bool | date | datetime | time | timedelta


def text_of(cell: Cell) -> str:
    """What a person would read in the cell: 1970.0 is "1970"."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def is_empty(cell: Cell) -> bool:
    """Whether nobody can see anything in the cell."""
    return cell is False or not text_of(cell)


def is_error(text: str) -> bool:
    """Whether a spreadsheet put this in a cell because its formula has no answer."""
    return text.startswith(("#", "Err:", "Fout:")) and _ERROR.fullmatch(text) is not None


def column_letter(index: int) -> str:
    """The name a spreadsheet gives to a column, from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def faulty(thing: str, why: str, remedy: str) -> FaultyValue:
    """An error about one value, with the reason and what to do; it never repeats the value."""
    return FaultyValue(thing, remedy=remedy, faults=(Fault(thing, why, remedy),))
