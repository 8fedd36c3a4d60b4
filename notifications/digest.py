"""One digest a workday: decides for whom and when; what stands in it is written on sending."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core import clock
from notifications.rules import definition_of
from notifications.teams import Team
from storage.dialects import take_turn
from storage.queries import contacts, due_work, messages, staff
from storage.queries.due_work import Due, Reader
from storage.queries.messages import Queued
from storage.tables import Organisation
from workflows.workdays import Calendar, calendar, closed_days, moment

#: the local hour until which something is due today
END_OF_DAY = 23
#: Monday: the day of the weekly roll-up
_MONDAY = 1


def plan(session: Session, now: datetime) -> int:
    """Queue today's digest for everybody whose hour has come and for whom something is due.

    Everybody is thought of once a day, also when nothing is due: then no mail goes out. On days
    off, on leave and during a pause nobody is. Returns how many mails were queued.
    """
    mails: list[Queued] = []
    done: list[tuple[int, date]] = []
    rows = due_work.readers(session, now)
    for organisation_id, group in groupby(rows, key=lambda row: row.organisation_id):
        readers = [row for row in group if may_come(row, now)]
        if readers:
            mails += _of_library(session, organisation_id, readers, now)
            done += [(row.id, clock.local_day(now, row.zone)) for row in readers]
    messages.queue(session, mails, now)
    due_work.mark_digested(session, done)
    return len(mails)


def may_come(reader: Reader, now: datetime) -> bool:
    """Whether today's digest of somebody can go now: a day of theirs, their hour, none yet."""
    local = now.astimezone(ZoneInfo(reader.zone))
    days = calendar(reader.zone, closed_days(reader.closed_days))
    return (
        (reader.digested_on is None or reader.digested_on < local.date())
        and local.hour >= reader.digest_hour
        and str(local.isoweekday()) in reader.digest_days.split()
        and days.is_workday(local.date())
    )


def _of_library(
    session: Session, organisation_id: int, readers: Sequence[Reader], now: datetime
) -> Iterable[Queued]:
    zone = readers[0].zone
    today = clock.local_day(now, zone)
    team = Team.on(session, organisation_id, today)
    until = moment(today, END_OF_DAY, zone)
    due = due_work.due_per_receiver(session, organisation_id, until)
    busy = {taker for assignee, _ in due for taker in team.takers(assignee)}
    for reader in readers:
        paused = reader.paused_until is not None and reader.paused_until >= today
        if paused or reader.id not in team.present:
            continue
        if reader.id in busy:
            key = f"digest:{reader.id}:{today}"
            yield _mail(reader, "digest", key, now, today)
        if today.isoweekday() == _MONDAY and reader.id in team.coordinators:
            key = f"roll_up:{reader.id}:{today}"
            yield _mail(reader, "roll_up", key, now, today)


def _mail(reader: Reader, kind: str, key: str, now: datetime, day: date) -> Queued:
    return Queued(
        reader.organisation_id, key, kind, now, staff_id=reader.id, detail={"day": str(day)}
    )


def ask_partners(session: Session, now: datetime, due_hour: int) -> int:
    """Queue one mail a day for each person at a partner who must tell something.

    What nobody there can be mailed about goes on at once to whoever the rule names next. Returns
    how many mails were queued.
    """
    # one at a time: what another worker is asking right now must not count as asked by this mail
    take_turn(session, "asking partners")
    rows = sorted(due_work.of_partners(session, now), key=itemgetter(0))
    mails: list[Queued] = []
    for organisation_id, group in groupby(rows, key=itemgetter(0)):
        library = staff.organisation_by_number(session, organisation_id)
        mails += _Asking(session, library, now, due_hour).mails([row for _, row in group])
    messages.queue(session, mails, now)
    return len(mails)


@dataclass(frozen=True)
class _Asking:
    """Asks the partners of one library, on its workdays."""

    session: Session
    library: Organisation
    now: datetime
    due_hour: int

    @property
    def today(self) -> date:
        return clock.local_day(self.now, self.library.zone)

    @property
    def days(self) -> Calendar:
        return calendar(self.library.zone, closed_days(self.library.closed_days))

    def mails(self, rows: Sequence[Due]) -> list[Queued]:
        """A mail to each person; whoever had today's mail already gets the rest tomorrow."""
        if not self.days.is_workday(self.today):
            return []
        receivers = _receivers(self.session, rows)
        nobody = [row.id for row in rows if row.id not in receivers]
        due_work.forget(self.session, nobody, escalates_at=self.now, mailed_on=self.today)
        asked: dict[int, list[Due]] = {}
        for row in rows:
            if row.id in receivers:
                asked.setdefault(receivers[row.id], []).append(row)
        there = messages.there(self.session, [self._key(person) for person in asked])
        asked = {person: rows for person, rows in asked.items() if self._key(person) not in there}
        self._note([row for rows in asked.values() for row in rows])
        return [self._mail(person, rows) for person, rows in asked.items()]

    def _key(self, person: int) -> str:
        return f"partner_digest:{person}:{self.today}"

    def _note(self, rows: Sequence[Due]) -> None:
        """They are asked today, and once more as the rule says."""
        again: dict[datetime | None, list[int]] = {}
        for row in rows:
            again.setdefault(self._asked_again(row), []).append(row.id)
        for at, ids in again.items():
            due_work.forget(self.session, ids, mailed_on=self.today, repeats_at=at)

    def _asked_again(self, row: Due) -> datetime | None:
        rule = definition_of(self.session, row.workflow_version_id).rule(row.rule)
        if rule is None or rule.every is None:
            return None
        return moment(self.days.after(self.today, rule.every), self.due_hour, self.library.zone)

    def _mail(self, person: int, rows: Sequence[Due]) -> Queued:
        return Queued(
            self.library.id or 0, self._key(person), "partner_digest", contact_person_id=person,
            detail={"day": str(self.today), "follow_ups": [row.id for row in rows]},
        )  # fmt: skip


def _receivers(session: Session, rows: Sequence[Due]) -> dict[int, int]:
    """Follow-up → who is mailed about it: the one who introduced somebody, or the provider's."""
    asked = [row.case_id for row in rows if row.receiver == "referrer"]
    introducers = contacts.introducers(session, asked)
    providers = due_work.providers_of(
        session, [row.case_id for row in rows if row.receiver == "provider"]
    )
    partners = {row.partner_id for row in rows if row.partner_id} | set(providers.values())
    people = contacts.mailable(session, list(partners))
    found = {}
    for row in rows:
        if row.receiver == "referrer":
            person = introducers.get(row.case_id) or people.get(row.partner_id or 0)
        else:
            person = people.get(providers.get(row.case_id, 0))
        if person is not None:
            found[row.id] = person.id or 0
    return found
