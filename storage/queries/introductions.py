"""Questions about people who were handed to us."""

from sqlalchemy import Table
from sqlmodel import Session, col, select

from storage.tables import Introduction

INTRODUCTIONS: Table = Introduction.__table__  # type: ignore[attr-defined]


def of_case(session: Session, case_id: int) -> Introduction | None:
    """The introduction from which a case was opened."""
    rows = select(Introduction).where(Introduction.case_id == case_id)
    return session.exec(rows.order_by(col(Introduction.id))).first()


def locked(session: Session, organisation_id: int, number: int) -> Introduction | None:
    """An introduction to a library that nobody else changes meanwhile."""
    rows = select(Introduction).where(
        Introduction.organisation_id == organisation_id, Introduction.id == number
    )
    return session.exec(rows.with_for_update().execution_options(populate_existing=True)).first()
