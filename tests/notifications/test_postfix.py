"""Through a real Postfix into a maildir and back: what arrives, what is refused, what bounces."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifications import bounces, previews
from notifications.delivery import Connections
from notifications.kinds import KINDS
from notifications.outcomes import Delivered, Outcome, Rejected
from notifications.relay import Ready, Relay
from notifications.rendering import render
from notifications.sending import send_due
from tests.builders import NOW
from tests.notifications.mails import SENDER, Office, a_letter, rendered
from tests.notifications.postfix import Postfix, postfix
from tests.notifications.servers import Certificate, certificate

__all__ = ["certificate", "postfix"]


@pytest.fixture
def mailed(postfix: Postfix) -> Iterator[Postfix]:
    """With empty maildirs."""
    shutil.rmtree(postfix.folder / "mail")
    (postfix.folder / "mail").mkdir()
    shutil.chown(postfix.folder / "mail", "postfix")
    yield postfix


def deliver(relay: Relay, mail: Ready) -> Outcome:
    with Connections[str](relay) as connections:
        connections.hand_over("", mail, sender=SENDER.email, key="postfix:1")
        [(_, outcome)] = connections.finished()
        return outcome


def test_what_is_due_arrives_in_a_maildir(engine: Engine, mailed: Postfix) -> None:
    office = Office(engine, mailed.port)
    office.queue(20, to=mailed.address("ann"))
    assert send_due(engine, office.post).states == {"sent": 20}
    arrived = mailed.mails("ann", 20)
    assert sorted(str(mail["X-Brug-Key"]) for mail in arrived) == sorted(
        row.key for row in office.rows()
    )
    assert {mail["Return-Path"] for mail in arrived} == {f"<{SENDER.email}>"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_of_ours_arrives_as_it_was_written(mailed: Postfix, kind: str) -> None:
    letter = previews.letter(kind, "nl")
    mail = render(letter, key=f"{kind}:1", sender=SENDER, now=NOW)
    here = replace(mail, to_email=mailed.address("ann"))
    assert isinstance(deliver(Relay("127.0.0.1", mailed.port), here), Delivered)
    [arrived] = mailed.mails("ann")
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Subject"] == mail.subject
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == mail.text.split()
    assert "</html>" in html.get_content()
    assert not arrived.defects


def test_a_certificate_is_verified_before_anything_is_said(
    mailed: Postfix, certificate: Certificate
) -> None:
    relay = Relay("localhost", mailed.port, security="starttls", ca_file=str(certificate.path))
    mail = rendered(a_letter(mailed.address("bea")), key="digest:9", sender=SENDER, now=NOW)
    assert isinstance(deliver(relay, mail), Delivered)
    assert "with ESMTPS" in str(mailed.mails("bea")[0]["Received"])


def test_an_unknown_receiver_is_refused_at_once(engine: Engine, mailed: Postfix) -> None:
    office = Office(engine, mailed.port)
    [number] = office.queue(to=mailed.address("niemand"))
    assert send_due(engine, office.post).states == {"failed": 1}
    assert "5.1.1" in str(office.row(number).error)


def test_what_bounces_later_comes_back_and_is_understood(engine: Engine, mailed: Postfix) -> None:
    """Accepted, for it is for elsewhere, and given up after that: Postfix writes the report."""
    office = Office(engine, mailed.port, sender=mailed.address("joke"))
    [number] = office.queue(to="weg@elders.example", kind="referral")
    assert send_due(engine, office.post).states == {"sent": 1}
    mailed.mails("joke")
    maildir = mailed.folder / "mail" / "joke"
    counts = bounces.read_folder(engine, Path(maildir), office.clock.at)
    assert counts == {"failed": 1}
    row = office.row(number)
    assert (row.state, row.fault) == ("failed", "bounced")
    assert "user unknown" in str(row.error)


def test_a_refusal_names_the_receiver(mailed: Postfix) -> None:
    mail = rendered(a_letter(mailed.address("niemand")), key="x", sender=SENDER, now=NOW)
    outcome = deliver(Relay("127.0.0.1", mailed.port), mail)
    assert isinstance(outcome, Rejected)
    assert outcome.bad_address
