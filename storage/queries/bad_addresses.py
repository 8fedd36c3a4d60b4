"""Questions about addresses that a mail server refused for good."""

from sqlmodel import Session, col, select

from storage.tables import Undeliverable


def marks(session: Session, organisation_id: int) -> list[Undeliverable]:
    """Every address of a library that must be mended, the newest first."""
    rows = select(Undeliverable).where(Undeliverable.organisation_id == organisation_id)
    return list(session.exec(rows.order_by(col(Undeliverable.at).desc())))
