"""The person the work is for, and what they agreed to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, owned_id, row_id, within_library
from storage.types import Folded, Key, RowNumber, one_of

#: what can be agreed to: being referred, being asked later how it went, getting messages,
#: the referrer hearing that one arrived
PURPOSES = ("refer", "follow_up", "message", "tell_referrer")
BASES = ("consent", "public_task", "contract", "legitimate_interest")


def _found_by(column: str) -> Index:
    """An index of those who have it: many are nameless and take no room in it."""
    known = text(f"{column} IS NOT NULL")
    return Index(
        f"ix_participant_{column}",
        "organisation_id",
        column,
        sqlite_where=known,
        postgresql_where=known,
    )


class Participant(SQLModel, table=True):
    """A person, who may be nameless. No BSN, no address, no origin: birth year and four digits."""

    __tablename__ = "participant"
    __table_args__ = (
        owned_id(),
        one_of("mother_tongue", ("nt1", "nt2")),
        _found_by("phone"),
        _found_by("email"),
        _found_by("last_name"),
        within_library("merged_into_id", "participant"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    #: opaque and random: all that counting knows of a person
    person_key: int = Field(sa_type=Key, unique=True)
    first_name: str | None = None
    last_name: str | None = None
    birth_year: int | None = None
    #: E.164, such as ``+31612345678``
    phone: str | None = None
    email: str | None = None
    #: the four digits only
    postcode: str | None = None
    municipality_code: str | None = None
    #: Dutch as first (nt1) or second language (nt2)
    mother_tongue: str | None = None
    #: what the person wants to learn, in their own words
    wish: str | None = None
    #: when it suits to be called
    best_moment: str | None = None
    created_at: datetime = moment()
    anonymised_at: datetime | None = moment(optional=True)
    #: who turned out to be the same person, and is kept instead
    merged_into_id: int | None = number(optional=True)


class ParticipantWord(SQLModel, table=True):
    """A word by whose beginning a participant is found (`referrals.search_words`)."""

    __tablename__ = "participant_word"
    __table_args__ = (
        within_library("participant_id", "participant"),
        Index(None, "participant_id", "word"),
        {"sqlite_with_rowid": False},
    )

    organisation_id: int = Field(primary_key=True, sa_type=RowNumber)
    #: a part of a name as names are compared, or ``#`` and a phone number from its end
    word: str = Field(primary_key=True, sa_type=Folded)
    participant_id: int = Field(primary_key=True, sa_type=RowNumber)


class ParticipantMerge(SQLModel, table=True):
    """Two rows that turned out to be one person: what went over, so that it can come back."""

    __tablename__ = "participant_merge"
    __table_args__ = (
        owned_id(),
        within_library("kept_id", "participant"),
        within_library("gone_id", "participant"),
        within_library("by_staff_id", "staff"),
        Index(None, "kept_id"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    kept_id: int = number()
    gone_id: int = number()
    #: the numbers of the rows that went over, by table
    moved: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    #: what the fields of the one who is kept held before
    kept_before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    by_staff_id: int | None = number(optional=True)
    at: datetime = moment()
    undone_at: datetime | None = moment(optional=True)


class Consent(SQLModel, table=True):
    """What a participant agreed to: who explained which text, for which purposes, until when."""

    __tablename__ = "consent"
    __table_args__ = (
        owned_id(),
        within_library("participant_id", "participant"),
        within_library("explained_by", "staff"),
        one_of("basis", BASES),
        one_of("form", ("spoken", "written")),
        Index(None, "participant_id"),
    )

    id: int | None = row_id()
    organisation_id: int = number(foreign_key="organisation.id")
    participant_id: int = number()
    #: the legal basis (AVG article 6); consent is one of several
    basis: str = "consent"
    purposes: list[str] = Field(sa_type=JSON)
    #: partner kinds or names that may receive it
    receivers: list[str] = Field(default_factory=list, sa_type=JSON)
    text_version: str = "1"
    #: the language in which it was explained
    language: str = "nl"
    form: str = "spoken"
    explained_by: int | None = number(optional=True)
    given_on: date
    #: the last day on which it holds
    expires_on: date | None = None
    withdrawn_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()
