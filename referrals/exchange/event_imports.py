"""Replays an event log as histories: a case of the log becomes a case of a nameless participant."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from core.errors import Fault
from core.words import Told
from referrals import extending, participants, routes
from referrals.exchange.report import ImportReport, Refusal
from referrals.histories import PastCase, PastStep, unusual_steps, write_cases
from referrals.opening import NewCase
from referrals.participants import NOBODY, Newcomer
from referrals.reach import settling
from referrals.reach.ways import Way
from referrals.routes import Published
from storage.engine import rehearsal, transaction
from storage.queries import cases, imports, staff
from storage.queries.cases import Entry
from workflows.event_logs import Trace, read_traces

#: cases written in one go
_CASES = 2_000
#: warnings and refusals that are listed one by one; the rest is counted
_LISTED = 1_000
T = TypeVar("T")


def import_events(
    engine: Engine,
    path: Path,
    *,
    route: str,
    organisation_id: int,
    now: datetime,
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Import a log (CSV or XES, also `.gz`) on a published route, all of it or nothing.

    A case that was imported before is left as it is, or gets the events that came since. An event
    whose activity is no stage of the route is refused. `progress` hears how many events are in.
    Raises `NotFound` for an unpublished route and `FaultyFile` for what is no log.
    """
    opened = rehearsal if dry_run else transaction
    with opened(engine) as session:
        published = routes.newest(session, route)
        replay = _Replay(session, published, organisation_id, now, ImportReport(dry_run=dry_run))
        zone = staff.organisation_by_number(session, organisation_id).zone
        traces = read_traces(path, zone=zone, columns=columns, refuse=replay.refuse_line)
        for some in _chunks(traces, _CASES):
            replay.take(some, ZoneInfo(zone))
            if progress:
                progress(replay.report.events)
        replay.finish()
    return replay.report


class _Replay:
    """The cases of a log on their way in."""

    def __init__(
        self,
        session: Session,
        published: Published,
        organisation_id: int,
        now: datetime,
        report: ImportReport,
    ):
        self.session = session
        self.published = published
        self.organisation_id = organisation_id
        self.now = now
        self.report = report
        self.ways: dict[Way, int] = {}
        self.unlisted = 0
        self.unusual = 0

    @property
    def source(self) -> str:
        return f"events:{self.published.name}"

    def refuse_line(self, line: int, fault: Fault) -> None:
        """A line of the log that cannot be read."""
        self.report.rows += 1
        self._refuse(line, fault.why, fault.remedy)

    def take(self, traces: Sequence[Trace], zone: ZoneInfo) -> None:
        """Write a number of cases; those known before only get what is new."""
        keys = [case for case, _ in traces]
        known = imports.known(self.session, self.organisation_id, self.source, keys)
        histories = cases.histories(self.session, list(known.values()))
        fresh: list[tuple[str, list[PastStep]]] = []
        for case, events in traces:
            self.report.rows += len(events)
            steps = self._steps(events, zone)
            if case in known:
                self._extend(known[case], histories[known[case]], steps)
            elif steps:
                fresh.append((case, steps))
        self._write(fresh)

    def _steps(self, events: Iterable[tuple[str, datetime]], zone: ZoneInfo) -> list[PastStep]:
        stages = self.published.definition.stages
        steps = []
        for activity, at in events:
            if activity in stages:
                steps.append(PastStep(activity, at, at.astimezone(zone).date()))
            else:
                why = Told("The route has no stage named {name}.", name=activity)
                self._refuse(0, why, "Run brug workflow discover on this log again.")
        return steps

    def _write(self, fresh: Sequence[tuple[str, list[PastStep]]]) -> None:
        people = participants.register(
            self.session, self.organisation_id, [Newcomer(NOBODY)] * len(fresh), now=self.now
        )
        past = [
            PastCase(NewCase(person), steps)
            for person, (_, steps) in zip(people, fresh, strict=True)
        ]
        numbers = write_cases(
            self.session, self.organisation_id, self.published, past,
            by=None, now=self.now, known_ways=self.ways,
        )  # fmt: skip
        keys = ((case, number) for (case, _), number in zip(fresh, numbers, strict=True))
        imports.remember(self.session, self.organisation_id, self.source, keys)
        self.report.people += len(fresh)
        self.report.cases += len(fresh)
        for _, steps in fresh:
            self.report.accepted += len(steps)
            self.report.events += len(steps)
            self.unusual += len(unusual_steps(self.published, steps))

    def _extend(self, case_id: int, history: Sequence[Entry], steps: list[PastStep]) -> None:
        missing = extending.missing_steps(history, steps)
        added = 0
        if missing:
            added = extending.extend_case(
                self.session, self.published, case_id, missing, by=None, now=self.now
            )
        self.report.accepted += added
        self.report.events += added
        self.report.already += len(steps) - added

    def _refuse(self, line: int, why: str, remedy: str) -> None:
        if len(self.report.refused) < _LISTED:
            self.report.refused.append(Refusal("", line, why, remedy, "event"))
        else:
            self.unlisted += 1

    def finish(self) -> None:
        """Count what came in, and say what was not listed one by one."""
        settling.settle(self.session)
        if self.unlisted:
            self.report.warnings.append(
                Told("{number} more events were refused.", number=self.unlisted)
            )
        if self.unusual:
            self.report.warnings.append(
                Told(
                    "{number} steps are not moves of the route; they were taken as history.",
                    number=self.unusual,
                )
            )


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
