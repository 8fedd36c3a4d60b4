"""Takes a Taalhuis' own register in: its rows become participants, cases and their history."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from core import clock, municipalities
from core.words import Told, together
from referrals import consent, extending, histories, routes
from referrals.consent import Agreement
from referrals.exchange import past_referrals, readings, recognition
from referrals.exchange.earlier_cases import EarlierCases, changed_days
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.paths import path_of, without_consent
from referrals.exchange.register_rows import RegisterRow, read_register
from referrals.exchange.report import ImportReport
from referrals.exchange.rows import Notice
from referrals.histories import PastCase, PastStep
from referrals.opening import NewCase
from referrals.participants import Newcomer, Registered
from referrals.reach import settling
from referrals.routes import Published
from storage.engine import rehearsal, transaction
from storage.queries import cases, imports, staff
from storage.queries.cases import Entry
from workflows.definition import Stage

SOURCE = "register"
#: a case without a step for this long is not planned for: somebody looks at it first
QUIET_AFTER = timedelta(days=183)


def import_register(
    engine: Engine,
    path: Path,
    *,
    organisation_id: int,
    now: datetime,
    route: str = "open-door",
    accept_doubles: bool = False,
    dry_run: bool = False,
    mapping: ColumnMapping | None = None,
    copies: Path | None = None,
    say: Callable[[str], str] = str,
    due_hour: int = 8,
) -> ImportReport:
    """Import a register: all that can be taken, in one transaction.

    Rows that were imported before change nothing; one that has more stages now adds those to its
    case. Refused rows are written to a workbook of their own in the folder `copies`. Raises
    `FaultyFile` for what is no register and `NotFound` for an unpublished route.
    """
    report = ImportReport(dry_run=dry_run)
    opened = rehearsal if dry_run else transaction
    with opened(engine) as session:
        library = staff.organisation_by_number(session, organisation_id)
        published = routes.newest(session, route)
        reading = read_register(path, mapping, today=clock.local_day(now, library.zone))
        taking = _Taking(
            session, published, organisation_id, library.zone, now, due_hour, accept_doubles, report
        )
        taking.take(reading.rows)
        settling.settle(session)
        readings.report_on(report, reading, path, None if dry_run else copies, say)
    return report


@dataclass
class _Arrival:
    """A row on its way in."""

    row: RegisterRow
    newcomer: Newcomer
    path: list[PastStep]
    person: Registered
    #: the case that it was written to
    case_id: int = 0


@dataclass
class _Taking:
    """A register on its way in."""

    session: Session
    published: Published
    organisation_id: int
    zone: str
    now: datetime
    due_hour: int
    accept_doubles: bool
    report: ImportReport

    @property
    def today(self) -> date:
        return clock.local_day(self.now, self.zone)

    def take(self, rows: Sequence[RegisterRow]) -> None:
        """Write all rows; a row is a case, of a participant who may be there already."""
        fresh, known = readings.fresh_rows(
            self.session, self.organisation_id, SOURCE, rows, self.report
        )
        arrivals = self._arrivals(fresh)
        self._write(arrivals, known.values())
        keys = ((each.row.fingerprint, each.case_id) for each in arrivals)
        imports.remember(self.session, self.organisation_id, SOURCE, keys)
        self._warn(arrivals)

    def _arrivals(self, rows: Sequence[RegisterRow]) -> list[_Arrival]:
        newcomers = [self._newcomer(row) for row in rows]
        people = recognition.people_of(
            self.session, self.organisation_id, rows, newcomers, self.report,
            accept_doubles=self.accept_doubles, now=self.now,
        )  # fmt: skip
        return [
            _Arrival(
                row,
                newcomer,
                path_of(
                    row.reached,
                    self.published.definition,
                    zone=self.zone,
                    today=self.today,
                    reason=row.reason,
                ),
                person,
            )
            for row, newcomer, person in zip(rows, newcomers, people, strict=True)
        ]

    def _newcomer(self, row: RegisterRow) -> Newcomer:
        place = municipalities.find(row.municipality) if row.municipality else None
        if row.municipality and place is None:
            why = "There is no municipality with this name; it was left empty."
            self._tell(row, why)
        return Newcomer(row.person, place.code if place else None, row.mother_tongue)

    def _write(self, arrivals: Sequence[_Arrival], spoken_for: Collection[int]) -> None:
        """New cases for rows that are new; more history for rows that changed since."""
        people = [each.person.id for each in arrivals]
        earlier = EarlierCases(
            self.session, self.organisation_id, SOURCE, self.published.name, people, spoken_for
        )
        new: dict[tuple[int, PastStep], _Arrival] = {}
        for each in arrivals:
            case = earlier.take(each.person.id, each.path)
            if case is not None:
                self._extend(each, case, earlier.histories[case])
            else:
                # the same person from the same day on is the same case, in however many rows
                new.setdefault((each.person.id, each.path[0]), each)
        self._open(list(new.values()))
        for each in arrivals:
            if not each.case_id:
                case = new[(each.person.id, each.path[0])].case_id
                self._extend(each, case, cases.histories(self.session, [case])[case])

    def _extend(self, arrival: _Arrival, case: int, history: Sequence[Entry]) -> None:
        """Add the stages that the case does not have yet; days once noted stay as they are."""
        arrival.case_id = case
        have = {entry.to_stage for entry in history}
        steps = [step for step in arrival.path if step.stage not in have]
        if steps:
            self.report.events += extending.extend_case(
                self.session, self.published, case, steps, by=None, now=self.now,
                plan_from=None if self._is_quiet(arrival) else self.today, due_hour=self.due_hour,
            )  # fmt: skip
            self._note_agreements([(arrival.person, steps)])
        for stage in changed_days(history, arrival.path):
            title = self.published.definition.stages[stage].title
            why = Told(
                "The day of {stage} was noted before as another day; that one stays.", stage=title
            )
            self._tell(arrival.row, why)

    def _open(self, arrivals: Sequence[_Arrival]) -> None:
        past = [
            PastCase(
                NewCase(
                    each.person,
                    channel=each.row.channel or "other",
                    municipality_code=each.newcomer.municipality_code,
                    reachable=bool(each.row.person.phone or each.row.person.email),
                ),
                each.path,
                plan_from=None if self._is_quiet(each) else self.today,
                alone=False,
            )
            for each in arrivals
        ]
        numbers = histories.write_cases(
            self.session, self.organisation_id, self.published, past,
            by=None, now=self.now, due_hour=self.due_hour,
        )  # fmt: skip
        for each, number in zip(arrivals, numbers, strict=True):
            each.case_id = number
        self.report.cases += len(arrivals)
        self.report.events += sum(len(each.path) for each in arrivals)
        self._write_beside(arrivals)

    def _is_quiet(self, arrival: _Arrival) -> bool:
        """Whether nothing happened for so long that reminding anybody makes no sense."""
        return arrival.path[-1].day < self.today - QUIET_AFTER

    def _write_beside(self, arrivals: Sequence[_Arrival]) -> None:
        """Consent, referrals and remarks."""
        self._note_agreements([(each.person, each.path) for each in arrivals])
        names = [each.row.provider for each in arrivals]
        providers = past_referrals.providers(self.session, self.organisation_id, names, self.now)
        for each in arrivals:
            note = past_referrals.note_of(
                each.row, each.path, organisation_id=self.organisation_id,
                case_id=each.case_id, now=self.now,
            )  # fmt: skip
            referral = each.row.provider and past_referrals.referral_of(
                each.row, each.path, providers[each.row.provider],
                organisation_id=self.organisation_id, case_id=each.case_id,
                participant_id=each.person.id, now=self.now,
            )  # fmt: skip
            self.session.add_all(row for row in (note, referral) if row)
        self.session.flush()

    def _note_agreements(self, paths: Sequence[tuple[Registered, Sequence[PastStep]]]) -> None:
        agreements = [
            (person.id, Agreement(given_on=step.day, text_version="register"))
            for person, steps in paths
            for step in steps
            if step.stage == "agreed"
        ]
        consent.note_consent(self.session, self.organisation_id, agreements, now=self.now)

    def _warn(self, arrivals: Sequence[_Arrival]) -> None:
        """Say what the route would not have allowed, and for whom nothing was planned."""
        stages = self.published.definition.stages
        still_open = (each for each in arrivals if not stages[each.path[-1].stage].final)
        quiet = sum(self._is_quiet(each) for each in still_open)
        if quiet:
            self.report.warnings.append(
                Told(
                    "{number} open cases had no step for half a year; nothing was planned.",
                    number=quiet,
                )
            )
        for each in arrivals:
            if without_consent(each.path):
                self._tell(each.row, "Referred without a noted consent.")
            unusual = histories.unusual_steps(self.published, each.path)
            if unusual:
                steps = together((_step(stages, *each) for each in unusual), between=", ")
                why = Told("The route has no such steps; taken as history: {steps}.", steps=steps)
                self._tell(each.row, why)

    def _tell(self, row: RegisterRow, what: str) -> None:
        self.report.warnings.append(Notice(row.sheet, what, row=row.row).told)


def _step(stages: Mapping[str, Stage], before: str, after: str) -> Told:
    return Told("{before} → {after}", before=stages[before].title, after=stages[after].title)
