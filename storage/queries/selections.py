"""Which cases somebody wants to see: every filter as a named condition, for board, list and bulk.

A shape (which filters, which order) becomes one prepared statement; only its values change.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.queries.cases import CASES
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.introductions import INTRODUCTIONS
from storage.queries.referrals import REFERRALS

#: written out, not bound: SQLite uses a partial index only when it can see the words
IS_OPEN: ColumnElement[bool] = FOLLOW_UPS.c.state == literal_column("'open'")
_PLANNED = exists().where(FOLLOW_UPS.c.case_id == CASES.c.id, IS_OPEN).correlate(CASES)

#: name → condition; what stands between brackets is the value that it wants
CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "open": CASES.c.closed_at.is_(None),
    "closed": CASES.c.closed_at.is_not(None),
    # what staff see: their own and nobody's (sees)
    "seen": or_(CASES.c.owner_id == bindparam("sees"), CASES.c.owner_id.is_(None)),
    "owner": CASES.c.owner_id == bindparam("owner"),
    "nobody": CASES.c.owner_id.is_(None),
    "versions": among(CASES.c.workflow_version_id, "versions"),
    "stage": CASES.c.stage == bindparam("stage"),
    "pilot": CASES.c.pilot_id == bindparam("pilot"),
    "channel": CASES.c.channel == bindparam("channel"),
    "partner": CASES.c.partner_id == bindparam("partner"),
    "numbers": among(CASES.c.id, "numbers"),
    # by today something should have been done (today)
    "overdue": _PLANNED.where(FOLLOW_UPS.c.due_on < bindparam("today")),
    "due_today": _PLANNED.where(FOLLOW_UPS.c.due_on == bindparam("today")),
    "without_step": not_(_PLANNED),
    "unanswered": exists()
    .where(REFERRALS.c.case_id == CASES.c.id, REFERRALS.c.state == literal_column("'sent'"))
    .correlate(CASES),
    "introduced": exists()
    .where(
        INTRODUCTIONS.c.organisation_id == CASES.c.organisation_id,
        INTRODUCTIONS.c.state == "new",
        INTRODUCTIONS.c.case_id == CASES.c.id,
    )
    .correlate(CASES),
    "none": false(),
}


class Wanted(NamedTuple):
    """Filters by name, and the values that they need; `library` is always among those."""

    names: frozenset[str]
    values: Mapping[str, Any]


def wanted(library: int, sees: int | None, *names: str, **values: Any) -> Wanted:
    """Filters on the cases of a library; `sees`: of a member of staff who sees no more than theirs
    and nobody's."""
    limited = ("seen",) if sees is not None else ()
    return Wanted(frozenset((*names, *limited)), {**values, "library": library, "sees": sees})


def where(names: frozenset[str]) -> list[ColumnElement[bool]]:
    """The conditions of these filters; the library is always one of them."""
    own = CASES.c.organisation_id == bindparam("library")
    return [own, *(CONDITIONS[name] for name in sorted(names))]


@lru_cache(maxsize=256)
def _counting(names: frozenset[str], most: int) -> Prepared:
    some: Select[Any] = (
        select(literal_column("1")).select_from(CASES).where(*where(names)).limit(most)
    )
    return Prepared(_one(func.count(), some))


def _one(what: Any, of: Select[Any]) -> Select[Any]:
    return select(what.label("number")).select_from(of.subquery())


def count(session: Session, cases: Wanted, most: int) -> int:
    """How many cases there are, or `most` when there are more."""
    [(number,)] = _counting(cases.names, most).rows(session, cases.values)
    return int(number)


class Chosen(NamedTuple):
    """A case that is chosen with others."""

    id: int
    version: int
    workflow_version_id: int
    stage: str
    owner_id: int | None


@lru_cache(maxsize=256)
def _choosing(names: frozenset[str], most: int) -> Prepared:
    columns = [CASES.c[name] for name in Chosen._fields]
    return Prepared(select(*columns).where(*where(names)).order_by(CASES.c.id).limit(most))


def chosen(session: Session, cases: Wanted, most: int) -> list[Chosen]:
    """The cases themselves, by number; at most so many."""
    return [Chosen._make(row) for row in _choosing(cases.names, most).rows(session, cases.values)]
