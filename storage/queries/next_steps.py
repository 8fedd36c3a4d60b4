"""Questions about the next thing to do for each of many cases."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.selections import IS_OPEN
from workflows.definition import NORM


class NextStep(NamedTuple):
    """The open follow-up of a case that is due first."""

    case_id: int
    rule: str | None
    #: when it was planned by hand
    what: str | None
    due_on: date
    receiver: str
    assignee_id: int | None
    id: int


_NEXT = Prepared(
    select(*(FOLLOW_UPS.c[name] for name in NextStep._fields)).where(
        among(FOLLOW_UPS.c.case_id, "ids"), IS_OPEN
    )
)


def of_cases(session: Session, ids: Sequence[int]) -> dict[int, NextStep]:
    """For each case what is due first; of two, what says more than that it stands still."""
    found: dict[int, NextStep] = {}
    for row in map(NextStep._make, _NEXT.rows(session, {"ids": ids})):
        there = found.get(row.case_id)
        if there is None or _order(row) < _order(there):
            found[row.case_id] = row
    return found


def _order(row: NextStep) -> tuple[date, bool, int]:
    return (row.due_on, row.rule == NORM, row.id)
