"""Questions about the ways along which people are counted."""

from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage.dialects import insert_once
from storage.queries.reach import WAYS


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


_FIND = select(WAYS.c.id).where(*(WAYS.c[name] == bindparam(name) for name in Way._fields))


def find(session: Session, way: Way) -> int | None:
    """The number of a way that is kept already."""
    return session.connection().execute(_FIND, way._asdict()).scalar()


def keep(session: Session, way: Way) -> None:
    """Keep a way, unless somebody just did."""
    insert_once(session, WAYS, way._asdict())
