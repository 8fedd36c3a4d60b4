"""Linked cases: from a digital course to a language course and back, for the same participant."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from referrals import opening, routes
from referrals.entering import Entering
from referrals.opening import NewCase
from referrals.participants import Registered
from workflows.definition import Move

#: how somebody is found who comes over from another route
_CHANNELS = {"digital-to-language": "language_course", "language-to-digital": "digital_desk"}


def open_linked(
    session: Session,
    entries: Sequence[Entering],
    moves: Mapping[int, Move],
    *,
    by: int | None,
    now: datetime,
    due_hour: int,
) -> dict[int, int]:
    """Open the linked case that each move asks for: case → the case that was opened."""
    opened: dict[int, int] = {}
    for each in entries:
        route = moves[each.case.workflow_version_id].opens
        if route is None:
            continue
        case = each.case
        new = NewCase(
            Registered(case.participant_id, case.person_key),
            channel=_CHANNELS.get(route, case.channel),
            owner_id=case.owner_id,
            pilot_id=case.pilot_id,
            campaign_id=case.campaign_id,
            municipality_code=case.municipality_code,
            linked_case_id=case.id,
            reachable=case.reachable,
        )
        [opened[case.id]] = opening.open_cases(
            session, case.organisation_id, routes.newest(session, route), [new],
            by=by, now=now, due_hour=due_hour,
        )  # fmt: skip
    return opened
