"""The ways along which people are counted: route, pilot, way in and place together."""

from typing import NamedTuple

from sqlalchemy import Table, select
from sqlmodel import Session

from storage.dialects import insert_once
from storage.tables import ReachWay

WAYS: Table = ReachWay.__table__  # type: ignore[attr-defined]


class Way(NamedTuple):
    """What cases have in common for counting; 0 and the empty text where there is none."""

    organisation_id: int
    route: str
    version: int
    pilot_id: int = 0
    campaign_id: int = 0
    channel: str = "other"
    partner_id: int = 0
    municipality_code: str = ""


def number_of(session: Session, way: Way, known: dict[Way, int] | None = None) -> int:
    """The number of a way, which is kept when it is new; `known` spares asking twice."""
    if known is not None and way in known:
        return known[way]
    found = _find(session, way)
    if found is None:
        insert_once(session, WAYS, way._asdict())
        found = _find(session, way)
        assert found is not None
    if known is not None:
        known[way] = found
    return found


def _find(session: Session, way: Way) -> int | None:
    same = [WAYS.c[name] == value for name, value in way._asdict().items()]
    return session.connection().execute(select(WAYS.c.id).where(*same)).scalar()
