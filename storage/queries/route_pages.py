"""Questions about what stands on a route: cases per stage and version, and how long they stay."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Select, and_, case, func, literal, or_, select
from sqlmodel import Session

from storage.dialects import days_between
from storage.queries.cases import CASES, ENTRIES
from storage.queries.workflows import VERSIONS

#: cases that are looked at for how long people stay: those that were opened last
NEWEST = 2_000


class Version(NamedTuple):
    """A published version, without its text."""

    id: int
    name: str
    number: int
    published_at: datetime
    published_by: str


def versions(session: Session, name: str | None = None) -> list[Version]:
    """The versions of a route (or of all), by route, newest first."""
    rows = select(*(VERSIONS.c[field] for field in Version._fields))
    if name is not None:
        rows = rows.where(VERSIONS.c.name == name)
    ordered = rows.order_by(VERSIONS.c.name, VERSIONS.c.number.desc())
    return [Version._make(row) for row in session.connection().execute(ordered)]


class There(NamedTuple):
    """How many open cases of a version stand in a stage."""

    version_id: int
    stage: str
    cases: int


def open_cases(
    session: Session,
    organisation_id: int | None,
    versions: Sequence[int],
    sees: int | None = None,
) -> list[There]:
    """Where the open cases of a library stand; none: those of all libraries.

    `sees`: only the cases of this member of staff and those that are nobody's.
    """
    rows = (
        select(CASES.c.workflow_version_id, CASES.c.stage, func.count())
        .where(*_of(organisation_id, versions, sees), CASES.c.closed_at.is_(None))
        .group_by(CASES.c.workflow_version_id, CASES.c.stage)
    )
    return [There._make(row) for row in session.connection().execute(rows)]


class Stays(NamedTuple):
    """How many cases stayed in a stage for so many days, or have been there for so long now."""

    stage: str
    days: int
    #: whether they went on; else they are there still
    left: bool
    cases: int


def stays(
    session: Session,
    organisation_id: int | None,
    versions: Sequence[int],
    today: date,
    sees: int | None = None,
) -> list[Stays]:
    """How long cases stay in each stage, of the `NEWEST` that were opened last.

    Steps of which the day is not known count for nothing. Going over to another version is no
    leaving: the stay goes on.
    """
    steps = _steps(organisation_id, versions, sees).subquery()
    days = days_between(steps.c.day, func.coalesce(steps.c.left_on, literal(today)))
    left = case((steps.c.left_on.is_(None), 0), else_=1)
    rows = (
        select(steps.c.to_stage, days, left, func.count())
        .where(
            steps.c.precision == "day",
            or_(
                and_(steps.c.left_on.is_(None), steps.c.closed_at.is_(None)),
                and_(steps.c.left_by != "migrate", steps.c.left_precisely == "day"),
            ),
        )
        .group_by(steps.c.to_stage, days, left)
    )
    found = session.connection().execute(rows)
    return [Stays(stage, number, bool(gone), cases) for stage, number, gone, cases in found]


def _steps(organisation_id: int | None, versions: Sequence[int], sees: int | None) -> Select[Any]:
    """Each step that holds, with the day, the kind and the precision of the one after it."""
    newest = (
        select(CASES.c.id, CASES.c.closed_at)
        .where(*_of(organisation_id, versions, sees))
        .order_by(CASES.c.id.desc())
        .limit(NEWEST)
        .cte("newest")
    )
    columns = ("to_stage", "day", "precision")
    return (
        select(
            *(ENTRIES.c[name] for name in columns),
            newest.c.closed_at,
            _next(ENTRIES.c.day).label("left_on"),
            _next(ENTRIES.c.kind).label("left_by"),
            _next(ENTRIES.c.precision).label("left_precisely"),
        )
        .select_from(newest)
        .join(ENTRIES, ENTRIES.c.case_id == newest.c.id)
        .where(ENTRIES.c.voided_by.is_(None), ENTRIES.c.kind != "undo")
    )


def _next(column: Column[Any]) -> ColumnElement[Any]:
    """What stands in the step of the same case that comes next."""
    return func.lead(column).over(partition_by=ENTRIES.c.case_id, order_by=ENTRIES.c.seq)


def _of(
    organisation_id: int | None, versions: Sequence[int], sees: int | None
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [CASES.c.workflow_version_id.in_(versions)]
    if organisation_id is not None:
        where.append(CASES.c.organisation_id == organisation_id)
    if sees is not None:
        where.append(or_(CASES.c.owner_id == sees, CASES.c.owner_id.is_(None)))
    return where
