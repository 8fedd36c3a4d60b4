"""Consent: what a participant agreed to, noted with who explained what, and withdrawn at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Table
from sqlmodel import Session, col, select

from core.errors import FaultyValue, NotFound
from core.words import Told
from referrals import journal, replanning
from referrals.journal import Line
from storage.dialects import append
from storage.queries import cases, follow_ups
from storage.tables import Case, Consent
from storage.tables.participant import BASES, PURPOSES

CONSENTS: Table = Consent.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "organisation_id", "participant_id", "basis", "purposes", "receivers", "text_version",
    "language", "form", "explained_by", "given_on", "expires_on", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """What a participant agrees to, as it was explained."""

    #: the local day
    given_on: date
    #: of `storage.tables.participant.PURPOSES`
    purposes: tuple[str, ...] = ("refer", "follow_up")
    #: ``spoken`` or ``written``
    form: str = "spoken"
    #: the legal basis; consent is one of several (AVG, article 6)
    basis: str = "consent"
    #: partners or kinds of partners that may receive it
    receivers: tuple[str, ...] = ()
    text_version: str = "1"
    #: the language in which it was explained
    language: str = "nl"
    explained_by: int | None = None
    #: the last day on which it holds
    expires_on: date | None = None

    def __post_init__(self) -> None:
        for purpose in self.purposes:
            if purpose not in PURPOSES:
                raise FaultyValue(purpose, remedy=_one_of(PURPOSES))
        if self.basis not in BASES:
            raise FaultyValue(self.basis, remedy=_one_of(BASES))
        if self.form not in ("spoken", "written"):
            raise FaultyValue(self.form, remedy=_one_of(("spoken", "written")))


def _one_of(names: Iterable[str]) -> str:
    return Told("Choose one of: {names}.", names=", ".join(names))


def note_consent(
    session: Session,
    organisation_id: int,
    agreements: Iterable[tuple[int, Agreement]],
    *,
    now: datetime,
    due_hour: int = 8,
) -> None:
    """Note what participants agreed to: (participant, agreement).

    For an agreement that ends, the follow-ups that count from its last day are planned.
    """
    agreements = list(agreements)
    rows = (
        (
            organisation_id, participant, each.basis, list(each.purposes),
            list(each.receivers), each.text_version, each.language, each.form,
            each.explained_by, each.given_on, each.expires_on, now,
        )
        for participant, each in agreements
    )  # fmt: skip
    people = {participant for participant, each in agreements if each.expires_on}
    numbers = cases.open_of(session, list(people)) if people else []
    with replanning.following(session, numbers, now=now, due_hour=due_hour):
        append(session, CONSENTS, _COLUMNS, rows)


def withdraw_consent(
    session: Session, participant_id: int, *, by: int | None, now: datetime
) -> int:
    """Withdraw everything a participant agreed to: sharing stops at once, the count stays.

    Ends the follow-ups that rules planned for partners or counted from its last day; returns how
    many consents were withdrawn. Raises `NotFound` when there is nothing to withdraw.
    """
    rows: Sequence[Consent] = session.exec(
        select(Consent).where(
            Consent.participant_id == participant_id, col(Consent.withdrawn_at).is_(None)
        )
    ).all()
    if not rows:
        raise NotFound("consent", remedy="There is no consent that can be withdrawn.")
    with replanning.following(session, cases.open_of(session, [participant_id]), now=now):
        for row in rows:
            row.withdrawn_at = now
            session.add(row)
        session.flush()
    numbers = session.exec(select(Case.id).where(Case.participant_id == participant_id)).all()
    follow_ups.end_for_partners(session, [number for number in numbers if number], now)
    organisation_id = rows[0].organisation_id
    line = Line(organisation_id, now, by, "consent.withdrawn", "participant", participant_id)
    journal.write(session, [line])
    return len(rows)
