"""Questions about one participant: what is known, who changed it, what was agreed to."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Table, case, select
from sqlmodel import Session

from storage.queries.staff import STAFF
from storage.tables import Consent, JournalEntry, Participant, ParticipantMerge

_JOURNAL: Table = JournalEntry.__table__  # type: ignore[attr-defined]
_CONSENTS: Table = Consent.__table__  # type: ignore[attr-defined]
_MERGES: Table = ParticipantMerge.__table__  # type: ignore[attr-defined]


class ChangeLine(NamedTuple):
    """A change of a participant."""

    what: str
    at: datetime
    by: str | None
    detail: dict[str, object]


class ConsentLine(NamedTuple):
    """What a participant agreed to."""

    id: int
    basis: str
    purposes: list[str]
    text_version: str
    language: str
    form: str
    explained_by: str | None
    given_on: date
    expires_on: date | None
    withdrawn_at: datetime | None


def participant(session: Session, organisation_id: int, number: int) -> Participant | None:
    """A participant of a library, as the row is now."""
    found = session.get(Participant, number, populate_existing=True)
    return found if found and found.organisation_id == organisation_id else None


def changes(session: Session, participant_id: int, *, limit: int = 20) -> list[ChangeLine]:
    """What happened to a participant, newest first: names of fields, never what stood in them."""
    statement = (
        select(_JOURNAL.c.what, _JOURNAL.c.at, STAFF.c.name, _JOURNAL.c.detail)
        .outerjoin(STAFF, STAFF.c.id == _JOURNAL.c.by_staff_id)
        .where(_JOURNAL.c.subject == "participant", _JOURNAL.c.subject_id == participant_id)
        .order_by(_JOURNAL.c.id.desc())
        .limit(limit)
    )
    return [ChangeLine._make(row) for row in session.connection().execute(statement)]


def changed_by(session: Session, participant_id: int) -> str:
    """Who changed a participant last."""
    last = changes(session, participant_id, limit=1)
    return (last[0].by or "") if last else ""


def consents(session: Session, participant_id: int) -> list[ConsentLine]:
    """Everything a participant agreed to, what still holds and newest first."""
    withdrawn = case((_CONSENTS.c.withdrawn_at.is_(None), 0), else_=1)
    statement = (
        select(
            _CONSENTS.c.id,
            *(_CONSENTS.c[name] for name in ConsentLine._fields[1:6]),
            STAFF.c.name,
            *(_CONSENTS.c[name] for name in ConsentLine._fields[7:]),
        )
        .outerjoin(STAFF, STAFF.c.id == _CONSENTS.c.explained_by)
        .where(_CONSENTS.c.participant_id == participant_id)
        .order_by(withdrawn, _CONSENTS.c.given_on.desc(), _CONSENTS.c.id.desc())
    )
    return [ConsentLine._make(row) for row in session.connection().execute(statement)]


def merged_into(session: Session, participant_id: int) -> list[int]:
    """Whoever was merged into a participant, oldest merge first."""
    statement = (
        select(_MERGES.c.gone_id)
        .where(_MERGES.c.kept_id == participant_id, _MERGES.c.undone_at.is_(None))
        .order_by(_MERGES.c.id)
    )
    return list(session.connection().execute(statement).scalars())
