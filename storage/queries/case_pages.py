"""Questions of the page of one case: each asked once, whatever its length."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Table, and_, bindparam, case, exists, or_, select
from sqlmodel import Session

from storage.prepared import Prepared
from storage.queries.cases import CASES, PEOPLE
from storage.queries.follow_ups import FOLLOW_UPS
from storage.queries.offers import COURSES, PARTNERS, held, taken
from storage.queries.referrals import REFERRALS
from storage.queries.staff import STAFF
from storage.tables import Consent, Pilot, ReferralAnswer

_CONSENTS: Table = Consent.__table__  # type: ignore[attr-defined]
_PILOTS: Table = Pilot.__table__  # type: ignore[attr-defined]
_ANSWERS: Table = ReferralAnswer.__table__  # type: ignore[attr-defined]


class Head(NamedTuple):
    """A case with its participant, and who brought them."""

    id: int
    participant_id: int
    workflow_version_id: int
    stage: str
    version: int
    seq: int
    stage_day: date
    appointment_on: date | None
    owner_id: int | None
    partner_id: int | None
    channel: str
    linked_case_id: int | None
    opened_on: date
    closed_at: datetime | None
    first_name: str | None
    last_name: str | None
    birth_year: int | None
    phone: str | None
    email: str | None
    wish: str | None
    best_moment: str | None
    partner: str | None
    pilot: str | None

    @property
    def reachable(self) -> bool:
        """Whether there is a number, an address or a partner to reach the participant through."""
        return bool(self.phone or self.email or self.partner_id)


class OtherCase(NamedTuple):
    """Another case of the same participant."""

    id: int
    workflow_version_id: int
    stage: str
    stage_day: date
    owner_id: int | None
    linked_case_id: int | None
    closed_at: datetime | None


_OTHER_CASES = CASES.alias("other_cases")
_HEADS = len(Head._fields)
_HEAD = (
    select(
        *(CASES.c[name] for name in Head._fields[:14]),
        *(PEOPLE.c[name] for name in Head._fields[14:21]),
        PARTNERS.c.name,
        _PILOTS.c.name,
        *(_OTHER_CASES.c[name] for name in OtherCase._fields),
    )
    .join(PEOPLE, PEOPLE.c.id == CASES.c.participant_id)
    .outerjoin(PARTNERS, PARTNERS.c.id == CASES.c.partner_id)
    .outerjoin(_PILOTS, _PILOTS.c.id == CASES.c.pilot_id)
    .outerjoin(
        _OTHER_CASES,
        and_(
            _OTHER_CASES.c.participant_id == CASES.c.participant_id,
            _OTHER_CASES.c.id != CASES.c.id,
        ),
    )
    .where(CASES.c.id == bindparam("case"), CASES.c.organisation_id == bindparam("organisation"))
    .order_by(_OTHER_CASES.c.id.desc())
)
_ASK_HEAD = Prepared(_HEAD)
_ASK_OWN_HEAD = Prepared(
    _HEAD.where(
        or_(
            CASES.c.owner_id.is_(None),
            CASES.c.owner_id == bindparam("sees"),
            # what was handed over to somebody can be done by them
            exists().where(
                FOLLOW_UPS.c.case_id == CASES.c.id,
                FOLLOW_UPS.c.state == "open",
                FOLLOW_UPS.c.assignee_id == bindparam("sees"),
            ),
        )
    )
)


def head(
    session: Session, organisation_id: int, case_id: int, sees: int | None = None
) -> tuple[Head, list[OtherCase]] | None:
    """A case of a library, and the other cases of its participant, the newest first.

    With `sees` only a case of this member of staff or of nobody, or one in which something is
    theirs to do.
    """
    values = {"case": case_id, "organisation": organisation_id, "sees": sees}
    rows = (_ASK_HEAD if sees is None else _ASK_OWN_HEAD).rows(session, values)
    if not rows:
        return None
    others = [OtherCase._make(row[_HEADS:]) for row in rows if row[_HEADS] is not None]
    return Head._make(rows[0][:_HEADS]), others


class Task(NamedTuple):
    """A follow-up of a case."""

    id: int
    rule: str | None
    seq: int
    occurrence: int
    receiver: str
    assignee_id: int | None
    what: str | None
    due_on: date
    escalates_at: datetime | None
    state: str
    outcome: str | None
    done_at: datetime | None
    done_by: int | None


_ASK_TASKS = Prepared(
    select(*(FOLLOW_UPS.c[name] for name in Task._fields))
    .where(FOLLOW_UPS.c.case_id == bindparam("case"))
    .order_by(FOLLOW_UPS.c.due_on, FOLLOW_UPS.c.id)
)


def tasks(session: Session, case_id: int) -> list[Task]:
    """Every follow-up of a case, whatever became of it, by day."""
    return [Task._make(row) for row in _ASK_TASKS.rows(session, {"case": case_id})]


class Sent(NamedTuple):
    """A referral of a case, with its course."""

    id: int
    state: str
    version: int
    warm_handover: bool
    provider_id: int
    course_id: int | None
    sent_at: datetime | None
    reason: str | None
    note: str | None
    provider: str
    course: str | None
    starts_on: date | None
    ends_on: date | None
    #: none: as many as come
    seats_left: int | None


class Answer(NamedTuple):
    """What was answered to a referral."""

    seq: int
    from_state: str
    to_state: str
    by_staff_id: int | None
    reason: str | None
    note: str | None
    at: datetime
    taken_back_at: datetime | None


_SENT = 14
_ASK_SENT = Prepared(
    select(
        *(REFERRALS.c[name] for name in Sent._fields[:9]),
        PARTNERS.c.name,
        COURSES.c.title,
        COURSES.c.starts_on,
        COURSES.c.ends_on,
        (
            COURSES.c.seats
            - taken(REFERRALS.c.course_id)
            + case((held(REFERRALS.c.state), 1), else_=0)
        ).label("seats_left"),
        *(_ANSWERS.c[name] for name in Answer._fields),
    )
    .join(PARTNERS, PARTNERS.c.id == REFERRALS.c.provider_id)
    .outerjoin(COURSES, COURSES.c.id == REFERRALS.c.course_id)
    .outerjoin(_ANSWERS, _ANSWERS.c.referral_id == REFERRALS.c.id)
    .where(REFERRALS.c.case_id == bindparam("case"))
    .order_by(REFERRALS.c.id, _ANSWERS.c.seq)
)


def sent(session: Session, case_id: int) -> dict[Sent, list[Answer]]:
    """Every referral of a case with what was answered to it, the oldest first."""
    found: dict[Sent, list[Answer]] = {}
    for row in _ASK_SENT.rows(session, {"case": case_id}):
        answers = found.setdefault(Sent._make(row[:_SENT]), [])
        if row[_SENT] is not None:
            answers.append(Answer._make(row[_SENT:]))
    return found


class Agreed(NamedTuple):
    """A consent of a participant."""

    id: int
    purposes: tuple[str, ...]
    form: str
    language: str
    explained_by: int | None
    given_on: date
    expires_on: date | None
    withdrawn_at: datetime | None
    created_at: datetime


_ASK_AGREED = Prepared(
    select(*(_CONSENTS.c[name] for name in Agreed._fields))
    .where(_CONSENTS.c.participant_id == bindparam("participant"))
    .order_by(_CONSENTS.c.id)
)


def agreed(session: Session, participant_id: int) -> list[Agreed]:
    """Everything a participant ever agreed to, the oldest first."""
    rows = _ASK_AGREED.rows(session, {"participant": participant_id})
    return [Agreed(number, tuple(purposes), *rest) for number, purposes, *rest in rows]


class Colleague(NamedTuple):
    """Somebody who works at a library, or did."""

    id: int
    name: str
    role: str
    active: bool


_ASK_COLLEAGUES = Prepared(
    select(*(STAFF.c[name] for name in Colleague._fields))
    .where(STAFF.c.organisation_id == bindparam("organisation"))
    .order_by(STAFF.c.name, STAFF.c.id)
)


def colleagues(session: Session, organisation_id: int) -> dict[int, Colleague]:
    """Everybody of a library by number, in the order of their names; also who left."""
    rows = _ASK_COLLEAGUES.rows(session, {"organisation": organisation_id})
    return {row[0]: Colleague._make(row) for row in rows}


_ASK_REFERRAL_MARK = Prepared(
    select(CASES.c.seq, REFERRALS.c.version)
    .join(REFERRALS, REFERRALS.c.case_id == CASES.c.id)
    .where(REFERRALS.c.id == bindparam("referral"))
)


def referral_mark(session: Session, referral_id: int) -> tuple[int, int] | None:
    """(number of the last step of the case, version of the referral), to see what changed since."""
    rows = _ASK_REFERRAL_MARK.rows(session, {"referral": referral_id})
    return (rows[0][0], rows[0][1]) if rows else None
