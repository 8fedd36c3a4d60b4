"""Reads a log as a stream of events, or case by case with the events of each in time order."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from core.errors import Fault
from workflows.event_logs import csv_logs, xes_logs
from workflows.event_logs.csv_logs import Refuse, Row
from workflows.event_logs.sources import faulty, opened
from workflows.event_logs.times import moment_reader

#: a case and what was done, in the order of time
Trace = tuple[str, list[tuple[str, datetime]]]

_in_time = itemgetter(1)


class Event(NamedTuple):
    """Something that was done for a case at a moment, aware and in UTC."""

    case: str
    activity: str
    at: datetime


def read_events(
    path: Path,
    *,
    zone: str,
    columns: Mapping[str, str] | None = None,
    refuse: Refuse | None = None,
) -> Iterator[Event]:
    """Every event of a CSV or XES log, plain or gzipped, in the order of the file.

    `zone` is that of times without an offset; `columns` names the headings of `case`, `activity`
    and `time` where they should not be guessed. A faulty row goes to `refuse(line, fault)`; without
    it, it raises `FaultyFile`, as does a file that is no log.
    """
    return map(Event._make, _rows(path, zone, columns, refuse))


def read_traces(
    path: Path,
    *,
    zone: str,
    columns: Mapping[str, str] | None = None,
    refuse: Refuse | None = None,
) -> Iterator[Trace]:
    """Every case once, in the order of first appearance, with its events in time order.

    Events at the same moment keep the order of the file. The whole log is read before the first
    case comes, so that a damaged file yields nothing; some 90 bytes an event are kept meanwhile.
    Arguments and errors are those of `read_events`.
    """
    return _grouped(_rows(path, zone, columns, refuse))


def _rows(
    path: Path, zone: str, columns: Mapping[str, str] | None, refuse: Refuse | None
) -> Iterator[Row]:
    def refuse_all(line: int, fault: Fault) -> None:
        raise faulty(f"{path}:{line}", fault.why, fault.remedy, line)

    read_moment = moment_reader(zone)
    with opened(path) as (source, head):
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            yield from xes_logs.rows(source, read_moment, refuse or refuse_all)
        else:
            yield from csv_logs.rows(source, columns, read_moment, refuse or refuse_all)


def _grouped(rows: Iterable[Row]) -> Iterator[Trace]:
    """Chains each event to the one before it of the same case: 4 bytes instead of a list."""
    cases: dict[str, int] = {}
    activities: list[str] = []
    moments: list[datetime] = []
    before, last = array("l"), array("l")
    for number, (case, activity, at) in enumerate(rows):
        which = cases.setdefault(case, len(last))
        if which == len(last):
            last.append(-1)
        before.append(last[which])
        last[which] = number
        activities.append(activity)
        moments.append(at)
    for case, which in cases.items():
        events = []
        number = last[which]
        while number >= 0:
            events.append((activities[number], moments[number]))
            moments[number] = datetime.min  # what was handed out is not kept
            number = before[number]
        events.reverse()
        events.sort(key=_in_time)
        yield case, events
