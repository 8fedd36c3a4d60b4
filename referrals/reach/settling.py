"""Keeps the summary equal to the entries: moves only add entries, this adds them up.

An entry is pending until it stands in the summary, and retracted when it was voided after it did.
Settling takes the people with such entries, takes away what they counted for and adds what they
count for now. It is done before every count, so that a count never misses a move. Entries are
marked before they are read: what others add or void meanwhile is left for the next time.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlmodel import Session

from referrals.reach.cells import Cell, Mark, Summary
from referrals.reach.ways import Way
from storage.dialects import add_up, take_turn
from storage.queries import reach
from storage.tables.reach import RETRACTED, SETTLED

#: people settled in one go
_PEOPLE = 5_000
#: distinct places kept in memory before they are written
_PLACES = 200_000


def settle(session: Session) -> int:
    """Bring the summary up to date; returns how many people had something new."""
    if not reach.unsettled_people(session, 1):
        return 0
    take_turn(session, "reach")
    settled = 0
    while people := reach.unsettled_people(session, _PEOPLE):
        added, gone = reach.mark_settled(session, people)
        summary = Summary(ways(session))
        for _, rows in groupby(reach.entries_of(session, people), key=lambda row: row.person_key):
            _replace(summary, list(rows), added, gone)
        write(session, summary)
        settled += len(people)
    return settled


def rebuild(session: Session) -> int:
    """Throw the summary away and make it anew from all entries; returns how many entries."""
    take_turn(session, "reach")
    reach.forget_summary(session)
    reach.mark_all_settled(session)
    known = ways(session)
    summary, count = Summary(known), 0
    for marks in _people(reach.all_marks(session)):
        summary.add(marks)
        count += len(marks)
        if len(summary) > _PLACES:
            write(session, summary)
            summary = Summary(known)
    write(session, summary)
    return count


def write(session: Session, summary: Summary) -> None:
    """Add a summary to the cells; whoever else does so waits until this transaction ends."""
    take_turn(session, "reach")
    add_up(
        session,
        reach.CELLS,
        ("people", "cases"),
        (*Cell._fields, "people", "cases"),
        summary.rows(),
    )


def ways(session: Session) -> dict[int, Way]:
    """Every way by its number."""
    return {number: Way._make(rest) for number, *rest in reach.all_ways(session)}


def _replace(
    summary: Summary, rows: Sequence[reach.Kept], added: set[reach.Key], gone: set[reach.Key]
) -> None:
    """Take away what somebody counted for, and add what they count for now."""
    after = [_mark(row) for row in rows if _stands(row)]
    before = [
        _mark(row) for row in rows if row.key in gone or (_stands(row) and row.key not in added)
    ]
    if before:
        summary.add(before, -1)
    if after:
        summary.add(after)


def _stands(row: reach.Kept) -> bool:
    """Whether an entry, marked as it is now, stands in the summary."""
    if row.settled == SETTLED:
        return row.voided_at is None
    return row.settled == RETRACTED


def _mark(row: reach.Kept) -> Mark:
    return Mark(row.person_key, row.case_key, row.way_id, row.stage, row.level, row.day)


def _people(rows: Iterable[Sequence[object]]) -> Iterator[list[Mark]]:
    marks = (Mark._make(row) for row in rows)
    for _, group in groupby(marks, key=lambda mark: mark.person_key):
        yield list(group)
