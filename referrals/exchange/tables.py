"""Finds the table in a sheet: the row of headings below the titles, and the people under it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from referrals import bsn
from referrals.exchange.cells import Cell, column_letter, is_empty, text_of
from referrals.exchange.columns import Column, Fields, guess_columns, understood
from referrals.exchange.mappings import Mapped
from referrals.exchange.workbooks import Sheet

#: rows; titles, logos and legends above a table are seldom longer
DEEPEST_HEADING = 25
#: one heading that is understood may be chance, two are a table
FEWEST_HEADINGS = 2

_TOTAL = re.compile(
    r"(?:sub|eind)?tota(?:al|len)\b.*|som\b.*|aantal\b.*|gemiddelde?\b.*|total\b.*|sum\b.*"
)


@dataclass(frozen=True)
class Table:
    """The rows of one sheet under its headings, and what each column is taken for."""

    sheet: Sheet
    #: 1-based row of the headings
    heading: int
    columns: tuple[Column, ...]

    @cached_property
    def places(self) -> dict[str, Column]:
        """The column of each field."""
        return {column.field: column for column in self.columns if column.field}

    @cached_property
    def for_bsns(self) -> frozenset[int]:
        """The columns that are meant for BSNs, whatever they are taken for."""
        return frozenset(each.index for each in self.columns if bsn.is_heading(each.header))

    @property
    def untaken(self) -> list[Column]:
        """Columns with something in them that nobody understands."""
        rows = self.sheet.rows[self.heading :]
        return [
            column
            for column in self.columns
            if column.how in ("unknown", "taken twice")
            and any(not is_empty(row[column.index]) for row in rows)
        ]

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows below the headings with anything in them, by their number in the sheet.

        Totals and headings that are repeated for a new page are left out.
        """
        headings = [text_of(cell) for cell in self.sheet.rows[self.heading - 1]]
        for number, cells in enumerate(self.sheet.rows[self.heading :], start=self.heading + 1):
            texts = [text_of(cell) for cell in cells]
            if any(texts) and texts != headings and not _is_total(cells):
                yield number, cells

    def holds_person(self, cells: Sequence[Cell]) -> bool:
        """Whether a column that is understood says something, besides the running number."""
        taken = (c for field, c in self.places.items() if field != "number")
        return any(not is_empty(cells[column.index]) for column in taken)

    def holds_remark(self, cells: Sequence[Cell]) -> bool:
        """Whether a row that holds no person says something in words all the same."""
        ignored = {column.index for column in self.columns if column.how == "ignored"}
        words = (text_of(cell) for at, cell in enumerate(cells) if at not in ignored)
        return any(any(sign.isalpha() for sign in word) for word in words)


def find_table(sheet: Sheet, fields: Fields, mapped: Mapped) -> Table | None:
    """The table under the row that names most fields; None when no row names enough."""
    scores = [understood(row, fields, mapped) for row in sheet.rows[:DEEPEST_HEADING]]
    best = max(scores, default=0)
    at = scores.index(best) if best >= FEWEST_HEADINGS else _row_by_letters(sheet, mapped)
    if at is None:
        return None
    columns = guess_columns(sheet.rows[at], sheet.rows[at + 1 :], fields, mapped)
    return Table(sheet, at + 1, columns)


def _row_by_letters(sheet: Sheet, mapped: Mapped) -> int | None:
    """The first row with words in columns that a mapping names by letter."""
    for at, row in enumerate(sheet.rows[:DEEPEST_HEADING]):
        named = [
            cell
            for index, cell in enumerate(row)
            if column_letter(index) in mapped.entries and isinstance(cell, str) and cell.strip()
        ]
        if len(named) >= FEWEST_HEADINGS:
            return at
    return None


def _is_total(cells: Sequence[Cell]) -> bool:
    """Whether a row begins with "Totaal" and holds figures besides; somebody may be called Som."""
    first = next((text for cell in cells if (text := text_of(cell))), "")
    if not _TOTAL.fullmatch(first.lower()):
        return False
    words = (text for cell in cells if re.search(r"[^\W\d_]", text := text_of(cell)))
    return all(_TOTAL.fullmatch(word.lower()) for word in words)
