"""A case that was opened by mistake: whether anything happened to it since, and its rows."""

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select
from sqlmodel import Session

from storage.queries.cases import CASES, ENTRIES, PEOPLE
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.merges import TABLES
from storage.queries.search import WORDS
from storage.tables import (
    ImportKey,
    Introduction,
    JournalEntry,
    MigratedCase,
    Note,
    ParticipantMerge,
)

_INTRODUCTIONS: Table = Introduction.__table__  # type: ignore[attr-defined]
_JOURNAL: Table = JournalEntry.__table__  # type: ignore[attr-defined]
_MERGES: Table = ParticipantMerge.__table__  # type: ignore[attr-defined]
#: what says that something was done with a case
_TRACES: tuple[Table, ...] = (
    TABLES["referrals"],
    TABLES["messages"],
    Note.__table__,  # type: ignore[attr-defined]
    ImportKey.__table__,  # type: ignore[attr-defined]
    MigratedCase.__table__,  # type: ignore[attr-defined]
)


def untouched(session: Session, case_id: int) -> bool:
    """Whether a case is as it was opened: no step, no change, nothing done or sent for it."""
    there = select(CASES.c.id).where(CASES.c.id == case_id, CASES.c.version == 1)
    handled = exists().where(
        FOLLOW_UPS.c.case_id == case_id,
        or_(
            FOLLOW_UPS.c.state != "open",
            FOLLOW_UPS.c.rule.is_(None),
            FOLLOW_UPS.c.former.is_not(None),
            FOLLOW_UPS.c.mailed_on.is_not(None),
        ),
    )
    linked = CASES.alias("linked")
    led_on = exists().where(linked.c.linked_case_id == case_id)
    traces = [exists().where(table.c.case_id == case_id) for table in _TRACES]
    asked = there.where(*(~trace for trace in (handled, led_on, *traces)))
    return session.connection().execute(asked).first() is not None


def unknown_since(session: Session, participant_id: int) -> bool:
    """Whether nothing else points at a participant, and nobody changed what is known of them."""
    pointing = [
        exists().where(table.c.participant_id == participant_id) for table in TABLES.values()
    ]
    merged = exists().where(
        or_(_MERGES.c.kept_id == participant_id, _MERGES.c.gone_id == participant_id)
    )
    changed = exists().where(
        _JOURNAL.c.subject == "participant", _JOURNAL.c.subject_id == participant_id
    )
    asked = select(PEOPLE.c.id).where(
        PEOPLE.c.id == participant_id, *(~trace for trace in (*pointing, merged, changed))
    )
    return session.connection().execute(asked).first() is not None


def forget_case(session: Session, case_id: int) -> None:
    """Delete a case with what came about when it was opened."""
    for table in (FOLLOW_UPS, ENTRIES, _INTRODUCTIONS):
        _delete(session, table, table.c.case_id == case_id)
    _delete(session, CASES, CASES.c.id == case_id)


def forget_person(session: Session, participant_id: int) -> None:
    """Delete a participant at whom nothing points."""
    _delete(session, WORDS, WORDS.c.participant_id == participant_id)
    _delete(session, PEOPLE, PEOPLE.c.id == participant_id)


def _delete(session: Session, table: Table, where: ColumnElement[bool]) -> None:
    session.connection().execute(delete(table).where(where))
