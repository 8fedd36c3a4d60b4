"""Questions of the pages about partners: which there are, and what came through them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, bindparam, case, exists, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.queries.cases import CASES
from storage.queries.course_pages import COURSES, PARTNERS
from storage.queries.reach import ENTRIES
from storage.queries.referrals import REFERRALS
from storage.queries.refused_addresses import UNDELIVERABLE
from storage.tables import ContactPerson, Introduction, Participant, Staff

CONTACTS: Table = ContactPerson.__table__  # type: ignore[attr-defined]
INTRODUCTIONS: Table = Introduction.__table__  # type: ignore[attr-defined]
_PEOPLE: Table = Participant.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]


class PartnerLine(NamedTuple):
    """A partner with what came of it."""

    id: int
    name: str
    kind: str
    active: bool
    municipality_code: str | None


class Counts(NamedTuple):
    """What came through a partner, in numbers."""

    #: people who were introduced or whose case says that they came from there
    cases: int = 0
    open_cases: int = 0
    contacts: int = 0
    courses: int = 0
    unanswered: int = 0
    refused: int = 0


class Introduced(NamedTuple):
    """Somebody who was introduced."""

    received_at: datetime
    state: str
    channel: str
    contact: str | None
    case_id: int | None
    owner_id: int | None
    owner: str | None
    first_name: str | None
    last_name: str | None
    stage: str | None
    workflow_version_id: int | None
    closed_at: datetime | None


class Unanswered(NamedTuple):
    """A referral that a provider did not answer yet."""

    referral_id: int
    case_id: int
    owner_id: int | None
    owner: str | None
    first_name: str | None
    last_name: str | None
    course_id: int | None
    course: str | None
    sent_at: datetime | None


def partners(
    session: Session,
    organisation_id: int,
    *,
    kind: str = "",
    gone: bool = False,
    first: int = 0,
    most: int = 60,
) -> list[PartnerLine]:
    """The partners of a library by name, of one kind or all; `gone`: with those that are closed."""
    lines = _lines(organisation_id)
    if kind:
        lines = lines.where(PARTNERS.c.kind == kind)
    if not gone:
        lines = lines.where(PARTNERS.c.active)
    ordered = lines.order_by(func.lower(PARTNERS.c.name), PARTNERS.c.id).offset(first).limit(most)
    return [PartnerLine._make(row) for row in session.connection().execute(ordered)]


def partner(session: Session, organisation_id: int, number: int) -> PartnerLine | None:
    """A partner of a library."""
    row = session.connection().execute(_lines(organisation_id).where(PARTNERS.c.id == number))
    found = row.first()
    return PartnerLine._make(found) if found else None


def kinds(session: Session, organisation_id: int) -> dict[str, int]:
    """Kind → how many partners of a library are of it and not closed."""
    rows = session.connection().execute(
        select(PARTNERS.c.kind, func.count())
        .where(PARTNERS.c.organisation_id == organisation_id, PARTNERS.c.active)
        .group_by(PARTNERS.c.kind)
    )
    return {row[0]: row[1] for row in rows}


def counts(session: Session, organisation_id: int) -> dict[int, Counts]:
    """For each partner of a library what came of it: as many questions, however many there are."""
    asked: dict[str, Select[Any]] = {
        "contacts": _per(CONTACTS, CONTACTS.c.active),
        "courses": _per(COURSES, COURSES.c.active, by="provider_id"),
        "unanswered": _per(REFERRALS, REFERRALS.c.state == "sent", by="provider_id"),
        "refused": _per(CONTACTS, _is_refused()),
        "cases": _per(CASES, CASES.c.partner_id.is_not(None), extra=_OPEN),
    }
    found: dict[int, dict[str, int]] = {}
    for name, statement in asked.items():
        rows = session.connection().execute(statement, {"library": organisation_id})
        for number, count, *still_open in rows:
            values = found.setdefault(number, {})
            values[name] = count
            if still_open:
                values["open_cases"] = still_open[0]
    return {number: Counts(**values) for number, values in found.items()}


def reached(session: Session, organisation_id: int, partner_id: int) -> dict[int, int]:
    """Place of the level → how many people who came through a partner got there, as counting does.

    The steps that hold of the partner's own cases; whoever is invented is counted nowhere.
    """
    rows = session.connection().execute(
        select(ENTRIES.c.level, func.count(ENTRIES.c.person_key.distinct()))
        .select_from(CASES)
        .join(_PEOPLE, _PEOPLE.c.id == CASES.c.participant_id)
        .join(
            ENTRIES,
            (ENTRIES.c.person_key == _PEOPLE.c.person_key)
            & (ENTRIES.c.case_key == CASES.c.case_key),
        )
        .where(
            CASES.c.organisation_id == organisation_id,
            CASES.c.partner_id == partner_id,
            ENTRIES.c.voided_at.is_(None),
            ENTRIES.c.level.is_not(None),
        )
        .group_by(ENTRIES.c.level)
    )
    return {row[0]: row[1] for row in rows}


def contact_people(session: Session, organisation_id: int, partner_id: int) -> list[ContactPerson]:
    """The humans at a partner, who work there now on top."""
    rows = select_rows(ContactPerson).where(
        ContactPerson.organisation_id == organisation_id, ContactPerson.partner_id == partner_id
    )
    return list(session.exec(rows.order_by(col(ContactPerson.active).desc(), ContactPerson.name)))


def refused(
    session: Session, organisation_id: int, partner_id: int
) -> dict[str, tuple[str, datetime]]:
    """Address in lower case → what its mail server said and when, of those at a partner."""
    rows = session.connection().execute(
        select(UNDELIVERABLE.c.address, UNDELIVERABLE.c.reason, UNDELIVERABLE.c.at)
        .join(CONTACTS, func.lower(CONTACTS.c.email) == UNDELIVERABLE.c.address)
        .where(
            UNDELIVERABLE.c.organisation_id == organisation_id,
            CONTACTS.c.organisation_id == organisation_id,
            CONTACTS.c.partner_id == partner_id,
        )
        .distinct()
    )
    return {address: (reason, at) for address, reason, at in rows}


def introduced(
    session: Session, organisation_id: int, partner_id: int, *, most: int = 50
) -> list[Introduced]:
    """Who was introduced by a partner, the latest on top."""
    rows = session.connection().execute(
        select(
            INTRODUCTIONS.c.received_at, INTRODUCTIONS.c.state, INTRODUCTIONS.c.channel,
            CONTACTS.c.name, CASES.c.id, CASES.c.owner_id, _STAFF.c.name, _PEOPLE.c.first_name,
            _PEOPLE.c.last_name, CASES.c.stage, CASES.c.workflow_version_id, CASES.c.closed_at,
        )
        .join(_PEOPLE, _PEOPLE.c.id == INTRODUCTIONS.c.participant_id)
        .outerjoin(CONTACTS, CONTACTS.c.id == INTRODUCTIONS.c.contact_person_id)
        .outerjoin(CASES, CASES.c.id == INTRODUCTIONS.c.case_id)
        .outerjoin(_STAFF, _STAFF.c.id == CASES.c.owner_id)
        .where(
            INTRODUCTIONS.c.organisation_id == organisation_id,
            INTRODUCTIONS.c.partner_id == partner_id,
        )
        .order_by(INTRODUCTIONS.c.received_at.desc(), INTRODUCTIONS.c.id.desc())
        .limit(most)
    )  # fmt: skip
    return [Introduced._make(row) for row in rows]


def unanswered(session: Session, organisation_id: int, provider_id: int) -> list[Unanswered]:
    """The referrals that a provider did not answer yet, the longest ago on top."""
    rows = session.connection().execute(
        select(
            REFERRALS.c.id, REFERRALS.c.case_id, CASES.c.owner_id, _STAFF.c.name,
            _PEOPLE.c.first_name, _PEOPLE.c.last_name, REFERRALS.c.course_id, COURSES.c.title,
            REFERRALS.c.sent_at,
        )
        .join(CASES, CASES.c.id == REFERRALS.c.case_id)
        .join(_PEOPLE, _PEOPLE.c.id == CASES.c.participant_id)
        .outerjoin(_STAFF, _STAFF.c.id == CASES.c.owner_id)
        .outerjoin(COURSES, COURSES.c.id == REFERRALS.c.course_id)
        .where(
            REFERRALS.c.organisation_id == organisation_id,
            REFERRALS.c.provider_id == provider_id,
            REFERRALS.c.state == "sent",
        )
        .order_by(REFERRALS.c.sent_at, REFERRALS.c.id)
        .limit(100)
    )  # fmt: skip
    return [Unanswered._make(row) for row in rows]


_OPEN = func.count(case((CASES.c.closed_at.is_(None), 1)))


def _lines(organisation_id: int) -> Select[Any]:
    columns = (PARTNERS.c.id, PARTNERS.c.name, PARTNERS.c.kind, PARTNERS.c.active)
    return select(*columns, PARTNERS.c.municipality_code).where(
        PARTNERS.c.organisation_id == organisation_id
    )


def _per(
    table: Table, holds: ColumnElement[bool], *, by: str = "partner_id", extra: Any = None
) -> Select[Any]:
    """How many rows of a library each partner has of which something holds."""
    columns = [table.c[by], func.count()] + ([extra] if extra is not None else [])
    return (
        select(*columns)
        .where(table.c.organisation_id == bindparam("library"), holds)
        .group_by(table.c[by])
    )


def _is_refused() -> ColumnElement[bool]:
    return exists().where(
        UNDELIVERABLE.c.organisation_id == CONTACTS.c.organisation_id,
        UNDELIVERABLE.c.address == func.lower(CONTACTS.c.email),
        CONTACTS.c.active,
    )
