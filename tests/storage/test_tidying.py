"""Tidying: what is long over goes, what still offers something stays."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from storage.queries.tidying import tidy
from storage.tables import (
    Device,
    Draft,
    HandledRequest,
    KeyLink,
    Link,
    ReadingCode,
    SignInTry,
    Staff,
    Visit,
)
from tests.builders import NOW, a_colleague, a_library
from tests.looking import rows_of


def _link(session: Session, name: str, expires_at: datetime) -> None:
    library = rows_of(session, Link) and rows_of(session, Link)[0].organisation_id
    library = library or a_library(session)
    who = a_colleague(session, library, f"{name}@voorbeeld.nl")
    session.add(
        Link(
            hash=name, organisation_id=library, purpose="preferences", subject_id=who,
            staff_id=who, created_at=NOW, expires_at=expires_at,
        )
    )  # fmt: skip
    session.flush()
    session.add(ReadingCode(link_hash=name, code_hash="x", expires_at=expires_at))
    session.flush()


def test_links_codes_and_forms_go_when_they_are_long_over(session: Session) -> None:
    _link(session, "old", NOW - timedelta(days=61))
    _link(session, "over", NOW - timedelta(days=59))
    for key, days in (("old", 31), ("new", 29)):
        at = NOW - timedelta(days=days)
        row = HandledRequest(actor="a", key=key, request_hash="x", outcome="{}", at=at)
        session.add(row)
    session.flush()
    assert tidy(session, NOW) == 2
    session.expire_all()
    assert [each.hash for each in rows_of(session, Link)] == ["over"]
    assert [each.link_hash for each in rows_of(session, ReadingCode)] == ["over"]
    assert [each.key for each in rows_of(session, HandledRequest)] == ["new"]
    assert tidy(session, NOW) == 0


def test_what_signing_in_left_goes_when_it_is_over(session: Session) -> None:
    library = a_library(session)
    [ann] = [row.id or 0 for row in rows_of(session, Staff)]
    mine: dict[str, Any] = {"organisation_id": library, "staff_id": ann}
    for name, ago in (("old", timedelta(days=400, hours=1)), ("new", timedelta(0))):
        at = NOW - ago
        session.add(Visit(hash=name, created_at=at, seen_at=at, **mine))
        session.add(Device(hash=name, seen_at=at, **mine))
        session.add(SignInTry(account=name, at=at))
        session.add(Draft(page=f"/{name}", fields={}, at=at, **mine))
        expires = at + timedelta(minutes=1)
        session.add(KeyLink(hash=name, purpose="reset", created_at=at, expires_at=expires, **mine))
    session.flush()
    assert tidy(session, NOW) == 5
    session.expire_all()
    for table in (Visit, Device, SignInTry, Draft, KeyLink):
        [left] = rows_of(session, table)
        assert "new" in str(left)
