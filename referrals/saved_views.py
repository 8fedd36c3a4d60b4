"""Filters that people keep under a name, for themselves or for the team."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.errors import AlreadyThere, NotFound
from storage.queries import saved_views
from storage.tables import SavedView

#: what a person and a team can keep together; more than that nobody finds again
MOST = 60
_WHERE = "Look at the list of saved views."


def save(
    session: Session,
    organisation_id: int,
    staff_id: int,
    *,
    page: str,
    title: str,
    query: str,
    team: bool,
    now: datetime,
) -> int:
    """Keep a filter; raises `AlreadyThere` for a title in use, or when there are too many."""
    there = saved_views.of_member(session, organisation_id, staff_id)
    if len(there) >= MOST:
        raise AlreadyThere(title, remedy="Remove a view that nobody uses any more first.")
    _refuse_twice(there, None, page, title, None if team else staff_id)
    row = SavedView(
        organisation_id=organisation_id, staff_id=None if team else staff_id, page=page,
        title=title, query=query, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id or 0


def rename(session: Session, organisation_id: int, staff_id: int, number: int, title: str) -> str:
    """Give it another title; returns the one before. Raises `NotFound` and `AlreadyThere`."""
    row = _own(session, organisation_id, staff_id, number)
    there = saved_views.of_member(session, organisation_id, staff_id)
    _refuse_twice(there, row.id, row.page, title, row.staff_id)
    before, row.title = row.title, title
    session.add(row)
    session.flush()
    return before


def remove(session: Session, organisation_id: int, staff_id: int, number: int) -> dict[str, Any]:
    """Take it away; returns what is needed to put it back."""
    row = _own(session, organisation_id, staff_id, number)
    kept = {"page": row.page, "title": row.title, "query": row.query, "team": row.staff_id is None}
    session.delete(row)
    session.flush()
    return kept


def put_back(
    session: Session, organisation_id: int, staff_id: int, kept: Mapping[str, Any], now: datetime
) -> int:
    """Keep again what was removed; raises `AlreadyThere` when the title was used since."""
    return save(
        session, organisation_id, staff_id, page=kept["page"], title=kept["title"],
        query=kept["query"], team=kept["team"], now=now,
    )  # fmt: skip


def _own(session: Session, organisation_id: int, staff_id: int, number: int) -> SavedView:
    row = saved_views.one(session, organisation_id, number)
    if row is None or row.staff_id not in (None, staff_id):
        raise NotFound(str(number), remedy=_WHERE)
    return row


def _refuse_twice(
    there: list[saved_views.View], own: int | None, page: str, title: str, staff_id: int | None
) -> None:
    for each in there:
        same = (each.page, each.title.casefold()) == (page, title.casefold())
        if same and each.staff_id == staff_id and each.id != own:
            raise AlreadyThere(title, remedy="Choose another name.")
