"""A mail in the outbox: claimed by one, written only by whoever holds it, never out of sight."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Engine

from notifications import outbox
from notifications.outcomes import (
    Broken,
    Delivered,
    KnownBad,
    Later,
    NoAddress,
    NotAllowed,
    NotNeeded,
    Outcome,
)
from storage.engine import transaction
from storage.queries import outbox as queries
from tests.notifications.mails import ADDRESS, Office


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    """A library whose mails nobody takes yet."""
    yield Office(engine, port=1)


def test_a_claim_takes_what_is_due_and_has_waited_longest(office: Office) -> None:
    [late] = office.queue()
    office.clock.on(hours=-1)
    [early] = office.queue()
    assert [mail.id for mail in office.claim()] == [early]
    office.clock.on(hours=1)
    assert [mail.id for mail in office.claim()] == [late]
    assert office.claim() == []


def test_a_claim_takes_no_more_than_asked(office: Office) -> None:
    office.queue(5)
    assert [len(office.claim(2)) for _ in range(4)] == [2, 2, 1, 0]
    assert len({row.claim_token for row in office.rows()}) == 3


def test_a_mail_that_was_delivered_is_sent_and_free(office: Office) -> None:
    [number] = office.queue()
    assert office.tried(Delivered("250 OK")) == "sent"
    row = office.row(number)
    assert (row.state, row.sent_at, row.attempts) == ("sent", office.clock.at, 1)
    assert (row.claim_token, row.lease_until, row.fault, row.error) == (None, None, None, None)
    assert (row.address, row.message_id) == (ADDRESS, "<1@voorbeeld.nl>")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (NotNeeded(), "cancelled"),
        (NotAllowed(), "cancelled"),
        (NoAddress("none"), "failed"),
        (KnownBad("550"), "failed"),
        (Broken("KeyError"), "pending"),
    ],
)
def test_a_mail_may_end_before_it_is_begun(office: Office, outcome: Outcome, state: str) -> None:
    [number] = office.queue()
    [mail] = office.claim()
    assert office.settle(mail, outcome) == state
    assert office.row(number).state == state


def test_a_stale_worker_cannot_write(office: Office) -> None:
    """It was stopped past its lease; meanwhile another took its mail over and sent it."""
    [number] = office.queue()
    [stale] = office.claim()
    office.clock.on(seconds=61)
    assert office.release() == 1
    [fresh] = office.claim()
    assert fresh.claim_token != stale.claim_token
    assert not office.start(stale)
    assert office.settle(stale, NotNeeded()) is None
    assert office.start(fresh)
    assert office.settle(stale, Delivered()) is None
    assert office.row(number).state == "data_started"
    assert office.settle(fresh, Delivered()) == "sent"
    assert office.settle(fresh, Later("twice")) is None
    assert office.row(number).state == "sent"


def test_a_lease_that_holds_is_left_alone(office: Office) -> None:
    office.queue(2)
    [running, _] = office.claim()
    office.clock.on(seconds=44)
    office.start(running)
    assert office.release() == 0
    office.clock.on(seconds=10)
    assert office.release() == 1
    assert sorted(office.states()) == ["data_started", "pending"]


def test_a_mail_that_was_being_handed_over_is_tried_again_with_the_same_name(
    office: Office,
) -> None:
    [number] = office.queue()
    [mail] = office.claim()
    office.start(mail)
    office.clock.on(minutes=16)
    office.release()
    assert office.row(number).state == "uncertain"
    assert office.claim() == []
    office.clock.on(minutes=2)
    assert office.release() == 1
    [again] = office.claim()
    assert again.attempts == 1
    assert office.row(number).message_id == "<1@voorbeeld.nl>"


def test_what_was_claimed_and_not_begun_is_put_back(office: Office) -> None:
    office.queue(3)
    mails = office.claim()
    office.start(mails[0])
    with transaction(office.engine) as session:
        outbox.put_back(session, mails)
    assert office.states() == ["data_started", "pending", "pending"]
    assert len(office.claim()) == 2


def test_while_another_claims_nobody_waits(office: Office) -> None:
    """PostgreSQL skips what is locked; on SQLite one writes at a time."""
    if office.engine.dialect.name == "sqlite":
        return
    office.queue(4)
    with transaction(office.engine) as one, transaction(office.engine) as other:
        first = outbox.claim(one, office.clock.at, limit=2)
        second = outbox.claim(other, office.clock.at, limit=10)
    assert len({mail.id for mail in first + second}) == 4


@pytest.mark.parametrize("question", [queries._PICKED.element, queries._WAITING._statement])
def test_the_questions_of_every_tick_use_an_index(office: Office, question: object) -> None:
    if office.engine.dialect.name != "sqlite":
        # PostgreSQL chooses by the size of a table, and this one is small
        return
    sql = str(question.compile(dialect=office.engine.dialect))  # type: ignore[attr-defined]
    with office.engine.connect() as connection:
        asked = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {sql}", ("2018-01-01",) + (1,) * (sql.count("?") - 1)
        )
        plan = " ".join(row[3] for row in asked)
    assert "USING INDEX ix_message_ready" in plan or "COVERING INDEX ix_message_ready" in plan
    assert "TEMP B-TREE" not in plan


def test_looking_for_what_died_uses_the_index_of_what_is_under_way(office: Office) -> None:
    if office.engine.dialect.name != "sqlite":
        return
    sql = queries._EXPIRED.compile(dialect=office.engine.dialect)
    with closing(office.engine.connect()) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("2018-01-01",))
        assert "ix_message_under_way" in " ".join(row[3] for row in plan)


def test_what_waits_is_counted(office: Office) -> None:
    office.queue(3)
    office.claim(1)
    with transaction(office.engine) as session:
        assert queries.how_many_wait(session, office.clock.at) == 2
