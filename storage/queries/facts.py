"""Questions about what a move rests on: consent, and the open referral with its course."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Table, bindparam, case, func, or_, select
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
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
_ASK_CONSENTS = Prepared(_CONSENTS_OF)


def consents(
    session: Session, participants: Sequence[int], today: date
) -> dict[int, list[tuple[list[str], date | None]]]:
    """For each participant: the purposes and last day of every consent that holds today."""
    found: dict[int, list[tuple[list[str], date | None]]] = {}
    values = {"ids": participants, "today": today}
    for participant, purposes, expires_on in _ASK_CONSENTS.rows(session, values):
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


def _is_one_of(column: Column[str], words: Sequence[str]) -> ColumnElement[bool]:
    """Like ``IN``, but with as many values as there are words: such a text can be prepared."""
    return or_(*(column == word for word in words))


_OTHER = _REFERRALS.alias("other")
#: seats of the course that are given to somebody; asked course by course, by the index
_TAKEN = (
    select(func.count())
    .where(
        _OTHER.c.organisation_id == _REFERRALS.c.organisation_id,
        _OTHER.c.course_id == _REFERRALS.c.course_id,
        _is_one_of(_OTHER.c.state, _HELD),
    )
    .correlate(_REFERRALS)
    .scalar_subquery()
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
            _COURSES.c.seats - _TAKEN + case((_is_one_of(_REFERRALS.c.state, _HELD), 1), else_=0)
        ).label("seats_left"),
    )
    .outerjoin(_COURSES, _COURSES.c.id == _REFERRALS.c.course_id)
    .where(among(_REFERRALS.c.case_id, "ids"), _is_one_of(_REFERRALS.c.state, REFERRAL.open_states))
    .order_by(_REFERRALS.c.id)
)
_ASK_REFERRALS = Prepared(_REFERRALS_OF)


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
    rows = map(OpenReferral._make, _ASK_REFERRALS.rows(session, {"ids": ids}))
    return {row.case_id: row for row in rows}
