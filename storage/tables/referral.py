"""Referrals to a course, and what somebody must do by a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.types import RowNumber, one_of
from workflows.definition import Receiver
from workflows.lifecycles import REFERRAL

_OPEN = ", ".join(f"'{state}'" for state in REFERRAL.open_states)
_TO_ASK = "state = 'open' AND mailed_on IS NULL AND receiver IN ('referrer', 'provider')"
FOLLOW_UP_STATES = ("open", "done", "ended", "missed")
RECEIVERS = Receiver.__args__  # type: ignore[attr-defined]


class Referral(SQLModel, table=True):
    """We hand a participant to a course at a provider, who answers."""

    __tablename__ = "referral"
    __table_args__ = (
        owned_id(),
        within_library("case_id", "cases"),
        within_library("participant_id", "participant"),
        within_library("provider_id", "partner"),
        within_library("course_id", "course"),
        within_library("made_by", "staff"),
        one_of("state", REFERRAL.states),
        Index(
            "uq_referral_open",
            "participant_id",
            "course_id",
            unique=True,
            sqlite_where=text(f"state IN ({_OPEN})"),
            postgresql_where=text(f"state IN ({_OPEN})"),
        ),
        Index(None, "case_id"),
        Index(None, "organisation_id", "course_id", "state"),
        Index(
            "ix_referral_unanswered",
            "organisation_id",
            "sent_at",
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    case_id: int = number()
    participant_id: int = number()
    provider_id: int = number()
    course_id: int | None = number(optional=True)
    state: str = REFERRAL.initial
    version: int = 1
    #: going along or calling together, instead of handing out a flyer
    warm_handover: bool = False
    made_by: int | None = number(optional=True)
    sent_at: datetime | None = moment(optional=True)
    answered_at: datetime | None = moment(optional=True)
    #: why it was declined or withdrawn, as a reason code
    reason: str | None = None
    note: str | None = None
    created_at: datetime = moment()


class ReferralAnswer(SQLModel, table=True):
    """What became of a referral, step by step: append-only, so that an answer can be taken back."""

    __tablename__ = "referral_answer"
    __table_args__ = (
        within_library("referral_id", "referral"),
        within_library("by_staff_id", "staff"),
        one_of("from_state", REFERRAL.states),
        one_of("to_state", REFERRAL.states),
    )

    referral_id: int = Field(primary_key=True, sa_type=RowNumber)
    #: the version that the referral got by it
    seq: int = Field(primary_key=True)
    organisation_id: int = number()
    from_state: str
    to_state: str
    #: who noted it; none for a provider who answered a mail
    by_staff_id: int | None = number(optional=True)
    reason: str | None = None
    note: str | None = None
    at: datetime = moment()
    taken_back_at: datetime | None = moment(optional=True)


class FollowUp(SQLModel, table=True):
    """Something somebody must do by a day; planned by a rule of the route, or by hand."""

    __tablename__ = "follow_up"
    __table_args__ = (
        within_library("case_id", "cases"),
        within_library("assignee_id", "staff"),
        UniqueConstraint("case_id", "rule", "seq", "occurrence", "receiver"),
        one_of("state", FOLLOW_UP_STATES),
        one_of("receiver", RECEIVERS),
        Index(
            "ix_follow_up_due",
            "organisation_id",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_follow_up_to_ask",
            "due_at",
            sqlite_where=text(_TO_ASK),
            postgresql_where=text(_TO_ASK),
        ),
        Index(
            "ix_follow_up_repeats",
            "repeats_at",
            sqlite_where=text("state = 'open' AND repeats_at IS NOT NULL"),
            postgresql_where=text("state = 'open' AND repeats_at IS NOT NULL"),
        ),
        Index(
            "ix_follow_up_escalates",
            "escalates_at",
            sqlite_where=text("state = 'open' AND escalates_at IS NOT NULL"),
            postgresql_where=text("state = 'open' AND escalates_at IS NOT NULL"),
        ),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    case_id: int = number()
    #: the rule of the route; none when planned by hand
    rule: str | None = None
    #: the stage entry that it was planned for
    seq: int
    occurrence: int = Field(default=1, ge=1)
    receiver: str = "owner"
    assignee_id: int | None = number(optional=True)
    #: what to do, when planned by hand
    what: str | None = None
    #: a local day
    due_on: date
    due_at: datetime = moment()
    #: when somebody else hears that nobody did it; none: that has been, or the rule knows nobody
    escalates_at: datetime | None = moment(optional=True)
    #: the local day on which somebody at a partner was mailed about it; staff hear every day
    mailed_on: date | None = None
    #: when that person is asked again
    repeats_at: datetime | None = moment(optional=True)
    state: str = "open"
    outcome: str | None = None
    done_at: datetime | None = moment(optional=True)
    done_by: int | None = number(optional=True)
    #: how it stood before the last thing that was done with it, so that this can be undone
    former: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)
    created_at: datetime = moment()
