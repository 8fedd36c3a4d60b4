"""Questions that a list of cases answers: which there are, and whose they can be."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, select
from sqlmodel import Session

from storage.queries.cases import CASES, PEOPLE
from storage.queries.staff import STAFF
from storage.queries.workflows import VERSIONS


class Listed(NamedTuple):
    """A line of a list of cases."""

    id: int
    first_name: str | None
    route: str
    stage: str
    stage_day: date
    channel: str
    owner: str | None
    closed: bool


def listed(
    session: Session,
    *,
    organisation_id: int,
    filters: Mapping[str, Any],
    limit: int,
    after: int = 0,
) -> list[Listed]:
    """Cases of a library by number, after one of them; filters: route, stage, owner, open."""
    statement = (
        select(
            CASES.c.id,
            PEOPLE.c.first_name,
            VERSIONS.c.name,
            CASES.c.stage,
            CASES.c.stage_day,
            CASES.c.channel,
            STAFF.c.name,
            case((CASES.c.closed_at.is_not(None), True), else_=False),
        )
        .join(PEOPLE, PEOPLE.c.id == CASES.c.participant_id)
        .join(VERSIONS, VERSIONS.c.id == CASES.c.workflow_version_id)
        .outerjoin(STAFF, STAFF.c.id == CASES.c.owner_id)
        .where(CASES.c.organisation_id == organisation_id, CASES.c.id > after)
        .order_by(CASES.c.id)
        .limit(limit)
    )
    columns = {"route": VERSIONS.c.name, "stage": CASES.c.stage, "owner": STAFF.c.email}
    for name, column in columns.items():
        if filters.get(name):
            statement = statement.where(column == filters[name])
    if filters.get("open"):
        statement = statement.where(CASES.c.closed_at.is_(None))
    rows = session.connection().execute(statement)
    return [Listed._make(row) for row in rows]


def owners(session: Session, organisation_id: int) -> list[str]:
    """The e-mail addresses of everybody who can own cases of a library, or could before."""
    addresses = (
        select(STAFF.c.email)
        .where(STAFF.c.organisation_id == organisation_id)
        .order_by(STAFF.c.active.desc(), STAFF.c.email)
    )
    return list(session.connection().execute(addresses).scalars())
