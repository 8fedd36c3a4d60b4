"""Questions about cases: where they stand, what is known about them, how they got there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, func, or_, select, update
from sqlmodel import Session

from storage.dialects import among
from storage.prepared import Prepared
from storage.tables import Case, Organisation, Participant, StageEntry

CASES: Table = Case.__table__  # type: ignore[attr-defined]
ENTRIES: Table = StageEntry.__table__  # type: ignore[attr-defined]
PEOPLE: Table = Participant.__table__  # type: ignore[attr-defined]
_ORGANISATIONS: Table = Organisation.__table__  # type: ignore[attr-defined]


class Standing(NamedTuple):
    """A case as a move finds it."""

    id: int
    organisation_id: int
    participant_id: int
    case_key: int
    person_key: int
    workflow_version_id: int
    stage: str
    version: int
    seq: int
    stage_day: date
    appointment_on: date | None
    owner_id: int | None
    pilot_id: int | None
    campaign_id: int | None
    partner_id: int | None
    channel: str
    municipality_code: str | None
    way_id: int
    closed_at: datetime | None
    reachable: bool
    zone: str
    closed_days: str


_STANDING = (
    select(
        CASES.c.id,
        CASES.c.organisation_id,
        CASES.c.participant_id,
        CASES.c.case_key,
        PEOPLE.c.person_key,
        *(CASES.c[name] for name in Standing._fields[5:19]),
        or_(
            PEOPLE.c.phone.is_not(None),
            PEOPLE.c.email.is_not(None),
            CASES.c.partner_id.is_not(None),
        ).label("reachable"),
        _ORGANISATIONS.c.zone,
        _ORGANISATIONS.c.closed_days,
    )
    .join(PEOPLE, PEOPLE.c.id == CASES.c.participant_id)
    .join(_ORGANISATIONS, _ORGANISATIONS.c.id == CASES.c.organisation_id)
    .where(among(CASES.c.id, "ids"))
    .order_by(CASES.c.id)
)
_ASK = Prepared(_STANDING)
_ASK_LOCKED = Prepared(_STANDING.with_for_update(of=CASES))


def standing(session: Session, ids: Sequence[int], *, lock: bool = False) -> list[Standing]:
    """The cases with these numbers, by number; `lock`: nobody else changes them meanwhile."""
    question = _ASK_LOCKED if lock else _ASK
    return [Standing._make(row) for row in question.rows(session, {"ids": ids})]


_MOVE = (
    update(CASES)
    .where(among(CASES.c.id, "ids"))
    .values(
        stage=bindparam("new_stage"),
        version=CASES.c.version + 1,
        seq=CASES.c.seq + 1,
        stage_day=bindparam("day"),
        closed_at=bindparam("closes_at", type_=CASES.c.closed_at.type),
        appointment_on=func.coalesce(bindparam("appointment"), CASES.c.appointment_on),
    )
)
_PUT = Prepared(_MOVE)
_PUT_ONE = Prepared(_MOVE.where(CASES.c.version == bindparam("expected_version")))


def put_at(
    session: Session,
    rows: Sequence[Standing],
    stage: str,
    *,
    day: date,
    closed_at: datetime | None,
    appointment: date | None = None,
) -> int:
    """Put locked cases at a stage, one version further; returns how many there were.

    With `put_further` and `put_on_version` all that writes `cases.stage` of a case that exists.
    """
    values: dict[str, Any] = {
        "ids": [row.id for row in rows],
        "new_stage": stage,
        "day": day,
        "closes_at": closed_at,
        "appointment": appointment,
    }
    if len(rows) > 1:
        return _PUT.write(session, values)
    values["expected_version"] = rows[0].version
    return _PUT_ONE.write(session, values)


def put_further(
    session: Session,
    row: Standing,
    stage: str,
    steps: int,
    *,
    day: date,
    closed_at: datetime | None,
) -> None:
    """Put a locked case that an import extends at a stage, a number of steps further."""
    values = {
        "stage": stage,
        "version": CASES.c.version + 1,
        "seq": CASES.c.seq + steps,
        "stage_day": day,
        "closed_at": closed_at,
    }
    session.connection().execute(update(CASES).where(CASES.c.id == row.id).values(values))


class OnVersion(NamedTuple):
    """Where a case goes on another version of its route."""

    id: int
    expected_version: int
    new_version: int
    new_stage: str
    new_way: int


_GO_OVER = Prepared(
    update(CASES)
    .where(CASES.c.id == bindparam("id_"), CASES.c.version == bindparam("expected_version"))
    .values(
        workflow_version_id=bindparam("new_version"),
        stage=bindparam("new_stage"),
        way_id=bindparam("new_way"),
        version=CASES.c.version + 1,
        seq=CASES.c.seq + 1,
    )
)


def put_on_version(session: Session, rows: Sequence[OnVersion]) -> int:
    """Put locked cases on another version of their route; returns how many there were.

    They stay as long in their stage as they were, also where that has another name now.
    """
    values = [{**row._asdict(), "id_": row.id} for row in rows]
    return _GO_OVER.write_each(session, values) if values else 0


class Entry(NamedTuple):
    """A step in the history of a case."""

    seq: int
    kind: str
    move: str | None
    from_stage: str | None
    to_stage: str
    at: datetime
    day: date
    precision: str
    by_staff_id: int | None
    reason: str | None
    note: str | None
    voided_by: int | None
    #: when it was written down, which can be later than when it happened
    recorded_at: datetime


_HISTORY = (
    select(*(ENTRIES.c[name] for name in Entry._fields))
    .where(ENTRIES.c.case_id == bindparam("case"))
    .order_by(ENTRIES.c.seq)
)


def history(session: Session, case_id: int) -> list[Entry]:
    """Every step of a case, the voided ones too, oldest first."""
    return [Entry._make(row) for row in session.connection().execute(_HISTORY, {"case": case_id})]


_HISTORIES = (
    select(ENTRIES.c.case_id, *(ENTRIES.c[name] for name in Entry._fields))
    .where(among(ENTRIES.c.case_id, "ids"))
    .order_by(ENTRIES.c.case_id, ENTRIES.c.seq)
)


def histories(session: Session, ids: Sequence[int]) -> dict[int, list[Entry]]:
    """Every step of each case, the voided ones too, oldest first."""
    found: dict[int, list[Entry]] = {number: [] for number in ids}
    for number, *values in session.connection().execute(_HISTORIES, {"ids": ids}):
        found[number].append(Entry._make(values))
    return found


def void_entry(session: Session, case_id: int, seq: int, by: int) -> None:
    """Mark an entry as undone by a later one."""
    where = and_(ENTRIES.c.case_id == case_id, ENTRIES.c.seq == seq)
    session.connection().execute(update(ENTRIES).where(where).values(voided_by=by))


def update_case(session: Session, row: Standing, **values: Any) -> int:
    """Change fields of a locked case other than its stage; returns how many there were."""
    if "stage" in values:
        raise ValueError("A stage changes by a move.")
    where = and_(CASES.c.id == row.id, CASES.c.version == row.version)
    changed = update(CASES).where(where).values(version=CASES.c.version + 1, **values)
    return session.connection().execute(changed).rowcount


def linked_from(session: Session, case_id: int) -> list[int]:
    """The cases that were opened from this one."""
    linked = select(CASES.c.id).where(CASES.c.linked_case_id == case_id).order_by(CASES.c.id)
    return [cast(int, number) for number in session.connection().execute(linked).scalars()]


def opened_at(session: Session, case_id: int, moment: datetime) -> bool:
    """Whether a linked case was opened from this one at that moment."""
    linked = select(CASES.c.id).where(
        CASES.c.linked_case_id == case_id, CASES.c.created_at == moment
    )
    return session.connection().execute(linked).first() is not None


def open_on_route(session: Session, participants: Sequence[int], route: str) -> dict[int, int]:
    """Participant → their open case on a route, the newest when there are several."""
    from storage.queries.workflows import VERSIONS

    statement = (
        select(CASES.c.participant_id, CASES.c.id)
        .join(VERSIONS, VERSIONS.c.id == CASES.c.workflow_version_id)
        .where(
            among(CASES.c.participant_id, "people"),
            VERSIONS.c.name == route,
            CASES.c.closed_at.is_(None),
        )
        .order_by(CASES.c.id)
    )
    rows = session.connection().execute(statement, {"people": participants})
    return {row.participant_id: row.id for row in rows}


def open_of(session: Session, participants: Sequence[int]) -> list[int]:
    """The open cases of these participants."""
    statement = select(CASES.c.id).where(
        among(CASES.c.participant_id, "people"), CASES.c.closed_at.is_(None)
    )
    return list(session.connection().execute(statement, {"people": participants}).scalars())


def newest_of(session: Session, participants: Sequence[int]) -> dict[int, int]:
    """Participant → the case that was opened for them last."""
    statement = (
        select(CASES.c.participant_id, func.max(CASES.c.id).label("newest"))
        .where(among(CASES.c.participant_id, "people"))
        .group_by(CASES.c.participant_id)
    )
    rows = session.connection().execute(statement, {"people": participants})
    return {row.participant_id: row.newest for row in rows}


def first_name(session: Session, participant_id: int) -> str | None:
    """The first name of a participant, if it is known."""
    rows = select(PEOPLE.c.first_name).where(PEOPLE.c.id == participant_id)
    return session.connection().execute(rows).scalar()
