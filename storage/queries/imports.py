"""Questions about what imports brought in before, and whom a library knows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session

from storage.dialects import among, append
from storage.queries.cases import CASES, PEOPLE
from storage.queries.workflows import VERSIONS
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


def cases_of(
    session: Session, organisation_id: int, source: str, participants: Sequence[int], route: str
) -> list[tuple[int, int]]:
    """The cases of these people on a route that were imported: (participant, case), by number."""
    statement = (
        select(CASES.c.participant_id, CASES.c.id)
        .join(VERSIONS, VERSIONS.c.id == CASES.c.workflow_version_id)
        .where(
            among(CASES.c.participant_id, "people"),
            VERSIONS.c.name == route,
            CASES.c.id.in_(
                select(KEYS.c.case_id).where(
                    KEYS.c.organisation_id == organisation_id, KEYS.c.source == source
                )
            ),
        )
        .order_by(CASES.c.id)
    )
    rows = session.connection().execute(statement, {"people": participants})
    return [(row.participant_id, row.id) for row in rows]


_PERSON = ("first_name", "last_name", "birth_year", "phone", "email", "postcode")


def people(session: Session, organisation_id: int) -> Iterable[tuple[int, int, dict[str, object]]]:
    """Everybody a library knows: (number, key, what is known of them)."""
    columns = (PEOPLE.c[name] for name in _PERSON)
    statement = select(PEOPLE.c.id, PEOPLE.c.person_key, *columns).where(
        PEOPLE.c.organisation_id == organisation_id,
        PEOPLE.c.anonymised_at.is_(None),
        # whoever was merged is found as the one who was kept
        PEOPLE.c.merged_into_id.is_(None),
    )
    for number, key, *values in session.connection().execute(statement):
        yield number, key, dict(zip(_PERSON, values, strict=True))
