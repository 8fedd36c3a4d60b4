"""Changes of many cases at once that are no moves, each kind in a few statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select, update
from sqlmodel import Session

from storage.dialects import among
from storage.queries.cases import CASES, ENTRIES
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.messages import MESSAGES


def give(session: Session, ids: Sequence[int], owner_id: int | None) -> None:
    """Give locked cases to somebody or to nobody, one version further."""
    changed = update(CASES).where(among(CASES.c.id, "ids"))
    session.connection().execute(
        changed.values(owner_id=owner_id, version=CASES.c.version + 1), {"ids": ids}
    )


def reassign(session: Session, ids: Sequence[int], before: int | None, after: int | None) -> None:
    """What the owner of these cases still had to do is for the new owner."""
    session.connection().execute(
        update(FOLLOW_UPS)
        .where(
            among(FOLLOW_UPS.c.case_id, "ids"),
            FOLLOW_UPS.c.state == "open",
            FOLLOW_UPS.c.receiver == "owner",
            FOLLOW_UPS.c.assignee_id.is_not_distinct_from(before),
        )
        .values(assignee_id=after),
        {"ids": ids},
    )


class Planned(NamedTuple):
    """A follow-up that somebody planned by hand."""

    id: int
    case_id: int
    #: open, and nothing was done with it since
    untouched: bool


def planned(session: Session, ids: Sequence[int]) -> list[Planned]:
    """These follow-ups, as they are now."""
    rows = select(
        FOLLOW_UPS.c.id, FOLLOW_UPS.c.case_id, FOLLOW_UPS.c.state, FOLLOW_UPS.c.former
    ).where(among(FOLLOW_UPS.c.id, "ids"))
    found = session.connection().execute(rows, {"ids": ids})
    return [Planned(row[0], row[1], row[2] == "open" and not row[3]) for row in found]


class LastStep(NamedTuple):
    """The last entry of a case."""

    case_id: int
    kind: str
    move: str | None
    recorded_at: datetime


_LAST = (
    select(*(ENTRIES.c[name] for name in LastStep._fields))
    .join(CASES, and_(CASES.c.id == ENTRIES.c.case_id, CASES.c.seq == ENTRIES.c.seq))
    .where(among(CASES.c.id, "ids"))
)


def last_steps(session: Session, ids: Sequence[int]) -> list[LastStep]:
    """The last entry of each of these cases."""
    return [LastStep._make(row) for row in session.connection().execute(_LAST, {"ids": ids})]


def newest_mail(session: Session) -> int:
    """The number of the mail that was queued last; 0 when there is none."""
    newest = select(func.coalesce(func.max(MESSAGES.c.id), 0))
    return int(session.connection().execute(newest).scalar_one())


def mails_since(
    session: Session, organisation_id: int, number: int, at: datetime
) -> dict[str, int]:
    """Kind → how many mails a library queued at a moment, after the mail with this number."""
    rows = (
        select(MESSAGES.c.kind, func.count().label("mails"))
        .where(
            MESSAGES.c.id > number,
            MESSAGES.c.organisation_id == organisation_id,
            MESSAGES.c.created_at == at,
        )
        .group_by(MESSAGES.c.kind)
        .order_by(MESSAGES.c.kind)
    )
    return {row.kind: row.mails for row in session.connection().execute(rows)}
