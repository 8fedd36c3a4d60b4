"""Brings cases back that went over to another version of their route."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import clock
from core.errors import NotFound, NothingToUndo
from core.words import Told
from referrals import entering, migrating, routes
from referrals.entering import Entering
from storage.queries import case_migrations, cases, facts, reach
from storage.queries.case_migrations import Gone
from storage.queries.cases import Standing
from storage.tables import CaseMigration


@dataclass(frozen=True)
class Back:
    """What bringing back came to."""

    cases: int
    #: the cases that something happened with since, which stay where they are
    stayed: tuple[int, ...]


def bring_back(
    session: Session, organisation_id: int, number: int, *, by: int | None, now: datetime
) -> Back:
    """Bring the cases of a migration back to the version and the stage they came from.

    Cases that moved on since, or with which something was done that the new version planned, stay.
    Raises `NotFound`, and `NothingToUndo` when it was brought back before.
    """
    migration = case_migrations.migration(session, organisation_id, number)
    if migration is None:
        raise NotFound(Told("migration {number}", number=number))
    if migration.brought_back_at is not None:
        raise NothingToUndo(remedy="It was brought back before.")
    gone = case_migrations.gone_over(session, migration)
    back = {each.case_id: each for each in gone if each.still}
    rows = cases.standing(session, list(back), lock=True)
    _write_back(session, migration, rows, back, by, now)
    migration.brought_back_at = now
    session.add(migration)
    session.flush()
    return Back(len(back), tuple(each.case_id for each in gone if not each.still))


def _write_back(
    session: Session,
    migration: CaseMigration,
    rows: Sequence[Standing],
    back: Mapping[int, Gone],
    by: int | None,
    now: datetime,
) -> None:
    """Undo going over: the entry is voided, what it planned is dropped, what it ended is open."""
    origin = routes.pinned(session, migration.from_version_id)
    numbers = [row.id for row in rows]
    case_migrations.drop_planned(session, numbers, now)
    people = facts.withdrawn(session, list({row.participant_id for row in rows}))
    secret = {row.id for row in rows if row.participant_id in people}
    case_migrations.open_again(session, numbers, migration.at, secret)
    migrating.put(session, origin, [(row, back[row.id].from_stage) for row in rows])
    entries = [
        Entering(
            row, row.seq + 1, "undo", None, row.stage, back[row.id].from_stage, now,
            clock.local_day(now, row.zone), by=by,
        )
        for row in rows
    ]  # fmt: skip
    entering.write_history(session, entries, now)
    case_migrations.void_last(session, [(row.id, row.seq) for row in rows])
    reach.void_each(session, [(row.person_key, row.case_key, row.seq) for row in rows], now)
    migrating.write_journal(session, "case.brought_back", entries, origin.id, now)
