"""Addresses that a mail server refused for good: which there are, marking and mending them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Table, delete, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import among, insert_once
from storage.tables import Undeliverable

UNDELIVERABLE: Table = Undeliverable.__table__  # type: ignore[attr-defined]


def of_these(session: Session, addresses: Iterable[str]) -> dict[tuple[int, str], str]:
    """(library, address in lower case) → why, of those of these addresses that are marked."""
    columns = (UNDELIVERABLE.c.organisation_id, UNDELIVERABLE.c.address, UNDELIVERABLE.c.reason)
    rows = session.connection().execute(
        select(*columns).where(among(UNDELIVERABLE.c.address, "addresses", words=True)),
        {"addresses": [address.lower() for address in addresses]},
    )
    return {(library, address): reason for library, address, reason in rows}


def marks(session: Session, organisation_id: int) -> list[Undeliverable]:
    """Every address of a library that must be mended, the newest first."""
    rows = select_rows(Undeliverable).where(Undeliverable.organisation_id == organisation_id)
    return list(session.exec(rows.order_by(col(Undeliverable.at).desc())))


def mark(
    session: Session, organisation_id: int, address: str, *, reason: str, message_id: int | None,
    now: datetime,
) -> None:  # fmt: skip
    """Mark an address of a library; the first reason stays."""
    values = {
        "organisation_id": organisation_id,
        "address": address.lower(),
        "reason": reason,
        "message_id": message_id,
        "at": now,
    }
    insert_once(session, UNDELIVERABLE, values)


def mend(session: Session, organisation_id: int, address: str) -> None:
    """Take the mark away: somebody says that the address is right."""
    session.connection().execute(
        delete(UNDELIVERABLE).where(
            UNDELIVERABLE.c.organisation_id == organisation_id,
            UNDELIVERABLE.c.address == address.lower(),
        )
    )
