"""Everything that is due is sent, once, whatever the mail server and the other workers do."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from core.errors import DatabaseUnready, NoAddress
from notifications import outbox
from notifications.desk import Desk
from notifications.letter import Letter
from notifications.sending import Sent, send_due
from storage.engine import transaction
from storage.queries.outbox import Outgoing
from tests.builders import a_colleague
from tests.notifications.lines import Proxy
from tests.notifications.mails import Office, a_letter, rendered
from tests.notifications.servers import Sink, proxy, sink

__all__ = ["proxy", "sink"]


@pytest.fixture
def office(engine: Engine, sink: Sink) -> Iterator[Office]:
    """A library whose mails go to the sink."""
    yield Office(engine, sink.port)


def send(office: Office, **options: Any) -> Counter[str]:
    return send_due(office.engine, office.post, **options).states


def test_what_is_due_is_sent_once(office: Office, sink: Sink) -> None:
    office.queue(120)
    assert send(office) == {"sent": 120}
    assert send(office) == {}
    assert len(sink.accepted) == 120
    assert sink.doubles == 0
    assert sum(sink.sessions.values()) == 1
    assert sink.keys == [row.key for row in office.rows()]


def test_nothing_due_speaks_to_nobody(office: Office, sink: Sink) -> None:
    assert send_due(office.engine, office.post) == Sent()
    assert not sink.sessions


def test_what_is_not_needed_any_more_is_not_sent(office: Office, sink: Sink) -> None:
    _, done, _ = office.queue(3)
    office.instead[done] = lambda: None
    assert send(office) == {"sent": 2, "cancelled": 1}
    assert len(sink.accepted) == 2
    assert office.row(done).state == "cancelled"


def test_greylisting_costs_a_minute(office: Office, sink: Sink) -> None:
    office.queue(3)
    sink.script["RCPT"].extend(["451 4.7.1 greylisted"] * 3)
    assert send(office) == {"pending": 3}
    office.clock.on(minutes=2)
    assert send(office) == {"sent": 3}
    assert sink.doubles == 0


def test_one_wrong_address_stops_nobody_else_and_is_told_at_once(
    office: Office, sink: Sink
) -> None:
    wrong = "weg@voorbeeld.nl"
    with transaction(office.engine) as session:
        a_colleague(session, office.library, "bea@voorbeeld.nl")
    office.queue(2)
    [failing] = office.queue(to=wrong, kind="referral")
    office.queue(2)
    sink.refused[wrong] = "550 5.1.1 no such user"
    assert send(office) == {"sent": 5, "failed": 1}
    assert office.row(failing).error == "550 5.1.1 no such user"
    [told] = office.rows("undelivered")
    assert told.state == "sent"
    # the next one to that address is not even tried
    office.queue(to=wrong.upper())
    before = sum(sink.sessions.values())
    assert send(office) == {"failed": 1}
    assert office.rows()[-1].fault == "undeliverable"
    assert sum(sink.sessions.values()) == before + 1
    assert len(sink.accepted) == 5


def test_a_cut_after_the_mail_costs_at_most_one_double(
    office: Office, sink: Sink, proxy: Proxy
) -> None:
    office.relay = replace(office.relay, port=proxy.port)
    office.queue(10)
    proxy.cuts = 2
    assert send(office) == {"sent": 8, "uncertain": 2}
    assert Counter(office.states()) == {"sent": 8, "uncertain": 2}
    office.clock.on(minutes=2)
    with transaction(office.engine) as session:
        assert outbox.release(session, office.clock.at) == 2
    assert send(office) == {"sent": 2}
    assert sink.doubles == 2
    assert len({mail.message_id for mail in sink.accepted}) == 10


def test_a_server_that_is_away_costs_nothing_and_shows(office: Office, sink: Sink) -> None:
    office.queue(3)
    sink.shut()
    for _ in range(3):
        result = send_due(office.engine, office.post)
        assert result.states == {}
        assert result.unreachable
        office.clock.on(hours=30)
    assert [row.attempts for row in office.rows()] == [0, 0, 0]
    assert office.states() == ["pending"] * 3
    assert "unreachable" in {row.fault for row in office.rows()}
    sink.open()
    assert send(office) == {"sent": 3}
    assert {row.fault for row in office.rows()} == {None}
    assert sink.doubles == 0


def test_a_server_that_goes_away_half_way_gets_the_rest_later(office: Office, sink: Sink) -> None:
    office.queue(6)
    sink.script["MAIL"].extend(["", "", "421 4.3.2 going", "421 4.3.2 gone"])
    result = send_due(office.engine, office.post)
    assert result.states == {"sent": 2, "pending": 1}
    assert result.unreachable == "421 4.3.2 gone"
    assert Counter(office.states()) == {"sent": 2, "pending": 4}
    assert {row.claim_token for row in office.rows()} == {None}
    office.clock.on(minutes=2)
    assert send(office) == {"sent": 4}


def test_one_mail_at_which_the_server_dies_does_not_hold_up_the_others(
    office: Office, sink: Sink
) -> None:
    """It would be the first in every round, for it has waited longest."""
    [deadly] = office.queue(to="knal@voorbeeld.nl")
    office.clock.on(seconds=1)
    office.queue(3)
    sink.refused["knal@voorbeeld.nl"] = "421 4.3.0 crashed"
    send(office)
    assert send(office) == {"sent": 3}
    assert office.row(deadly).state == "pending"


def test_addresses_outside_the_list_are_never_mailed(office: Office, sink: Sink) -> None:
    office.relay = replace(office.relay, only_to=("@voorbeeld.nl",))
    office.queue(1)
    [real] = office.queue(to="echt@mens.example")
    assert send(office) == {"sent": 1, "cancelled": 1}
    assert (office.row(real).fault, office.row(real).address) == (
        "not_allowed",
        "echt@mens.example",
    )
    assert [mail.receivers for mail in sink.accepted] == [("ann@voorbeeld.nl",)]


def test_a_rendering_that_mails_elsewhere_is_stopped(office: Office, sink: Sink) -> None:
    office.relay = replace(office.relay, only_to=("@voorbeeld.nl",))
    office.queue(1)

    def elsewhere(letter: Letter, **rest: object) -> object:
        return replace(rendered(letter, **rest), to_email="echt@mens.example")  # type: ignore[arg-type]

    post = replace(office.post, render=elsewhere)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="list"):
        send_due(office.engine, post)
    assert not sink.accepted


def _raise(error: Exception) -> Letter:
    raise error


def test_a_receiver_without_an_address_fails(office: Office, sink: Sink) -> None:
    [number] = office.queue()
    office.instead[number] = lambda: _raise(NoAddress("digest"))
    assert send(office) == {"failed": 1}
    assert office.row(number).fault == "no_address"


def test_a_mail_that_cannot_be_composed_holds_up_nobody(
    office: Office, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    first, broken, last = office.queue(3)
    office.instead[broken] = lambda: _raise(KeyError("Fatima"))
    with caplog.at_level(logging.ERROR):
        assert send(office) == {"sent": 2, "pending": 1}
    assert (office.row(first).state, office.row(last).state) == ("sent", "sent")
    assert office.row(broken).fault == "broken"
    assert "KeyError" in caplog.text
    assert "Fatima" not in caplog.text + str(office.row(broken).error)
    del office.instead[broken]
    office.clock.on(minutes=2)
    assert send(office) == {"sent": 1}


def test_a_mistake_in_sql_while_composing_holds_up_nobody(office: Office, sink: Sink) -> None:
    """On PostgreSQL it spoils the whole transaction."""
    _, broken, _ = office.queue(3)

    def compose(session: Session, message: Outgoing, now: object, desk: Desk) -> Letter:
        if message.id == broken:
            session.connection().exec_driver_sql("SELECT nonsense")
        return a_letter("ann@voorbeeld.nl")

    post = replace(office.post, compose=compose)
    assert send_due(office.engine, post).states == {"sent": 2, "pending": 1}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_mail_that_cannot_be_rendered_holds_up_nobody(
    office: Office, sink: Sink, place: int
) -> None:
    numbers = office.queue(3)
    office.instead[numbers[place]] = lambda: replace(a_letter("ann@voorbeeld.nl"), language="xx")

    def render(letter: Letter, **rest: object) -> object:
        return rendered(letter, **rest) if letter.language == "nl" else _raise(KeyError("xx"))  # type: ignore[arg-type]

    post = replace(office.post, render=render)  # type: ignore[arg-type]
    assert send_due(office.engine, post).states == {"sent": 2, "pending": 1}
    assert office.row(numbers[place]).fault == "broken"


def test_a_database_that_is_away_while_more_is_claimed_drops_nothing_handed_over(
    office: Office, sink: Sink
) -> None:
    [first, second] = office.queue(2)
    claims: list[str] = []

    def lose_the_second(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if "picked" in statement:
            claims.append(statement)
            if len(claims) == 2:
                raise OperationalError(statement, None, Exception("terminated"))

    event.listen(office.engine, "before_cursor_execute", lose_the_second)
    with suppress(DatabaseUnready):
        send_due(office.engine, office.post, batch=1)
    event.remove(office.engine, "before_cursor_execute", lose_the_second)
    assert len(claims) > 1
    assert office.row(first).state == "sent"
    office.clock.on(minutes=16)
    with transaction(office.engine) as session:
        outbox.release(session, office.clock.at)
    send_due(office.engine, office.post)
    assert office.row(second).state == "sent"
    assert len(sink.accepted) == 2
