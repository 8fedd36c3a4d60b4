"""Cases with a past: what imports bring in and the demo makes up, written in bulk.

History is taken as it is: a path that the route would not allow is written all the same, and the
caller reports it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from storage.tables.reach import PENDING, SETTLED
from workflows.definition import LEVELS


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
) -> list[int]:
    """Write cases with their history, reach and follow-ups; returns their numbers, in order."""
    library = staff.organisation_by_number(session, organisation_id)
    numbers = reserve_numbers(session, CASES, len(past))
    keys = new_keys(len(past), now)
    known = {} if known_ways is None else known_ways
    cases = [
        _standing(
            each, number, key, published, library.zone, library.closed_days, organisation_id,
            ways.number_of(session, opening.way_of(organisation_id, published, each.new), known),
            now,
        )
        for each, number, key in zip(past, numbers, keys, strict=True)
    ]  # fmt: skip
    links = {number: each.new.linked_case_id for each, number in zip(past, numbers, strict=True)}
    append(
        session, CASES, opening.COLUMNS,
        (
            opening.case_row(case, links, each.steps[0].day, now)
            for each, case in zip(past, cases, strict=True)
        ),
    )  # fmt: skip
    _write_steps(session, published, past, cases, by, now, {n: w for w, n in known.items()})
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


def _standing(
    past: PastCase,
    number: int,
    key: int,
    published: Published,
    zone: str,
    closed_days: str,
    organisation_id: int,
    way_id: int,
    now: datetime,
) -> Standing:
    new, last = past.new, past.steps[-1]
    final = published.definition.stages[last.stage].final
    return Standing(
        number, organisation_id, new.participant.id, key, new.participant.person_key,
        published.id, last.stage, 1, len(past.steps), last.day, None, new.owner_id, new.pilot_id,
        new.campaign_id, new.partner_id, new.channel, new.municipality_code, way_id,
        last.at if final else None, new.reachable, zone, closed_days,
    )  # fmt: skip


def _write_steps(
    session: Session,
    published: Published,
    past: Sequence[PastCase],
    cases: Sequence[Standing],
    by: int | None,
    now: datetime,
    way_of: dict[int, Way],
) -> None:
    """History and reach; whoever has a single case goes into the summary at once."""
    levels = {
        stage.name: LEVELS.index(stage.level) if stage.level else None
        for stage in published.definition.stages.values()
    }
    moves = published.definition.move_between
    summary = Summary(way_of)
    entries: list[tuple[object, ...]] = []
    reached: list[tuple[object, ...]] = []
    for each, case in zip(past, cases, strict=True):
        before: str | None = None
        marks = []
        settled = SETTLED if each.alone else PENDING
        for seq, step in enumerate(each.steps, 1):
            move = moves.get((before, step.stage)) if before else None
            entries.append((
                case.id, seq, case.organisation_id, "history", move, before, step.stage, step.at,
                step.day, step.precision, by, step.reason, None, now,
            ))  # fmt: skip
            level = levels[step.stage]
            reached.append((
                case.person_key, case.case_key, seq, case.way_id, step.stage, level, step.day, now,
                settled,
            ))  # fmt: skip
            marks.append(
                Mark(case.person_key, case.case_key, case.way_id, step.stage, level, step.day)
            )
            before = step.stage
        if each.alone:
            summary.add(marks)
    append(session, ENTRIES, entering.ENTRY_COLUMNS, entries)
    append(session, entering.REACH, entering.REACH_COLUMNS, reached)
    settling.write(session, summary)


def _plan(
    session: Session,
    published: Published,
    past: Sequence[PastCase],
    cases: Sequence[Standing],
    now: datetime,
    due_hour: int,
) -> None:
    """Follow-ups for the stage in which an open case stands."""
    entries = [
        Entering(case, case.seq, "history", None, None, case.stage, now, each.plan_from)
        for each, case in zip(past, cases, strict=True)
        if each.plan_from is not None and case.closed_at is None
    ]
    version = {published.id: published}
    entering.plan(session, entries, version, {}, now=now, due_hour=due_hour)
