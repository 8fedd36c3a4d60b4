"""Cases with a past: what imports bring in and the demo makes up, written in bulk.

History is taken as it is: a path that the route would not allow is written all the same, and the
caller reports it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from sqlmodel import Session

from referrals import entering, opening
from referrals.entering import Entering
from referrals.opening import NewCase
from referrals.reach import settling, ways
from referrals.reach.cells import Mark, Summary
from referrals.reach.ways import Way
from referrals.routes import Published
from storage.dialects import append, reserve_numbers
from storage.keys import new_keys
from storage.queries import staff
from storage.queries.cases import CASES, ENTRIES, Standing
from storage.tables import Organisation
from storage.tables.reach import PENDING, SETTLED


@dataclass(frozen=True, slots=True)
class PastStep:
    """A stage that was reached in the past."""

    stage: str
    at: datetime
    #: the local day; with less precision the day it counts on
    day: date
    #: ``day``, ``month`` or ``unknown``
    precision: str = "day"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with the stages it reached, in order; the last is where it stands."""

    new: NewCase
    steps: Sequence[PastStep]
    #: the local day from which follow-ups are planned for the last stage; none: none are
    plan_from: date | None = None
    #: the dates that follow-ups can be counted from (`workflows.periods.DATES`)
    dates: Mapping[str, date] = field(default_factory=dict)
    #: whether the participant has no other case, so that it can be counted at once
    alone: bool = True


def write_cases(
    session: Session,
    organisation_id: int,
    published: Published,
    past: Sequence[PastCase],
    *,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
    known_ways: dict[Way, int] | None = None,
    summary: Summary | None = None,
    recorded_at_once: bool = False,
) -> list[int]:
    """Write cases with their history, reach and follow-ups; returns their numbers, in order.

    `summary`: adds to this one, which the caller writes in the same transaction (`settling.write`),
    so that many calls are summed up once. `recorded_at_once`: the steps count as recorded at the
    moment they were made, not now.
    """
    library = staff.organisation_by_number(session, organisation_id)
    numbers = reserve_numbers(session, CASES, len(past))
    keys = new_keys(len(past), now)
    summed = Summary({}) if summary is None else summary
    known = {} if known_ways is None else known_ways
    way_ids = _way_numbers(session, organisation_id, published, past, known, summed)
    cases = [
        _standing(each, number, key, published, library, way_id)
        for each, number, key, way_id in zip(past, numbers, keys, way_ids, strict=True)
    ]
    _write_standing(session, past, cases, now)
    _write_steps(session, published, past, cases, by, None if recorded_at_once else now, summed)
    if summary is None:
        settling.write(session, summed)
    _plan(session, published, past, cases, now, due_hour)
    return numbers


def unusual_steps(published: Published, steps: Iterable[PastStep]) -> list[tuple[str, str]]:
    """The steps that the route does not have: (from, to)."""
    moves = published.definition.move_between
    return [
        (before.stage, after.stage)
        for before, after in pairwise(steps)
        if (before.stage, after.stage) not in moves
    ]


def _way_numbers(
    session: Session,
    organisation_id: int,
    published: Published,
    past: Sequence[PastCase],
    known: dict[Way, int],
    summary: Summary,
) -> list[int]:
    """The number of the way of each case, which the summary learns too."""
    taken = [opening.way_of(organisation_id, published, each.new) for each in past]
    numbers = [ways.number_of(session, way, known) for way in taken]
    summary.ways.update(zip(numbers, taken, strict=True))
    return numbers


def _standing(
    past: PastCase, number: int, key: int, published: Published, library: Organisation, way_id: int
) -> Standing:
    new, last = past.new, past.steps[-1]
    final = published.definition.stages[last.stage].final
    assert library.id is not None
    return Standing(
        number, library.id, new.participant.id, key, new.participant.person_key,
        published.id, last.stage, 1, len(past.steps), last.day, past.dates.get("appointment"),
        new.owner_id, new.pilot_id, new.campaign_id, new.partner_id, new.channel,
        new.municipality_code, way_id, last.at if final else None, new.reachable, library.zone,
        library.closed_days,
    )  # fmt: skip


def _write_standing(
    session: Session, past: Sequence[PastCase], cases: Sequence[Standing], now: datetime
) -> None:
    """The cases themselves."""
    pairs = list(zip(past, cases, strict=True))
    links = {case.id: each.new.linked_case_id for each, case in pairs}
    rows = (opening.case_row(case, links, each.steps[0].day, now) for each, case in pairs)
    append(session, CASES, opening.COLUMNS, rows)


def _write_steps(
    session: Session,
    published: Published,
    past: Sequence[PastCase],
    cases: Sequence[Standing],
    by: int | None,
    now: datetime | None,
    summary: Summary,
) -> None:
    """History and reach; whoever has a single case goes into the summary at once.

    Without `now` each step was recorded when it was made.
    """
    levels = published.definition.level_numbers
    moves = published.definition.move_between
    entries: list[tuple[object, ...]] = []
    reached: list[tuple[object, ...]] = []
    for each, case in zip(past, cases, strict=True):
        before: str | None = None
        number, library, way_id = case.id, case.organisation_id, case.way_id
        person, key, settled = case.person_key, case.case_key, SETTLED if each.alone else PENDING
        marks = []
        for seq, step in enumerate(each.steps, 1):
            stage, level, day, recorded = step.stage, levels[step.stage], step.day, now or step.at
            move = moves.get((before, stage)) if before else None
            entries.append((
                number, seq, library, "history", move, before, stage, step.at, day,
                step.precision, by, step.reason, None, recorded,
            ))  # fmt: skip
            reached.append((person, key, seq, way_id, stage, level, day, recorded, settled))
            marks.append(Mark(person, key, way_id, stage, level, day))
            before = stage
        if each.alone:
            summary.add(marks)
    append(session, ENTRIES, entering.ENTRY_COLUMNS, entries)
    append(session, entering.REACH, entering.REACH_COLUMNS, reached)


def _plan(
    session: Session,
    published: Published,
    past: Sequence[PastCase],
    cases: Sequence[Standing],
    now: datetime,
    due_hour: int,
) -> None:
    """Follow-ups for the stage in which an open case stands."""
    dates = {case.id: each.dates for each, case in zip(past, cases, strict=True) if each.dates}
    entries = [
        Entering(case, case.seq, "history", None, None, case.stage, now, each.plan_from)
        for each, case in zip(past, cases, strict=True)
        if each.plan_from is not None and case.closed_at is None
    ]
    version = {published.id: published}
    entering.plan(session, entries, version, dates, now=now, due_hour=due_hour)
