"""People at partners are asked once a day, and what nobody there can be asked goes on at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from notifications import digest, rules
from storage.engine import transaction
from storage.tables import Case, FollowUp, Message, Organisation, Referral
from tests.builders import (
    NOW,
    a_case,
    a_contact,
    a_library,
    a_partner,
    a_provider,
    a_staff,
    an_introduction,
)
from tests.looking import rows_of
from tests.notifications.moments import BONAIRE, DUE, at


def asking(session: Session, stage: str = "referred", count: int = 1) -> tuple[int, int]:
    """(library, contact person) of a school that introduced participants."""
    library = a_library(session)
    partner = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    contact = a_contact(session, partner)
    for _ in range(count):
        a_case(session, library, stage, partner=partner)
    return library, contact


def requests(session: Session) -> list[Message]:
    return rows_of(session, Message, kind="partner_digest")


def ask(session: Session, now: datetime) -> int:
    return digest.ask_partners(session, now, due_hour=8)


def test_somebody_at_a_partner_gets_one_mail_a_day_about_everything(session: Session) -> None:
    library, contact = asking(session, count=3)
    assert ask(session, at(DUE, 7, 59)) == 0
    assert ask(session, at(DUE, 8)) == 1
    [mail] = requests(session)
    asked = rows_of(session, FollowUp, receiver="referrer")
    assert (mail.organisation_id, mail.contact_person_id) == (library, contact)
    assert mail.detail == {"day": "2018-04-10", "follow_ups": [row.id for row in asked]}
    assert {row.mailed_on for row in asked} == {DUE}
    assert {row.repeats_at for row in asked} == {at(date(2018, 4, 24), 8)}
    assert ask(session, at(DUE, 9)) == 0


def test_whoever_had_todays_mail_gets_the_rest_tomorrow(session: Session) -> None:
    library, _ = asking(session)
    ask(session, at(DUE, 8))
    [first] = rows_of(session, FollowUp, receiver="referrer")
    [partner] = {row.partner_id for row in rows_of(session, Case) if row.partner_id}
    later = a_case(session, library, "referred", partner=partner)
    assert ask(session, at(DUE, 22)) == 0
    [second] = rows_of(session, FollowUp, receiver="referrer", case_id=later)
    assert (first.mailed_on, second.mailed_on, second.repeats_at) == (DUE, None, None)
    ask(session, at(DUE + timedelta(days=1), 8))
    assert [mail.detail["follow_ups"] for mail in requests(session)] == [[first.id], [second.id]]


def test_a_day_is_that_of_the_library(session: Session) -> None:
    library, contact = asking(session)
    session.get_one(Organisation, library).zone = BONAIRE
    session.flush()
    evening = at(DUE, 21, 0, BONAIRE)
    assert evening.date() == date(2018, 4, 11)
    ask(session, evening)
    [mail] = requests(session)
    assert mail.key == f"partner_digest:{contact}:2018-04-10"
    # held until people work again
    assert mail.next_at == at(date(2018, 4, 11), 7, 0, BONAIRE)


def test_on_a_day_off_partners_are_left_alone(session: Session) -> None:
    asking(session)
    for day in (date(2018, 4, 14), date(2018, 4, 27)):
        assert ask(session, at(day, 9)) == 0
    assert {row.mailed_on for row in rows_of(session, FollowUp)} == {None}
    assert ask(session, at(date(2018, 4, 30), 9)) == 1


@pytest.mark.parametrize("why", ["no address", "wants none", "left", "nobody", "no partner"])
def test_what_nobody_can_be_mailed_about_goes_on_at_once(session: Session, why: str) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    partner = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    odd: dict[str, dict[str, Any]] = {
        "no address": {"email": None}, "wants none": {"mails": False}, "left": {"active": False},
    }  # fmt: skip
    if why in odd:
        a_contact(session, partner, **odd[why])
    given = None if why == "no partner" else partner
    case = a_case(session, library, "referred", owner=bas, partner=given)
    assert ask(session, at(DUE, 8)) == 0
    assert requests(session) == []
    assert rules.plan(session, at(DUE, 8), 8) == 1
    [theirs] = rows_of(session, FollowUp, case_id=case, receiver="owner", rule="contact_made")
    assert (theirs.assignee_id, theirs.due_on) == (bas, DUE)
    # and it does so once
    assert ask(session, at(DUE, 8, 15)) == 0
    assert rules.plan(session, at(DUE, 8, 15), 8) == 0


def test_the_one_who_introduced_somebody_is_asked_and_else_the_first_at_the_partner(
    session: Session,
) -> None:
    library = a_library(session)
    partner = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    gone = a_contact(session, partner, "gone@school.example", active=False)
    first = a_contact(session, partner, "first@school.example")
    second = a_contact(session, partner, "second@school.example")
    cases = [a_case(session, library, "referred", partner=partner) for _ in range(3)]
    for case, contact in zip(cases, (second, gone, None), strict=True):
        an_introduction(session, case, partner, contact)
    assert ask(session, at(DUE, 8)) == 2
    found = {mail.contact_person_id: mail.detail["follow_ups"] for mail in requests(session)}
    of_case = {row.id: row.case_id for row in rows_of(session, FollowUp, receiver="referrer")}
    assert {who: [of_case[number] for number in items] for who, items in found.items()} == {
        second: [cases[0]], first: cases[1:],
    }  # fmt: skip


def test_a_provider_is_asked_about_its_own_referral(session: Session) -> None:
    library = a_library(session)
    other = a_provider(session, library, "ROC (verzonnen)")
    a_contact(session, other, "roc@aanbieder.example")
    case = a_case(session, library, "started")
    [sent] = rows_of(session, Referral, case_id=case)
    wim = a_contact(session, sent.provider_id)
    row = FollowUp(
        organisation_id=library, case_id=case, rule="at_the_end", seq=1, receiver="provider",
        due_on=DUE, due_at=at(DUE, 8), created_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    ask(session, at(DUE, 8))
    [mail] = [each for each in requests(session) if row.id in each.detail["follow_ups"]]
    assert mail.contact_person_id == wim
    # a rule that comes once is not asked again
    assert rows_of(session, FollowUp, id=row.id)[0].repeats_at is None


# on SQLite only one writes at a time
@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_what_two_workers_ask_at_once_stands_in_a_mail_or_is_asked_tomorrow(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        library, _ = asking(session)
        [partner] = {row.partner_id for row in rows_of(session, Case)}
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as one:
            assert ask(one, at(DUE, 8)) == 1
            with transaction(engine) as session:
                a_case(session, library, "referred", partner=partner)
            other = pool.submit(_ask_too, engine)
            _wait_for_a_waiter(engine)
        assert other.result(timeout=10) == 0
    with transaction(engine) as session:
        [mail] = requests(session)
        asked = [row.id for row in rows_of(session, FollowUp, mailed_on=DUE)]
        assert mail.detail["follow_ups"] == asked
        assert len(rows_of(session, FollowUp, receiver="referrer", mailed_on=None)) == 1


def _ask_too(engine: Engine) -> int:
    with transaction(engine) as session:
        return ask(session, at(DUE, 8))


def _wait_for_a_waiter(engine: Engine) -> None:
    """Until somebody waits for a lock in this database."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN"
        " (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
    )
    for _ in range(200):
        with engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
