"""Questions about the present cases, for whoever wants to know what mail they will make."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session

from storage.queries.cases import CASES
from storage.queries.workflows import VERSIONS


class Standing(NamedTuple):
    """Where an open case stands."""

    route: str
    stage: str
    stage_day: date
    owner_id: int | None
    introduced: bool


def open_cases(session: Session, organisation_id: int) -> list[Standing]:
    """The open cases of a library, by number."""
    rows = (
        select(
            VERSIONS.c.name,
            CASES.c.stage,
            CASES.c.stage_day,
            CASES.c.owner_id,
            CASES.c.partner_id.is_not(None),
        )
        .join(VERSIONS, VERSIONS.c.id == CASES.c.workflow_version_id)
        .where(CASES.c.organisation_id == organisation_id, CASES.c.closed_at.is_(None))
        .order_by(CASES.c.id)
    )
    return [Standing._make(row) for row in session.connection().execute(rows)]


def opened_per_route(session: Session, organisation_id: int, since: date) -> dict[str, int]:
    """Route → how many cases a library opened on it since a day."""
    rows = (
        select(VERSIONS.c.name, func.count().label("cases"))
        .join(VERSIONS, VERSIONS.c.id == CASES.c.workflow_version_id)
        .where(CASES.c.organisation_id == organisation_id, CASES.c.opened_on >= since)
        .group_by(VERSIONS.c.name)
        .order_by(VERSIONS.c.name)
    )
    return {row.name: row.cases for row in session.connection().execute(rows)}
