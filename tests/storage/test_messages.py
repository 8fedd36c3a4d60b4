"""The outbox takes each key once, keeps the night quiet, and says what became of its mails."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from storage.queries import messages
from storage.queries.messages import Queued
from storage.tables import Message, Organisation
from tests.builders import NOW, a_contact, a_library, a_partner, a_staff
from tests.looking import rows_of, savepoint

NIGHT = datetime(2018, 4, 3, 21, tzinfo=UTC)
MORNING = datetime(2018, 4, 4, 5, tzinfo=UTC)


def a_mail(library: int, key: str, staff: int, **more: Any) -> Queued:
    kind = more.pop("kind", "answer")
    return Queued(library, key, kind, staff_id=staff, **more)


def put(session: Session, mails: list[Queued], now: datetime = NOW) -> list[Message]:
    """The mails of the outbox after these were queued."""
    messages.queue(session, mails, now)
    return rows_of(session, Message)


def test_a_mail_is_kept_as_it_was_queued(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    detail = {"answer": "declined", "é": [1, 2]}
    [row] = put(session, [a_mail(library, "answer:1", bas, detail=detail)])
    assert (row.key, row.kind, row.state, row.staff_id) == ("answer:1", "answer", "pending", bas)
    assert (row.detail, row.attempts, row.address) == (detail, 0, None)
    assert (row.next_at, row.created_at) == (NOW, NOW)


def test_each_key_is_queued_once(session: Session) -> None:
    library = a_library(session)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    put(session, [a_mail(library, "answer:1", bas), a_mail(library, "answer:1", cas)])
    later = NOW + timedelta(hours=1)
    rows = put(session, [a_mail(library, "answer:1", cas), a_mail(library, "answer:2", cas)], later)
    assert [(row.key, row.staff_id, row.created_at) for row in rows] == [
        ("answer:1", bas, NOW), ("answer:2", cas, later),
    ]  # fmt: skip


def test_a_mail_goes_with_what_caused_it(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    with savepoint(session) as inner:
        assert len(put(session, [a_mail(library, "answer:1", bas)])) == 1
        inner.rollback()
    assert rows_of(session, Message) == []


@pytest.mark.parametrize(
    ("changed", "now", "goes"),
    [
        ({}, NOW, NOW),
        ({}, NIGHT, MORNING),
        ({"quiet_from": 23}, NIGHT - timedelta(hours=1), NIGHT - timedelta(hours=1)),
        ({"quiet_to": 10}, NIGHT, MORNING + timedelta(hours=3)),
        ({"closed_days": "2018-04-04"}, NIGHT, MORNING + timedelta(days=1)),
        # eleven in the evening here is five in the afternoon there
        ({"zone": "America/Kralendijk"}, NIGHT, NIGHT),
    ],
)
def test_the_quiet_hours_of_each_library_are_kept(
    session: Session, changed: dict[str, Any], now: datetime, goes: datetime
) -> None:
    library, other = a_library(session), a_library(session, "elders")
    for name, value in changed.items():
        setattr(session.get_one(Organisation, library), name, value)
    session.flush()
    mails = [
        a_mail(number, f"answer:{number}", a_staff(session, number, "Bas"))
        for number in (library, other)
    ]
    mine, theirs = put(session, mails, now)
    assert (mine.next_at, mine.created_at) == (goes, now)
    assert theirs.next_at == (NOW if now == NOW else MORNING)


def test_a_mail_with_a_moment_of_its_own_goes_then(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    rows = put(
        session,
        [
            a_mail(library, "answer:1", bas),
            Queued(library, "digest:1", "digest", NIGHT + timedelta(hours=1), staff_id=bas),
        ],
        NIGHT,
    )
    assert [row.next_at for row in rows] == [MORNING, NIGHT + timedelta(hours=1)]


def test_keys_that_are_there_are_found(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    put(session, [a_mail(library, key, bas) for key in ("a:1", "b'2", "ü:3")])
    assert messages.there(session, ["a:1", "ü:3", "d:4", "b'2"]) == {"a:1", "b'2", "ü:3"}
    assert messages.there(session, []) == set()


def test_the_newest_mails_of_a_library_are_listed(session: Session) -> None:
    library, elsewhere = a_library(session), a_library(session, "elders")
    bas = a_staff(session, library, "Bas")
    wim = a_contact(session, a_partner(session, library, "Taalhuis"))
    put(
        session,
        [
            a_mail(library, "a", bas, kind="digest"),
            Queued(library, "b", "received", contact_person_id=wim),
            a_mail(library, "c", bas),
            a_mail(elsewhere, "d", a_staff(session, elsewhere, "Cas")),
        ],
    )
    [first, *_] = rows_of(session, Message)
    first.state = "failed"
    session.flush()

    def listed(*states: str, kind: str | None = None, limit: int = 9) -> list[str]:
        found = messages.listed(session, library, states=states, kind=kind, limit=limit)
        return [f"{row.kind} {row.receiver}" for row in found]

    assert listed() == ["answer Bas", "received Wim Bedacht", "digest Bas"]
    assert listed(limit=2) == ["answer Bas", "received Wim Bedacht"]
    assert listed("failed") == ["digest Bas"]
    assert listed("failed", "pending", kind="received") == ["received Wim Bedacht"]
    assert listed(kind="code") == []
    one = messages.one(session, library, first.id or 0)
    assert one is not None and (one.kind, one.state, one.receiver) == ("digest", "failed", "Bas")
    assert messages.one(session, elsewhere, first.id or 0) is None


def test_what_each_person_got_is_counted_by_day(session: Session) -> None:
    library = a_library(session)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    keys = [f"answer:{number}" for number in range(6)]
    put(session, [a_mail(library, key, cas if key == "answer:5" else bas) for key in keys])
    moments = [
        NOW - timedelta(days=9), NOW, NOW + timedelta(hours=2), NOW + timedelta(days=1), None, NOW,
    ]  # fmt: skip
    for row, moment in zip(rows_of(session, Message), moments, strict=True):
        row.sent_at = moment
    session.flush()
    found = messages.per_person(session, library, NOW - timedelta(days=1))
    assert found == [
        ("Bas", "bas@voorbeeld.nl", date(2018, 4, 3), 2),
        ("Bas", "bas@voorbeeld.nl", date(2018, 4, 4), 1),
        ("Cas", "cas@voorbeeld.nl", date(2018, 4, 3), 1),
    ]
