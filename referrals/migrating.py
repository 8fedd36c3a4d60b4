"""Takes open cases over to another version of their route.

The same path for one case and for ten thousand: load, decide (`referrals.carrying`), write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from core import clock
from core.errors import Fault, FaultyValue, MoveRefused, NothingToUndo
from core.references import reference
from core.words import Told
from referrals import carrying, entering, facts, journal, routes
from referrals.carrying import Carried, Known
from referrals.entering import Entering
from referrals.facts import Needs
from referrals.journal import Line
from referrals.reach import ways
from referrals.reach.ways import Way
from referrals.routes import Published
from storage.dialects import append
from storage.queries import case_migrations, cases, follow_ups, reach
from storage.queries import facts as known_facts
from storage.queries.cases import OnVersion, Standing
from storage.tables import CaseMigration
from storage.tables.reach import PENDING
from workflows.definition import Definition


@dataclass(frozen=True)
class Migrated:
    """What going over came to."""

    #: numbers of `CaseMigration`, one for each version that cases came from
    migrations: tuple[int, ...]
    cases: int


def migrate(
    session: Session,
    organisation_id: int,
    to: Published,
    *,
    mapping: Mapping[str, str] | None = None,
    pilot_id: int | None = None,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
) -> Migrated:
    """Take the open cases of a library (of one pilot) over to a version; commits nothing.

    `mapping`: where cases go from a stage that has no counterpart. Raises `MoveRefused` with every
    stage that still needs one, and `FaultyValue` for a stage that is none.
    """
    numbers = case_migrations.on_other_versions(session, organisation_id, to.name, to.id, pilot_id)
    rows = cases.standing(session, numbers, lock=True)
    decided = decide(session, rows, to.definition, mapping or {}, now)
    if decided.lost:
        raise MoveRefused(to.name, faults=tuple(unmapped(decided.lost, to.definition)))
    groups: defaultdict[int, list[Carried]] = defaultdict(list)
    for each in decided.carried:
        groups[each.case.workflow_version_id].append(each)
    made = [
        _write(session, organisation_id, version, to, group, mapping or {}, by, now, due_hour)
        for version, group in groups.items()
    ]
    return Migrated(tuple(made), len(decided.carried))


@dataclass
class Decided:
    """What becomes of each case; `lost`: stage → how many cases have nowhere to go."""

    carried: list[Carried] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)


def decide(
    session: Session,
    rows: Sequence[Standing],
    new: Definition,
    mapping: Mapping[str, str],
    now: datetime,
) -> Decided:
    """What becomes of cases on another version of their route; writes nothing."""
    _refuse_other_stages(new, mapping)
    decided = Decided()
    going = []
    for row in rows:
        if carrying.counterpart(row.stage, new, mapping) is None:
            decided.lost[row.stage] = decided.lost.get(row.stage, 0) + 1
        else:
            going.append(row)
    for each in _known(session, going, now):
        old = routes.pinned(session, each.case.workflow_version_id).definition
        decided.carried.append(carrying.carry(each, old, new, mapping))
    _spare(session, decided.carried)
    return decided


def unmapped(lost: Mapping[str, int], new: Definition) -> Iterable[Fault]:
    """What is said of each stage without a counterpart."""
    names = ", ".join(stage.name for stage in new.stages.values() if not stage.final)
    for stage, number in lost.items():
        why = Told("The new version has no such stage; {number} cases stand there.", number=number)
        yield Fault(stage, why, Told("Choose where they go: {names}.", names=names))


def _refuse_other_stages(new: Definition, mapping: Mapping[str, str]) -> None:
    names = [stage.name for stage in new.stages.values() if not stage.final]
    for to_stage in mapping.values():
        if to_stage not in names:
            remedy = Told("Choose one of: {names}.", names=", ".join(names))
            raise FaultyValue(to_stage, remedy=remedy)


def _known(session: Session, rows: Sequence[Standing], now: datetime) -> Iterable[Known]:
    """What going over rests on, asked for all cases at once."""
    if not rows:
        return
    numbers = [row.id for row in rows]
    held = case_migrations.held(session, numbers)
    due = case_migrations.due_of(session, numbers)
    todays = {zone: clock.local_day(now, zone) for zone in {row.zone for row in rows}}
    found = facts.of_cases(session, rows, Needs(), max(todays.values()))
    for row in rows:
        dates = facts.dates_of(found[row.id])
        yield Known(row, held[row.id], due.get(row.id, ()), dates, todays[row.zone])


def _spare(session: Session, carried: Sequence[Carried]) -> None:
    """Nothing is planned for people at partners about somebody who withdrew consent."""
    outside = [
        each
        for each in carried
        if any(item.receiver in follow_ups.OUTSIDE for item in each.planned)
    ]
    people = list({each.case.participant_id for each in outside})
    secret = known_facts.withdrawn(session, people) if people else set()
    for each in outside:
        if each.case.participant_id in secret:
            each.planned = [
                item for item in each.planned if item.receiver not in follow_ups.OUTSIDE
            ]


def _write(
    session: Session,
    organisation_id: int,
    version: int,
    to: Published,
    group: Sequence[Carried],
    mapping: Mapping[str, str],
    by: int | None,
    now: datetime,
    due_hour: int,
) -> int:
    """All rows of the cases that come from one version, set by set."""
    put(session, to, [(each.case, each.to_stage) for each in group])
    entries = [
        Entering(
            each.case, each.case.seq + 1, "migrate", None, each.case.stage, each.to_stage, now,
            each.case.stage_day, each.precision, by=by,
        )
        for each in group
    ]  # fmt: skip
    entering.write_history(session, entries, now)
    _write_reach(session, routes.pinned(session, version), to, entries, now)
    follow_ups.end(session, [row.id for each in group for row in each.ended], now)
    rows = [
        entering.follow_up_row(
            each.case, each.case.seq + 1, item,
            each.case.owner_id if item.receiver == "owner" else None, now, due_hour,
        )
        for each in group
        for item in each.planned
    ]  # fmt: skip
    append(session, follow_ups.FOLLOW_UPS, follow_ups.COLUMNS, rows)
    migration = CaseMigration(
        organisation_id=organisation_id, from_version_id=version, to_version_id=to.id,
        mapping=dict(mapping), by_staff_id=by, at=now,
    )  # fmt: skip
    gone = [(each.case.id, each.case.stage, each.case.seq + 1) for each in group]
    case_migrations.keep(session, migration, gone)
    write_journal(session, "case.migrated", entries, to.id, now)
    return migration.id or 0


def put(session: Session, to: Published, pairs: Sequence[tuple[Standing, str]]) -> None:
    """The cases themselves, and along which way they are counted from now on."""
    known: dict[Way, int] = {}
    rows = [
        OnVersion(
            row.id, row.version, to.id, stage, ways.number_of(session, _way(row, to), known)
        )
        for row, stage in pairs
    ]  # fmt: skip
    if cases.put_on_version(session, rows) != len(rows):
        raise NothingToUndo(reference(rows[0].id), remedy="Look again and decide.")


def _way(row: Standing, to: Published) -> Way:
    return Way(
        row.organisation_id, to.name, to.number, row.pilot_id or 0, row.campaign_id or 0,
        row.channel, row.partner_id or 0, row.municipality_code or "",
    )  # fmt: skip


def _write_reach(
    session: Session, old: Published, to: Published, entries: Sequence[Entering], now: datetime
) -> None:
    """What is reached by going over: a stage or level that the case did not have yet.

    On the day on which it got to the stage that this one takes the place of, so that nobody counts
    in another month for where they were already.
    """
    before, after = old.definition.level_numbers, to.definition.level_numbers
    new = [
        each
        for each in entries
        if (each.from_stage, before[each.case.stage]) != (each.to_stage, after[each.to_stage])
        and each.case.person_key > 0
    ]
    people = list({each.case.person_key for each in new})
    reached: set[tuple[int, object]] = set()
    for mark in reach.entries_of(session, people) if people else ():
        if mark.voided_at is None:
            reached |= {(mark.case_key, mark.stage), (mark.case_key, mark.level)}
    rows: list[tuple[object, ...]] = []
    known: dict[Way, int] = {}
    for each in new:
        level, key = after[each.to_stage], each.case.case_key
        level = None if (key, level) in reached else level
        if level is not None or (key, each.to_stage) not in reached:
            way_id = ways.number_of(session, _way(each.case, to), known)
            rows.append((
                each.case.person_key, key, each.seq, way_id, each.to_stage, level, each.day, now,
                PENDING,
            ))  # fmt: skip
    append(session, entering.REACH, entering.REACH_COLUMNS, rows)


def write_journal(
    session: Session, what: str, entries: Sequence[Entering], version: int, now: datetime
) -> None:
    """One line for each case."""
    lines = (
        Line(
            each.case.organisation_id, now, each.by, what, "case", each.case.id,
            {"from": each.from_stage, "to": each.to_stage, "seq": each.seq, "version": version},
        )
        for each in entries
    )  # fmt: skip
    journal.write(session, lines)
