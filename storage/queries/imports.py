"""Questions about what imports brought in before, and whom a library knows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session

from storage.dialects import among, append
from storage.queries.cases import PEOPLE
from storage.tables import ImportKey

KEYS: Table = ImportKey.__table__  # type: ignore[attr-defined]
_COLUMNS = ("organisation_id", "source", "key", "case_id")
_KNOWN = select(KEYS.c.key, KEYS.c.case_id).where(
    KEYS.c.organisation_id == bindparam("organisation"),
    KEYS.c.source == bindparam("source"),
    among(KEYS.c.key, "keys", words=True),
)


def known(
    session: Session, organisation_id: int, source: str, keys: Sequence[str]
) -> dict[str, int]:
    """Those of the keys that were imported before, each with its case."""
    values = {"organisation": organisation_id, "source": source, "keys": keys}
    rows = session.connection().execute(_KNOWN, values)
    return {row.key: row.case_id for row in rows}


def remember(
    session: Session, organisation_id: int, source: str, keys: Iterable[tuple[str, int]]
) -> None:
    """Remember what was imported: (key, case)."""
    rows = ((organisation_id, source, key, case) for key, case in keys)
    append(session, KEYS, _COLUMNS, rows)


_PERSON = ("first_name", "last_name", "birth_year", "phone", "email", "postcode")


def people(session: Session, organisation_id: int) -> Iterable[tuple[int, int, dict[str, object]]]:
    """Everybody a library knows: (number, key, what is known of them)."""
    columns = (PEOPLE.c[name] for name in _PERSON)
    statement = select(PEOPLE.c.id, PEOPLE.c.person_key, *columns).where(
        PEOPLE.c.organisation_id == organisation_id, PEOPLE.c.anonymised_at.is_(None)
    )
    for number, key, *values in session.connection().execute(statement):
        yield number, key, dict(zip(_PERSON, values, strict=True))
