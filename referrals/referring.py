"""Referrals: handing a participant to a course at a provider, and the answers that come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.errors import AlreadyThere, Change, ChangedMeanwhile, MoveRefused, NotFound
from core.references import reference
from core.words import Told
from referrals import bsn, journal
from referrals.entering import Entering
from referrals.journal import Line
from referrals.routes import Published
from storage.dialects import take_turn
from storage.queries import referrals
from storage.queries.cases import Standing
from storage.tables import Referral
from workflows.lifecycles import REFERRAL
from workflows.machine import next_state

#: the answer → the event of the life of a referral that leads to it
EVENTS = {to: event for event, (_, to) in REFERRAL.events.items()}


def refer(
    session: Session,
    cases: Sequence[Standing],
    *,
    provider_id: int,
    course_id: int | None,
    warm_handover: bool,
    by: int | None,
    now: datetime,
) -> list[int]:
    """Send a referral for each case; returns their numbers.

    Raises `AlreadyThere` when a participant has an open referral to the same course.
    """
    if course_id is not None:
        for refusal in second_referrals(session, cases, course_id).values():
            raise refusal
    rows = [
        Referral(
            organisation_id=case.organisation_id,
            case_id=case.id,
            participant_id=case.participant_id,
            provider_id=provider_id,
            course_id=course_id,
            state=next_state(REFERRAL, REFERRAL.initial, "send"),
            warm_handover=warm_handover,
            made_by=by,
            sent_at=now,
            created_at=now,
        )
        for case in cases
    ]
    session.add_all(rows)
    session.flush()
    numbers = [row.id for row in rows if row.id is not None]
    _write_journal(session, rows, "referral.sent", by, now)
    return numbers


def second_referrals(
    session: Session, cases: Sequence[Standing], course_id: int
) -> dict[int, AlreadyThere]:
    """The cases whose participant has an open referral to the course already, and what to do."""
    take_turn(session, f"course {course_id}")
    taken = referrals.referred_to(session, [case.participant_id for case in cases], course_id)
    twice = {}
    for case in cases:
        if case.participant_id in taken:
            remedy = "Withdraw that referral first, or choose another course."
            thing = Told("{reference} referral", reference=reference(case.id))
            twice[case.id] = AlreadyThere(thing, remedy=remedy)
        taken.add(case.participant_id)
    return twice


def follow(
    session: Session,
    entries: Sequence[Entering],
    definition: Mapping[int, Published],
    *,
    now: datetime,
) -> None:
    """Let open referrals follow a move that a referral's answer would have caused."""
    answers = {
        (number, move): answer
        for number, version in definition.items()
        for answer, move in version.definition.referral.items()
    }
    caused = {
        each.case.id: answers[(each.case.workflow_version_id, each.move or "")]
        for each in entries
        if (each.case.workflow_version_id, each.move) in answers
    }
    if not caused:
        return
    for row in referrals.open_of_cases(session, list(caused)):
        answer = caused[row.case_id]
        if row.state in REFERRAL.events[EVENTS[answer]][0]:
            row.state, row.version, row.answered_at = answer, row.version + 1, now
            session.add(row)
    session.flush()


@dataclass(frozen=True)
class Answered:
    """An answer that was noted, and the move that it causes, if the route has one."""

    referral_id: int
    case_id: int
    state: str
    #: the name of the move to make now
    causes: str | None


def note_answer(
    session: Session,
    referral_id: int,
    answer: str,
    definition: Published,
    *,
    by: int | None,
    now: datetime,
    expected_version: int | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Answered:
    """Note the answer of a provider: accepted, waiting, declined, started, finished, no_show.

    Raises `MoveRefused` when the referral cannot get there from where it is, `ChangedMeanwhile`
    when somebody else noted an answer since.
    """
    bsn.refuse(note, "note")
    row = referrals.locked(session, referral_id)
    if row is None:
        raise NotFound(f"referral {referral_id}")
    if expected_version is not None and expected_version != row.version:
        change = Change(reference(row.case_id), "", row.state, "", field="referral")
        raise ChangedMeanwhile(reference(row.case_id), change)
    if answer not in EVENTS:
        remedy = Told("Choose one of: {names}.", names=", ".join(EVENTS))
        raise MoveRefused(answer, remedy=remedy)
    row.state = next_state(REFERRAL, row.state, EVENTS[answer])
    row.version += 1
    row.answered_at, row.reason, row.note = now, reason, note
    session.add(row)
    session.flush()
    _write_journal(session, [row], f"referral.{answer}", by, now)
    return Answered(referral_id, row.case_id, row.state, definition.definition.referral.get(answer))


def _write_journal(
    session: Session, rows: Sequence[Referral], what: str, by: int | None, now: datetime
) -> None:
    journal.write(
        session,
        [
            Line(row.organisation_id, now, by, what, "referral", row.id or 0, {"case": row.case_id})
            for row in rows
        ],
    )
