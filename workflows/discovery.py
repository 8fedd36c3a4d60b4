"""Writes a route file from an event log: what was done becomes stages, what followed moves."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.errors import Fault, FaultyFile
from core.words import Told
from workflows.event_logs import Trace, clean_name
from workflows.event_logs.names import fitting
from workflows.reading import LARGEST


def discover(traces: Iterable[Trace], name: str) -> str:
    """The text of a route in which every activity is a stage and every follow-on a move.

    A stage is final where a case usually ends: more than half of its occurrences are the last of
    their case, or nothing else was ever seen after it. How often each thing was seen stands beside
    it as a comment. Keeps counts only, however long the log is. Raises `FaultyFile` for a log
    without events, and for one so varied that the route would exceed 4 MB.
    """
    seen = _Seen(traces)
    if not seen.activities:
        raise _faulty(name, "There are no events.", "Check that this is the right log.")
    text = "\n".join(_lines(seen, clean_name(name) or "discovered")) + "\n"
    if len(text.encode()) > LARGEST:
        why = Told(
            "It holds {number} activities, too many for a route.", number=len(seen.activities)
        )
        raise _faulty(name, why, "Check which column names the activity.")
    return text


class _Seen:
    """How often each activity, follow-on, first and last activity was seen."""

    def __init__(self, traces: Iterable[Trace]):
        self.activities: Counter[str] = Counter()
        self.follow_ons: Counter[tuple[str, str]] = Counter()
        self.firsts: Counter[str] = Counter()
        self.lasts: Counter[str] = Counter()
        #: activities after which something else was seen
        self.left: set[str] = set()
        for _, events in traces:
            names = [activity for activity, _ in events]
            if names:
                self.activities.update(names)
                self.follow_ons.update(pairwise(names))
                self.firsts[names[0]] += 1
                self.lasts[names[-1]] += 1
        self.left.update(source for source, to in self.follow_ons if source != to)

    def ends(self, activity: str) -> bool:
        """Whether a case that gets here usually ends."""
        usually = 2 * self.lasts[activity] > self.activities[activity]
        return usually or activity not in self.left


def _lines(seen: _Seen, name: str) -> Iterator[str]:
    yield f"# Discovered in an event log of {seen.firsts.total()} cases and"
    yield f"# {seen.activities.total()} events. Give the stages titles, levels and norms."
    yield f"name: {_quoted(name)}"
    yield f"title: {_titles(name)}"
    yield "start:"
    for activity, times in seen.firsts.most_common():
        yield f"  - {_quoted(activity)}  # first in {times} {'case' if times == 1 else 'cases'}"
    yield ""
    yield "stages:"
    for activity, times in seen.activities.items():
        final = ", final: true" if seen.ends(activity) else ""
        stage = f"{{title: {_titles(activity)}{final}}}"
        yield f"  {_quoted(activity)}: {stage}  # {_seen(times)}"
    yield ""
    yield "moves:" if seen.follow_ons else "moves: {}"
    yield from _moves(seen)


def _moves(seen: _Seen) -> Iterator[str]:
    taken: set[str] = set()
    order = {activity: number for number, activity in enumerate(seen.activities)}
    for source, to in sorted(seen.follow_ons, key=lambda pair: (order[pair[0]], order[pair[1]])):
        name = fitting(f"{source} → {to}")
        if name in taken:  # "a → b" to "c" and "a" to "b → c"
            name = fitting(name, key=f"{source}\n{to}")
        taken.add(name)
        move = f"{{title: {_titles(to)}, from: {_quoted(source)}, to: {_quoted(to)}}}"
        yield f"  {_quoted(name)}: {move}  # {_seen(seen.follow_ons[source, to])}"


def _seen(times: int) -> str:
    return f"seen {times} time{'' if times == 1 else 's'}"


def _titles(text: str) -> str:
    return f"{{nl: {_quoted(text)}, en: {_quoted(text)}}}"


def _quoted(text: str) -> str:
    """A text between double quotes, as the route reader gives it back unchanged."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.replace("\ufeff", "\\ufeff")


def _faulty(name: str, why: str, remedy: str) -> FaultyFile:
    return FaultyFile(name, remedy=remedy, faults=(Fault(name, why, remedy),))
