"""Questions about how people sign in: who has an address, what they prove it with."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, delete, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.dialects import append_once
from storage.tables import Device, Organisation, SignIn, Staff

SIGN_INS: Table = SignIn.__table__  # type: ignore[attr-defined]
DEVICES: Table = Device.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_ORGANISATIONS: Table = Organisation.__table__  # type: ignore[attr-defined]
#: libraries that know the same address, of which a password is tried
_MOST = 6


class Account(NamedTuple):
    """Somebody who may sign in: as a value, so that it can leave its transaction."""

    staff_id: int
    organisation_id: int
    library: str
    password_hash: str | None
    #: set once codes of an app are asked for
    totp_since: datetime | None


_ACCOUNTS = (
    select(
        _STAFF.c.id,
        _STAFF.c.organisation_id,
        _ORGANISATIONS.c.name,
        SIGN_INS.c.password_hash,
        SIGN_INS.c.totp_since,
    )
    .join(_ORGANISATIONS, _ORGANISATIONS.c.id == _STAFF.c.organisation_id)
    .outerjoin(SIGN_INS, SIGN_INS.c.staff_id == _STAFF.c.id)
    .where(_STAFF.c.active)
)


def with_address(session: Session, email: str) -> list[Account]:
    """Everybody active with an address, at whatever library."""
    rows = _ACCOUNTS.where(_STAFF.c.email == email).order_by(_ORGANISATIONS.c.name, _STAFF.c.id)
    found = session.connection().execute(rows.limit(_MOST))
    return [Account._make(row) for row in found]


def account(session: Session, staff_id: int) -> Account | None:
    """Somebody active, by number."""
    row = session.connection().execute(_ACCOUNTS.where(_STAFF.c.id == staff_id)).first()
    return Account._make(row) if row else None


def secrets_of(session: Session, staff_id: int) -> SignIn | None:
    """What somebody signs in with."""
    return session.get(SignIn, staff_id, populate_existing=True)


def keep_password(session: Session, person: Staff, hashed: str, now: datetime) -> None:
    """Keep a password as its hash."""
    row = secrets_of(session, person.id or 0)
    row = row or SignIn(staff_id=person.id or 0, organisation_id=person.organisation_id)
    row.password_hash, row.changed_at = hashed, now
    session.add(row)
    session.flush()


def keep_rehashed(session: Session, staff_id: int, former: str, hashed: str) -> None:
    """Keep the same password with other costs, unless it was changed meanwhile."""
    where = (SIGN_INS.c.staff_id == staff_id, SIGN_INS.c.password_hash == former)
    session.connection().execute(update(SIGN_INS).where(*where).values(password_hash=hashed))


def keep_totp(
    session: Session, person: Staff, secret: str | None, since: datetime | None, last: int | None
) -> None:
    """Keep what codes are made from; none: no codes."""
    row = secrets_of(session, person.id or 0)
    row = row or SignIn(staff_id=person.id or 0, organisation_id=person.organisation_id)
    row.totp_secret, row.totp_since, row.totp_last = secret, since, last
    session.add(row)
    session.flush()


def use_step(session: Session, staff_id: int, step: int) -> bool:
    """Note that the code of a time step was used; whether it, and no later one, was used before."""
    where = (
        SIGN_INS.c.staff_id == staff_id,
        (SIGN_INS.c.totp_last.is_(None)) | (SIGN_INS.c.totp_last < step),
    )
    used = update(SIGN_INS).where(*where).values(totp_last=step)
    return session.connection().execute(used).rowcount == 1


def knows_device(session: Session, device: str, staff_ids: Iterable[int]) -> bool:
    """Whether one of these people signed in before in the browser with this hash."""
    asked = select(DEVICES.c.hash).where(
        DEVICES.c.hash == device, DEVICES.c.staff_id.in_(list(staff_ids))
    )
    return session.connection().execute(asked.limit(1)).first() is not None


def keep_device(session: Session, device: str, who: Account, now: datetime) -> None:
    """Somebody signed in in this browser."""
    row = (device, who.staff_id, who.organisation_id, now)
    columns = ("hash", "staff_id", "organisation_id", "seen_at")
    if not append_once(session, DEVICES, columns, [row]):
        where = (DEVICES.c.hash == device, DEVICES.c.staff_id == who.staff_id)
        session.connection().execute(update(DEVICES).where(*where).values(seen_at=now))


def drop_devices(session: Session, staff_id: int) -> None:
    """No browser counts as known for somebody any more."""
    session.connection().execute(delete(DEVICES).where(DEVICES.c.staff_id == staff_id))


class Listed(NamedTuple):
    """A member of staff in the list of those who work somewhere."""

    id: int
    name: str
    email: str
    role: str
    active: bool
    has_password: bool
    has_codes: bool


def listed(session: Session, organisation_id: int) -> list[Listed]:
    """Everybody who works at an organisation or did: those who left last."""
    rows = (
        select(
            *(_STAFF.c[name] for name in Listed._fields[:5]),
            SIGN_INS.c.password_hash.is_not(None).label("has_password"),
            SIGN_INS.c.totp_since.is_not(None).label("has_codes"),
        )
        .outerjoin(SIGN_INS, SIGN_INS.c.staff_id == _STAFF.c.id)
        .where(_STAFF.c.organisation_id == organisation_id)
        .order_by(_STAFF.c.active.desc(), _STAFF.c.name, _STAFF.c.id)
    )
    return [Listed._make(row) for row in session.connection().execute(rows)]


def administrators(session: Session, organisation_id: int) -> int:
    """How many active people of an organisation may do everything."""
    rows = select_rows(Staff.id).where(
        Staff.organisation_id == organisation_id,
        Staff.role == "administrator",
        col(Staff.active).is_(True),
    )
    return len(session.exec(rows).all())
