"""Questions of the pages that a link in a mail opens: for whom, and about what."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from storage.queries.messages import MESSAGES
from storage.tables import (
    ContactPerson,
    FollowUp,
    Introduction,
    Participant,
    Partner,
    Referral,
    Staff,
)

Row = TypeVar("Row", bound=SQLModel)


def colleague(session: Session, organisation_id: int, number: int) -> Staff | None:
    """Somebody who works at a library now."""
    found = _of_library(session, Staff, organisation_id, number)
    return found if found and found.active else None


def contact_person(session: Session, organisation_id: int, number: int) -> ContactPerson | None:
    """Somebody who works at a partner now."""
    found = _of_library(session, ContactPerson, organisation_id, number)
    return found if found and found.active else None


def partner(session: Session, organisation_id: int, number: int) -> Partner | None:
    """A partner of a library."""
    return _of_library(session, Partner, organisation_id, number)


def follow_up(session: Session, organisation_id: int, number: int) -> FollowUp | None:
    """A follow-up of a library."""
    return _of_library(session, FollowUp, organisation_id, number)


def referral(session: Session, organisation_id: int, number: int) -> Referral | None:
    """A referral of a library."""
    return _of_library(session, Referral, organisation_id, number)


def introduction(session: Session, organisation_id: int, number: int) -> Introduction | None:
    """An introduction to a library."""
    return _of_library(session, Introduction, organisation_id, number)


def participant(session: Session, organisation_id: int, number: int) -> Participant | None:
    """A participant of a library."""
    return _of_library(session, Participant, organisation_id, number)


def colleagues(session: Session, organisation_id: int) -> list[Staff]:
    """Everybody to whom something can be handed over, by name."""
    rows = (
        select_rows(Staff)
        .where(
            Staff.organisation_id == organisation_id,
            col(Staff.active).is_(True),
            Staff.role != "national_office",
        )
        .order_by(Staff.name, col(Staff.id))
    )
    return list(session.exec(rows))


def refers_to(session: Session, case_id: int, partner_id: int) -> bool:
    """Whether the case was ever referred to this provider."""
    asked = select_rows(Referral.id).where(
        Referral.case_id == case_id, Referral.provider_id == partner_id
    )
    return session.exec(asked.limit(1)).first() is not None


def attempt_after(session: Session, row: FollowUp) -> FollowUp | None:
    """The open attempt that was planned after one that was in vain or recurs."""
    asked = select_rows(FollowUp).where(
        FollowUp.case_id == row.case_id,
        FollowUp.rule == row.rule,
        FollowUp.seq == row.seq,
        FollowUp.occurrence > row.occurrence,
        FollowUp.state == "open",
    )
    return session.exec(asked.order_by(col(FollowUp.occurrence)).limit(1)).first()


def queued_at(session: Session, keys: Sequence[str]) -> dict[str, datetime]:
    """Those of the mails with these keys that were queued, and when."""
    asked = select(MESSAGES.c.key, MESSAGES.c.created_at).where(MESSAGES.c.key.in_(keys))
    return {row.key: row.created_at for row in session.connection().execute(asked)}


def _of_library(session: Session, table: type[Row], library: int, number: int) -> Row | None:
    asked = select_rows(table).filter_by(organisation_id=library, id=number)
    return session.exec(asked.execution_options(populate_existing=True)).first()
