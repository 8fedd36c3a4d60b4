"""What is known about cases when a move is considered, in one question for each kind of fact."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlmodel import Session

from storage.queries import facts
from storage.queries.facts import OpenReferral
from workflows.definition import Move
from workflows.guards import Facts


@dataclass(frozen=True)
class Needs:
    """Which facts a decision rests on; what it does not rest on is not asked."""

    consent: bool = True
    referral: bool = True


def needs_of(moves: Iterable[Move], dates: Collection[str] = ()) -> Needs:
    """The facts that the guards of these moves look at, and those with these dates in them."""
    named = {guard for move in moves for guard in move.guard}
    return Needs(
        "consent_to_refer" in named or "consent_expiry" in dates,
        bool(
            named - {"consent_to_refer", "reachable"} or {"course_start", "course_end"} & {*dates}
        ),
    )


class Considered(Protocol):
    """What must be known of a case itself before its facts are asked."""

    @property
    def id(self) -> int: ...
    @property
    def participant_id(self) -> int: ...
    @property
    def reachable(self) -> bool: ...
    @property
    def appointment_on(self) -> date | None: ...


def of_cases(
    session: Session, rows: Sequence[Considered], needs: Needs, today: date
) -> dict[int, Facts]:
    """The facts of each case; `today` decides which consents hold."""
    consents: Mapping[int, list[tuple[list[str], date | None]]] = {}
    if needs.consent:
        people = list({row.participant_id for row in rows})
        consents = facts.consents(session, people, today)
    referrals: Mapping[int, OpenReferral] = {}
    if needs.referral:
        referrals = facts.open_referrals(session, [row.id for row in rows])
    return {
        row.id: together(
            consents.get(row.participant_id, []),
            referrals.get(row.id),
            reachable=bool(row.reachable),
            appointment=row.appointment_on,
        )
        for row in rows
    }


def together(
    consents: Collection[tuple[Sequence[str], date | None]],
    referral: OpenReferral | None,
    *,
    reachable: bool,
    appointment: date | None,
) -> Facts:
    """The facts of a case: consents that hold (purposes and last day), and its open referral."""
    return Facts(
        purposes=frozenset(purpose for purposes, _ in consents for purpose in purposes),
        reachable=reachable,
        referral_open=referral is not None and referral.state != "draft",
        referral_accepted=referral is not None and referral.state in ("accepted", "started"),
        course=referral.course_id if referral else None,
        seats_left=referral.seats_left if referral else None,
        course_start=referral.course_start if referral else None,
        course_end=referral.course_end if referral else None,
        appointment=appointment,
        consent_expiry=_expiry(consents),
    )


def _expiry(consents: Iterable[tuple[Sequence[str], date | None]]) -> date | None:
    """The last day of whatever ends first; a later agreement to the same purpose renews it."""
    ends: dict[str, date] = {}
    for purposes, last in consents:
        for purpose in purposes:
            ends[purpose] = max(ends.get(purpose, date.min), last or date.max)
    first = min(ends.values(), default=date.max)
    return None if first == date.max else first


def dates_of(facts: Facts) -> dict[str, date | None]:
    """The dates that follow-ups can be counted from (`workflows.periods.DATES`)."""
    return {
        "course_start": facts.course_start,
        "course_end": facts.course_end,
        "appointment": facts.appointment,
        "consent_expiry": facts.consent_expiry,
    }
