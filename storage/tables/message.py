"""The outbox: mails that must go out, the addresses that failed, and the texts a library edits."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.types import one_of
from workflows.lifecycles import MESSAGE

MESSAGE_KINDS = (
    #: one a workday for whoever has something to do: a member of staff, or somebody at a partner
    "digest",
    "partner_digest",
    #: once a week for a coordinator
    "roll_up",
    #: at once, because they cannot wait: new introductions, an answer that asks for a step today,
    #: a mail that could not be delivered
    "introductions",
    "answer",
    "undelivered",
    #: to partners: a referral to answer, somebody arrived, introductions were received
    "referral",
    "arrived",
    "received",
    #: to a participant who asked for it
    "appointment",
    #: asked for on a page: a code to read who it is about, a new link instead of an old one
    "code",
    "new_link",
    #: to a member of staff: choose a first password, or a new one
    "invitation",
    "reset",
    #: to an owner, from a colleague who asks to look at some of their cases
    "about_cases",
)


class Message(SQLModel, table=True):
    """A mail to one person, in the life that `workflows.lifecycles.MESSAGE` declares.

    It says what the mail is about, not what stands in it: it is written when it goes out, from
    what is true then.
    """

    __tablename__ = "message"
    __table_args__ = (
        owned_id(),
        within_library("staff_id", "staff"),
        within_library("contact_person_id", "contact_person"),
        within_library("participant_id", "participant"),
        within_library("case_id", "cases"),
        within_library("referral_id", "referral"),
        one_of("kind", MESSAGE_KINDS),
        one_of("state", MESSAGE.states),
        CheckConstraint(
            "CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN contact_person_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN participant_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_receiver",
        ),
        Index(
            "ix_message_ready",
            "next_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_message_under_way",
            "lease_until",
            sqlite_where=text("state IN ('claimed', 'data_started')"),
            postgresql_where=text("state IN ('claimed', 'data_started')"),
        ),
        Index(None, "organisation_id", "state"),
        # the mails that the page of a case shows; most mails are about no case
        Index(
            "ix_message_case_id",
            "case_id",
            sqlite_where=text("case_id IS NOT NULL"),
            postgresql_where=text("case_id IS NOT NULL"),
        ),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    #: what must go out once has one key, such as ``digest:12:2018-04-03``
    key: str = Field(unique=True)
    kind: str
    state: str = MESSAGE.initial
    staff_id: int | None = number(optional=True)
    contact_person_id: int | None = number(optional=True)
    participant_id: int | None = number(optional=True)
    case_id: int | None = number(optional=True)
    referral_id: int | None = number(optional=True)
    #: small and impersonal: a number of introductions, a day, the number of a partner
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    #: where it went, once that is known
    address: str | None = None
    attempts: int = Field(default=0, ge=0)
    #: not before this moment
    next_at: datetime = moment()
    #: who claimed it lets go of it at this moment
    lease_until: datetime | None = moment(optional=True)
    claim_token: str | None = None
    #: the Message-ID, which follows from the key
    message_id: str | None = None
    #: what went wrong last, in the words of the mail server, and of which kind it was
    error: str | None = None
    fault: str | None = None
    created_at: datetime = moment()
    first_tried_at: datetime | None = moment(optional=True)
    sent_at: datetime | None = moment(optional=True)


class Undeliverable(SQLModel, table=True):
    """An address that a mail server refused for good, until somebody mends it."""

    __tablename__ = "undeliverable"

    organisation_id: int = number(foreign_key="organisation.id", primary_key=True)
    address: str = Field(primary_key=True)
    #: the words of the mail server
    reason: str
    message_id: int | None = number(optional=True)
    at: datetime = moment()


class MailText(SQLModel, table=True):
    """A text in mails that a library wrote itself: words and placeholders such as ``{{naam}}``."""

    __tablename__ = "mail_text"
    __table_args__ = (one_of("language", ("nl", "en")),)

    organisation_id: int = number(foreign_key="organisation.id", primary_key=True)
    name: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    text: str
    changed_at: datetime = moment()
