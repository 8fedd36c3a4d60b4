"""Invented courses and the referrals to them: a full group is followed by another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

from cli.demo.days import Days
from cli.demo.libraries import Library
from storage.dialects import append
from storage.tables import Course, Referral

REFERRALS: Table = Referral.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "organisation_id", "case_id", "participant_id", "provider_id", "course_id", "state",
    "version", "warm_handover", "made_by", "sent_at", "answered_at", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What is taught on a route."""

    title: str
    subject: str
    kind: str
    weeks: int
    seats: int


#: a ROC gives 12 or 38 weeks to groups of 12 to 15; Digisterker takes 4 × 2 hours, at most 8 people
KINDS = {
    "parents": Kind("Taal voor Thuis", "language", "non_formal_volunteer", 12, 10),
    "employers": Kind("Taal op de werkvloer", "language", "formal", 12, 12),
    "open-door": Kind("Lezen en schrijven", "language", "non_formal_volunteer", 12, 12),
    "digital-to-language": Kind("Nederlands voor beginners", "language", "formal", 38, 15),
    "language-to-digital": Kind("Digisterker", "digital", "non_formal_professional", 4, 8),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a group."""

    course_id: int
    starts_on: date
    ends_on: date


class Courses:
    """The courses of one library, opened as they fill."""

    def __init__(self, library: Library, days: Days):
        self._library = library
        self._days = days
        self._groups: dict[tuple[str, int], tuple[Seat, int]] = {}

    def seat(self, session: Session, route: str, start: int) -> Seat:
        """A seat in a group that starts on a day (by number)."""
        seat, left = self._groups.get((route, start), (None, 0))
        if seat is None or not left:
            seat, left = self._open(session, route, start), KINDS[route].seats
        self._groups[route, start] = seat, left - 1
        return seat

    def _open(self, session: Session, route: str, start: int) -> Seat:
        kind, starts_on = KINDS[route], self._days.dates[start]
        ends_on = starts_on + timedelta(weeks=kind.weeks)
        course = Course(
            organisation_id=self._library.id, provider_id=self._library.providers[route],
            title=f"{kind.title} (verzonnen)", subject=kind.subject, kind=kind.kind,
            place=f"Bibliotheek {self._library.place.name}", starts_on=starts_on,
            ends_on=ends_on, seats=kind.seats, active=ends_on >= self._days.today_date,
        )  # fmt: skip
        session.add(course)
        session.flush()
        # a row that the session keeps would be looked at again by every later flush
        session.expunge(course)
        assert course.id is not None
        return Seat(course.id, starts_on, ends_on)


#: where a case stands → how its referral stands
_STANDS = {
    "referred": "sent",
    "spoken": "sent",
    "intake": "accepted",
    "waiting": "waiting",
    "placed": "accepted",
    "started": "started",
    "attending": "started",
    "completed": "finished",
    "next_step": "finished",
}


_REFERRED = frozenset(("referred", "waiting", "placed", "started"))


def referral_state(stages: list[str]) -> str | None:
    """How the referral of a case stands that went through these stages; none when it had none."""
    if _REFERRED.isdisjoint(stages):
        return None
    state = _STANDS.get(stages[-1])
    return state or ("withdrawn" if "started" in stages else "declined")


def write_referrals(session: Session, rows: list[tuple[Any, ...]]) -> None:
    """Write referrals as made by `referral_row`."""
    append(session, REFERRALS, _COLUMNS, rows)


def referral_row(
    library: Library,
    route: str,
    state: str,
    *,
    case: int,
    participant: int,
    course: int | None,
    by: int,
    warm: bool,
    sent_at: datetime,
    answered_at: datetime,
) -> tuple[Any, ...]:
    """The values of a referral."""
    answered = None if state == "sent" else answered_at
    return (
        library.id, case, participant, library.providers[route], course, state,
        1 if state == "sent" else 2, warm, by, sent_at, answered, sent_at,
    )  # fmt: skip
