"""Takes in the people whom a partner introduces, such as an employer's workers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from core import clock
from core.errors import FaultyValue
from core.words import Told
from referrals import opening, partners, routes, telling
from referrals.exchange import readings, recognition
from referrals.exchange.introduction_rows import IntroductionRow, read_introductions
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.report import ImportReport
from referrals.opening import NewCase
from referrals.participants import Newcomer, Registered
from storage.engine import rehearsal, transaction
from storage.queries import cases, imports, staff
from storage.tables import Introduction, Note, Partner

#: the kind of partner → the way in and the route of the people it introduces
_WAYS = {
    "employer": ("employer", "employers"),
    "school": ("school", "parents"),
    "childcare": ("school", "parents"),
    "help_desk": ("digital_desk", "digital-to-language"),
}
_OTHERWISE = ("partner", "open-door")


def import_introductions(
    engine: Engine,
    path: Path,
    *,
    partner: str,
    kind: str = "employer",
    organisation_id: int,
    now: datetime,
    route: str | None = None,
    accept_doubles: bool = False,
    dry_run: bool = False,
    mapping: ColumnMapping | None = None,
    copies: Path | None = None,
    say: Callable[[str], str] = str,
    due_hour: int = 8,
) -> ImportReport:
    """Import introductions by a partner, who is made known as of this `kind` when new.

    Each person gets a case at the first stage of the route (of the kind of partner, unless named),
    so that somebody is reminded to call; whoever has an open case there keeps that one. Raises
    `FaultyFile`, `FaultyValue` for a partner without a name, `NotFound` for an unpublished route.
    """
    if not partner.strip():
        raise FaultyValue("partner", remedy="Name the organisation that introduces these people.")
    report = ImportReport(dry_run=dry_run)
    opened = rehearsal if dry_run else transaction
    with opened(engine) as session:
        who, new = partners.known_or_new(session, organisation_id, partner, kind, now=now)
        if new:
            report.warnings.append(_new_partner(who.name, dry_run))
        reading = read_introductions(path, mapping)
        taking = _Taking(session, who, route, report, accept_doubles, now, due_hour)
        taking.take(reading.rows)
        readings.report_on(report, reading, path, None if dry_run else copies, say)
    return report


def _new_partner(name: str, dry_run: bool) -> Told:
    if dry_run:
        return Told("{name}: This partner is new and would be added.", name=name)
    return Told("{name}: This partner is new and was added.", name=name)


@dataclass
class _Taking:
    """The introductions of a partner on their way in."""

    session: Session
    partner: Partner
    route: str | None
    report: ImportReport
    accept_doubles: bool
    now: datetime
    due_hour: int

    @property
    def library(self) -> int:
        return self.partner.organisation_id

    @property
    def source(self) -> str:
        return f"introductions:{self.partner.id}"

    def take(self, rows: Sequence[IntroductionRow]) -> None:
        """Register the people whom this partner did not send before, and open their cases."""
        fresh, _ = readings.fresh_rows(self.session, self.library, self.source, rows, self.report)
        newcomers = [
            Newcomer(row.person, wish=row.wish, best_moment=row.best_moment) for row in fresh
        ]
        people = recognition.people_of(
            self.session, self.library, fresh, newcomers, self.report,
            accept_doubles=self.accept_doubles, now=self.now,
        )  # fmt: skip
        case_of = self._open(people)
        introduced = [
            self._keep(row, person, case_of[person.id])
            for row, person in zip(fresh, people, strict=True)
        ]
        self.session.flush()
        keys = ((r.fingerprint, case_of[p.id]) for r, p in zip(fresh, people, strict=True))
        imports.remember(self.session, self.library, self.source, keys)
        library = staff.organisation_by_number(self.session, self.library)
        today = clock.local_day(self.now, library.zone)
        telling.of_introductions(self.session, self.partner, introduced, today, self.now)

    @property
    def channel(self) -> str:
        return _WAYS.get(self.partner.kind, _OTHERWISE)[0]

    def _open(self, people: Sequence[Registered]) -> dict[int, int]:
        """Participant → the case they have on the route, opened where there is none."""
        usual = _WAYS.get(self.partner.kind, _OTHERWISE)[1]
        published = routes.newest(self.session, self.route or usual)
        ids = [person.id for person in people]
        case_of = cases.open_on_route(self.session, ids, published.name)
        new = [person for person in dict.fromkeys(people) if person.id not in case_of]
        wanted = [
            NewCase(person, self.channel, partner_id=self.partner.id, reachable=True)
            for person in new
        ]
        numbers = opening.open_cases(
            self.session, self.library, published, wanted, by=None, now=self.now,
            due_hour=self.due_hour,
        )  # fmt: skip
        case_of.update(zip((person.id for person in new), numbers, strict=True))
        self.report.cases += len(numbers)
        self.report.events += len(numbers)
        return case_of

    def _keep(self, row: IntroductionRow, person: Registered, case_id: int) -> Introduction:
        """The introduction itself, with what the partner said beside it."""
        introduced = Introduction(
            organisation_id=self.library, partner_id=self.partner.id, participant_id=person.id,
            case_id=case_id, channel=self.channel, wish=row.wish, best_moment=row.best_moment,
            received_at=self.now,
        )  # fmt: skip
        self.session.add(introduced)
        if row.notes:
            note = Note(organisation_id=self.library, case_id=case_id, text=row.notes, at=self.now)
            self.session.add(note)
        return introduced
