"""Questions about passwords and codes that were wrong: how many, for which account, from where."""

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, func, select
from sqlmodel import Session

from storage.tables import SignInTry

TRIES: Table = SignInTry.__table__  # type: ignore[attr-defined]
#: guesses for one account in one quarter of an hour, from all browsers that are not known
MOST = 10
COUNTED = timedelta(minutes=15)


def many(session: Session, account: str, device: str, now: datetime) -> bool:
    """Whether there were as many tries as there may be; `device` empty: from unknown browsers."""
    asked = select(func.count()).where(
        TRIES.c.account == account, TRIES.c.device == device, TRIES.c.at > now - COUNTED
    )
    return session.connection().execute(asked).scalar_one() >= MOST


def note(session: Session, account: str, device: str, now: datetime) -> int:
    """Note a try before it is known whether it is right; returns its number."""
    row = SignInTry(account=account, device=device, at=now)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def forgive(session: Session, number: int) -> None:
    """A try was right, so it was none; those of others go on counting."""
    session.connection().execute(delete(TRIES).where(TRIES.c.id == number))
