"""Today, as its page shows it: what must be done, is waited for, came in, or lies still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from core import clock
from core.words import Told, say
from storage.queries import overviews, staff
from storage.queries.overviews import Due, Idle, Introduced, Sent
from web import case_lines
from web.case_lines import CaseLine, Known
from web.filters import ASKED, LATE, MINE, NEW, TODAY, WITHOUT
from web.members import Member
from workflows import ages
from workflows.lifecycles import CALLED, REFERRAL
from workflows.workdays import moment

#: lines of a part at most; the rest stands in the list
MOST = 15
#: mail that was due longer ago waits for another reason than the mail server
_LATELY = timedelta(hours=1)


@dataclass(frozen=True)
class Task:
    """Something to do."""

    number: int
    what: str
    #: by when, in words
    when: str
    late: bool
    case: CaseLine
    #: whose it is, when it is not the reader's
    whose: str
    #: whether an attempt in vain is planned again
    can_miss: bool
    tomorrow: bool


@dataclass(frozen=True)
class Awaited:
    """A referral without an answer."""

    number: int
    version: int
    provider: str
    course: str
    since: str
    case: CaseLine


@dataclass(frozen=True)
class Newcomer:
    """Somebody who was introduced."""

    number: int
    from_whom: str
    wish: str
    moment: str
    since: str
    case: CaseLine


@dataclass(frozen=True)
class Part:
    """A part of the page: its lines, and how many there are in all."""

    number: int
    lines: Sequence[object]
    #: the list of all of them, below the root
    path: str


@dataclass(frozen=True)
class StartView:
    """What the page shows."""

    late: Part
    today: Part
    asked: Part
    new: Part
    idle: Part
    #: what can be answered to a referral that was sent: (answer, words)
    answers: Sequence[tuple[str, str]]
    #: whether mail cannot get out, and how many mails were given up
    mail_trouble: bool
    mail_failed: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all to do."""
        return not any(
            part.number for part in (self.late, self.today, self.asked, self.new, self.idle)
        )


def view(session: Session, member: Member) -> StartView:
    """What waits for a member of staff today, and for whom they stand in."""
    library, people = member.organisation_id, covered(session, member)
    until = moment(member.today + timedelta(days=1), 0, member.zone)
    due = overviews.due(session, library, people, member.today, until, MOST, nobodys=member.leads)
    sent = overviews.unanswered(session, library, people, MOST)
    new = overviews.introduced(session, library, member.sees, MOST)
    idle = overviews.idle(session, library, people, MOST)
    mail = overviews.mail(session, library, member.now - _LATELY) if member.leads else None
    cases = [
        *(row.case for row in due), *(row.case for row in sent), *(row.case for row in new),
        *(row.case for row in idle),
    ]  # fmt: skip
    known = case_lines.know(session, member, cases, steps=False)
    shown = _Shown(known, MINE)
    late, today = [row for row in due if row.late], [row for row in due if not row.late]
    return StartView(
        late=shown.part(late, [shown.task(row) for row in late], LATE),
        today=shown.part(today, [shown.task(row) for row in today], TODAY),
        asked=shown.part(sent, [shown.awaited(row) for row in sent], ASKED),
        new=Part(
            new[0].number if new else 0, [shown.newcomer(row) for row in new], f"/cases?due={NEW}"
        ),
        idle=shown.part(idle, [case_lines.line(known, row.case) for row in idle], WITHOUT),
        answers=[(name, say(member.language, CALLED[name])) for name in _possible()],
        mail_trouble=mail is not None and mail.trouble,
        mail_failed=mail.failed if mail else 0,
    )


def covered(session: Session, member: Member) -> list[int]:
    """The member, and whoever is away today and left their work to them."""
    away = staff.away(session, member.organisation_id, member.today)
    return [member.staff_id, *(row.staff_id for row in away if row.stand_in_id == member.staff_id)]


def _possible() -> list[str]:
    """What can be answered to a referral that was sent, but for withdrawing it."""
    return [
        to for sources, to in REFERRAL.events.values() if "sent" in sources and to != "withdrawn"
    ]


@dataclass(frozen=True)
class _Shown:
    """Puts rows into words."""

    known: Known
    owner: str

    @property
    def language(self) -> str:
        return self.known.member.language

    def part(self, rows: Sequence[Due | Sent | Idle], lines: Sequence[object], due: str) -> Part:
        number = rows[0].number if rows else 0
        return Part(number, lines, f"/cases?owner={self.owner}&due={due}")

    def task(self, row: Due) -> Task:
        definition = self.known.definitions[row.case.workflow_version_id]
        rule, mine = definition.rule(row.rule), self.known.member.staff_id
        whose = "" if row.assignee_id == mine else self.known.names.get(row.assignee_id or 0, "")
        return Task(
            number=row.id,
            what=case_lines.step_in_words(definition, row.rule, row.what, self.language),
            when=self._when(row.due_on),
            late=bool(row.late),
            case=case_lines.line(self.known, row.case),
            whose=whose if row.assignee_id else say(self.language, "nobody's"),
            can_miss=rule is not None and rule.every is not None,
            tomorrow=self._next_workday == self.known.today + timedelta(days=1),
        )

    @property
    def _next_workday(self) -> date:
        return self.known.days.on_or_after(self.known.today + timedelta(days=1))

    def _when(self, due_on: date) -> str:
        if due_on >= self.known.today:
            return say(self.language, "today")
        late = ages.age(self.known.days, due_on, self.known.today, None).workdays
        if late == 1:
            return say(self.language, "1 workday late")
        return say(self.language, Told("{number} workdays late", number=late))

    def awaited(self, row: Sent) -> Awaited:
        return Awaited(
            row.id, row.version, row.provider, row.course or "",
            self._day(clock.local_day(row.sent_at, self.known.member.zone)),
            case_lines.line(self.known, row.case),
        )  # fmt: skip

    def newcomer(self, row: Introduced) -> Newcomer:
        return Newcomer(
            row.id, row.partner or say(self.language, row.channel), row.wish or "",
            row.best_moment or "",
            self._day(clock.local_day(row.received_at, self.known.member.zone)),
            case_lines.line(self.known, row.case),
        )  # fmt: skip

    def _day(self, day: date) -> str:
        return case_lines.day_in_table(self.language, day, self.known.today)
