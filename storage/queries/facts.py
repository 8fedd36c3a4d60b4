"""Questions about what a move rests on: consent, and the open referral with its course."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Table, bindparam, case, func, or_, select
from sqlmodel import Session

from storage.dialects import among
from storage.tables import Consent, Course, Referral
from workflows.lifecycles import REFERRAL

_CONSENTS: Table = Consent.__table__  # type: ignore[attr-defined]
_REFERRALS: Table = Referral.__table__  # type: ignore[attr-defined]
_COURSES: Table = Course.__table__  # type: ignore[attr-defined]

_CONSENTS_OF = select(
    _CONSENTS.c.participant_id, _CONSENTS.c.purposes, _CONSENTS.c.expires_on
).where(
    among(_CONSENTS.c.participant_id, "ids"),
    _CONSENTS.c.withdrawn_at.is_(None),
    or_(_CONSENTS.c.expires_on.is_(None), _CONSENTS.c.expires_on >= bindparam("today")),
)


def consents(
    session: Session, participants: Sequence[int], today: date
) -> dict[int, list[tuple[list[str], date | None]]]:
    """For each participant: the purposes and last day of every consent that holds today."""
    found: dict[int, list[tuple[list[str], date | None]]] = {}
    rows = session.connection().execute(_CONSENTS_OF, {"ids": participants, "today": today})
    for participant, purposes, expires_on in rows:
        found.setdefault(participant, []).append((purposes, expires_on))
    return found


_WITHDRAWN = (
    select(_CONSENTS.c.participant_id)
    .where(among(_CONSENTS.c.participant_id, "ids"))
    .group_by(_CONSENTS.c.participant_id)
    .having(func.count(_CONSENTS.c.withdrawn_at) == func.count())
)


def withdrawn(session: Session, participants: Sequence[int]) -> set[int]:
    """Those of the participants who withdrew whatever they agreed to."""
    return set(session.connection().execute(_WITHDRAWN, {"ids": participants}).scalars())


_HELD = ("accepted", "started")
_TAKEN = (
    select(_REFERRALS.c.course_id, func.count().label("taken"))
    .where(_REFERRALS.c.state.in_(_HELD), _REFERRALS.c.course_id.is_not(None))
    .group_by(_REFERRALS.c.course_id)
    .subquery()
)
_REFERRALS_OF = (
    select(
        _REFERRALS.c.case_id,
        _REFERRALS.c.id,
        _REFERRALS.c.state,
        _REFERRALS.c.course_id,
        _COURSES.c.starts_on,
        _COURSES.c.ends_on,
        # the seat that was given to this very referral is free for it
        (
            _COURSES.c.seats
            - func.coalesce(_TAKEN.c.taken, 0)
            + case((_REFERRALS.c.state.in_(_HELD), 1), else_=0)
        ).label("seats_left"),
    )
    .outerjoin(_COURSES, _COURSES.c.id == _REFERRALS.c.course_id)
    .outerjoin(_TAKEN, _TAKEN.c.course_id == _REFERRALS.c.course_id)
    .where(among(_REFERRALS.c.case_id, "ids"), _REFERRALS.c.state.in_(REFERRAL.open_states))
    .order_by(_REFERRALS.c.id)
)


class OpenReferral(NamedTuple):
    """A referral that something can still come of, with its course."""

    case_id: int
    id: int
    state: str
    course_id: int | None
    course_start: date | None
    course_end: date | None
    seats_left: int | None


def open_referrals(session: Session, ids: Sequence[int]) -> dict[int, OpenReferral]:
    """For each case the latest referral that is open."""
    rows = session.connection().execute(_REFERRALS_OF, {"ids": ids})
    return {row.case_id: OpenReferral._make(row) for row in rows}
