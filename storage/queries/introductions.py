"""Questions about people who were handed to us."""

from sqlmodel import Session, col, select

from storage.tables import Introduction


def of_case(session: Session, case_id: int) -> Introduction | None:
    """The introduction from which a case was opened."""
    rows = select(Introduction).where(Introduction.case_id == case_id)
    return session.exec(rows.order_by(col(Introduction.id))).first()
