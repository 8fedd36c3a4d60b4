"""What somebody chose for their desk, and what it remembers for them."""

from typing import Any

from sqlmodel import Session

from storage.tables import Staff


def remember(session: Session, staff_id: int, **choices: Any) -> None:
    """Keep choices of a member of staff beside those that are kept already."""
    row = session.get_one(Staff, staff_id, populate_existing=True, with_for_update=True)
    if any((row.desk or {}).get(name) != value for name, value in choices.items()):
        row.desk = {**(row.desk or {}), **choices}
        session.add(row)
        session.flush()
