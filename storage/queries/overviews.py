"""Questions of the page of today: what somebody must do, what they wait for, what came in."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.queries.cases import CASES, PEOPLE
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.introductions import INTRODUCTIONS
from storage.queries.messages import MESSAGES
from storage.queries.referrals import REFERRALS
from storage.queries.selections import CONDITIONS, IS_OPEN
from storage.tables import Course, Partner
from storage.types import UtcMoment

_PARTNERS: Table = Partner.__table__  # type: ignore[attr-defined]
_COURSES: Table = Course.__table__  # type: ignore[attr-defined]
#: what a line says of its case, besides what it is about itself
_OF_CASE = (
    "id", "version", "participant_id", "workflow_version_id", "stage", "stage_day", "owner_id",
    "appointment_on",
)  # fmt: skip


class Case(NamedTuple):
    """The case of a line."""

    id: int
    version: int
    participant_id: int
    workflow_version_id: int
    stage: str
    stage_day: date
    owner_id: int | None
    appointment_on: date | None
    first_name: str | None
    reachable: bool


_CASE: tuple[ColumnElement[Any], ...] = (
    *(CASES.c[name].label(f"case_{name}") for name in _OF_CASE),
    PEOPLE.c.first_name,
    or_(
        PEOPLE.c.phone.is_not(None), PEOPLE.c.email.is_not(None), CASES.c.partner_id.is_not(None)
    ).label("reachable"),
)
_WITH_PEOPLE = CASES.join(PEOPLE, PEOPLE.c.id == CASES.c.participant_id)


class Due(NamedTuple):
    """Something to do by a day, with its case and how many there are like it."""

    id: int
    rule: str | None
    what: str | None
    due_on: date
    assignee_id: int | None
    occurrence: int
    late: bool
    number: int
    case: Case


def due(
    session: Session,
    library: int,
    people: Sequence[int],
    today: date,
    until: datetime,
    most: int,
    *,
    nobodys: bool,
) -> list[Due]:
    """What these members of staff must do: what is late and what is due today, the oldest first.

    So many of both at most; `number` says how many there are. `until`: the moment at which the
    day ends. `nobodys`: with what is nobody's.
    """
    values = {"library": library, "people": people, "today": today, "until": until}
    return [
        Due._make((*row[:8], Case._make(row[8:])))
        for row in _due(most, nobodys).rows(session, values)
    ]


@lru_cache(maxsize=16)
def _due(most: int, nobodys: bool) -> Prepared:
    return Prepared(select(union_all(*(_part(most, nobodys, late) for late in (1, 0))).subquery()))


def _part(most: int, nobodys: bool, late: int) -> Select[Any]:
    today = bindparam("today", type_=Date())
    mine: ColumnElement[bool] = among(FOLLOW_UPS.c.assignee_id, "people")
    theirs = or_(mine, FOLLOW_UPS.c.assignee_id.is_(None)) if nobodys else mine
    rows = (
        select(
            *(FOLLOW_UPS.c[name] for name in Due._fields[:6]),
            literal_column(str(late)).label("late"),
            func.count().over().label("number"),
            *_CASE,
        )
        .select_from(FOLLOW_UPS.join(_WITH_PEOPLE, CASES.c.id == FOLLOW_UPS.c.case_id))
        .where(
            FOLLOW_UPS.c.organisation_id == bindparam("library"),
            IS_OPEN,
            # the index is by moment
            FOLLOW_UPS.c.due_on < today if late else FOLLOW_UPS.c.due_on == today,
            FOLLOW_UPS.c.due_at < bindparam("until", type_=UtcMoment()),
            or_(FOLLOW_UPS.c.receiver == "owner", FOLLOW_UPS.c.receiver == "coordinator"),
            theirs,
        )
        .order_by(FOLLOW_UPS.c.due_at, FOLLOW_UPS.c.id)
        .limit(most)
    )
    return select(rows.subquery())


class Sent(NamedTuple):
    """A referral that nobody answered yet."""

    id: int
    version: int
    state: str
    provider: str
    course: str | None
    sent_at: datetime
    number: int
    case: Case


def unanswered(session: Session, library: int, owners: Sequence[int], most: int) -> list[Sent]:
    """Referrals without an answer, of the cases of these owners or of nobody, the oldest first."""
    rows = _SENT.rows(session, {"library": library, "people": owners, "most": most})
    return [Sent._make((*row[:7], Case._make(row[7:]))) for row in rows]


_SENT = Prepared(
    select(
        *(REFERRALS.c[name] for name in ("id", "version", "state")),
        _PARTNERS.c.name.label("provider"),
        _COURSES.c.title.label("course"),
        REFERRALS.c.sent_at,
        func.count().over().label("number"),
        *_CASE,
    )
    .select_from(
        REFERRALS.join(_WITH_PEOPLE, CASES.c.id == REFERRALS.c.case_id)
        .join(_PARTNERS, _PARTNERS.c.id == REFERRALS.c.provider_id)
        .outerjoin(_COURSES, _COURSES.c.id == REFERRALS.c.course_id)
    )
    .where(
        REFERRALS.c.organisation_id == bindparam("library"),
        REFERRALS.c.state == literal_column("'sent'"),
        or_(among(CASES.c.owner_id, "people"), CASES.c.owner_id.is_(None)),
    )
    .order_by(REFERRALS.c.sent_at, REFERRALS.c.id)
    .limit(bindparam("most"))
)


class Introduced(NamedTuple):
    """Somebody who was handed to us and whom nobody took up yet."""

    id: int
    channel: str
    partner: str | None
    wish: str | None
    best_moment: str | None
    received_at: datetime
    number: int
    case: Case


def introduced(session: Session, library: int, sees: int | None, most: int) -> list[Introduced]:
    """New introductions, the oldest first; of a member of staff those that they may see."""
    rows = (_INTRODUCED if sees is None else _INTRODUCED_SEEN).rows(
        session, {"library": library, "sees": sees, "most": most}
    )
    return [Introduced._make((*row[:7], Case._make(row[7:]))) for row in rows]


_NEW = (
    select(
        *(INTRODUCTIONS.c[name] for name in ("id", "channel")),
        _PARTNERS.c.name.label("partner"),
        *(INTRODUCTIONS.c[name] for name in ("wish", "best_moment", "received_at")),
        func.count().over().label("number"),
        *_CASE,
    )
    .select_from(
        INTRODUCTIONS.join(_WITH_PEOPLE, CASES.c.id == INTRODUCTIONS.c.case_id).outerjoin(
            _PARTNERS, _PARTNERS.c.id == INTRODUCTIONS.c.partner_id
        )
    )
    .where(INTRODUCTIONS.c.organisation_id == bindparam("library"), INTRODUCTIONS.c.state == "new")
    .order_by(INTRODUCTIONS.c.received_at, INTRODUCTIONS.c.id)
    .limit(bindparam("most"))
)
_INTRODUCED = Prepared(_NEW)
_INTRODUCED_SEEN = Prepared(_NEW.where(CONDITIONS["seen"]))


class Idle(NamedTuple):
    """An open case for which nobody has anything to do."""

    number: int
    case: Case


def idle(session: Session, library: int, owners: Sequence[int], most: int) -> list[Idle]:
    """Open cases of these owners without a next step, the longest in their stage first."""
    rows = _IDLE.rows(session, {"library": library, "people": owners, "most": most})
    return [Idle(row[0], Case._make(row[1:])) for row in rows]


_IDLE = Prepared(
    select(func.count().over().label("number"), *_CASE)
    .select_from(_WITH_PEOPLE)
    .where(
        CASES.c.organisation_id == bindparam("library"),
        CONDITIONS["open"],
        among(CASES.c.owner_id, "people"),
        CONDITIONS["without_step"],
    )
    .order_by(CASES.c.stage_day, CASES.c.id)
    .limit(bindparam("most"))
)


class Mail(NamedTuple):
    """Whether mail gets out."""

    #: waits because the mail server cannot be reached
    trouble: bool
    #: mails of the library that were given up
    failed: int


_MAIL = Prepared(
    select(
        select(literal_column("1"))
        .where(
            MESSAGES.c.state == literal_column("'pending'"),
            MESSAGES.c.fault == "unreachable",
            MESSAGES.c.next_at >= bindparam("since", type_=UtcMoment()),
        )
        .limit(1)
        .scalar_subquery()
        .label("trouble"),
        select(func.count())
        .where(MESSAGES.c.organisation_id == bindparam("library"), MESSAGES.c.state == "failed")
        .scalar_subquery()
        .label("failed"),
    )
)


def mail(session: Session, library: int, since: datetime) -> Mail:
    """How mail fares; `since`: what was due before that waits for another reason."""
    [(trouble, failed)] = _MAIL.rows(session, {"library": library, "since": since})
    return Mail(bool(trouble), failed)
