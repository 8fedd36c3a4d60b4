"""Questions about cases that go over to another version of their route, and back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, bindparam, exists, func, not_, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import among, append
from storage.queries.cases import CASES, ENTRIES
from storage.queries.follow_ups import FOLLOW_UPS, OUTSIDE
from storage.queries.workflows import VERSIONS
from storage.tables import CaseMigration, MigratedCase, RouteDraft

MIGRATIONS: Table = CaseMigration.__table__  # type: ignore[attr-defined]
MIGRATED: Table = MigratedCase.__table__  # type: ignore[attr-defined]
_MIGRATED_COLUMNS = ("migration_id", "case_id", "organisation_id", "from_stage", "seq")


def on_other_versions(
    session: Session, organisation_id: int, route: str, version_id: int, pilot_id: int | None
) -> list[int]:
    """The open cases of a library (of one pilot) on any other version of a route, by number."""
    where = [
        CASES.c.organisation_id == organisation_id,
        CASES.c.workflow_version_id.in_(
            select(VERSIONS.c.id).where(VERSIONS.c.name == route, VERSIONS.c.id != version_id)
        ),
        CASES.c.closed_at.is_(None),
    ]
    if pilot_id is not None:
        where.append(CASES.c.pilot_id == pilot_id)
    found = select(CASES.c.id).where(*where).order_by(CASES.c.id)
    return list(session.connection().execute(found).scalars())


class Held(NamedTuple):
    """A step that holds, as far as going over rests on it."""

    case_id: int
    seq: int
    kind: str
    to_stage: str
    day: date
    precision: str


_HELD = (
    select(*(ENTRIES.c[name] for name in Held._fields))
    .where(among(ENTRIES.c.case_id, "ids"), ENTRIES.c.voided_by.is_(None), ENTRIES.c.kind != "undo")
    .order_by(ENTRIES.c.case_id, ENTRIES.c.seq)
)


def held(session: Session, ids: Sequence[int]) -> dict[int, list[Held]]:
    """Case → the steps that hold, oldest first."""
    found: dict[int, list[Held]] = {number: [] for number in ids}
    for row in session.connection().execute(_HELD, {"ids": ids}):
        found[row.case_id].append(Held._make(row))
    return found


class Due(NamedTuple):
    """What a rule planned for a case, and what became of it."""

    id: int
    case_id: int
    rule: str
    seq: int
    occurrence: int
    receiver: str
    state: str
    due_on: date
    #: somebody put it off or handed it over
    touched: bool


_DUE = select(
    *(FOLLOW_UPS.c[name] for name in Due._fields[:-1]),
    FOLLOW_UPS.c.former.is_not(None).label("touched"),
).where(among(FOLLOW_UPS.c.case_id, "ids"), FOLLOW_UPS.c.rule.is_not(None))


def due_of(session: Session, ids: Sequence[int]) -> dict[int, list[Due]]:
    """Case → everything that rules planned for it, whatever became of it."""
    found: dict[int, list[Due]] = {}
    for row in session.connection().execute(_DUE, {"ids": ids}):
        found.setdefault(row.case_id, []).append(Due._make(row))
    return found


def keep(session: Session, migration: CaseMigration, rows: Sequence[tuple[int, str, int]]) -> None:
    """Remember which cases went over: (case, stage it came from, number of its entry)."""
    session.add(migration)
    session.flush()
    values = (
        (migration.id, case, migration.organisation_id, stage, seq) for case, stage, seq in rows
    )
    append(session, MIGRATED, _MIGRATED_COLUMNS, values)


def migrations(session: Session, organisation_id: int, route: str) -> list[CaseMigration]:
    """The migrations of a library on a route that were not brought back, newest first."""
    ids = select(VERSIONS.c.id).where(VERSIONS.c.name == route)
    rows = select_rows(CaseMigration).where(
        CaseMigration.organisation_id == organisation_id,
        col(CaseMigration.to_version_id).in_(ids),
        col(CaseMigration.brought_back_at).is_(None),
    )
    return list(session.exec(rows.order_by(col(CaseMigration.id).desc())))


def migration(session: Session, organisation_id: int, number: int) -> CaseMigration | None:
    """A migration of a library, which nobody else brings back meanwhile where that is possible."""
    rows = select_rows(CaseMigration).where(
        CaseMigration.id == number, CaseMigration.organisation_id == organisation_id
    )
    return session.exec(rows.with_for_update().execution_options(populate_existing=True)).first()


class Gone(NamedTuple):
    """A case that went over, and whether it still stands where that put it."""

    case_id: int
    from_stage: str
    seq: int
    #: nothing happened since: no step, and nothing with what was planned for it
    still: bool


def gone_over(session: Session, migration: CaseMigration) -> list[Gone]:
    """The cases of a migration, by number."""
    dealt_with = exists().where(
        FOLLOW_UPS.c.case_id == MIGRATED.c.case_id,
        FOLLOW_UPS.c.seq == MIGRATED.c.seq,
        FOLLOW_UPS.c.rule.is_not(None),
        or_(FOLLOW_UPS.c.state.in_(("done", "missed")), FOLLOW_UPS.c.former.is_not(None)),
    )
    still = and_(
        CASES.c.seq == MIGRATED.c.seq,
        CASES.c.workflow_version_id == migration.to_version_id,
        not_(dealt_with),
    )
    rows = (
        select(MIGRATED.c.case_id, MIGRATED.c.from_stage, MIGRATED.c.seq, still.label("still"))
        .join(CASES, CASES.c.id == MIGRATED.c.case_id)
        .where(MIGRATED.c.migration_id == migration.id)
        .order_by(MIGRATED.c.case_id)
    )
    return [Gone._make(row) for row in session.connection().execute(rows)]


def sizes(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Migration → how many cases went over with it."""
    rows = (
        select(MIGRATED.c.migration_id, func.count().label("cases"))
        .where(MIGRATED.c.migration_id.in_(numbers))
        .group_by(MIGRATED.c.migration_id)
    )
    return {row.migration_id: row.cases for row in session.connection().execute(rows)}


