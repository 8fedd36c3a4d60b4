"""Guesses which column of a sheet is what, from its heading and else from the cells under it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Literal

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from referrals.bsn import without_bsn
from referrals.exchange.answers import mother_tongue
from referrals.exchange.cells import Cell, column_letter, text_of
from referrals.exchange.mappings import IGNORE, Mapped
from referrals.names import clean, folded

#: a field, and the headings seen for it, divided by "|"
Fields = Mapping[str, str]

#: from here on a heading is taken to be understood
SURE_ENOUGH = 0.8
#: rapidfuzz, out of 100: two slips in a heading of twelve letters
ALIKE = 86
#: shorter headings say too little to be found inside longer ones: "naam" is in "naam van het kind"
SHORTEST_WITHIN = 5
#: characters; what is longer is a title or a remark
LONGEST_HEADER = 60
#: how the columns begin that `refused_copy` adds
MARK = "Brug:"
#: cells that are looked at where the heading says nothing
_SAMPLE = 100
_FEWEST = 3
_SHARE = 0.7

How = Literal["header", "cells", "mapping", "unknown", "ignored", "taken twice"]


@dataclass(frozen=True)
class Column:
    """What one column is taken for."""

    #: from 0
    index: int
    #: as the sheet spells it
    header: str
    field: str | None
    #: 0 to 1
    sureness: float
    how: How

    @cached_property
    def letter(self) -> str:
        """The column's name in the spreadsheet."""
        return column_letter(self.index)

    @cached_property
    def name(self) -> str:
        """How a person finds it: letter and heading."""
        return f"{self.letter} ({self.header})" if self.header else self.letter


def guess_columns(
    headers: Sequence[Cell], below: Sequence[Sequence[Cell]], fields: Fields, mapped: Mapped
) -> tuple[Column, ...]:
    """Every column of a table, in order; each field at most once, what a mapping says first."""
    texts = [without_bsn(clean(text_of(header))) for header in headers]
    columns = _told_once([_told(index, text, mapped) for index, text in enumerate(texts)])
    columns = _by_header(columns, fields)
    columns = [_by_cells(column, columns, below, fields) for column in columns]
    return tuple(_last_beside_first(columns))


def understood(headers: Sequence[Cell], fields: Fields, mapped: Mapped) -> int:
    """How many different fields a row would name if it were the row of headings."""
    texts = [clean(text_of(cell)) for cell in headers if isinstance(cell, str)]
    texts = [text for text in texts if 0 < len(text) <= LONGEST_HEADER]
    told = (mapped.by_header(text) for text in texts)
    guessed = (_best(text, fields) for text in texts)
    named = {field for field, score in guessed if score >= SURE_ENOUGH}
    return len(named | {field for field in told if field and field != IGNORE})


def _told(index: int, header: str, mapped: Mapped) -> Column:
    field = mapped.field(header, column_letter(index))
    if field == IGNORE or header.startswith(MARK):
        return Column(index, header, None, 1.0, "ignored")
    if field is not None:
        return Column(index, header, field, 1.0, "mapping")
    return Column(index, header, None, 0.0, "unknown")


def _told_once(columns: list[Column]) -> list[Column]:
    """A mapping may name a field for several spellings; in one sheet the first column has it."""
    seen: set[str] = set()
    once = []
    for column in columns:
        twice = column.field is not None and column.field in seen
        once.append(replace(column, field=None, how="taken twice") if twice else column)
        seen.add(column.field or "")
    return once


def _by_header(columns: list[Column], fields: Fields) -> list[Column]:
    """The surest pairs of heading and field first, so that an exact heading beats a likely one."""
    taken = {column.field for column in columns if column.how == "mapping"}
    open_columns = {column.index: column for column in columns if column.how == "unknown"}
    scores = [
        (score, -index, field)
        for index, column in open_columns.items()
        for field, score in _scores(column.header, fields).items()
        if score >= SURE_ENOUGH
    ]
    found: dict[int, Column] = {}
    for score, negative, field in sorted(scores, reverse=True):
        column = open_columns[-negative]
        if column.index in found and found[column.index].field:
            continue
        if field in taken:
            found.setdefault(column.index, replace(column, sureness=score, how="taken twice"))
            continue
        taken.add(field)
        found[column.index] = replace(column, field=field, sureness=score, how="header")
    return [found.get(column.index, column) for column in columns]


def _by_cells(
    column: Column, columns: list[Column], below: Sequence[Sequence[Cell]], fields: Fields
) -> Column:
    if column.how != "unknown":
        return column
    cells = [text_of(row[column.index]) for row in below if column.index < len(row)]
    field, share = _field_of_cells([cell for cell in cells if cell][:_SAMPLE])
    first = not any(other.field == field for other in columns)
    if field is None or field not in fields or not first:
        return column
    return replace(column, field=field, sureness=round(share / 2, 2), how="cells")


#: patterns that no other column has; a bare number of four digits is a year before it is a postcode
_SHAPES = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE),
    "phone": re.compile(r"(?:\+|00?)[1-9][\d\s().-]{7,16}"),
    "postcode": re.compile(r"[1-9]\d{3}\s?[a-z]{2}", re.IGNORECASE),
    "birth_year": re.compile(r"19[2-9]\d|200\d"),
}


def _field_of_cells(cells: list[str]) -> tuple[str | None, float]:
    if len(cells) < _FEWEST:
        return None, 0.0
    shares = {
        field: sum(bool(shape.fullmatch(cell)) for cell in cells) / len(cells)
        for field, shape in _SHAPES.items()
    }
    shares["mother_tongue"] = sum(
        mother_tongue(cell).code is not None and not cell.isdigit() for cell in cells
    ) / len(cells)
    field = max(shares, key=lambda name: shares[name])
    return (field, shares[field]) if shares[field] >= _SHARE else (None, 0.0)


def _last_beside_first(columns: list[Column]) -> list[Column]:
    """ "Naam" beside "Voornaam" is the last name."""
    fields = {column.field for column in columns}
    if "first_name" not in fields or "last_name" in fields:
        return columns
    return [replace(c, field="last_name") if c.field == "full_name" else c for c in columns]


def _best(header: str, fields: Fields) -> tuple[str, float]:
    scores = _scores(header, fields)
    field = max(scores, key=lambda name: scores[name], default="")
    return field, scores.get(field, 0.0)


def _scores(header: str, fields: Fields) -> dict[str, float]:
    """How much a heading looks like each field; fields that it doesn't look like are left out."""
    plain = folded(header)
    spellings = _spellings(tuple(fields.items()))
    scores: dict[str, float] = {}
    for spelling, field in spellings.items():
        if score := _likeness(plain, spelling):
            scores[field] = max(score, scores.get(field, 0.0))
    if len(plain) >= SHORTEST_WITHIN:
        for spelling, alike, _ in extract(plain, list(spellings), scorer=ratio, score_cutoff=ALIKE):
            field = spellings[spelling]
            scores[field] = max(alike / 100 - 0.05, scores.get(field, 0.0))
    return scores


@cache
def _spellings(fields: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {folded(each): field for field, row in fields for each in row.split("|") if folded(each)}


def _likeness(header: str, spelling: str) -> float:
    if header == spelling or header.replace(" ", "") == spelling.replace(" ", ""):
        return 1.0
    if len(spelling) >= SHORTEST_WITHIN and f" {spelling} " in f" {header} ":
        return 0.82 + 0.15 * len(spelling) / len(header)
    return 0.0
