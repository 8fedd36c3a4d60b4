"""Reads a Taalhuis' own register: one row a person, one column a stage."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from referrals.doubles import Person
from referrals.exchange import answers, headings
from referrals.exchange.answers import Answer
from referrals.exchange.days import FURTHEST, Day, is_year_only, read_day
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.people import read_note, read_person, read_words
from referrals.exchange.rows import Reading, RowReader, fingerprint, read_rows
from referrals.names import folded

#: a course may be planned ahead, but no further than this
FURTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class RegisterRow:
    """One row of a register, in the words of Brug."""

    sheet: str
    #: 1-based, as the spreadsheet shows it
    row: int
    person: Person
    #: ``nt1`` or ``nt2``
    mother_tongue: str | None
    #: as written; finding its code is for who knows the year
    municipality: str | None
    #: in the order of the columns
    reached: dict[str, Day]
    channel: str | None
    #: why they stopped, as a route names it
    reason: str | None
    referrer_name: str | None
    provider: str | None
    notes: str | None
    #: the same for the same content, in whatever row or file it stands
    fingerprint: str


RegisterReading = Reading[RegisterRow]


def read_register(
    path: Path, mapping: ColumnMapping | None = None, *, today: date | None = None
) -> RegisterReading:
    """All rows of a register, taken or refused; `today` bounds days that lie ahead.

    Raises `FaultyFile` when nothing in the file can be read.
    """
    return read_rows(path, headings.REGISTER, mapping, partial(_take, today=today))


def _take(row: RowReader, *, today: date | None) -> RegisterRow:
    person = read_person(row, today=today or FURTHEST)
    reached = _reached(row, latest=today + FURTHEST_AHEAD if today else FURTHEST)
    known = person.first_name or person.last_name or person.phone or person.email or reached
    if not known and not row.faults:
        remedy = "Fill in a name, a way to reach the person or a day, or take the row out."
        row.refuse("name", "This row holds no name, phone, e-mail or day.", remedy)
    words = {name: read_words(row, name) for name in _WORDS}
    notes = read_note(row, "notes")
    tongue = _coded(row, "mother_tongue", answers.mother_tongue)
    return RegisterRow(
        sheet=row.sheet,
        row=row.number,
        person=person,
        mother_tongue=tongue,
        municipality=words["municipality"] or None,
        reached=reached,
        channel=_coded(row, "channel", answers.way_in),
        reason=_coded(row, "reason", answers.reason),
        referrer_name=words["referrer_name"] or None,
        provider=words["provider"] or None,
        notes=notes or None,
        fingerprint=_fingerprint(person, tongue, reached, words, notes),
    )


_WORDS = ("municipality", "channel", "reason", "referrer_name", "provider")
_NOT_UNDERSTOOD = {
    "mother_tongue": "This is neither NT1 nor NT2; it was not taken.",
    "channel": 'This way in is not known; it was taken as "other".',
    "reason": 'This reason is not known; it was taken as "other".',
}


def _reached(row: RowReader, *, latest: date) -> dict[str, Day]:
    reached = {}
    for column in row.columns(headings.STAGES):
        stage = str(column.field)
        day = row.read(stage, "date", lambda cell, thing: read_day(cell, thing, latest=latest))
        if day is not None:
            reached[stage] = day
        if row.text(stage) == "?":
            row.warn(stage, "A question mark was taken as not reached.")
        if is_year_only(row.cell(stage)):
            row.warn(stage, "Only the year is known; it was taken as reached on an unknown day.")
    return reached


def _coded(row: RowReader, field: str, how: Callable[[str], Answer]) -> str | None:
    answer = how(row.text(field))
    if not answer.understood:
        row.warn(field, _NOT_UNDERSTOOD[field])
    return answer.code


def _fingerprint(
    person: Person, tongue: str | None, reached: dict[str, Day], words: dict[str, str], notes: str
) -> str:
    """Over the words as written and not their codes, so that a better code is no new row."""
    days = {stage: f"{day.precision} {day.day or ''}" for stage, day in reached.items()}
    plain = {name: folded(text) for name, text in words.items()}
    return fingerprint({**asdict(person), **plain, "tongue": tongue, "days": days, "notes": notes})
