"""Organisations outside, the humans there, the courses they give, and who they introduce."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.types import one_of

PARTNER_KINDS = (
    "school",
    "childcare",
    "employer",
    "provider",
    "municipality",
    "help_desk",
    "welfare",
    "other",
)
#: the way in: how somebody was found
CHANNELS = (
    "school",
    "employer",
    "digital_desk",
    "language_course",
    "self",
    "campaign",
    "partner",
    "acquaintance",
    "other",
)


class Partner(SQLModel, table=True):
    """An organisation outside: a school, an employer, a provider of courses, a help desk."""

    __tablename__ = "partner"
    __table_args__ = (
        owned_id(),
        UniqueConstraint("organisation_id", "name"),
        one_of("kind", PARTNER_KINDS),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    name: str
    kind: str
    municipality_code: str | None = None
    active: bool = True
    created_at: datetime = moment()


class ContactPerson(SQLModel, table=True):
    """A human at a partner, such as an employer's HR contact."""

    __tablename__ = "contact_person"
    __table_args__ = (owned_id(), within_library("partner_id", "partner"))

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    partner_id: int = number()
    name: str
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    #: whether this person wants mails about what waits for them
    mails: bool = True
    active: bool = True


class Course(SQLModel, table=True):
    """A course of a provider: a start, a place, seats and a waiting list."""

    __tablename__ = "course"
    __table_args__ = (
        owned_id(),
        within_library("provider_id", "partner"),
        one_of("subject", ("language", "numeracy", "digital", "combined")),
        one_of("kind", ("formal", "non_formal_professional", "non_formal_volunteer")),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    provider_id: int = number()
    title: str
    #: subject and kind as the yearly request of CBS distinguishes them
    subject: str = "language"
    kind: str = "non_formal_volunteer"
    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    #: none: no limit
    seats: int | None = Field(default=None, ge=0)
    active: bool = True


class Introduction(SQLModel, table=True):
    """A person handed to us by a school, an employer, a help desk, or by themselves."""

    __tablename__ = "introduction"
    __table_args__ = (
        owned_id(),
        within_library("partner_id", "partner"),
        within_library("contact_person_id", "contact_person"),
        within_library("participant_id", "participant"),
        within_library("case_id", "cases"),
        one_of("state", ("new", "taken_up", "not_wanted")),
        one_of("channel", CHANNELS),
        Index(None, "organisation_id", "state"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    partner_id: int | None = number(optional=True)
    contact_person_id: int | None = number(optional=True)
    participant_id: int = number()
    case_id: int | None = number(optional=True)
    channel: str
    state: str = "new"
    wish: str | None = None
    best_moment: str | None = None
    received_at: datetime = moment()
