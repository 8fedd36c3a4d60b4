"""To whom mails may go, and what must be safe before anything is said."""

from contextlib import closing
from dataclasses import replace
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import previews
from notifications.delivery import Connections, trouble
from notifications.letter import Address
from notifications.outcomes import Delivered, Rejected, Unreachable
from notifications.relay import Relay
from notifications.rendering import render
from tests.builders import NOW
from tests.notifications.delivering import TO, a_mail, a_relay, deliver, hand_over
from tests.notifications.mails import SENDER
from tests.notifications.servers import Certificate, Sink, certificate, sink

__all__ = ["certificate", "sink"]


def test_where_tls_is_asked_nothing_is_said_without_it(sink: Sink) -> None:
    [outcome] = deliver(a_relay(sink, security="starttls"))
    assert isinstance(outcome, Unreachable)
    assert "STARTTLS" in outcome.reason
    assert not sink.accepted


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    with closing(Sink(tls=certificate.for_server())) as sink:
        for security in ("starttls", "auto"):
            relay = a_relay(sink, security=security)
            assert relay.on_this_machine
            [outcome] = deliver(relay)
            assert isinstance(outcome, Unreachable if security == "starttls" else Delivered)
        assert [mail.safe for mail in sink.accepted] == [False]
        assert "certificate" in (trouble(a_relay(sink, security="starttls")) or "").lower()


def test_a_certificate_for_another_name_is_refused(certificate: Certificate) -> None:
    with closing(Sink(tls=certificate.for_server())) as sink:
        trusted = {"security": "starttls", "ca_file": str(certificate.path)}
        [outcome] = deliver(a_relay(sink, **trusted))
        assert isinstance(outcome, Unreachable)
        # it is a certificate for "localhost", not for 127.0.0.1
        [outcome] = deliver(a_relay(sink, **trusted, host="localhost"))
        assert isinstance(outcome, Delivered)
        assert [mail.safe for mail in sink.accepted] == [True]


@pytest.mark.parametrize(
    ("host", "security", "safe"),
    [
        ("mail.voorbeeld.nl", "auto", True),
        ("10.0.0.1", "auto", True),
        ("localhost.voorbeeld.nl", "auto", True),
        ("localhost", "auto", False),
        ("127.0.0.9", "auto", False),
        ("::1", "auto", False),
        ("localhost", "starttls", True),
        ("mail.voorbeeld.nl", "none", False),
    ],
)
def test_tls_is_required_unless_the_relay_is_on_this_machine(
    host: str, security: str, safe: bool
) -> None:
    assert Relay(host, security=security).starts_tls is safe  # type: ignore[arg-type]


def test_we_sign_in_and_a_wrong_password_drops_nothing(certificate: Certificate) -> None:
    with closing(Sink(tls=certificate.for_server(), auth_required=True)) as sink:
        relay = a_relay(
            sink, host="localhost", security="starttls", ca_file=str(certificate.path),
            user="brug", password="geheim",
        )  # fmt: skip
        assert isinstance(deliver(relay)[0], Delivered)
        assert sink.users == [(b"brug", b"geheim")]
        assert isinstance(deliver(replace(relay, password="fout"))[0], Unreachable)
        assert isinstance(deliver(replace(relay, user="", password=""))[0], Unreachable)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("ann@voorbeeld.nl", True),
        ("ANN@Voorbeeld.nl", True),
        ("joke@taalhuis.voorbeeld", True),
        ("joke@ander.taalhuis.voorbeeld", False),
        ("bob@voorbeeld.nl", False),
        ("ann@voorbeeld.nl@elders.nl", False),
        ("elders.nl", False),
    ],
)
def test_only_addresses_on_the_list_are_mailed(sink: Sink, address: str, allowed: bool) -> None:
    relay = a_relay(sink, only_to=("ann@voorbeeld.nl", "@taalhuis.voorbeeld"))
    assert relay.may_mail(address) is allowed
    if not allowed:
        with pytest.raises(ValueError, match="list"):
            deliver(relay, a_mail(address))
        assert not sink.accepted


def test_letters_outside_ascii_need_a_server_that_knows_them(sink: Sink) -> None:
    assert isinstance(deliver(a_relay(sink), a_mail("andré@voorbeeld.nl"))[0], Delivered)
    assert "SMTPUTF8" in sink.accepted[0].options
    with closing(Sink(utf8=False)) as old:
        refused, fine = deliver(
            a_relay(old), a_mail("andré@voorbeeld.nl"), a_mail("joke@café.voorbeeld")
        )
        assert isinstance(refused, Rejected)
        assert refused.bad_address
        assert isinstance(fine, Delivered)
        assert old.accepted[0].receivers == ("joke@xn--caf-dma.voorbeeld",)


NAMES = st.text(max_size=40) | st.lists(
    st.sampled_from(["Ann", "\r\n", "\n", "\r", "Bcc: ", "RCPT TO:<evil@x.nl>", "<evil@x.nl>",
                     ",", '"', "\\", "\0", "=?utf-8?q?=0D=0ABcc:?=", "\u2028", "é", "."]),
    max_size=8,
).map("".join)  # fmt: skip


def test_no_name_adds_a_receiver_or_a_header(sink: Sink) -> None:
    @settings(max_examples=300)
    @given(NAMES)
    def whatever_the_name(name: str) -> None:
        letter = replace(previews.letter("referral", "nl"), to=Address(name, TO))
        mail = render(letter, key="referral:1", sender=SENDER, now=NOW)
        sink.accepted.clear()
        assert isinstance(hand_over(connections, mail), Delivered)
        [arrived] = sink.accepted
        assert arrived.receivers == (TO,)
        head = message_from_bytes(arrived.source)
        assert len(head.get_all("To", [])) == 1
        assert not {"Bcc", "Cc", "RCPT TO"} & set(head.keys())

    with Connections[str](a_relay(sink)) as connections:
        whatever_the_name()
