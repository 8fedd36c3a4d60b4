"""Questions about what somebody was typing when they were signed out."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table
from sqlmodel import Session

from storage.tables import Draft

DRAFTS: Table = Draft.__table__  # type: ignore[attr-defined]


def keep(
    session: Session,
    organisation_id: int,
    staff_id: int,
    page: str,
    fields: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep what somebody typed on a page, in place of what was kept of it before."""
    session.merge(
        Draft(
            staff_id=staff_id, page=page, organisation_id=organisation_id, fields=dict(fields),
            at=now,
        )
    )  # fmt: skip
    session.flush()


def found(session: Session, staff_id: int, page: str) -> Mapping[str, str]:
    """What somebody typed on a page; empty when nothing is kept."""
    row = session.get(Draft, (staff_id, page))
    return row.fields if row else {}
