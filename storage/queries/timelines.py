"""Questions about what happened around a case: remarks, mails, and what the journal keeps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, Table, and_, bindparam, cast, func, literal, null, or_, select
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.queries.messages import CONTACTS, MESSAGES
from storage.queries.staff import STAFF
from storage.tables import JournalEntry, Note
from storage.types import RowNumber, UtcMoment

_NOTES: Table = Note.__table__  # type: ignore[attr-defined]
_JOURNAL: Table = JournalEntry.__table__  # type: ignore[attr-defined]


class Written(NamedTuple):
    """A remark, or a mail about a case."""

    #: ``note``, or the kind of mail
    kind: str
    id: int
    at: datetime
    by_staff_id: int | None
    text: str | None
    #: of a mail
    state: str | None
    receiver: str | None
    sent_at: datetime | None
    fault: str | None


_WRITTEN = (
    select(
        literal("note").label("kind"),
        _NOTES.c.id,
        _NOTES.c.at,
        _NOTES.c.by_staff_id,
        _NOTES.c.text,
        cast(null(), String).label("state"),
        cast(null(), String).label("receiver"),
        cast(null(), UtcMoment).label("sent_at"),
        cast(null(), String).label("fault"),
    )
    .where(_NOTES.c.case_id == bindparam("case"))
    .union_all(
        select(
            MESSAGES.c.kind,
            MESSAGES.c.id,
            MESSAGES.c.created_at,
            cast(null(), RowNumber),
            cast(null(), String),
            MESSAGES.c.state,
            func.coalesce(STAFF.c.name, CONTACTS.c.name),
            MESSAGES.c.sent_at,
            MESSAGES.c.fault,
        )
        .outerjoin(STAFF, STAFF.c.id == MESSAGES.c.staff_id)
        .outerjoin(CONTACTS, CONTACTS.c.id == MESSAGES.c.contact_person_id)
        .where(MESSAGES.c.case_id == bindparam("case"))
    )
)


def written(session: Session, case_id: int) -> list[Written]:
    """The remarks and the mails of a case."""
    rows = session.connection().execute(_WRITTEN, {"case": case_id})
    return [Written._make(row) for row in rows]


class Noted(NamedTuple):
    """A line of the journal."""

    at: datetime
    by_staff_id: int | None
    what: str
    subject: str
    subject_id: int
    detail: dict[str, Any]


_NOTED = select(*(_JOURNAL.c[name] for name in Noted._fields))
_ASK_NOTED = Prepared(
    _NOTED.where(
        or_(
            and_(_JOURNAL.c.subject == "case", _JOURNAL.c.subject_id == bindparam("case")),
            and_(_JOURNAL.c.subject == "follow_up", among(_JOURNAL.c.subject_id, "tasks")),
            and_(
                _JOURNAL.c.subject == "participant",
                _JOURNAL.c.subject_id == bindparam("participant"),
            ),
        )
    ).order_by(_JOURNAL.c.id)
)


def noted(session: Session, case_id: int, participant_id: int, tasks: Sequence[int]) -> list[Noted]:
    """What the journal keeps of a case, its follow-ups and its participant."""
    values = {"case": case_id, "participant": participant_id, "tasks": tasks}
    return [Noted._make(row) for row in _ASK_NOTED.rows(session, values)]


_ASK_CHANGES = Prepared(
    _NOTED.where(_JOURNAL.c.subject == "case", _JOURNAL.c.subject_id == bindparam("case"))
    .order_by(_JOURNAL.c.id.desc())
    .limit(bindparam("most"))
)


def newest_changes(session: Session, case_id: int, most: int) -> list[Noted]:
    """The last lines about the case itself, the newest first."""
    rows = _ASK_CHANGES.rows(session, {"case": case_id, "most": most})
    return [Noted._make(row) for row in rows]


def mailed_since(session: Session, case_id: int, moment: datetime) -> bool:
    """Whether a mail that was queued for a case at a moment or later has gone out."""
    gone = select(MESSAGES.c.id).where(
        MESSAGES.c.case_id == case_id,
        MESSAGES.c.created_at >= moment,
        MESSAGES.c.state.in_(("sent", "uncertain", "data_started")),
    )
    return session.connection().execute(gone.limit(1)).first() is not None
