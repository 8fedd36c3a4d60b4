"""Reads what an employer sends: a sheet of workers to introduce, in its own columns."""

from dataclasses import asdict, dataclass
from pathlib import Path

from referrals.doubles import Person
from referrals.exchange import headings
from referrals.exchange.days import FURTHEST
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.people import read_note, read_person, read_words
from referrals.exchange.rows import Reading, RowReader, fingerprint, read_rows


@dataclass(frozen=True)
class IntroductionRow:
    """One person who is introduced. The employer's own number is not kept: it isn't needed."""

    sheet: str
    #: 1-based, as the spreadsheet shows it
    row: int
    person: Person
    department: str | None
    #: what the person wants to learn, in their own words
    wish: str | None
    #: when it suits to be called
    best_moment: str | None
    notes: str | None
    #: the same for the same content, in whatever row or file it stands
    fingerprint: str


IntroductionReading = Reading[IntroductionRow]


def read_introductions(path: Path, mapping: ColumnMapping | None = None) -> IntroductionReading:
    """All rows of a sheet of introductions, taken or refused.

    Raises `FaultyFile` when nothing in the file can be read.
    """
    return read_rows(path, headings.INTRODUCTION, mapping, _take)


def _take(row: RowReader) -> IntroductionRow:
    person = read_person(row, today=FURTHEST)
    if not (person.phone or person.email or row.faults):
        remedy = "Ask for a phone number or an e-mail address."
        row.refuse("no way to reach", "There is neither a phone number nor an e-mail.", remedy)
    words = {name: read_words(row, name) for name in ("department", "wish", "best_moment")}
    notes = read_note(row, "notes")
    return IntroductionRow(
        sheet=row.sheet,
        row=row.number,
        person=person,
        department=words["department"] or None,
        wish=words["wish"] or None,
        best_moment=words["best_moment"] or None,
        notes=notes or None,
        fingerprint=fingerprint({**asdict(person), **words, "notes": notes}),
    )
