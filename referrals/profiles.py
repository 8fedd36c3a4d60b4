"""What is known of a participant: read from what people type, and changed field by field."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from core import municipalities
from core.errors import Change, ChangedMeanwhile, Fault, FaultyValue, NotFound
from core.references import reference
from referrals import bsn, journal, names, phones
from referrals.journal import Line
from referrals.search_words import words_of
from storage.queries import merges, people, search
from storage.tables import Participant

Value = str | int | None
#: nobody who is helped was born before this year, or less than so many years ago
EARLIEST_BIRTH, YOUNGEST = 1900, 10


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed meanwhile, with what both say."""

    field: str
    theirs: Value
    mine: Value


class EditedMeanwhile(ChangedMeanwhile):
    """Somebody else changed this participant in the meantime."""

    def __init__(self, participant: Participant, clashes: tuple[Clash, ...], by: str):
        remedy = "Choose for each of these what is right."
        change = Change(reference(participant.id or 0), "", "", by, field=clashes[0].field)
        super().__init__("", change, remedy=remedy)
        self.clashes = clashes


def values_of(row: Participant) -> dict[str, Value]:
    """What is known of somebody, by field."""
    return {name: getattr(row, name) for name in FIELDS}


def mark_of(value: Value) -> str:
    """A mark of a value, by which it shows later whether somebody changed it."""
    return hashlib.sha256(repr(value or None).encode()).hexdigest()[:12]


def read(field: str, text: str, *, today: date) -> Value:
    """What somebody typed in a field; raises `FaultyValue`, and `BsnFound` for a BSN."""
    bsn.refuse(text, field, remedy=bsn.PHONE_REMEDY if field == "phone" else bsn.REMEDY)
    return FIELDS[field](text, field, today) or None


def change(
    session: Session,
    organisation_id: int,
    participant_id: int,
    typed: Mapping[str, Value],
    seen: Mapping[str, str],
    *,
    by: int | None,
    now: datetime,
) -> list[str]:
    """Change what is known of somebody; returns the fields that changed.

    `seen`: the mark of each field as it was shown. What others changed meanwhile stays when it was
    left alone here; raises `EditedMeanwhile` when both changed the same field to something else.
    """
    rows = merges.locked(session, organisation_id, [participant_id])
    if not rows or rows[0].merged_into_id or rows[0].anonymised_at:
        raise NotFound(reference(participant_id))
    [row] = rows
    wanted = {name: value for name, value in typed.items() if mark_of(value) != seen.get(name)}
    known = values_of(row)
    clashes = tuple(
        Clash(name, known[name], value)
        for name, value in wanted.items()
        if mark_of(known[name]) != seen.get(name) and known[name] != value
    )
    if clashes:
        who = people.changed_by(session, participant_id)
        raise EditedMeanwhile(row, clashes, who)
    changed = [name for name, value in wanted.items() if known[name] != value]
    put(session, row, {name: wanted[name] for name in changed})
    if changed:
        detail = {"fields": changed}
        line = Line(
            organisation_id, now, by, "participant.changed", "participant", participant_id, detail
        )
        journal.write(session, [line])
    return changed


def put(session: Session, row: Participant, values: Mapping[str, Value]) -> None:
    """Write fields of a locked participant, and the words by which somebody is found."""
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    find_again(session, row)


def find_again(session: Session, row: Participant) -> None:
    """Let somebody be found by what is known now; by nothing when merged or erased."""
    number = row.id or 0
    search.drop_words(session, [number])
    if row.merged_into_id is None and row.anonymised_at is None:
        words = words_of(row.first_name, row.last_name, row.phone)
        search.keep_words(session, ((row.organisation_id, word, number) for word in words))


def _name(text: str, field: str, _today: date) -> Value:
    return names.read_name(text, field)


def _birth_year(text: str, field: str, today: date) -> Value:
    written = names.clean(text)
    if not written:
        return None
    year = int(written) if written.isascii() and written.isdigit() else 0
    if EARLIEST_BIRTH <= year <= today.year - YOUNGEST:
        return year
    raise _faulty(
        field, "This is not the birth year of an adult.", "Write four digits, such as 1970."
    )


def _phone(text: str, field: str, _today: date) -> Value:
    found = phones.read_phones(text, field)
    if len(found) > 1:
        raise _faulty(field, "These are several numbers.", "Write the one that is best called.")
    return found[0] if found else None


def _email(text: str, field: str, _today: date) -> Value:
    return phones.read_email(text, field)


def _postcode(text: str, field: str, _today: date) -> Value:
    written = names.clean(text).replace(" ", "").upper()
    digits = written[:4]
    if not written:
        return None
    if digits.isascii() and digits.isdigit() and digits[0] != "0" and len(digits) == 4:
        rest = written[4:]
        if not rest or (len(rest) == 2 and rest.isascii() and rest.isalpha()):
            return digits
    raise _faulty(field, "This is no Dutch postcode.", "Write the four digits, such as 1234.")


def _municipality(text: str, field: str, _today: date) -> Value:
    written = names.clean(text)
    if not written:
        return None
    found = municipalities.by_code(written) or municipalities.find(written)
    if found is None:
        raise _faulty(field, "This municipality is not known.", "Write its name in full.")
    return found.code


def _mother_tongue(text: str, field: str, _today: date) -> Value:
    if text in ("", "nt1", "nt2"):
        return text
    raise _faulty(field, "Nothing is chosen here.", "Choose one of the answers.")


def _words(text: str, field: str, _today: date) -> Value:
    return names.read_text(text, field)


def _faulty(field: str, why: str, remedy: str) -> FaultyValue:
    return FaultyValue(field, remedy=remedy, faults=(Fault(field, why, remedy),))


#: what is known of somebody → how it is read
FIELDS: Mapping[str, Callable[[str, str, date], Any]] = {
    "first_name": _name,
    "last_name": _name,
    "birth_year": _birth_year,
    "phone": _phone,
    "email": _email,
    "postcode": _postcode,
    "municipality_code": _municipality,
    "mother_tongue": _mother_tongue,
    "wish": _words,
    "best_moment": _words,
}
