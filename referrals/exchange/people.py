"""Reads the person in a row: name, birth year and the ways to reach them."""

from datetime import date

from referrals import names, phones
from referrals.doubles import Person
from referrals.exchange import answers
from referrals.exchange.cells import Cell, text_of
from referrals.exchange.rows import RowReader


def read_person(row: RowReader, *, today: date) -> Person:
    """Everything that the row knows of the person; faults are noted in the row."""
    first, last = _names(row)
    return Person(
        first_name=first or None,
        last_name=last or None,
        birth_year=row.read(
            "birth_year",
            "birth year",
            lambda cell, thing: answers.birth_year(cell, thing, this_year=today.year),
        ),
        phone=_phone(row),
        email=row.read("email", "email", lambda c, thing: phones.read_email(text_of(c), thing))
        or None,
        postcode=_postcode(row),
    )


def read_note(row: RowReader, field: str) -> str:
    """A remark, which may have several lines."""
    longest = names.LONGEST_NOTES

    def note(cell: Cell, thing: str) -> str:
        return names.read_text(text_of(cell), thing, longest=longest, lines=True)

    return row.read(field, "text", note) or ""


def read_words(row: RowReader, field: str) -> str:
    """A short text on one line."""
    return row.read(field, "text", lambda c, thing: names.read_text(text_of(c), thing)) or ""


def _names(row: RowReader) -> tuple[str, str]:
    def name(field: str) -> str:
        return row.read(field, "name", lambda c, t: names.read_name(text_of(c), t)) or ""

    first, last = name("first_name"), name("last_name")
    if first or last:
        return first, last
    return names.split_name(name("full_name"))


def _phone(row: RowReader) -> str | None:
    found = row.read("phone", "phone", lambda c, thing: phones.read_phones(text_of(c), thing)) or ()
    if len(found) > 1:
        row.warn("phone", "This cell holds several phone numbers; the first was taken.")
    return found[0] if found else None


def _postcode(row: RowReader) -> str | None:
    found = answers.postcode(row.text("postcode"))
    if not found.understood:
        row.warn("postcode", "This is no Dutch postcode; it was not taken.")
    return found.code
