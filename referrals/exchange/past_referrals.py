"""What a register says beside the path: consent, the provider, and remarks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from referrals.exchange.register_rows import RegisterRow
from referrals.histories import PastStep
from storage.queries import referrals
from storage.tables import Note, Partner, Referral

#: the furthest stage → the state that a referral of the past is in
_STATES = (
    ("completed", "finished"),
    ("attending", "started"),
    ("started", "started"),
    ("stopped", "withdrawn"),
    ("unreachable", "no_show"),
    ("waiting", "waiting"),
    ("placed", "accepted"),
)


def referral_of(
    row: RegisterRow,
    path: Sequence[PastStep],
    provider_id: int,
    *,
    organisation_id: int,
    case_id: int,
    participant_id: int,
    now: datetime,
) -> Referral | None:
    """The referral that a path tells of; none when it does not get that far."""
    steps = {step.stage: step for step in path}
    sent = steps.get("referred") or steps.get("intake") or steps.get("started")
    if sent is None:
        return None
    found = next(((stage, state) for stage, state in _STATES if stage in steps), None)
    return Referral(
        organisation_id=organisation_id,
        case_id=case_id,
        participant_id=participant_id,
        provider_id=provider_id,
        state=found[1] if found else "sent",
        sent_at=sent.at,
        answered_at=steps[found[0]].at if found else None,
        reason=row.reason if found and found[0] == "stopped" else None,
        created_at=now,
    )


def providers(
    session: Session, organisation_id: int, names: Sequence[str | None], now: datetime
) -> Mapping[str, int]:
    """The provider by each of the names, made known to the library when it is new."""
    found: dict[str, int] = {}
    for name in dict.fromkeys(name for name in names if name):
        partner = referrals.partner(session, organisation_id, name)
        if partner is None:
            partner = Partner(
                organisation_id=organisation_id, name=name, kind="provider", created_at=now
            )
            session.add(partner)
            session.flush()
        assert partner.id is not None
        found[name] = partner.id
    return found


def note_of(
    row: RegisterRow, path: Sequence[PastStep], *, organisation_id: int, case_id: int, now: datetime
) -> Note | None:
    """The remarks of a row, and what has no place of its own."""
    stages = {step.stage for step in path}
    parts = [row.notes]
    if row.referrer_name:
        parts.append(f"Doorverwezen door: {row.referrer_name}")
    if row.provider and not stages & {"referred", "intake", "started"}:
        parts.append(f"Gedacht aan: {row.provider}")
    if row.reason and "stopped" not in stages:
        parts.append(f"Reden: {row.reason}")
    text = "\n".join(part for part in parts if part)
    if not text:
        return None
    return Note(organisation_id=organisation_id, case_id=case_id, text=text, at=now)
