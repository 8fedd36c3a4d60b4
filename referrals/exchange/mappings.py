"""A saved mapping: which column is what, written down by somebody who knows better than the guess.

A JSON object of heading (or column letter) to field, or to "ignore". An object under the name of a
sheet holds for that sheet alone: ``{"Tel": "phone", "Blad2": {"K": "channel", "L": "ignore"}}``.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from core.errors import Fault, FaultyFile, why_unopened
from core.words import Told
from referrals.names import folded

IGNORE = "ignore"
#: bytes; a mapping of a hundred columns is 4 kB
LARGEST = 1_000_000


@dataclass(frozen=True)
class Mapped:
    """What a mapping says of one sheet."""

    entries: Mapping[str, str] = field(default_factory=dict)

    def by_header(self, header: str) -> str | None:
        """The field for a heading."""
        plain = folded(header)
        return next(
            (to for name, to in self.entries.items() if plain and folded(name) == plain), None
        )

    def field(self, header: str, letter: str) -> str | None:
        """The field for a column, by its heading or else by its letter."""
        return self.by_header(header) or self.entries.get(letter)


@dataclass(frozen=True)
class ColumnMapping:
    """What a mapping says of a workbook."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    by_sheet: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_sheet(self, name: str) -> Mapped:
        """The entries that hold for a sheet, its own first."""
        own = self.by_sheet.get(name, {})
        return Mapped({**own, **{k: v for k, v in self.everywhere.items() if k not in own}})

    def unused(self, columns: Mapping[str, Iterable["Headed"]]) -> list[str]:
        """What it names that no sheet has, given the columns of every sheet."""
        missing = [name for name in self.by_sheet if name not in columns]
        seen = {sheet: _names(found) for sheet, found in columns.items()}
        everywhere = set().union(*seen.values())
        missing += [name for name in self.everywhere if folded(name) not in everywhere]
        return missing + [
            f"{sheet}: {name}"
            for sheet, entries in self.by_sheet.items()
            for name in entries
            if sheet in seen and folded(name) not in seen[sheet]
        ]


class Headed(Protocol):
    """A column, as far as a mapping needs to know it."""

    @property
    def header(self) -> str:
        """As the sheet spells it."""

    @property
    def letter(self) -> str:
        """The column's name in the spreadsheet."""


def _names(columns: Iterable[Headed]) -> set[str]:
    return {folded(name) for column in columns for name in (column.header, column.letter)}


def read_mapping(path: Path, fields: Collection[str]) -> ColumnMapping:
    """The mapping in a JSON file; raises `FaultyFile` with everything that is wrong with it."""
    try:
        if path.stat().st_size > LARGEST:
            raise FaultyFile(str(path), remedy="A mapping is a few kB; choose another file.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        fault = Fault(str(path), why_unopened(error), remedy="Check the name of the mapping.")
        raise FaultyFile(str(path), remedy=fault.remedy, faults=(fault,)) from error
    except (ValueError, RecursionError) as error:
        raise FaultyFile(str(path), remedy="A mapping is a JSON object.") from error
    if not isinstance(content, dict):
        raise FaultyFile(str(path), remedy="A mapping is a JSON object.")
    faults = tuple(_faults(content, fields))
    if faults:
        raise FaultyFile(str(path), remedy=faults[0].remedy, faults=faults)
    sheets = {name: to for name, to in content.items() if isinstance(to, dict)}
    return ColumnMapping({k: v for k, v in content.items() if k not in sheets}, sheets)


def _faults(content: Mapping[str, object], fields: Collection[str], where: str = "") -> list[Fault]:
    faults = []
    remedy = Told("Choose one of: {names}.", names=", ".join((*fields, IGNORE)))
    for name, to in content.items():
        if isinstance(to, dict) and not where:
            faults += _faults(to, fields, f"{name}: ")
        elif not isinstance(to, str) or to not in (*fields, IGNORE):
            faults.append(Fault(f"{where}{name}", "There is no such field.", remedy))
    return faults
