"""Event logs as tables: CSV with a heading, comma, semicolon or tab between the columns."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from core.errors import Fault
from core.words import Told
from workflows.event_logs.names import clean_name
from workflows.event_logs.sources import BLOCK, Source, faulty

#: what a column is for → the headings by which it is recognised, the surest first
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case:concept:name", "case id", "case", "case number", "trace id", "trace", "casus",
        "zaak", "zaaknummer", "traject", "dossier", "dossiernummer",
    ),
    "activity": (
        "concept:name", "activity", "activity name", "activiteit", "event", "event name", "task",
        "taak", "stage", "fase", "stap", "gebeurtenis",
    ),
    "time": (
        "time:timestamp", "complete timestamp", "timestamp", "completion time", "end timestamp",
        "end time", "time", "datetime", "date", "tijdstip", "tijd", "datum", "start timestamp",
        "start time",
    ),
}  # fmt: skip
DELIMITERS = ",;\t"

if TYPE_CHECKING:
    from _csv import Reader

Row = tuple[str, str, datetime]
Refuse = Callable[[int, Fault], None]


def rows(
    source: Source,
    columns: Mapping[str, str] | None,
    read_moment: Callable[[str], datetime],
    refuse: Refuse,
) -> Iterator[Row]:
    """Case, activity and moment of each row; raises `FaultyFile` when it is no such table."""
    text = io.TextIOWrapper(io.BufferedReader(source, BLOCK), encoding="utf-8-sig", newline="")
    try:
        delimiter, places, lines = _heading(text, source, columns or {})
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            try:
                yield from _rows(reader, places, source, read_moment, _later(refuse, lines))
                return
            except csv.Error:
                remedy = "Look for a quote that is opened and not closed."
                why = "From here on the columns cannot be told apart."
                refuse(reader.line_num + lines, Fault("row", why, remedy, reader.line_num + lines))
    except UnicodeDecodeError as error:
        raise faulty(source.name, "It is not UTF-8 text.", "Save it as CSV UTF-8.") from error
    finally:
        text.detach()


def _rows(
    reader: "Reader",
    places: tuple[int, int, int],
    source: Source,
    read_moment: Callable[[str], datetime],
    refuse: Refuse,
) -> Iterator[Row]:
    case_at, activity_at, time_at = places
    names: dict[str, str] = {}
    for row in reader:
        source.since = 0
        try:
            activity = row[activity_at]
            name = names.get(activity)
            if name is None:
                name = names[activity] = clean_name(activity)
            case = row[case_at].strip()
            at = read_moment(row[time_at])
        except (IndexError, ValueError):
            if row:
                refuse(reader.line_num, _fault(row, places))
            continue
        if name and case:
            yield case, name, at
        else:
            refuse(reader.line_num, _fault(row, places))


def _later(refuse: Refuse, lines: int) -> Refuse:
    """The same callback for a reader that began after some lines."""

    def refuse_later(line: int, fault: Fault) -> None:
        refuse(line + lines, Fault(fault.thing, fault.why, fault.remedy, line + lines))

    return refuse_later


def _fault(row: list[str], places: tuple[int, int, int]) -> Fault:
    if len(row) <= max(places):
        return Fault("row", "It has too few columns.", "Fill in the missing columns.")
    case, activity, time = (row[place].strip() for place in places)
    if not case:
        return Fault("case", "There is no case.", "Fill in to which case this belongs.")
    if not clean_name(activity):
        return Fault("activity", "There is no activity.", "Fill in what was done.")
    why = Told("{written} is not a moment.", written=time[:40]) if time else "There is no time."
    return Fault("time", why, "Write for example: 2018-04-03 16:55:38")


def _heading(
    text: io.TextIOWrapper, source: Source, columns: Mapping[str, str]
) -> tuple[str, tuple[int, int, int], int]:
    """The delimiter, the places of the three columns, and the number of lines read."""
    line, lines = text.readline(), 1
    while line and (not line.strip() or line.startswith("sep=")):
        line, lines = text.readline(), lines + 1
    source.since = 0
    best: list[str] = []
    for delimiter in DELIMITERS:
        headings = next(csv.reader([line], delimiter=delimiter), [])
        places = [_place(kind, headings, columns.get(kind)) for kind in HEADINGS]
        if None not in places and len(set(places)) == 3:
            case, activity, time = (place for place in places if place is not None)
            return delimiter, (case, activity, time), lines
        best = max(best, headings, key=len)
    given = ", ".join(heading.strip()[:40] for heading in best[:20])
    why = "The columns for case, activity and time were not found."
    remedy = Told("Name the columns. There are: {names}.", names=given)
    raise faulty(source.name, why, remedy, lines)


def _place(kind: str, headings: list[str], named: str | None) -> int | None:
    """The place of a column: that of the heading it was named by, or else guessed."""
    plain = [_plain(heading) for heading in headings]
    for heading in (named,) if named else HEADINGS[kind]:
        if _plain(heading) in plain:
            return plain.index(_plain(heading))
    return None


def _plain(heading: str) -> str:
    return "".join(heading.casefold().replace("_", " ").replace("-", " ").split())
