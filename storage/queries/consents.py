"""Questions about what participants agreed to, beside those that a move asks (`facts.py`)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import not_, update
from sqlmodel import Session, col, select

from storage.queries import facts
from storage.queries.follow_ups import DEALT_WITH, FOLLOW_UPS, OUTSIDE
from storage.tables import Consent


def noted_at(session: Session, participant_id: int, moment: datetime) -> bool:
    """Whether a consent of the participant that still holds was noted at that moment."""
    statement = select(Consent.id).where(
        Consent.participant_id == participant_id,
        Consent.created_at == moment,
        col(Consent.withdrawn_at).is_(None),
    )
    return session.exec(statement).first() is not None


def holds(session: Session, participant_id: int, purpose: str, today: date) -> bool:
    """Whether the participant agrees today to a purpose (`storage.tables.participant.PURPOSES`)."""
    found = facts.consents(session, [participant_id], today).get(participant_id, [])
    return any(purpose in purposes for purposes, _ in found)


def reopen_for_partners(
    session: Session, case_id: int, ended_at: datetime, rules: Sequence[str]
) -> None:
    """Open again what somebody outside was to follow up by these rules and ended at a moment."""
    where = (
        FOLLOW_UPS.c.case_id == case_id, FOLLOW_UPS.c.state == "ended",
        FOLLOW_UPS.c.done_at == ended_at, FOLLOW_UPS.c.receiver.in_(OUTSIDE),
        FOLLOW_UPS.c.rule.in_(rules), not_(DEALT_WITH),
    )  # fmt: skip
    reopened = update(FOLLOW_UPS).where(*where).values(state="open", done_at=None)
    session.connection().execute(reopened)


def newest(session: Session, participant_id: int) -> int | None:
    """The number of what the participant agreed to last and has not withdrawn."""
    statement = (
        select(Consent.id)
        .where(Consent.participant_id == participant_id, col(Consent.withdrawn_at).is_(None))
        .order_by(col(Consent.id).desc())
        .limit(1)
    )
    return session.exec(statement).first()
