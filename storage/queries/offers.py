"""Questions about where people can be referred: providers, their courses, the seats left."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Table, and_, bindparam, func, or_, select
from sqlmodel import Session

from storage.prepared import Prepared
from storage.queries.referrals import REFERRALS
from storage.tables import Course, Partner

COURSES: Table = Course.__table__  # type: ignore[attr-defined]
PARTNERS: Table = Partner.__table__  # type: ignore[attr-defined]


def held(state: Column[str]) -> ColumnElement[bool]:
    """Whether a referral in a state has a seat."""
    return or_(state == "accepted", state == "started")


_OTHER = REFERRALS.alias("other")


def taken(course: Column[int]) -> Any:
    """Seats of a course that are given to somebody."""
    return (
        select(func.count())
        .where(_OTHER.c.course_id == course, held(_OTHER.c.state))
        .correlate(REFERRALS, COURSES)
        .scalar_subquery()
    )


class Offer(NamedTuple):
    """A provider, with one of its courses or none."""

    provider_id: int
    provider: str
    course_id: int | None
    title: str | None
    starts_on: date | None
    #: none: no limit
    seats_left: int | None


_ASK_OFFER = Prepared(
    select(
        PARTNERS.c.id,
        PARTNERS.c.name,
        COURSES.c.id,
        COURSES.c.title,
        COURSES.c.starts_on,
        (COURSES.c.seats - taken(COURSES.c.id)).label("seats_left"),
    )
    .outerjoin(
        COURSES,
        and_(
            COURSES.c.provider_id == PARTNERS.c.id,
            COURSES.c.active.is_(True),
            or_(COURSES.c.ends_on.is_(None), COURSES.c.ends_on >= bindparam("today")),
        ),
    )
    .where(
        PARTNERS.c.organisation_id == bindparam("organisation"),
        PARTNERS.c.active.is_(True),
        or_(PARTNERS.c.kind == "provider", COURSES.c.id.is_not(None)),
    )
    .order_by(PARTNERS.c.name, PARTNERS.c.id, COURSES.c.starts_on, COURSES.c.id)
    .limit(bindparam("most"))
)


def offer(session: Session, organisation_id: int, today: date, most: int = 120) -> Sequence[Offer]:
    """The providers of a library and their courses that are not over, with the seats left."""
    values = {"organisation": organisation_id, "today": today, "most": most}
    return [Offer._make(row) for row in _ASK_OFFER.rows(session, values)]
