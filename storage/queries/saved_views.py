"""Questions about filters that people gave a name."""

from typing import NamedTuple

from sqlalchemy import Table, bindparam, or_, select
from sqlmodel import Session
from sqlmodel import select as select_rows

from storage.prepared import Prepared
from storage.tables import SavedView

_VIEWS: Table = SavedView.__table__  # type: ignore[attr-defined]


class View(NamedTuple):
    """A filter with a name."""

    id: int
    #: none: it is the team's
    staff_id: int | None
    page: str
    title: str
    query: str


_THERE = Prepared(
    select(*(_VIEWS.c[name] for name in View._fields))
    .where(
        _VIEWS.c.organisation_id == bindparam("library"),
        or_(_VIEWS.c.staff_id == bindparam("staff"), _VIEWS.c.staff_id.is_(None)),
    )
    .order_by(_VIEWS.c.title, _VIEWS.c.id)
    .limit(200)
)


def of_member(session: Session, organisation_id: int, staff_id: int) -> list[View]:
    """What somebody saved, and what the team did, by title."""
    rows = _THERE.rows(session, {"library": organisation_id, "staff": staff_id})
    return [View._make(row) for row in rows]


def one(session: Session, organisation_id: int, number: int) -> SavedView | None:
    """A saved view of a library."""
    asked = select_rows(SavedView).where(
        SavedView.organisation_id == organisation_id, SavedView.id == number
    )
    return session.exec(asked.execution_options(populate_existing=True)).first()
