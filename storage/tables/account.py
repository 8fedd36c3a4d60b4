"""How somebody signs in: the secrets, the visits, the links by mail and the tries. Hashes only."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, number, row_id, within_library
from storage.types import one_of

#: what a link by mail is for: a first password, or a new one; and what a browser keeps between
#: the password and the code or the choice of a library
PURPOSES = ("invitation", "reset", "step")


class SignIn(SQLModel, table=True):
    """What somebody proves who they are with; without a row, nobody signs in as them."""

    __tablename__ = "sign_in"
    __table_args__ = (within_library("staff_id", "staff"),)

    staff_id: int = number(primary_key=True)
    organisation_id: int = number(foreign_key="organisation.id")
    #: argon2id, with its parameters; none before an invitation is accepted
    password_hash: str | None = None
    changed_at: datetime | None = moment(optional=True)
    #: what an app makes codes from; it counts once `totp_since` says that a code was right
    totp_secret: str | None = None
    totp_since: datetime | None = moment(optional=True)
    #: the last time step of which a code was used: none works twice
    totp_last: int | None = None


class Visit(SQLModel, table=True):
    """Somebody who is signed in, in one browser; it ends by the row going away."""

    __tablename__ = "visit"
    __table_args__ = (within_library("staff_id", "staff"),)

    #: SHA-256 of the cookie, hexadecimal
    hash: str = Field(primary_key=True)
    organisation_id: int = number(foreign_key="organisation.id")
    staff_id: int = number(index=True)
    created_at: datetime = moment()
    #: to the minute
    seen_at: datetime = moment(index=True)


class KeyLink(SQLModel, table=True):
    """A link by mail with which somebody chooses a password, or half of signing in.

    Kept as the SHA-256 of it, and worth something once.
    """

    __tablename__ = "key_link"
    __table_args__ = (within_library("staff_id", "staff"), one_of("purpose", PURPOSES))

    #: hexadecimal
    hash: str = Field(primary_key=True)
    organisation_id: int = number(foreign_key="organisation.id")
    staff_id: int = number(index=True)
    purpose: str
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    used_at: datetime | None = moment(optional=True)


class Device(SQLModel, table=True):
    """A browser in which somebody signed in before: their guesses are counted apart."""

    __tablename__ = "device"
    __table_args__ = (within_library("staff_id", "staff"),)

    #: SHA-256 of its long-lived cookie, hexadecimal
    hash: str = Field(primary_key=True)
    staff_id: int = number(primary_key=True)
    organisation_id: int = number(foreign_key="organisation.id")
    seen_at: datetime = moment(index=True)


class SignInTry(SQLModel, table=True):
    """A password or code that was wrong, for a quarter of an hour."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index(None, "account", "device", "at"),)

    id: int | None = row_id()
    #: SHA-256 of the address that was filled in, whether or not somebody has it
    account: str
    #: SHA-256 of the cookie of a device that signed in before; empty for any other
    device: str = ""
    at: datetime = moment(index=True)
