"""Questions about what participants agreed to, beside those that a move asks (`facts.py`)."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.queries import facts
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
