"""Rows of people who turn out to be one person: which there are, and how they go over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, func, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import among
from storage.queries.cases import CASES
from storage.tables import Consent, Introduction, Message, Participant, ParticipantMerge, Referral
from workflows.lifecycles import REFERRAL

_CONSENTS: Table = Consent.__table__  # type: ignore[attr-defined]
_REFERRALS: Table = Referral.__table__  # type: ignore[attr-defined]
_INTRODUCTIONS: Table = Introduction.__table__  # type: ignore[attr-defined]
_MESSAGES: Table = Message.__table__  # type: ignore[attr-defined]
#: whatever points at a participant, by the name under which a merge remembers its rows
TABLES = {
    "cases": CASES,
    "consents": _CONSENTS,
    "referrals": _REFERRALS,
    "introductions": _INTRODUCTIONS,
    "messages": _MESSAGES,
}


class CaseKey(NamedTuple):
    """A case, and the key by which counting knows it."""

    id: int
    case_key: int


def locked(session: Session, organisation_id: int, numbers: Sequence[int]) -> list[Participant]:
    """These participants of a library, in this order; nobody else changes them meanwhile."""
    rows = session.exec(
        select_rows(Participant)
        .where(
            Participant.organisation_id == organisation_id, col(Participant.id).in_(list(numbers))
        )
        .order_by(col(Participant.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    return [found[number] for number in numbers if number in found]


def rows_of(session: Session, participant_id: int) -> dict[str, list[int]]:
    """The numbers of the rows that point at a participant, by `TABLES`."""
    return {
        name: list(
            session.connection()
            .execute(
                select(table.c.id)
                .where(table.c.participant_id == participant_id)
                .order_by(table.c.id)
            )
            .scalars()
        )
        for name, table in TABLES.items()
    }


def give(session: Session, name: str, numbers: Sequence[int], participant_id: int) -> None:
    """Let rows of one of the `TABLES` point at this participant."""
    table = TABLES[name]
    values: dict[str, Any] = {"participant_id": participant_id}
    if name == "cases":
        # whoever looks at the case has an old page
        values["version"] = CASES.c.version + 1
    statement = update(table).where(among(table.c.id, "numbers")).values(values)
    session.connection().execute(statement, {"numbers": list(numbers)})


def with_cases(session: Session, name: str, cases: Sequence[int]) -> list[int]:
    """The rows of one of the `TABLES` that are about these cases."""
    table = TABLES[name]
    statement = select(table.c.id).where(among(table.c.case_id, "cases")).order_by(table.c.id)
    return list(session.connection().execute(statement, {"cases": list(cases)}).scalars())


def keys_of(session: Session, cases: Sequence[int]) -> list[CaseKey]:
    """The keys of these cases."""
    statement = select(CASES.c.id, CASES.c.case_key).where(among(CASES.c.id, "cases"))
    rows = session.connection().execute(statement, {"cases": list(cases)})
    return [CaseKey(row.id, row.case_key) for row in rows]


def opened_from(session: Session, cases: Sequence[int], since: datetime) -> list[int]:
    """The linked cases that were opened from these after a moment."""
    statement = select(CASES.c.id).where(
        among(CASES.c.linked_case_id, "cases"), CASES.c.created_at > since
    )
    return list(session.connection().execute(statement, {"cases": list(cases)}).scalars())


def referred_twice(session: Session, one: int, other: int) -> list[int]:
    """The courses to which both are referred now."""
    mine, theirs = _REFERRALS.alias("mine"), _REFERRALS.alias("theirs")
    statement = (
        select(mine.c.course_id)
        .join(theirs, and_(theirs.c.course_id == mine.c.course_id))
        .where(
            mine.c.participant_id == one,
            theirs.c.participant_id == other,
            mine.c.state.in_(REFERRAL.open_states),
            theirs.c.state.in_(REFERRAL.open_states),
        )
        .order_by(mine.c.course_id)
    )
    return list(dict.fromkeys(session.connection().execute(statement).scalars()))


def last_withdrawal(session: Session, participant_id: int) -> datetime | None:
    """When the participant last withdrew something."""
    statement = select(_CONSENTS.c.withdrawn_at).where(
        _CONSENTS.c.participant_id == participant_id, _CONSENTS.c.withdrawn_at.is_not(None)
    )
    found = session.connection().execute(statement.order_by(_CONSENTS.c.withdrawn_at.desc()))
    return found.scalars().first()


def agreed_before(session: Session, participant_id: int, moment: datetime) -> bool:
    """Whether a consent of the participant that was not withdrawn was noted before a moment."""
    statement = select(_CONSENTS.c.id).where(
        _CONSENTS.c.participant_id == participant_id,
        _CONSENTS.c.withdrawn_at.is_(None),
        _CONSENTS.c.created_at < moment,
    )
    return session.connection().execute(statement.limit(1)).first() is not None


def merge(session: Session, organisation_id: int, number: int) -> ParticipantMerge | None:
    """A merge of a library."""
    rows = select_rows(ParticipantMerge).where(
        ParticipantMerge.organisation_id == organisation_id, ParticipantMerge.id == number
    )
    return session.exec(rows.execution_options(populate_existing=True)).first()


def last_into(session: Session, kept_id: int) -> ParticipantMerge | None:
    """The last merge into a participant that was not undone."""
    rows = select_rows(ParticipantMerge).where(
        ParticipantMerge.kept_id == kept_id, col(ParticipantMerge.undone_at).is_(None)
    )
    return session.exec(rows.order_by(col(ParticipantMerge.id).desc()).limit(1)).first()


def cases_of_both(session: Session, one: int, other: int) -> list[int]:
    """The cases of two participants."""
    statement = select(CASES.c.id).where(
        or_(CASES.c.participant_id == one, CASES.c.participant_id == other)
    )
    return list(session.connection().execute(statement.order_by(CASES.c.id)).scalars())


def noted_since(session: Session, participant_id: int, moment: datetime) -> int:
    """How many consents of the participant were noted after a moment."""
    statement = select(func.count()).where(
        _CONSENTS.c.participant_id == participant_id, _CONSENTS.c.created_at > moment
    )
    return session.connection().execute(statement).scalar_one()
