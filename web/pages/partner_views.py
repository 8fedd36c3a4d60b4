"""What the pages about partners show: who works there, and what came through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.references import reference
from core.words import Told, say
from referrals import routes
from storage.queries import partner_pages
from storage.queries.partner_pages import Introduced, Unanswered
from storage.tables import ContactPerson
from web.members import Member
from web.pages.case_views import dialled
from web.pages.course_views import is_seen, named
from workflows.definition import LEVELS

KINDS: Mapping[str, str] = {
    "school": Told("School"),
    "childcare": Told("Childcare"),
    "employer": Told("Employer"),
    "provider": Told("Provider"),
    "municipality": Told("Municipality"),
    "help_desk": Told("Help desk"),
    "welfare": Told("Welfare"),
    "other": Told("Another organisation"),
}
STATES: Mapping[str, str] = {
    "new": Told("new"),
    "taken_up": Told("taken up"),
    "not_wanted": Told("does not want it now"),
}


@dataclass(frozen=True)
class Contact:
    """A human at a partner."""

    id: int
    name: str
    email: str | None
    phone: str | None
    language: str
    mails: bool
    active: bool
    #: what the mail server said when it refused the address
    refused: str | None
    refused_on: date | None


@dataclass(frozen=True)
class Introduction:
    """Somebody who was introduced, as far as this member may see."""

    day: date
    state: str
    contact: str | None
    #: none: of a case that this member does not see, or not a case yet
    reference: str | None
    name: str | None
    owner: str | None
    stage: str | None


@dataclass(frozen=True)
class Waiting:
    """A referral without an answer."""

    reference: str
    name: str | None
    owner: str | None
    course_id: int | None
    course: str | None
    #: whole days since it was sent
    days: int | None


def kinds(member: Member) -> dict[str, str]:
    """What kinds of partners are called, in the language of a member."""
    return {kind: say(member.language, title) for kind, title in KINDS.items()}


def contacts(
    member: Member, rows: Sequence[ContactPerson], refused: Mapping[str, tuple[str, datetime]]
) -> list[Contact]:
    """The humans at a partner, with what is wrong with their addresses."""
    return [_contact(member, row, refused.get((row.email or "").lower())) for row in rows]


def _contact(member: Member, row: ContactPerson, refused: tuple[str, datetime] | None) -> Contact:
    return Contact(
        row.id or 0, row.name, row.email, row.phone and dialled(row.phone), row.language,
        row.mails, row.active, refused[0] if refused else None,
        clock.local_day(refused[1], member.zone) if refused else None,
    )  # fmt: skip


def introductions(
    session: Session, member: Member, rows: Sequence[Introduced]
) -> tuple[list[Introduction], int]:
    """The introductions that a member may see, and how many others there are."""
    seen = [row for row in rows if is_seen(member, row.owner_id)]
    return [_introduction(session, member, row) for row in seen], len(rows) - len(seen)


def _introduction(session: Session, member: Member, row: Introduced) -> Introduction:
    stage = None
    if row.stage is not None and row.workflow_version_id is not None:
        stages = routes.pinned(session, row.workflow_version_id).definition.stages
        stage = stages[row.stage].title[member.language]
    return Introduction(
        clock.local_day(row.received_at, member.zone),
        say(member.language, STATES[row.state]),
        row.contact,
        reference(row.case_id) if row.case_id else None,
        named(row.first_name, row.last_name),
        row.owner,
        stage,
    )


def unanswered(member: Member, rows: Sequence[Unanswered]) -> tuple[list[Waiting], int]:
    """The referrals without an answer that a member may see, and how many others there are."""
    seen = [row for row in rows if is_seen(member, row.owner_id)]
    return [_waiting(member, row) for row in seen], len(rows) - len(seen)


def _waiting(member: Member, row: Unanswered) -> Waiting:
    days = (member.today - clock.local_day(row.sent_at, member.zone)).days if row.sent_at else None
    return Waiting(
        reference(row.case_id), named(row.first_name, row.last_name), row.owner, row.course_id,
        row.course, days,
    )  # fmt: skip


def reached(session: Session, member: Member, partner_id: int) -> list[tuple[int, str, int]]:
    """(place, level, people) for every level that anybody who came through a partner got to."""
    found = partner_pages.reached(session, member.organisation_id, partner_id)
    return [
        (place, say(member.language, level), found[place])
        for place, level in enumerate(LEVELS)
        if found.get(place)
    ]
