"""What a link in a mail may do, the code that opens it further, and answers that came twice."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, within_library
from storage.types import one_of

PURPOSES = ("follow_up", "referral", "preferences", "contact_preferences")


class Link(SQLModel, table=True):
    """A link for one person and one thing; kept as the SHA-256 of what stands in the mail."""

    __tablename__ = "link"
    __table_args__ = (
        within_library("staff_id", "staff"),
        within_library("contact_person_id", "contact_person"),
        one_of("purpose", PURPOSES),
    )

    #: hexadecimal
    hash: str = Field(primary_key=True)
    organisation_id: int = number(foreign_key="organisation.id")
    purpose: str
    #: the follow-up, the referral or the person that it is about
    subject_id: int = number()
    #: the version of the case or referral when it was made
    version: int | None = None
    #: for whom it was made: who uses it, acts in this name
    staff_id: int | None = number(optional=True)
    contact_person_id: int | None = number(optional=True)
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    used_at: datetime | None = moment(optional=True)


class ReadingCode(SQLModel, table=True):
    """A fresh code that shows for ten minutes who a link is about; kept as its SHA-256."""

    __tablename__ = "reading_code"

    link_hash: str = Field(primary_key=True, foreign_key="link.hash")
    code_hash: str
    expires_at: datetime = moment()
    #: wrong tries; after five the code is worth nothing
    tries: int = 0


class HandledRequest(SQLModel, table=True):
    """A form that was sent: the same one sent again has no second effect and the same answer."""

    __tablename__ = "handled_request"

    #: who sent it: the hash of a link, or a member of staff
    actor: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    #: SHA-256 of what was sent
    request_hash: str
    #: where the answer stands, and what it says
    outcome: str
    at: datetime = moment(index=True)
