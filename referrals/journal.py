"""Who changed what, when: numbers and codes only, never a name or a phone number."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlmodel import Session

from storage.dialects import append
from storage.tables import JournalEntry

JOURNAL: Table = JournalEntry.__table__  # type: ignore[attr-defined]


class Line(NamedTuple):
    """A line of the journal."""

    organisation_id: int
    at: datetime
    #: nobody: the program itself
    by_staff_id: int | None
    #: such as ``case.moved``
    what: str
    subject: str
    subject_id: int
    detail: Mapping[str, Any] = {}


def write(session: Session, lines: Iterable[Line]) -> None:
    """Add lines to the journal."""
    append(session, JOURNAL, Line._fields, lines)
