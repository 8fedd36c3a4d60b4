"""Which mails a step, an answer and an import cause: each once, in the same transaction."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from referrals import answering, moving, undoing
from referrals.moving import Answers
from storage.tables import ContactPerson, Message, Partner, Referral, Staff
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_contact,
    a_leave,
    a_library,
    a_partner,
    a_provider,
    a_staff,
    an_introduction,
)
from tests.looking import rows_of, savepoint

LATER = NOW + timedelta(hours=1)


def queued(session: Session, kind: str) -> list[Message]:
    return rows_of(session, Message, kind=kind)


def keys(session: Session, kind: str) -> list[str]:
    return [row.key for row in queued(session, kind)]


def refer(session: Session, cases: list[int], provider: int, now: datetime = NOW) -> None:
    answers = Answers(provider=provider)
    moving.move_cases(session, cases, "refer", by=None, now=now, answers=answers).raise_refusal()


def agreed(session: Session, number: int = 1) -> tuple[int, list[int]]:
    """(library, cases of participants who agreed to be referred)."""
    library = a_library(session)
    return library, [a_case(session, library, "agreed") for _ in range(number)]


def test_a_provider_is_mailed_about_each_referral(session: Session) -> None:
    library, cases = agreed(session, 2)
    provider = a_provider(session, library)
    wim = a_contact(session, provider)
    refer(session, cases, provider)
    rows = queued(session, "referral")
    sent = rows_of(session, Referral)
    assert [row.key for row in rows] == [f"referral:{row.id}" for row in sent]
    assert [(row.case_id, row.referral_id) for row in rows] == [(r.case_id, r.id) for r in sent]
    assert {(row.contact_person_id, row.organisation_id, row.state) for row in rows} == {
        (wim, library, "pending")
    }
    assert [row.detail for row in rows] == [{}, {}]


@pytest.mark.parametrize("contact", [None, {"email": None}, {"mails": False}, {"active": False}])
def test_a_provider_who_cannot_be_mailed_is_not(
    session: Session, contact: dict[str, Any] | None
) -> None:
    library, cases = agreed(session)
    provider = a_provider(session, library)
    if contact is not None:
        a_contact(session, provider, **contact)
    refer(session, cases, provider)
    assert queued(session, "referral") == []
    assert len(rows_of(session, Referral)) == 1


def test_a_move_that_is_undone_by_the_transaction_leaves_no_mail(session: Session) -> None:
    library, cases = agreed(session)
    provider = a_provider(session, library)
    a_contact(session, provider)
    with savepoint(session) as inner:
        refer(session, cases, provider)
        assert len(queued(session, "referral")) == 1
        inner.rollback()
    assert queued(session, "referral") == []


def test_a_referral_that_is_made_anew_is_another_and_is_mailed(session: Session) -> None:
    library, [case] = agreed(session)
    provider = a_provider(session, library)
    a_contact(session, provider)
    refer(session, [case], provider)
    undoing.undo(session, case, by=None, now=LATER)
    assert len(queued(session, "referral")) == 1
    refer(session, [case], provider, LATER)
    first, second = rows_of(session, Referral)
    assert (first.state, second.state) == ("withdrawn", "sent")
    assert keys(session, "referral") == [f"referral:{first.id}", f"referral:{second.id}"]


def test_a_mail_caused_at_night_waits_for_the_morning_of_a_workday(session: Session) -> None:
    library, cases = agreed(session)
    provider = a_provider(session, library)
    a_contact(session, provider)
    # a Friday, nine in the evening in the Netherlands
    refer(session, cases, provider, datetime(2018, 4, 6, 19, tzinfo=UTC))
    [row] = queued(session, "referral")
    assert row.next_at == datetime(2018, 4, 9, 5, tzinfo=UTC)


def referred(session: Session, owner: int | None = None) -> tuple[int, int]:
    """(library, case that waits for the answer of a provider)."""
    library = a_library(session)
    return library, a_case(session, library, "referred", owner=owner)


@pytest.mark.parametrize(
    ("given", "by", "told"),
    [
        ("declined", None, True), ("no_show", None, True), ("accepted", None, False),
        ("waiting", None, False), ("started", None, False), ("withdrawn", None, False),
        # whoever notes it knows it
        ("declined", "staff", False),
    ],
)  # fmt: skip
def test_an_answer_that_asks_for_a_step_today_is_told_to_the_owner(
    session: Session, given: str, by: str | None, told: bool
) -> None:
    library, _ = referred(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, "referred", owner=bas)
    who = a_staff(session, library, "Cas") if by else None
    answering.answer(session, case, given, by=who, now=LATER)
    [sent] = rows_of(session, Referral, case_id=case)
    rows = queued(session, "answer")
    assert [row.key for row in rows] == [f"answer:{sent.id}:{sent.version}:{bas}"] * told
    assert [(row.staff_id, row.case_id, row.detail) for row in rows] == [
        (bas, case, {"answer": given})
    ] * told


@pytest.mark.parametrize(
    ("why", "heard"),
    [
        ("nobody owns it", {"Ann", "Eva"}), ("the owner left", {"Ann", "Eva"}),
        ("the owner is away", {"Ann", "Eva"}), ("somebody stands in", {"Cas"}),
        ("who stands in is away", {"Ann", "Eva"}), ("a coordinator is away", {"Ann"}),
        ("all coordinators are away", {"Ann", "Eva"}),
    ],
)  # fmt: skip
def test_an_answer_is_told_to_somebody_who_is_there(
    session: Session, why: str, heard: set[str]
) -> None:
    library, _ = referred(session)
    [ann] = [row.id or 0 for row in rows_of(session, Staff)]
    eva = a_staff(session, library, "Eva", "coordinator")
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    case = a_case(session, library, "referred", owner=bas if "owner" in why else None)
    if "in" in why.split():
        case = a_case(session, library, "referred", owner=bas)
    away: dict[str, list[tuple[int, int | None]]] = {
        "the owner is away": [(bas, None)], "somebody stands in": [(bas, cas)],
        "who stands in is away": [(bas, cas), (cas, None)],
        "a coordinator is away": [(eva, None)],
        "all coordinators are away": [(ann, None), (eva, None)],
    }  # fmt: skip
    for who, stand_in in away.get(why, []):
        a_leave(session, library, who, TODAY, TODAY, stand_in)
    session.get_one(Staff, bas).active = why != "the owner left"
    session.flush()
    answering.answer(session, case, "declined", by=None, now=LATER)
    names = {row.id: row.name.split()[0] for row in rows_of(session, Staff)}
    assert {names[row.staff_id] for row in queued(session, "answer")} == heard


def test_an_answer_after_another_is_told_too(session: Session) -> None:
    library, _ = referred(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, "referred", owner=bas)
    answering.answer(session, case, "declined", by=None, now=LATER)
    undoing.undo(session, case, by=None, now=LATER)
    answering.answer(session, case, "no_show", by=None, now=LATER)
    told = [row.detail for row in queued(session, "answer")]
    assert told == [{"answer": "declined"}, {"answer": "no_show"}]


def introduced(session: Session, stage: str = "spoken", **contact: Any) -> tuple[int, int, int]:
    """(library, case, contact person) of somebody whom an employer introduced."""
    library = a_library(session)
    employer = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig")
    hanna = a_contact(session, employer, **contact)
    case = a_case(session, library, stage, partner=employer)
    an_introduction(session, case, employer, hanna)
    return library, case, hanna


def move(session: Session, case: int, name: str, day: date | None = None) -> None:
    answers = Answers(date=day)
    moving.move_cases(session, [case], name, by=None, now=LATER, answers=answers).raise_refusal()


def test_who_introduced_somebody_hears_once_that_they_came(session: Session) -> None:
    library, case, hanna = introduced(session)
    assert queued(session, "arrived") == []
    move(session, case, "plan_intake")
    [row] = queued(session, "arrived")
    assert (row.key, row.organisation_id) == (f"arrived:{case}", library)
    assert (row.contact_person_id, row.case_id) == (hanna, case)
    assert row.detail["day"] == str(TODAY)
    # further on they came already; and a step made anew is the same news
    for name in ("wait", "start"):
        move(session, case, name)
    for _ in range(3):
        undoing.undo(session, case, by=None, now=LATER)
    move(session, case, "plan_intake")
    assert keys(session, "arrived") == [f"arrived:{case}"]


def test_who_skips_the_intake_came_too(session: Session) -> None:
    _, case, _ = introduced(session, "referred")
    move(session, case, "start")
    assert keys(session, "arrived") == [f"arrived:{case}"]


@pytest.mark.parametrize("contact", [{"email": None}, {"mails": False}, {"active": False}])
def test_where_nobody_can_be_mailed_nobody_hears_it(
    session: Session, contact: dict[str, Any]
) -> None:
    _, case, _ = introduced(session, **contact)
    move(session, case, "plan_intake")
    assert queued(session, "arrived") == []


def test_the_news_of_an_intake_is_not_told_at_a_later_step(session: Session) -> None:
    _, case, hanna = introduced(session, mails=False)
    move(session, case, "plan_intake")
    session.get_one(ContactPerson, hanna).mails = True
    session.flush()
    move(session, case, "start")
    assert queued(session, "arrived") == []


def test_without_a_name_to_the_introduction_the_partner_hears_it(session: Session) -> None:
    library = a_library(session)
    employer = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig")
    first = a_contact(session, employer)
    case = a_case(session, library, "spoken", partner=employer)
    move(session, case, "plan_intake")
    assert [row.contact_person_id for row in queued(session, "arrived")] == [first]


def test_of_somebody_who_came_by_themselves_nobody_hears(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "spoken")
    move(session, case, "plan_intake")
    assert queued(session, "arrived") == []


def test_a_stage_below_the_intake_is_no_arrival(session: Session) -> None:
    _, case, _ = introduced(session, "agreed")
    [partner] = rows_of(session, Partner)
    refer(session, [case], partner.id or 0)
    assert queued(session, "arrived") == []


INTAKE = date(2018, 4, 17)


def test_a_participant_is_mailed_about_an_appointment_once_a_day(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "spoken")
    for day in (INTAKE, INTAKE, INTAKE + timedelta(days=1)):
        move(session, case, "plan_intake", day)
        undoing.undo(session, case, by=None, now=LATER)
    rows = queued(session, "appointment")
    assert [row.key for row in rows] == [
        f"appointment:{case}:2018-04-17", f"appointment:{case}:2018-04-18",
    ]  # fmt: skip
    assert {row.case_id for row in rows} == {case}
    assert [row.detail for row in rows] == [{"day": "2018-04-17"}, {"day": "2018-04-18"}]
    assert all(row.participant_id for row in rows)


@pytest.mark.parametrize(
    ("name", "day"),
    [("plan_intake", None), ("plan_intake", TODAY - timedelta(days=1)), ("start", TODAY)],
)
def test_a_day_that_is_no_appointment_is_not_mailed(
    session: Session, name: str, day: date | None
) -> None:
    case = a_case(session, a_library(session), "spoken", now=NOW - timedelta(days=3))
    move(session, case, name, day)
    assert queued(session, "appointment") == []


def test_opening_a_case_tells_nobody_anything(session: Session) -> None:
    library = a_library(session)
    employer = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig")
    a_contact(session, employer)
    a_case(session, library, partner=employer)
    assert rows_of(session, Message) == []
