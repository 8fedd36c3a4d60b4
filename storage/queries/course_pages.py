"""Questions of the pages about courses: which there are, how full, and who goes there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, Table, case, func, or_, select
from sqlmodel import Session

from storage.dialects import among
from storage.queries.cases import CASES
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.referrals import REFERRALS
from storage.tables import Course, Participant, Partner, Staff

COURSES: Table = Course.__table__  # type: ignore[attr-defined]
PARTNERS: Table = Partner.__table__  # type: ignore[attr-defined]
_PEOPLE: Table = Participant.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
#: states in which a referral takes a seat
_HELD = ("accepted", "started")


@dataclass(frozen=True)
class Wanted:
    """Which courses are asked for."""

    subject: str = ""
    provider_id: int | None = None
    #: begins on or before this day, and not before today
    starts_by: date | None = None
    free: bool = False
    #: also those that are over or closed
    over: bool = False


class CourseLine(NamedTuple):
    """A course with how many go there."""

    id: int
    title: str
    provider_id: int
    provider: str
    subject: str
    kind: str
    place: str
    starts_on: date | None
    ends_on: date | None
    seats: int | None
    active: bool
    taken: int
    waiting: int
    #: referrals that the provider did not answer yet
    asked: int


class Going(NamedTuple):
    """Somebody who was referred to a course."""

    referral_id: int
    case_id: int
    first_name: str | None
    last_name: str | None
    owner_id: int | None
    owner: str | None
    state: str
    warm_handover: bool
    sent_at: datetime | None
    answered_at: datetime | None


def courses(
    session: Session,
    organisation_id: int,
    wanted: Wanted,
    today: date,
    *,
    first: int = 0,
    most: int = 60,
) -> list[CourseLine]:
    """The courses of a library that are asked for, those that begin first on top."""
    counted = _counted(organisation_id)
    lines = _lines(organisation_id, counted).where(*_asked(wanted, today, counted.c.taken))
    # what has no day stands below what has
    order = (COURSES.c.starts_on.is_(None), COURSES.c.starts_on, COURSES.c.title, COURSES.c.id)
    rows = session.connection().execute(lines.order_by(*order).offset(first).limit(most))
    return [CourseLine._make(row) for row in rows]


def course(session: Session, organisation_id: int, number: int) -> CourseLine | None:
    """A course of a library."""
    lines = _lines(organisation_id, _counted(organisation_id)).where(COURSES.c.id == number)
    row = session.connection().execute(lines).first()
    return CourseLine._make(row) if row else None


def of_provider(session: Session, organisation_id: int, provider_id: int) -> list[CourseLine]:
    """All courses of a provider, the latest first."""
    lines = _lines(organisation_id, _counted(organisation_id)).where(
        COURSES.c.provider_id == provider_id
    )
    order = (COURSES.c.active.desc(), COURSES.c.starts_on.desc(), COURSES.c.id.desc())
    rows = session.connection().execute(lines.order_by(*order).limit(60))
    return [CourseLine._make(row) for row in rows]


def going(session: Session, course_id: int, *, most: int = 200) -> list[Going]:
    """Who was referred to a course, the longest ago on top."""
    rows = session.connection().execute(
        select(
            REFERRALS.c.id, REFERRALS.c.case_id, _PEOPLE.c.first_name, _PEOPLE.c.last_name,
            CASES.c.owner_id, _STAFF.c.name, REFERRALS.c.state, REFERRALS.c.warm_handover,
            REFERRALS.c.sent_at, REFERRALS.c.answered_at,
        )
        .join(CASES, CASES.c.id == REFERRALS.c.case_id)
        .join(_PEOPLE, _PEOPLE.c.id == CASES.c.participant_id)
        .outerjoin(_STAFF, _STAFF.c.id == CASES.c.owner_id)
        .where(REFERRALS.c.course_id == course_id)
        .order_by(REFERRALS.c.id)
        .limit(most)
    )  # fmt: skip
    return [Going._make(row) for row in rows]


def providers(session: Session, organisation_id: int) -> list[tuple[int, str]]:
    """The providers of a library that give courses or can, by name."""
    rows = session.connection().execute(
        select(PARTNERS.c.id, PARTNERS.c.name)
        .where(
            PARTNERS.c.organisation_id == organisation_id,
            PARTNERS.c.kind == "provider",
            PARTNERS.c.active,
        )
        .order_by(func.lower(PARTNERS.c.name), PARTNERS.c.id)
    )
    return [(number, name) for number, name in rows]


class Due(NamedTuple):
    """An open follow-up, for seeing whether its day moves."""

    case_id: int
    rule: str | None
    receiver: str
    due_on: date


def due_of(session: Session, numbers: Sequence[int]) -> list[Due]:
    """The open follow-ups of cases that a rule planned."""
    rows = session.connection().execute(
        select(FOLLOW_UPS.c.case_id, FOLLOW_UPS.c.rule, FOLLOW_UPS.c.receiver, FOLLOW_UPS.c.due_on)
        .where(
            among(FOLLOW_UPS.c.case_id, "ids"),
            FOLLOW_UPS.c.state == "open",
            FOLLOW_UPS.c.rule.is_not(None),
        )
        .order_by(FOLLOW_UPS.c.case_id, FOLLOW_UPS.c.id),
        {"ids": numbers},
    )
    return [Due._make(row) for row in rows]


def _counted(organisation_id: int) -> Subquery:
    """For each course how many of whom wait, sit and are not answered."""
    return (
        select(
            REFERRALS.c.course_id,
            func.count(case((REFERRALS.c.state.in_(_HELD), 1))).label("taken"),
            func.count(case((REFERRALS.c.state == "waiting", 1))).label("waiting"),
            func.count(case((REFERRALS.c.state == "sent", 1))).label("asked"),
        )
        .where(REFERRALS.c.organisation_id == organisation_id, REFERRALS.c.course_id.is_not(None))
        .group_by(REFERRALS.c.course_id)
        .subquery()
    )


def _lines(organisation_id: int, counted: Subquery) -> Select[Any]:
    numbers = (func.coalesce(counted.c[name], 0) for name in ("taken", "waiting", "asked"))
    return (
        select(
            COURSES.c.id, COURSES.c.title, COURSES.c.provider_id, PARTNERS.c.name,
            COURSES.c.subject, COURSES.c.kind, COURSES.c.place, COURSES.c.starts_on,
            COURSES.c.ends_on, COURSES.c.seats, COURSES.c.active, *numbers,
        )
        .join(PARTNERS, PARTNERS.c.id == COURSES.c.provider_id)
        .outerjoin(counted, counted.c.course_id == COURSES.c.id)
        .where(COURSES.c.organisation_id == organisation_id)
    )  # fmt: skip


def _asked(wanted: Wanted, today: date, taken: ColumnElement[int]) -> Iterator[ColumnElement[bool]]:
    """What must hold of a course that is asked for."""
    if not wanted.over:
        yield COURSES.c.active
        yield or_(COURSES.c.ends_on.is_(None), COURSES.c.ends_on >= today)
    if wanted.subject:
        yield COURSES.c.subject == wanted.subject
    if wanted.provider_id is not None:
        yield COURSES.c.provider_id == wanted.provider_id
    if wanted.starts_by is not None:
        yield COURSES.c.starts_on.between(today, wanted.starts_by)
    if wanted.free:
        yield or_(COURSES.c.seats.is_(None), COURSES.c.seats > func.coalesce(taken, 0))
