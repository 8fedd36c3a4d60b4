"""A mail that fails is tried again, further and further apart; in the end somebody is told."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from core.errors import MoveRefused, NotFound, Refused
from notifications import outbox
from notifications.outcomes import (
    CALLED,
    Delivered,
    KnownBad,
    Later,
    Outcome,
    Rejected,
    Uncertain,
    Unreachable,
    is_bad_address,
)
from storage.engine import transaction
from storage.queries import refused_addresses
from tests.builders import a_colleague
from tests.notifications.mails import ADDRESS, Office


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    """A library whose mails nobody takes yet."""
    yield Office(engine, port=1)


@pytest.mark.parametrize(
    ("outcome", "state", "tries"),
    [
        (Rejected("550 5.1.1", bad_address=True), "failed", 1),
        (Later("451"), "pending", 1),
        (Uncertain("cut"), "uncertain", 1),
        (Unreachable("no route"), "pending", 0),
    ],
)
def test_a_try_that_fails_is_written_down(
    office: Office, outcome: Outcome, state: str, tries: int
) -> None:
    [number] = office.queue()
    assert office.tried(outcome) == state
    row = office.row(number)
    assert (row.state, row.attempts, row.fault, row.error) == (
        state, tries, outcome.fault, outcome.reason,
    )  # fmt: skip
    assert row.fault in CALLED
    assert (row.first_tried_at is not None) is bool(tries)
    assert office.claim() == []


def test_tries_come_further_and_further_apart_until_72_hours(office: Office) -> None:
    [number] = office.queue()
    began = office.clock.at
    times = []
    while office.tried(Later("451 4.7.1 greylisted")) == "pending":
        times.append(office.clock.at)
        office.clock.at = office.row(number).next_at
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert timedelta(seconds=45) <= pauses[0] <= timedelta(seconds=75)
    assert all(pause <= timedelta(hours=4.8) for pause in pauses)
    assert pauses[4] > 8 * pauses[0]
    assert 20 <= len(times) <= 35
    assert timedelta(hours=72) <= office.clock.at - began <= timedelta(hours=77)
    assert office.row(number).state == "failed"
    assert office.row(number).error == "451 4.7.1 greylisted"


def test_pauses_are_not_all_alike(office: Office) -> None:
    now = office.clock.at
    assert len({outbox.next_try(now, now) for _ in range(20)}) > 10


def test_a_server_that_is_away_for_a_week_costs_no_mail(office: Office) -> None:
    """Even one that was put off before: a second answer is not a 72 hours' patience."""
    [number] = office.queue()
    office.tried(Later("451 4.7.1 greylisted"))
    for _ in range(50):
        office.clock.on(hours=4)
        assert office.tried(Unreachable("no route")) == "pending"
    office.clock.on(hours=1)
    assert office.tried(Later("451 4.7.1 greylisted")) == "pending"
    office.clock.on(hours=5)
    assert office.tried(Delivered()) == "sent"
    assert office.row(number).attempts == 3


def test_the_coordinators_hear_of_a_mail_that_failed(office: Office) -> None:
    with transaction(office.engine) as session:
        other = a_colleague(session, office.library, "bea@voorbeeld.nl")
    [number] = office.queue()
    office.tried(Rejected("550 5.1.1 unknown", bad_address=True))
    [told] = office.rows("undelivered")
    # not whoever it did not reach
    assert (told.staff_id, told.detail, told.next_at) == (
        other, {"message": number}, office.clock.at,
    )  # fmt: skip
    with transaction(office.engine) as session:
        marked = refused_addresses.of_these(session, [ADDRESS.upper()])
    assert marked == {(office.library, ADDRESS): "550 5.1.1 unknown"}


def test_nobody_hears_of_a_mail_that_told_of_another(office: Office) -> None:
    with transaction(office.engine) as session:
        a_colleague(session, office.library, "bea@voorbeeld.nl")
    office.queue(kind="undelivered")
    office.tried(Rejected("550 5.1.1 unknown", bad_address=True))
    assert office.states() == ["failed"]


@pytest.mark.parametrize(("kind", "told"), [("digest", 0), ("referral", 1)])
def test_of_a_known_bad_address_only_what_does_not_come_again_is_told(
    office: Office, kind: str, told: int
) -> None:
    with transaction(office.engine) as session:
        a_colleague(session, office.library, "bea@voorbeeld.nl")
    office.queue(kind=kind)
    [mail] = office.claim()
    office.settle(mail, KnownBad("550"))
    assert len(office.rows("undelivered")) == told


def test_a_mail_that_failed_can_be_tried_again_by_hand(office: Office) -> None:
    [number] = office.queue()
    office.tried(Rejected("550 5.1.1 unknown", bad_address=True))
    office.clock.on(days=10)
    with transaction(office.engine) as session:
        outbox.retry(session, number, office.clock.at)
        assert not refused_addresses.of_these(session, [ADDRESS])
    row = office.row(number)
    assert (row.state, row.fault, row.error, row.first_tried_at) == ("pending", None, None, None)
    assert office.tried(Delivered()) == "sent"


def test_a_mail_that_waits_can_be_sent_now(office: Office) -> None:
    [number] = office.queue()
    office.tried(Later("451"))
    with transaction(office.engine) as session:
        outbox.retry(session, number, office.clock.at)
    assert office.tried(Delivered()) == "sent"


def test_a_mail_under_way_or_gone_is_not_tried_again(office: Office) -> None:
    [number] = office.queue()
    [mail] = office.claim()
    with transaction(office.engine) as session, pytest.raises(Refused):
        outbox.retry(session, number, office.clock.at)
    office.start(mail)
    office.settle(mail, Delivered())
    with transaction(office.engine) as session, pytest.raises(MoveRefused):
        outbox.retry(session, number, office.clock.at)
    with transaction(office.engine) as session, pytest.raises(NotFound):
        outbox.retry(session, 999, office.clock.at)


@pytest.mark.parametrize(
    ("words", "bad"),
    [
        ("550 5.1.1 unknown", True),
        ("550 5.1.10 null MX", True),
        ("550 5.4.4 no such host", True),
        ("552 5.2.2 full", False),
        ("550 5.2.1 disabled", True),
        ("554 5.7.1 spam", False),
        ("554 5.3.4 too large", False),
        ("550 5.0.0 other", True),
        ("550 unknown", True),
        ("550 10.0.5.1.1.9 unknown", True),
    ],
)
def test_only_some_refusals_are_about_the_address(words: str, bad: bool) -> None:
    assert is_bad_address(words) is bad
