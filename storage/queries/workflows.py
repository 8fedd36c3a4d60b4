"""Questions about published versions of routes."""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.engine import connection_of
from storage.tables import Case, WorkflowVersion

VERSIONS: Table = WorkflowVersion.__table__  # type: ignore[attr-defined]


def version(session: Session, number: int) -> WorkflowVersion:
    """The version with this row number, which must exist."""
    return session.get_one(WorkflowVersion, number)


def text_of(session: Session, number: int) -> str:
    """The text of a version; it never changes, so it is asked for once."""
    kept = _texts.setdefault(connection_of(session).engine, {})
    if number not in kept:
        kept[number] = version(session, number).text
    return kept[number]


#: engine → the texts that were asked for
_texts: WeakKeyDictionary[Engine, dict[int, str]] = WeakKeyDictionary()


def newest(session: Session, name: str) -> WorkflowVersion | None:
    """The newest version of the route with this name."""
    return session.exec(
        select_rows(WorkflowVersion)
        .where(WorkflowVersion.name == name)
        .order_by(col(WorkflowVersion.number).desc())
        .limit(1)
    ).first()


def versions(session: Session) -> list[WorkflowVersion]:
    """Every version, by route and number."""
    return list(
        session.exec(
            select_rows(WorkflowVersion).order_by(WorkflowVersion.name, col(WorkflowVersion.number))
        )
    )


def cases_per_stage(session: Session, version_id: int) -> dict[str, int]:
    """How many cases of a version stand at each stage."""
    cases: Table = Case.__table__  # type: ignore[attr-defined]
    rows = session.connection().execute(
        select(cases.c.stage, func.count().label("there"))
        .where(cases.c.workflow_version_id == version_id)
        .group_by(cases.c.stage)
    )
    return {row.stage: row.there for row in rows}
