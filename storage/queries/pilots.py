"""Questions about pilots, campaigns and targets."""

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.prepared import Prepared
from storage.tables import Pilot, PilotLibrary, Target

PILOTS: Table = Pilot.__table__  # type: ignore[attr-defined]


def names(session: Session) -> dict[int, str]:
    """The name of each pilot by its number."""
    rows = session.connection().execute(select(PILOTS.c.id, PILOTS.c.name))
    return {row.id: row.name for row in rows}


_PARTS: Table = PilotLibrary.__table__  # type: ignore[attr-defined]
_OF_LIBRARY = Prepared(
    select(PILOTS.c.id, PILOTS.c.name)
    .join(_PARTS, _PARTS.c.pilot_id == PILOTS.c.id)
    .where(_PARTS.c.organisation_id == bindparam("library"))
    .order_by(PILOTS.c.name)
)


def of_library(session: Session, organisation_id: int) -> list[tuple[int, str]]:
    """(number, name) of each pilot that a library takes part in, by name."""
    rows = _OF_LIBRARY.rows(session, {"library": organisation_id})
    return [(number, name) for number, name in rows]


def pilot(session: Session, name: str) -> Pilot | None:
    """The pilot with this name."""
    return session.exec(select_rows(Pilot).where(Pilot.name == name)).first()


def takes_part(session: Session, organisation_id: int, pilot_id: int) -> bool:
    """Whether a library takes part in a pilot."""
    return session.get(PilotLibrary, (organisation_id, pilot_id)) is not None


def targets(session: Session) -> list[Target]:
    """All targets, by pilot and date."""
    return list(session.exec(select_rows(Target).order_by(col(Target.dated))))
