"""Tidying: what is long over goes, what still offers something stays."""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage.queries.tidying import tidy
from storage.tables import HandledRequest, Link, ReadingCode
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
