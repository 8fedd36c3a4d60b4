"""What an import did: everything that came in, and for the rest why not and what to do."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken; `row` is the line for a log."""

    sheet: str
    row: int
    why: str
    remedy: str
    #: a word for programs: bsn, date, phone …
    code: str = ""


@dataclass(frozen=True)
class FoundDouble:
    """A row about somebody who was there already, or perhaps was."""

    sheet: str
    row: int
    #: where the same person stands: a sheet and row, or the reference of their newest case
    same_as: str
    why: str
    #: whether it was taken as the same person
    merged: bool


@dataclass
class ImportReport:
    """The outcome of an import, as people read it and as JSON."""

    #: rows (or events) with content
    rows: int = 0
    accepted: int = 0
    #: rows that were imported before and changed nothing
    already: int = 0
    refused: list[Refusal] = field(default_factory=list)
    #: different people in the accepted rows
    people: int = 0
    #: cases opened
    cases: int = 0
    #: stages written
    events: int = 0
    doubles: list[FoundDouble] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: sheet → what each column was taken for
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    #: sheet → the columns among them that are a guess, or that were not taken
    unsure: dict[str, list[str]] = field(default_factory=dict)
    #: the workbook with just the refused rows, if there are any
    refused_copy: str | None = None
    dry_run: bool = False

    @property
    def doubles_merged(self) -> int:
        """Rows taken as somebody who was there already."""
        return sum(double.merged for double in self.doubles)

    @property
    def doubles_suggested(self) -> int:
        """Rows that are perhaps about somebody who is there."""
        return sum(not double.merged for double in self.doubles)

    def as_json(self, say: Callable[[str], str] = str) -> dict[str, Any]:
        """The report for programs, with its sentences in the language of `say`."""
        return {
            **asdict(self),
            "refused": [
                {**asdict(each), "why": say(each.why), "remedy": say(each.remedy)}
                for each in self.refused
            ],
            "doubles": [{**asdict(each), "why": say(each.why)} for each in self.doubles],
            "warnings": [say(warning) for warning in self.warnings],
            "doubles_merged": self.doubles_merged,
            "doubles_suggested": self.doubles_suggested,
        }
