"""Referrals: handing a participant to a course at a provider, and the answers that come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.errors import AlreadyThere, Change, ChangedMeanwhile, FaultyValue, NotFound
from core.references import reference
from core.words import Told
from referrals import bsn, journal, telling
from referrals.entering import Entering
from referrals.journal import Line
from referrals.routes import Published
from storage.dialects import take_turn
from storage.queries import referrals
from storage.queries.cases import Standing
from storage.tables import Referral, ReferralAnswer
from workflows.lifecycles import REFERRAL
from workflows.machine import next_state

#: the answer → the event of the life of a referral that leads to it
EVENTS = {to: event for event, (_, to) in REFERRAL.events.items()}
#: what can be answered to a referral that was sent
ANSWERS = tuple(answer for answer in EVENTS if answer != "sent")


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
    telling.of_referrals(session, rows, now)
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
    by: int | None,
    now: datetime,
) -> None:
    """Let the newest open referral of each case follow a move that somebody made by hand.

    It gets the answer that would have caused the move. Where several would have and all of them
    end a referral, it is withdrawn: the provider said nothing, we look further.
    """
    heard = {number: _answers_by_move(version) for number, version in definition.items()}
    due = {
        each.case.id: answer
        for each in entries
        if (answer := heard[each.case.workflow_version_id].get(each.move or ""))
    }
    if not due:
        return
    newest = {row.case_id: row for row in referrals.open_of_cases(session, list(due))}
    followed = [
        _put(session, row, due[case], by=by, now=now)
        for case, row in newest.items()
        if row.state in REFERRAL.events[EVENTS[due[case]]][0]
    ]
    session.flush()
    _write_journal(session, followed, None, by, now)


def _answers_by_move(version: Published) -> dict[str, str | None]:
    """What a move made by hand says about the referral, where that is clear."""
    found: dict[str, str | None] = {}
    for answer, move in version.definition.referral.items():
        if move not in found:
            found[move] = answer
        elif {answer, found[move]}.isdisjoint(REFERRAL.open_states):
            found[move] = "withdrawn"
        else:
            found[move] = None
    return found


def take_back(session: Session, case_id: int, made_at: datetime, now: datetime) -> bool:
    """Take back what was noted on the referrals of a case at a moment; says whether all could be.

    An answer is taken back, and a referral that was sent then is withdrawn.
    """
    done = True
    for answer in referrals.answers_at(session, case_id, made_at):
        row = referrals.locked(session, answer.referral_id)
        last, *earlier = referrals.answers(session, answer.referral_id)
        if row is None or last.seq != answer.seq or _taken_meanwhile(session, row, answer):
            done = False
            continue
        before = earlier[0] if earlier else None
        row.state, row.version = answer.from_state, row.version + 1
        row.answered_at = before.at if before else None
        row.reason, row.note = (before.reason, before.note) if before else (None, None)
        answer.taken_back_at = now
        session.add_all([row, answer])
    for row in referrals.of_case(session, case_id):
        if row.sent_at == made_at:
            done = done and row.state == "sent"
            if row.state == "sent":
                _put(session, row, "withdrawn", by=None, now=now)
    session.flush()
    return done


def _taken_meanwhile(session: Session, row: Referral, answer: ReferralAnswer) -> bool:
    """Whether another referral to the same course is open by now, so that this one cannot be."""
    if row.course_id is None or row.state in REFERRAL.open_states:
        return False
    there = referrals.referred_to(session, [row.participant_id], row.course_id)
    return answer.from_state in REFERRAL.open_states and bool(there)


def _put(
    session: Session,
    row: Referral,
    answer: str,
    *,
    by: int | None,
    now: datetime,
    reason: str | None = None,
    note: str | None = None,
) -> Referral:
    """Bring a referral to the state that an answer means, and keep the answer."""
    before = row.state
    row.state = next_state(REFERRAL, before, EVENTS[answer])
    row.version += 1
    row.answered_at, row.reason, row.note = now, reason, note
    kept = ReferralAnswer(
        referral_id=row.id or 0, seq=row.version, organisation_id=row.organisation_id,
        from_state=before, to_state=row.state, by_staff_id=by, reason=reason, note=note, at=now,
    )  # fmt: skip
    session.add_all([row, kept])
    return row


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
    """Note the answer of a provider, one of `ANSWERS`.

    Raises `FaultyValue` for another word, `MoveRefused` when the referral cannot get there from
    where it is, `ChangedMeanwhile` when somebody else noted an answer since.
    """
    bsn.refuse(note, "note")
    row = referrals.locked(session, referral_id)
    if row is None:
        raise NotFound(f"referral {referral_id}")
    if expected_version is not None and expected_version != row.version:
        change = Change(reference(row.case_id), "", row.state, "", field="referral")
        raise ChangedMeanwhile(reference(row.case_id), change)
    if answer not in ANSWERS:
        raise FaultyValue(answer, remedy=Told("Choose one of: {names}.", names=", ".join(ANSWERS)))
    _put(session, row, answer, by=by, now=now, reason=reason, note=note)
    session.flush()
    _write_journal(session, [row], f"referral.{answer}", by, now)
    return Answered(referral_id, row.case_id, row.state, definition.definition.referral.get(answer))


def _write_journal(
    session: Session, rows: Sequence[Referral], what: str | None, by: int | None, now: datetime
) -> None:
    """One line for each; without `what` it tells the state that each referral got to."""
    journal.write(
        session,
        [
            Line(
                row.organisation_id, now, by, what or f"referral.{row.state}", "referral",
                row.id or 0, {"case": row.case_id},
            )
            for row in rows
        ],
    )  # fmt: skip
