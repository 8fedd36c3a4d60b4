"""What comes back is understood, whichever server wrote it; anything else is left as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.errors import NotFound
from notifications import bounces
from notifications.sending import send_due
from storage.engine import transaction
from storage.queries import refused_addresses
from tests.builders import a_colleague
from tests.notifications.forms import EXIM, POSTFIX, QMAIL
from tests.notifications.mails import Office
from tests.notifications.servers import Sink, sink

__all__ = ["sink"]


@pytest.fixture
def office(engine: Engine, sink: Sink) -> Iterator[Office]:
    """A library that sent one mail, and two coordinators."""
    office = Office(engine, sink.port)
    with transaction(engine) as session:
        a_colleague(session, office.library, "bea@voorbeeld.nl")
    office.queue()
    send_due(engine, office.post)
    yield office


def a_report(
    office: Office, *, action: str = "failed", status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <ann@voorbeeld.nl>: no such user", envelope: str = "",
    returned: str = "message/rfc822", message_id: str | None = None,
) -> bytes:  # fmt: skip
    """A report as Postfix writes it."""
    [mail] = [row for row in office.rows() if row.kind == "digest"]
    return POSTFIX.format(
        action=action, status=status, said=said, envelope=envelope, returned=returned,
        message_id=message_id or mail.message_id,
    ).encode()  # fmt: skip


def take_in(office: Office, source: bytes) -> str:
    return bounces.take_in(office.engine, source, office.clock.at)


def marked(office: Office) -> dict[tuple[int, str], str]:
    with transaction(office.engine) as session:
        return refused_addresses.of_these(session, ["ann@voorbeeld.nl"])


def test_a_mail_that_came_back_failed_and_is_told(office: Office) -> None:
    assert take_in(office, a_report(office)) == "failed"
    row = office.rows("digest")[0]
    assert (row.state, row.fault) == ("failed", "bounced")
    assert row.error == "550 5.1.1 <ann@voorbeeld.nl>: no such user"
    assert list(marked(office)) == [(office.library, "ann@voorbeeld.nl")]
    assert [told.detail for told in office.rows("undelivered")] == [{"message": row.id}]


def test_a_report_that_comes_twice_is_told_once(office: Office) -> None:
    assert take_in(office, a_report(office)) == "failed"
    assert take_in(office, a_report(office)) == "known"
    assert len(office.rows("undelivered")) == 1


def test_a_delay_is_only_noted(office: Office) -> None:
    report = a_report(office, action="delayed", status="4.4.1", said="smtp; connection timed out")
    assert take_in(office, report) == "delayed"
    row = office.rows("digest")[0]
    assert (row.state, row.fault, row.error) == ("sent", "delayed", "4.4.1 connection timed out")
    assert not marked(office)
    assert not office.rows("undelivered")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.7.1", "smtp; 554 5.7.1 looks like spam"),
        ("5.2.2", "smtp; 552 5.2.2 full"),
        ("4.4.7", "x"),
    ],
)
def test_a_failure_that_is_not_about_the_address_leaves_it_unmarked(
    office: Office, status: str, said: str
) -> None:
    assert take_in(office, a_report(office, status=status, said=said)) == "failed"
    assert not marked(office)
    assert len(office.rows("undelivered")) == 1


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_our_mail_is_found_by_what_came_back_of_it(office: Office, returned: str) -> None:
    assert take_in(office, a_report(office, returned=returned)) == "failed"


def test_our_mail_is_found_by_its_envelope_when_nothing_came_back(office: Office) -> None:
    key = office.rows("digest")[0].key
    report = a_report(
        office, envelope=key.replace(":", "+3A"), returned="text/plain", message_id="<x@y>"
    )
    assert take_in(office, report) == "failed"


@pytest.mark.parametrize("form", [EXIM, QMAIL], ids=["exim", "qmail"])
def test_old_forms_are_understood(office: Office, form: str) -> None:
    message_id = office.rows("digest")[0].message_id
    assert take_in(office, form.format(message_id=message_id).encode()) == "failed"
    assert marked(office)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", ""])
def test_what_is_no_failure_is_left_alone(office: Office, action: str) -> None:
    assert take_in(office, a_report(office, action=action, status="2.0.0")) == "other"
    assert office.rows("digest")[0].state == "sent"


def test_a_report_about_somebody_elses_mail_is_left_alone(office: Office) -> None:
    assert take_in(office, a_report(office, message_id="<vreemd@elders>")) == "other"


def test_an_answer_of_a_person_is_left_alone(office: Office) -> None:
    message_id = office.rows("digest")[0].message_id
    answer = (
        f"From: ann@voorbeeld.nl\nIn-Reply-To: {message_id}\n\nIk ben er morgen weer. 550 5.1.1"
    )
    assert take_in(office, answer.encode()) == "other"


def test_a_mail_in_the_hands_of_a_worker_is_asked_about_again(office: Office) -> None:
    report = a_report(office)
    office.change("UPDATE message SET state = 'data_started' WHERE kind = 'digest'")
    assert take_in(office, report) == "busy"
    office.change("UPDATE message SET state = 'uncertain' WHERE kind = 'digest'")
    assert take_in(office, report) == "failed"


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """An empty maildir."""
    folder = tmp_path / "terug"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def test_a_maildir_is_read_and_nothing_is_thrown_away(office: Office, maildir: Path) -> None:
    (maildir / "new" / "1.a").write_bytes(a_report(office))
    (maildir / "new" / "2.b").write_bytes(b"From: ann@voorbeeld.nl\n\nDank je!")
    (maildir / "new" / "3.c").symlink_to("/etc/passwd")
    counts = bounces.read_folder(office.engine, maildir, office.clock.at)
    assert counts == {"failed": 1, "other": 1}
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.a:2,S", "2.b:2,"]
    assert bounces.read_folder(office.engine, maildir, office.clock.at) == {}


def test_a_folder_that_is_no_maildir_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        bounces.read_folder(office.engine, tmp_path, office.clock.at)
