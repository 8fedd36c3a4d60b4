"""Handing over a mail to real servers: each answer, cut and certificate leads to its outcome."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.delivery import Connections, trouble
from notifications.outcomes import Delivered, Later, Rejected, Uncertain, Unreachable
from notifications.relay import Relay
from tests.notifications.delivering import TO, a_mail, a_relay, deliver, hand_over
from tests.notifications.lines import Proxy, Scripted
from tests.notifications.mails import SENDER
from tests.notifications.servers import Sink, proxy

__all__ = ["proxy"]


@pytest.fixture(params=[False, True], ids=["one by one", "together"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    """A mail server that wants commands one by one, and one that takes them together."""
    with closing(Sink(together=request.param)) as sink:
        yield sink


def test_a_mail_arrives_as_it_was_made(sink: Sink) -> None:
    assert deliver(a_relay(sink)) == [Delivered("250 2.0.0 OK")]
    [mail] = sink.accepted
    assert mail.source == a_mail().source
    assert (mail.sender, mail.receivers, mail.key) == (SENDER.email, (TO,), "digest:1")


def test_one_connection_carries_many_mails(sink: Sink) -> None:
    deliver(a_relay(sink), *[a_mail(key=f"digest:{n}") for n in range(20)])
    assert len(sink.accepted) == 20
    assert sum(sink.sessions.values()) == 1


def test_several_connections_work_at_once_and_one_that_hangs_holds_up_no_other(
    sink: Sink,
) -> None:
    sink.pause = 0.4
    ended = []
    with Connections[int](a_relay(sink), 4) as connections:
        started = time.monotonic()
        for number in range(4):
            connections.hand_over(number, a_mail(), sender=SENDER.email)
        sink.pause = 0
        connections.push()
        assert connections.free == 0
        while connections.busy:
            ended += connections.finished()
        assert connections.free == 4
    assert sorted(ended) == [(number, Delivered("250 2.0.0 OK")) for number in range(4)]
    assert time.monotonic() - started < 1.2
    assert sum(sink.sessions.values()) == 4


def test_a_connection_that_failed_is_not_used_again(sink: Sink) -> None:
    sink.script["MAIL"].append("530 5.7.0 sign in first")
    with Connections[int](a_relay(sink), 2) as connections:
        connections.hand_over(1, a_mail(), sender=SENDER.email)
        [(_, outcome)] = connections.finished()
        assert isinstance(outcome, Unreachable)
        assert connections.free == 1
        assert connections.finished() == []


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("MAIL", "451 4.3.0 busy", Later("451 4.3.0 busy")),
        ("RCPT", "450 4.2.0 greylisted", Later("450 4.2.0 greylisted")),
        ("DATA", "452 4.3.1 full", Later("452 4.3.1 full")),
        ("RCPT", "550 5.1.1 unknown", Rejected("550 5.1.1 unknown", bad_address=True)),
        ("RCPT", "550 unknown", Rejected("550 unknown", bad_address=True)),
        ("RCPT", "552 5.2.2 mailbox full", Rejected("552 5.2.2 mailbox full")),
        ("RCPT", "554 5.7.1 no", Rejected("554 5.7.1 no")),
        ("DATA", "554 spam", Rejected("554 spam")),
        ("DATA", "550 5.1.1 unknown", Rejected("550 5.1.1 unknown", bad_address=True)),
        ("MAIL", "552 5.3.4 too large", Rejected("552 5.3.4 too large")),
        # these are about us, not about the mail
        ("MAIL", "550 5.7.1 sender not allowed", Unreachable("550 5.7.1 sender not allowed")),
        ("RCPT", "530 5.7.0 sign in first", Unreachable("530 5.7.0 sign in first")),
        ("MAIL", "421 4.3.2 closing", Unreachable("421 4.3.2 closing")),
    ],
)  # fmt: skip
def test_every_answer_has_its_outcome(
    sink: Sink, command: str, answer: str, outcome: object
) -> None:
    sink.script[command].append(answer)
    assert deliver(a_relay(sink)) == [outcome]
    assert not sink.accepted


def test_the_connection_is_good_for_the_next_mail_after_a_refusal(sink: Sink) -> None:
    sink.script["RCPT"].append("550 5.1.1 unknown")
    sink.script["DATA"].append("451 later")
    first, second, third = deliver(a_relay(sink), a_mail(), a_mail(), a_mail())
    assert (type(first), type(second), type(third)) == (Rejected, Later, Delivered)
    assert sum(sink.sessions.values()) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_kept_connection_that_was_closed_is_made_again(sink: Sink, command: str) -> None:
    with Connections[str](a_relay(sink)) as connections:
        hand_over(connections, a_mail())
        sink.script[command].append("CUT")
        assert isinstance(hand_over(connections, a_mail()), Delivered)
    assert sum(sink.sessions.values()) == 2


def test_a_server_that_says_goodbye_between_mails_is_greeted_again(sink: Sink) -> None:
    with Connections[str](a_relay(sink)) as connections:
        hand_over(connections, a_mail())
        sink.script["MAIL"].append("421 4.7.0 that was enough")
        assert isinstance(hand_over(connections, a_mail()), Delivered)


def test_a_cut_before_the_mail_is_no_delivery(sink: Sink) -> None:
    sink.script["RCPT"].extend(["CUT", "CUT"])
    [outcome] = deliver(a_relay(sink))
    assert isinstance(outcome, Unreachable)


def test_a_cut_after_the_mail_is_uncertain_and_the_next_goes_on(sink: Sink, proxy: Proxy) -> None:
    proxy.cuts = 1
    first, second = deliver(a_relay(proxy), a_mail(key="digest:1"), a_mail(key="digest:2"))
    assert (type(first), type(second)) == (Uncertain, Delivered)
    assert sink.keys == ["digest:1", "digest:2"]


def test_a_server_that_never_answers_for_a_mail_is_uncertain(sink: Sink) -> None:
    sink.pause = 30
    started = time.monotonic()
    [outcome] = deliver(a_relay(sink, last_timeout=0.3))
    assert isinstance(outcome, Uncertain)
    assert time.monotonic() - started < 5


def test_a_server_that_dribbles_does_not_hold_us(sink: Sink, proxy: Proxy) -> None:
    proxy.dribble = 0.2
    started = time.monotonic()
    [outcome] = deliver(a_relay(proxy, timeout=0.5))
    assert isinstance(outcome, Unreachable)
    assert time.monotonic() - started < 5
    assert not sink.accepted


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    relay = Relay("127.0.0.1", port)
    assert isinstance(deliver(relay)[0], Unreachable)
    assert str(port) in (trouble(relay) or "")


def test_a_server_that_is_well_gives_no_trouble(sink: Sink) -> None:
    assert trouble(a_relay(sink)) is None


def test_the_words_of_a_server_can_be_kept(sink: Sink) -> None:
    sink.script["DATA"].append(
        "554 sp\x00am\ud800".encode("utf-8", "replace").decode() + " é" * 400
    )
    [outcome] = deliver(a_relay(sink))
    assert isinstance(outcome, Rejected)
    assert outcome.reason.isprintable()
    assert len(outcome.reason) <= 300


PIECES = [*'ab@.<>, ;:"\\()[]é\r\n\t\0\u2028', "\r\n", "nl", "RCPT TO:<x@y.nl>", "a@b.nl"]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def _in_ascii(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.encode('idna').decode()}"


def test_no_address_adds_a_receiver(sink: Sink) -> None:
    @settings(max_examples=500)
    @given(HOSTILE)
    def whatever_the_address(address: str) -> None:
        before = len(sink.accepted)
        outcome = hand_over(connections, a_mail(address))
        for mail in sink.accepted[before:]:
            # one receiver, and that one: a domain in other letters is written in ASCII
            assert mail.receivers in ((address,), (_in_ascii(address),))
            assert isinstance(outcome, Delivered)

    with Connections[str](a_relay(sink)) as connections:
        whatever_the_address()
        for address in ("a@b.nl>\r\nRCPT TO:<evil@x.nl", "a@b.nl,evil@x.nl", "a@b.nl\nevil@x.nl"):
            outcome = hand_over(connections, a_mail(address))
            assert outcome == Rejected("This address cannot be used.", bad_address=True)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        # RFC 2920: it goes on although it refused the receiver, and gets a mail for nobody
        (["250 ok", "550 5.1.1 who", "354 go on", "554 for nobody"], "550 5.1.1 who"),
        (["451 4.3.0 not now", "503 5.5.1 what", "503 5.5.1 what"], "451 4.3.0 not now"),
        (["250-o\r\n250-k\r\n250 ay", "250 ok", "354 go", "250-sto\r\n250 red"], "250 sto red"),
        (["250 ok", "250 ok", "250 what?"], "250 what?"),
        (["250 ok", "250 ok", "354 go", "HTTP/1.1 400 Bad Request"], "HTTP/1.1 400 Bad Request"),
        (["2 5 0"], "2 5 0"),
        (["250 ok", "250 ok", "354 go", "399 maybe"], "399 maybe"),
    ],
)
def test_a_server_that_answers_oddly_is_understood(said: list[str], outcome: str) -> None:
    with closing(Scripted(["220 hi", "250-hi\r\n250 PIPELINING", *said, "250 reset"])) as server:
        [ended] = deliver(Relay("127.0.0.1", server.port, timeout=1, last_timeout=1))
    assert ended.reason.startswith(outcome)


def test_a_server_that_goes_on_after_a_refusal_is_good_for_the_next_mail() -> None:
    first = ["250 ok", "550 5.1.1 who", "354 go on", "554 for nobody", "250 reset"]
    script = ["220 hi", "250-hi\r\n250 PIPELINING", *first, "250 ok", "250 ok", "354 go", "250 got"]
    with closing(Scripted([*script, "221 bye"])) as server:
        relay = Relay("127.0.0.1", server.port, timeout=1, last_timeout=1)
        refused, taken = deliver(relay, a_mail(), a_mail())
    assert (refused.reason, taken) == ("550 5.1.1 who", Delivered("250 got"))


def test_a_server_that_does_not_stop_talking_is_left(sink: Sink) -> None:
    endless = "250-" + "x" * 70_000
    with closing(Scripted(["220 hi", "250 hi", endless])) as server:
        started = time.monotonic()
        [ended] = deliver(Relay("127.0.0.1", server.port, timeout=2))
    assert isinstance(ended, Unreachable)
    assert time.monotonic() - started < 5
