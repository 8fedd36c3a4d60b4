"""The ways along which people are counted: route, pilot, way in and place together."""

from sqlmodel import Session

from storage.queries import ways
from storage.queries.ways import Way

__all__ = ["Way", "number_of"]


def number_of(session: Session, way: Way, known: dict[Way, int] | None = None) -> int:
    """The number of a way, which is kept when it is new; `known` spares asking twice."""
    if known is not None and way in known:
        return known[way]
    found = ways.find(session, way)
    if found is None:
        ways.keep(session, way)
        found = ways.find(session, way)
        assert found is not None
    if known is not None:
        known[way] = found
    return found
