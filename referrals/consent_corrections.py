"""Consent that was noted or withdrawn by mistake: as if it had not been, where that can be."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from core.errors import NothingToUndo
from referrals import journal, replanning, routes
from referrals.journal import Line
from storage.queries import cases, consents, facts
from storage.tables import Consent

CHANGED_SINCE = "Somebody changed it since. Look at what is true now."


def take_back(session: Session, consent_id: int, *, by: int | None, now: datetime) -> None:
    """Take a consent away that was just noted; raises `NothingToUndo` once it was withdrawn."""
    row = session.get(Consent, consent_id, with_for_update=True, populate_existing=True)
    if row is None or row.withdrawn_at is not None:
        raise NothingToUndo("consent", remedy=CHANGED_SINCE)
    participant = row.participant_id
    with replanning.following(session, cases.open_of(session, [participant]), now=now):
        session.delete(row)
        session.flush()
    line = Line(row.organisation_id, now, by, "consent.taken_back", "participant", participant)
    journal.write(session, [line])


def restore(
    session: Session, participant_id: int, withdrawn_at: datetime, *, by: int | None, now: datetime
) -> None:
    """Let what was withdrawn at a moment hold again; raises `NothingToUndo` when nothing was.

    What people at partners were to follow up is open again, where the case still stands there.
    """
    rows: Sequence[Consent] = session.exec(
        select(Consent).where(
            Consent.participant_id == participant_id, col(Consent.withdrawn_at) == withdrawn_at
        )
    ).all()
    if not rows or not may_restore(session, participant_id, withdrawn_at):
        raise NothingToUndo("consent", remedy=CHANGED_SINCE)
    numbers = cases.open_of(session, [participant_id])
    with replanning.following(session, numbers, now=now):
        for row in rows:
            row.withdrawn_at = None
            session.add(row)
        session.flush()
    _reopen(session, numbers, withdrawn_at)
    line = Line(rows[0].organisation_id, now, by, "consent.restored", "participant", participant_id)
    journal.write(session, [line])


def may_restore(session: Session, participant_id: int, withdrawn_at: datetime) -> bool:
    """Whether nothing was agreed to or withdrawn since: the last word is the participant's."""
    later = select(Consent.id).where(
        Consent.participant_id == participant_id,
        or_(col(Consent.created_at) > withdrawn_at, col(Consent.withdrawn_at) > withdrawn_at),
    )
    return session.exec(later).first() is None


def _reopen(session: Session, numbers: Sequence[int], ended_at: datetime) -> None:
    """Open again what `withdraw_consent` ended for partners."""
    for row in cases.standing(session, numbers) if numbers else []:
        if facts.withdrawn(session, [row.participant_id]):
            continue
        definition = routes.pinned(session, row.workflow_version_id).definition
        rules = [rule.name for rule in definition.rules_at[row.stage]]
        rules += [rule.name for rule in definition.follow_ups.values() if rule.ends]
        consents.reopen_for_partners(session, row.id, ended_at, rules)