_OPEN_AGAIN = (
    update(FOLLOW_UPS)
    .where(
        among(FOLLOW_UPS.c.case_id, "ids"),
        FOLLOW_UPS.c.state == "ended",
        FOLLOW_UPS.c.rule.is_not(None),
        FOLLOW_UPS.c.done_at == bindparam("since", type_=FOLLOW_UPS.c.done_at.type),
    )
    .values(state="open", done_at=None)
)


def open_again(session: Session, ids: Sequence[int], since: datetime, secret: set[int]) -> None:
    """Open again what going over ended at a moment; not, for people at partners, for `secret`.

    `secret`: those of the cases whose participant withdrew consent.
    """
    told = [number for number in ids if number not in secret]
    session.connection().execute(_OPEN_AGAIN, {"ids": told, "since": since})
    inside = _OPEN_AGAIN.where(FOLLOW_UPS.c.receiver.not_in(OUTSIDE))
    session.connection().execute(inside, {"ids": list(secret), "since": since})


_PLANNED_HERE = (
    select(CASES.c.seq).where(CASES.c.id == FOLLOW_UPS.c.case_id).correlate(FOLLOW_UPS)
).scalar_subquery()
_DROP = (
    update(FOLLOW_UPS)
    .where(
        among(FOLLOW_UPS.c.case_id, "ids"),
        FOLLOW_UPS.c.state == "open",
        FOLLOW_UPS.c.rule.is_not(None),
        FOLLOW_UPS.c.seq == _PLANNED_HERE,
    )
    .values(state="ended", done_at=bindparam("now", type_=FOLLOW_UPS.c.done_at.type))
)


def drop_planned(session: Session, ids: Sequence[int], now: datetime) -> None:
    """End what was planned for the last step of these cases."""
    session.connection().execute(_DROP, {"ids": ids, "now": now})


def void_last(session: Session, rows: Sequence[tuple[int, int]]) -> None:
    """Mark entries (case, seq) as undone by the entry that comes next."""
    statement = (
        update(ENTRIES)
        .where(ENTRIES.c.case_id == bindparam("case"), ENTRIES.c.seq == bindparam("number"))
        .values(voided_by=ENTRIES.c.seq + 1)
    )
    if rows:
        values: list[dict[str, Any]] = [{"case": case, "number": seq} for case, seq in rows]
        session.connection().execute(statement, values)


def drafts_of(session: Session, organisation_id: int) -> list[RouteDraft]:
    """The drafts of a library, by name of the route."""
    rows = select_rows(RouteDraft).where(RouteDraft.organisation_id == organisation_id)
    return list(session.exec(rows.order_by(RouteDraft.name)))


def draft(session: Session, organisation_id: int, name: str) -> RouteDraft | None:
    """The draft that a library has of a route."""
    return session.exec(
        select_rows(RouteDraft).where(
            RouteDraft.organisation_id == organisation_id, RouteDraft.name == name
        )
    ).first()
