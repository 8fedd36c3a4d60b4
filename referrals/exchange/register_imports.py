"""Takes a Taalhuis' own register in: its rows become participants, cases and their history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from core import clock, municipalities
from referrals import consent, extending, histories, routes
from referrals.consent import Agreement
from referrals.exchange import past_referrals, readings, recognition
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.paths import path_of, without_consent
from referrals.exchange.register_rows import RegisterRow, read_register
from referrals.exchange.report import ImportReport
from referrals.histories import PastCase, PastStep
from referrals.opening import NewCase
from referrals.participants import Newcomer, Registered
from referrals.reach import settling
from referrals.routes import Published
from storage.engine import rehearsal, transaction
from storage.queries import imports, staff

SOURCE = "register"


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
        readings.report_on(report, reading, path, None if dry_run else copies, now, say)
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
        prints = [row.fingerprint for row in rows]
        known = set(imports.known(self.session, self.organisation_id, SOURCE, prints))
        fresh = []
        for row in rows:
            if row.fingerprint not in known:
                known.add(row.fingerprint)
                fresh.append(row)
        self.report.already += len(rows) - len(fresh)
        self.report.accepted += len(rows)
        arrivals = self._arrivals(fresh)
        self._write(arrivals)
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
            self.report.warnings.append(f"{row.sheet} {row.row}: {why}")
        return Newcomer(row.person, place.code if place else None, row.mother_tongue)

    def _write(self, arrivals: Sequence[_Arrival]) -> None:
        """New cases for rows that are new; more history for cases that a row was written to."""
        keys = [self._case_key(each) for each in arrivals]
        before = imports.known(self.session, self.organisation_id, SOURCE, keys)
        new: dict[str, _Arrival] = {}
        for key, each in zip(keys, arrivals, strict=True):
            if key not in before:
                new.setdefault(key, each)
        self._open(list(new.values()))
        imports.remember(
            self.session, self.organisation_id, SOURCE, ((k, a.case_id) for k, a in new.items())
        )
        for key, each in zip(keys, arrivals, strict=True):
            if not each.case_id:
                each.case_id = before.get(key) or new[key].case_id
                self.report.events += extending.extend_case(
                    self.session, self.published, each.case_id, each.path, by=None, now=self.now
                )

    def _case_key(self, arrival: _Arrival) -> str:
        """Somebody's case on this route that began on this day."""
        first = arrival.path[0]
        return f"case:{arrival.person.id}:{self.published.name}:{first.stage}:{first.day}"

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
                plan_from=self.today,
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

    def _write_beside(self, arrivals: Sequence[_Arrival]) -> None:
        """Consent, referrals and remarks."""
        agreements = [
            (each.person.id, Agreement(given_on=step.day, text_version="register"))
            for each in arrivals
            for step in each.path
            if step.stage == "agreed"
        ]
        consent.note_consent(self.session, self.organisation_id, agreements, now=self.now)
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

    def _warn(self, arrivals: Sequence[_Arrival]) -> None:
        """Say which paths the route would not have allowed."""
        for each in arrivals:
            where = f"{each.row.sheet} {each.row.row}"
            if without_consent(each.path):
                self.report.warnings.append(f"{where}: Referred without a noted consent.")
            unusual = histories.unusual_steps(self.published, each.path)
            if unusual:
                steps = ", ".join(f"{before} → {after}" for before, after in unusual)
                why = f"The route has no such steps; taken as history: {steps}."
                self.report.warnings.append(f"{where}: {why}")
