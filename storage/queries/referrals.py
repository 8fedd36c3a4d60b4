"""Questions about referrals and what was answered to them, partners and courses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import among
from storage.tables import Course, Partner, Referral, ReferralAnswer
from workflows.lifecycles import REFERRAL

REFERRALS: Table = Referral.__table__  # type: ignore[attr-defined]


def referred_to(session: Session, participants: Sequence[int], course_id: int) -> set[int]:
    """Those of the participants who have an open referral to the course."""
    statement = select(REFERRALS.c.participant_id).where(
        among(REFERRALS.c.participant_id, "ids"),
        REFERRALS.c.course_id == course_id,
        REFERRALS.c.state.in_(REFERRAL.open_states),
    )
    return set(session.connection().execute(statement, {"ids": participants}).scalars())


def cases_going_to(session: Session, course_id: int) -> list[int]:
    """The cases with an open referral to the course."""
    statement = select(REFERRALS.c.case_id).where(
        REFERRALS.c.course_id == course_id, REFERRALS.c.state.in_(REFERRAL.open_states)
    )
    return list(session.connection().execute(statement).scalars())


def open_of_cases(session: Session, cases: Sequence[int]) -> list[Referral]:
    """The open referrals of these cases, the oldest first."""
    rows = (
        select_rows(Referral)
        .where(among(REFERRALS.c.case_id, "ids"), REFERRALS.c.state.in_(REFERRAL.open_states))
        .order_by(col(Referral.id))
        .execution_options(populate_existing=True)
    )
    return list(session.exec(rows, params={"ids": cases}))


def of_case(session: Session, case_id: int) -> list[Referral]:
    """All referrals of a case, the oldest first."""
    return list(
        session.exec(
            select_rows(Referral).where(Referral.case_id == case_id).order_by(col(Referral.id))
        )
    )


def answers_at(session: Session, case_id: int, moment: datetime) -> list[ReferralAnswer]:
    """What was noted at a moment on the referrals of a case and still holds."""
    rows = (
        select_rows(ReferralAnswer)
        .join(Referral, col(Referral.id) == ReferralAnswer.referral_id)
        .where(
            Referral.case_id == case_id,
            ReferralAnswer.at == moment,
            col(ReferralAnswer.taken_back_at).is_(None),
        )
    )
    return list(session.exec(rows))


def answers(session: Session, referral_id: int) -> list[ReferralAnswer]:
    """What was answered to a referral and still holds, the newest first."""
    rows = (
        select_rows(ReferralAnswer)
        .where(
            ReferralAnswer.referral_id == referral_id,
            col(ReferralAnswer.taken_back_at).is_(None),
        )
        .order_by(col(ReferralAnswer.seq).desc())
    )
    return list(session.exec(rows))


def locked(session: Session, referral_id: int) -> Referral | None:
    """A referral that nobody else changes meanwhile."""
    row = select_rows(Referral).where(Referral.id == referral_id).with_for_update()
    # what this session read before the lock may be old by now
    return session.exec(row.execution_options(populate_existing=True)).first()


def partner(session: Session, organisation_id: int, name: str) -> Partner | None:
    """The partner of a library with this name, whatever its capitals."""
    rows = session.exec(select_rows(Partner).where(Partner.organisation_id == organisation_id))
    return next((row for row in rows if row.name.casefold() == name.casefold()), None)


def partners(session: Session, organisation_id: int) -> list[Partner]:
    """The partners of a library, by name."""
    return list(
        session.exec(
            select_rows(Partner)
            .where(Partner.organisation_id == organisation_id)
            .order_by(Partner.name)
        )
    )


def partner_names(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """The name of each of these partners."""
    rows = session.exec(select_rows(Partner).where(col(Partner.id).in_(numbers)))
    return {row.id or 0: row.name for row in rows}


def course(session: Session, organisation_id: int, number: int) -> Course | None:
    """A course of a library."""
    return session.exec(
        select_rows(Course).where(Course.organisation_id == organisation_id, Course.id == number)
    ).first()


def course_load(session: Session, organisation_id: int) -> list[dict[str, Any]]:
    """Each course with the seats taken and the people on its waiting list, by start."""
    from sqlalchemy import case, func

    courses: Table = Course.__table__  # type: ignore[attr-defined]
    taken = func.count(case((REFERRALS.c.state.in_(("accepted", "started")), 1)))
    waiting = func.count(case((REFERRALS.c.state == "waiting", 1)))
    statement = (
        select(courses, taken.label("taken"), waiting.label("waiting"))
        .outerjoin(REFERRALS, REFERRALS.c.course_id == courses.c.id)
        .where(courses.c.organisation_id == organisation_id)
        .group_by(courses.c.id)
        .order_by(courses.c.starts_on, courses.c.id)
    )
    return [dict(row._mapping) for row in session.connection().execute(statement)]


def waiting_list(session: Session, course_id: int) -> list[Referral]:
    """The referrals that wait for a seat on a course, the longest waiting first."""
    return list(
        session.exec(
            select_rows(Referral)
            .where(Referral.course_id == course_id, Referral.state == "waiting")
            .order_by(col(Referral.answered_at), col(Referral.id))
        )
    )
