"""What the pages about courses show: how full one is, who goes there, and what a day moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from core.references import reference
from core.words import Told, say
from referrals import courses, routes
from referrals.courses import CourseFacts
from storage.queries import cases, course_pages
from storage.queries import referrals as referral_rows
from storage.queries.course_pages import CourseLine, Going
from web.members import Member
from workflows.lifecycles import CALLED

SUBJECTS: Mapping[str, str] = {
    "language": Told("Language"),
    "numeracy": Told("Numeracy"),
    "digital": Told("Digital skills"),
    "combined": Told("Several together"),
}
KINDS: Mapping[str, str] = {
    "formal": Told("Formal, with a diploma"),
    "non_formal_professional": Told("Non-formal, by a teacher"),
    "non_formal_volunteer": Told("Non-formal, by a volunteer"),
}
#: the order in which people who go to a course stand
_ORDER = ("sent", "accepted", "started", "draft")


@dataclass(frozen=True)
class Seats:
    """How full a course is."""

    taken: int
    #: none: no limit
    seats: int | None
    waiting: int
    asked: int

    @property
    def free(self) -> int | None:
        """Seats that nobody has; none without a limit."""
        return None if self.seats is None else max(0, self.seats - self.taken)

    @property
    def full(self) -> bool:
        """Whether nobody can be added."""
        return self.free == 0


@dataclass(frozen=True)
class Person:
    """Somebody who was referred to a course."""

    reference: str
    #: none: nameless
    name: str | None
    owner: str | None
    state: str
    since: datetime | None
    warm: bool


@dataclass(frozen=True)
class Group:
    """Those in one state whom this member may see, and how many more there are."""

    title: str
    people: tuple[Person, ...]
    others: int

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.people) + self.others


@dataclass(frozen=True)
class Moving:
    """A follow-up whose day moves with the course."""

    #: none: of a case that this member does not see
    reference: str | None
    what: str
    before: date | None
    after: date | None


def words(member: Member) -> dict[str, Any]:
    """What subjects and kinds are called, in the language of a member."""
    spoken = {"subjects": SUBJECTS, "kinds": KINDS}
    return {
        name: {value: say(member.language, title) for value, title in titles.items()}
        for name, titles in spoken.items()
    }


def seats_of(line: CourseLine) -> Seats:
    """How full a course is."""
    return Seats(line.taken, line.seats, line.waiting, line.asked)


def groups(member: Member, rows: Sequence[Going]) -> list[Group]:
    """Who goes there now, by how far they are; who waits stands apart."""
    found = (_group(member, state, rows) for state in _ORDER)
    return [group for group in found if group.total]


def waiting(member: Member, rows: Sequence[Going]) -> Group:
    """The waiting list: who waits longest stands first."""
    waits = [row for row in rows if row.state == "waiting"]
    waits.sort(key=lambda row: (_since(row) is None, _since(row), row.referral_id))
    return _group(member, "waiting", waits)


def over(member: Member, rows: Sequence[Going]) -> list[tuple[str, int]]:
    """(state, number) of the referrals that nothing comes of any more."""
    ended = ("finished", "no_show", "declined", "withdrawn")
    counted = ((state, sum(row.state == state for row in rows)) for state in ended)
    return [(say(member.language, CALLED[state]), number) for state, number in counted if number]


def _group(member: Member, state: str, rows: Sequence[Going]) -> Group:
    mine = [row for row in rows if row.state == state]
    seen = [row for row in mine if is_seen(member, row.owner_id)]
    title = say(member.language, CALLED[state])
    return Group(title, tuple(map(_person, seen)), len(mine) - len(seen))


def is_seen(member: Member, owner_id: int | None) -> bool:
    """Whether a case with this owner is one that a member sees."""
    return member.sees is None or owner_id is None or owner_id == member.sees


def named(first_name: str | None, last_name: str | None) -> str | None:
    """What somebody is called; none for somebody without a name."""
    return " ".join(part for part in (first_name, last_name) if part) or None


def _person(row: Going) -> Person:
    return Person(
        reference(row.case_id), named(row.first_name, row.last_name), row.owner, row.state,
        _since(row), row.warm_handover,
    )  # fmt: skip


def _since(row: Going) -> datetime | None:
    return row.answered_at or row.sent_at


def moving(
    session: Session, member: Member, course_id: int, facts: CourseFacts, due_hour: int
) -> list[Moving]:
    """Which follow-ups get another day by a change; for a session whose work is undone."""
    before = due_days(session, course_id)
    courses.change(session, course_id, facts, by=member.by, now=member.now, due_hour=due_hour)
    after = due_days(session, course_id)
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    numbers = list({case_id for case_id, _, _ in changed})
    standing = {row.id: row for row in cases.standing(session, numbers)}
    found = []
    for case_id, rule, receiver in changed:
        row = standing[case_id]
        rules = routes.pinned(session, row.workflow_version_id).definition.follow_ups
        seen = is_seen(member, row.owner_id)
        key = (case_id, rule, receiver)
        found.append(
            Moving(
                reference(case_id) if seen else None,
                rules[rule].do[member.language] if rule in rules else rule,
                before.get(key),
                after.get(key),
            )
        )
    return found


def due_days(session: Session, course_id: int) -> dict[tuple[int, str, str], date]:
    """(case, rule, receiver) → the day of each open follow-up of those who go to a course."""
    numbers = referral_rows.cases_going_to(session, course_id)
    rows = course_pages.due_of(session, numbers) if numbers else []
    return {(row.case_id, row.rule or "", row.receiver): row.due_on for row in rows}
