"""Opens cases: one or many, for somebody new or somebody known, at a stage the route starts in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from core.errors import FaultyValue
from core.words import Told
from referrals import bsn, entering
from referrals.entering import Entering
from referrals.participants import Registered
from referrals.reach import ways
from referrals.reach.ways import Way
from referrals.routes import Published
from storage.dialects import append, reserve_numbers
from storage.keys import new_keys
from storage.queries import staff
from storage.queries.cases import CASES, Standing
from storage.tables import Organisation

COLUMNS = (
    "id", "organisation_id", "participant_id", "case_key", "workflow_version_id", "stage",
    "version", "seq", "stage_day", "appointment_on", "owner_id", "pilot_id", "campaign_id",
    "partner_id", "channel", "municipality_code", "way_id", "linked_case_id", "opened_on",
    "closed_at", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class NewCase:
    """A case to open."""

    participant: Registered
    #: of `storage.tables.partner.CHANNELS`
    channel: str = "other"
    #: none: the first stage of the route
    stage: str | None = None
    owner_id: int | None = None
    pilot_id: int | None = None
    campaign_id: int | None = None
    #: who introduced the participant
    partner_id: int | None = None
    municipality_code: str | None = None
    linked_case_id: int | None = None
    reachable: bool = False
    note: str | None = None


def open_cases(
    session: Session,
    organisation_id: int,
    published: Published,
    wanted: Sequence[NewCase],
    *,
    by: int | None,
    now: datetime,
    due_hour: int = 8,
) -> list[int]:
    """Open cases of a library on a version of a route; returns their numbers, in this order.

    Raises `FaultyValue` for a stage in which the route does not start.
    """
    for each in wanted:
        bsn.refuse(each.note, "note")
        _refuse_other_start(published, each.stage)
    library = staff.organisation_by_number(session, organisation_id)
    entries = _entries(session, library, published, wanted, by, now)
    numbers = [each.case.id for each in entries]
    links = {number: each.linked_case_id for each, number in zip(wanted, numbers, strict=True)}
    append(session, CASES, COLUMNS, (case_row(each.case, links, each.day, now) for each in entries))
    version = {published.id: published}
    entering.write_entries(session, entries, version, now)
    entering.plan(session, entries, version, {}, now=now, due_hour=due_hour)
    entering.write_journal(session, "case.opened", entries, now)
    return numbers


def _refuse_other_start(published: Published, stage: str | None) -> None:
    if stage is not None and stage not in published.definition.start:
        remedy = Told("Choose one of: {names}.", names=", ".join(published.definition.start))
        raise FaultyValue(stage, remedy=remedy)


def _entries(
    session: Session,
    library: Organisation,
    published: Published,
    wanted: Sequence[NewCase],
    by: int | None,
    now: datetime,
) -> list[Entering]:
    """The first entry of each case, with the number and key that it will have."""
    assert library.id is not None
    day = clock.local_day(now, library.zone)
    numbers = reserve_numbers(session, CASES, len(wanted))
    known: dict[Way, int] = {}
    entries = []
    for each, number, key in zip(wanted, numbers, new_keys(len(wanted), now), strict=True):
        stage = each.stage or published.definition.start[0]
        way_id = ways.number_of(session, way_of(library.id, published, each), known)
        case = Standing(
            number, library.id, each.participant.id, key, each.participant.person_key,
            published.id, stage, 1, 1, day, None, each.owner_id, each.pilot_id, each.campaign_id,
            each.partner_id, each.channel, each.municipality_code, way_id, None, each.reachable,
            library.zone, library.closed_days,
        )  # fmt: skip
        note = each.note
        entries.append(Entering(case, 1, "open", None, None, stage, now, day, by=by, note=note))
    return entries


def way_of(organisation_id: int, published: Published, case: NewCase) -> Way:
    """Along which way a case is counted."""
    return Way(
        organisation_id,
        published.name,
        published.number,
        case.pilot_id or 0,
        case.campaign_id or 0,
        case.channel,
        case.partner_id or 0,
        case.municipality_code or "",
    )


def case_row(
    case: Standing, links: dict[int, int | None], opened_on: date, now: datetime
) -> tuple[object, ...]:
    """The values of `COLUMNS` for a case."""
    return (
        case.id, case.organisation_id, case.participant_id, case.case_key,
        case.workflow_version_id, case.stage, case.version, case.seq, case.stage_day,
        case.appointment_on, case.owner_id, case.pilot_id, case.campaign_id, case.partner_id,
        case.channel, case.municipality_code, case.way_id, links.get(case.id), opened_on,
        case.closed_at, now,
    )  # fmt: skip
