"""A case gets to a stage: what is written then, whether by a move, an opening or an import.

The one place where history, reach and follow-ups come about, for one case and for a million.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Table
from sqlmodel import Session

from referrals import journal
from referrals.routes import Published
from storage.dialects import append
from storage.queries import cases, facts, follow_ups
from storage.queries.cases import Standing
from storage.tables import ReachEntry
from storage.tables.reach import PENDING
from workflows import planning
from workflows.planning import Planned
from workflows.workdays import calendar, closed_days, moment

REACH: Table = ReachEntry.__table__  # type: ignore[attr-defined]
ENTRY_COLUMNS = (
    "case_id", "seq", "organisation_id", "kind", "move", "from_stage", "to_stage", "at", "day",
    "precision", "by_staff_id", "reason", "note", "recorded_at",
)  # fmt: skip
REACH_COLUMNS = (
    "person_key", "case_key", "seq", "way_id", "stage", "level", "day", "recorded_at", "settled",
)  # fmt: skip


@dataclass(slots=True)
class Entering:
    """A case that gets to a stage."""

    case: Standing
    seq: int
    kind: str
    move: str | None
    from_stage: str | None
    to_stage: str
    at: datetime
    #: a local day
    day: date
    precision: str = "day"
    by: int | None = None
    reason: str | None = None
    note: str | None = None


def write_entries(
    session: Session,
    entries: Sequence[Entering],
    definition: Mapping[int, Published],
    now: datetime,
) -> None:
    """Write the history and the reach of cases; `definition` by number of the version."""
    write_history(session, entries, now)
    levels = {number: version.definition.level_numbers for number, version in definition.items()}
    # a key below zero is that of an invented person, who is counted nowhere
    counted = (each for each in entries if each.case.person_key > 0)
    append(session, REACH, REACH_COLUMNS, (_reach(each, levels, now) for each in counted))


def write_history(session: Session, entries: Iterable[Entering], now: datetime) -> None:
    """Write history alone, for a step that reaches nothing, such as an undo."""
    append(session, cases.ENTRIES, ENTRY_COLUMNS, (_entry(each, now) for each in entries))


def plan(
    session: Session,
    entries: Sequence[Entering],
    definition: Mapping[int, Published],
    dates: Mapping[int, Mapping[str, date | None]],
    *,
    now: datetime,
    due_hour: int,
) -> dict[int, tuple[Planned, ...]]:
    """Plan the follow-ups that the stages ask for; returns them by case.

    `dates`: for each case the dates that rules can count from. Of somebody who withdrew consent
    nothing is planned for people at partners.
    """
    planner = _Planner(definition, due_hour)
    planned = {each.case.id: planner.plan(each, dates.get(each.case.id, {})) for each in entries}
    for number in _withdrawn(session, entries, planned):
        kept = (item for item in planned[number] if item.receiver not in follow_ups.OUTSIDE)
        planned[number] = tuple(kept)
    rows = [planner.row(each, item, now) for each in entries for item in planned[each.case.id]]
    append(session, follow_ups.FOLLOW_UPS, follow_ups.COLUMNS, rows)
    return planned


def _withdrawn(
    session: Session, entries: Sequence[Entering], planned: Mapping[int, Sequence[Planned]]
) -> list[int]:
    """The cases for which somebody at a partner would hear of a person who withdrew consent."""
    told = {
        each.case.id: each.case.participant_id
        for each in entries
        if any(item.receiver in follow_ups.OUTSIDE for item in planned[each.case.id])
    }
    people = facts.withdrawn(session, list(set(told.values()))) if told else set()
    return [number for number, person in told.items() if person in people]


def write_journal(session: Session, what: str, entries: Sequence[Entering], now: datetime) -> None:
    """One line in the journal for each case."""
    journal.write(
        session,
        (
            journal.Line(
                each.case.organisation_id, now, each.by, what, "case", each.case.id,
                {"from": each.from_stage, "to": each.to_stage, "seq": each.seq},
            )
            for each in entries
        ),
    )  # fmt: skip


def follow_up_row(
    case: Standing,
    seq: int,
    planned: Planned,
    assignee_id: int | None,
    now: datetime,
    due_hour: int,
) -> tuple[object, ...]:
    """The values of `storage.queries.follow_ups.COLUMNS` for what step `seq` plans."""
    later = planned.escalates_on
    return (
        case.organisation_id, case.id, planned.rule, seq, planned.occurrence, planned.receiver,
        assignee_id, planned.due_on, moment(planned.due_on, due_hour, case.zone),
        moment(later, due_hour, case.zone) if later else None, "open", now,
    )  # fmt: skip


def _entry(entry: Entering, now: datetime) -> tuple[object, ...]:
    return (
        entry.case.id, entry.seq, entry.case.organisation_id, entry.kind, entry.move,
        entry.from_stage, entry.to_stage, entry.at, entry.day, entry.precision, entry.by,
        entry.reason, entry.note, now,
    )  # fmt: skip


def _reach(
    entry: Entering, levels: Mapping[int, Mapping[str, int | None]], now: datetime
) -> tuple[object, ...]:
    case = entry.case
    level = levels[case.workflow_version_id][entry.to_stage]
    return (
        case.person_key, case.case_key, entry.seq, case.way_id, entry.to_stage, level, entry.day,
        now, PENDING,
    )  # fmt: skip


class _Planner:
    """Plans for many cases; the same question is answered once."""

    def __init__(self, definition: Mapping[int, Published], due_hour: int):
        self.definition = definition
        self.due_hour = due_hour
        self._answers: dict[tuple[object, ...], tuple[Planned, ...]] = {}

    def plan(self, entry: Entering, dates: Mapping[str, date | None]) -> tuple[Planned, ...]:
        case = entry.case
        key = (
            case.workflow_version_id, entry.to_stage, entry.day, case.zone, case.closed_days,
            tuple(dates.items()),
        )  # fmt: skip
        answer = self._answers.get(key)
        if answer is None:
            definition = self.definition[case.workflow_version_id].definition
            days = calendar(case.zone, closed_days(case.closed_days))
            answer = planning.plan(definition, entry.to_stage, entry.day, dates, days)
            self._answers[key] = answer
        return answer

    def row(self, entry: Entering, planned: Planned, now: datetime) -> tuple[object, ...]:
        assignee = entry.case.owner_id if planned.receiver == "owner" else None
        return follow_up_row(entry.case, entry.seq, planned, assignee, now, self.due_hour)
