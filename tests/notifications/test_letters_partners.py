"""Partners hear a reference and no name, what is true at that moment, and no small numbers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.references import reference
from notifications import digest
from notifications.letter import Letter
from notifications.views import ArrivedView, PartnerDigestView, ReceivedView, ReferralView
from referrals import answering, consent, follow_ups, moving, undoing
from referrals.consent import Agreement
from referrals.moving import Answers
from storage.queries import links, mail_texts
from storage.queries.outbox import Outgoing
from storage.tables import Consent, FollowUp, Message, Referral
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_contact,
    a_course,
    a_library,
    a_partner,
    a_provider,
    an_introduction,
)
from tests.looking import rows_of, the_case
from tests.notifications.moments import DUE, at
from tests.notifications.post import a_message, claimed, letter, needed, written

LATER = NOW + timedelta(hours=1)


def a_referral(session: Session, *, course: bool = False) -> tuple[int, Outgoing]:
    """A case that was referred, and the message to the provider about it."""
    library = a_library(session)
    provider = a_provider(session, library)
    a_contact(session, provider)
    case = a_case(session, library, "agreed")
    given = Answers(
        provider=provider, course=a_course(session, library, provider) if course else None
    )
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=given).raise_refusal()
    [row] = rows_of(session, Message, kind="referral")
    return case, claimed(session, row)


def test_a_provider_gets_a_reference_a_day_and_a_page_to_answer_on(session: Session) -> None:
    case, message = a_referral(session, course=True)
    found = needed(session, message, LATER)
    view = found.values["referral"]
    assert isinstance(view, ReferralView)
    [sent] = rows_of(session, Referral)
    assert replace(view, url="") == ReferralView(
        name="Wim Bedacht", library="Bibliotheek de-voorbeeld", reference=reference(case),
        course="Klik & Tik (verzonnen)", starts_on=date(2018, 5, 7), sent_on=TODAY, url="",
    )  # fmt: skip
    link = links.found(session, view.url.rpartition("/")[2])
    assert link is not None
    assert (link.purpose, link.subject_id, link.version) == ("referral", sent.id, sent.version)
    assert (link.contact_person_id, link.staff_id) == (message.contact_person_id, None)
    assert found.thread == reference(case)


def test_a_referral_without_a_course_names_none(session: Session) -> None:
    _, message = a_referral(session)
    view = needed(session, message, LATER).values["referral"]
    assert isinstance(view, ReferralView)
    assert (view.course, view.starts_on) == (None, None)


def test_the_first_lines_are_those_of_the_library(session: Session) -> None:
    _, message = a_referral(session)
    own = "Beste {{naam}}, kijkt u naar {{kenmerk}}?"
    mail_texts.keep(session, message.organisation_id, "referral", "nl", own, NOW)
    mail = written(session, message, LATER)
    kenmerk = reference(message.case_id or 0)
    assert f"Beste Wim Bedacht, kijkt u naar {kenmerk}?" in mail.text


def _answered(session: Session, case: int) -> None:
    answering.answer(session, case, "accepted", by=None, now=LATER)


def _undone(session: Session, case: int) -> None:
    undoing.undo(session, case, by=None, now=LATER)


def _withdrawn(session: Session, case: int) -> None:
    answering.answer(session, case, "withdrawn", by=None, now=LATER)


def _consent_withdrawn(session: Session, case: int) -> None:
    consent.withdraw_consent(session, the_case(session, case).participant_id, by=None, now=LATER)


def _consent_expired(session: Session, case: int) -> None:
    [row] = rows_of(session, Consent)
    row.expires_on = TODAY - timedelta(days=1)
    session.flush()


@pytest.mark.parametrize(
    "meanwhile", [_answered, _undone, _withdrawn, _consent_withdrawn, _consent_expired]
)
def test_a_referral_that_needs_no_answer_any_more_is_not_mailed(
    session: Session, meanwhile: object
) -> None:
    case, message = a_referral(session)
    assert letter(session, message, LATER) is not None
    assert callable(meanwhile)
    meanwhile(session, case)
    assert letter(session, message, LATER) is None


def test_consent_holds_until_its_last_day(session: Session) -> None:
    _, message = a_referral(session)
    [row] = rows_of(session, Consent)
    row.expires_on = TODAY
    session.flush()
    assert letter(session, message, at(TODAY, 23)) is not None
    assert letter(session, message, at(TODAY + timedelta(days=1), 0)) is None


def an_arrival(session: Session, *purposes: str) -> tuple[int, Outgoing]:
    """A case that got to an intake, and the message to whoever introduced the participant."""
    library = a_library(session)
    employer = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig")
    hanna = a_contact(session, employer, "hanna@bedrijf.example", name="Hanna Denkbeeldig")
    case = a_case(session, library, "spoken", partner=employer)
    an_introduction(session, case, employer, hanna)
    person = the_case(session, case).participant_id
    if purposes:
        agreement = Agreement(given_on=TODAY, purposes=purposes)
        consent.note_consent(session, library, [(person, agreement)], now=NOW)
    moving.move_cases(session, [case], "plan_intake", by=None, now=NOW).raise_refusal()
    [row] = rows_of(session, Message, kind="arrived")
    return case, claimed(session, row)


def test_who_introduced_somebody_hears_that_they_came_when_they_agreed_to_that(
    session: Session,
) -> None:
    case, message = an_arrival(session, "tell_referrer")
    found = needed(session, message, LATER)
    view = found.values["arrived"]
    assert view == ArrivedView("Hanna Denkbeeldig", reference(case), TODAY, TODAY)
    assert (found.to.email, found.thread) == ("hanna@bedrijf.example", reference(case))


def test_without_that_agreement_nobody_hears_it(session: Session) -> None:
    # to be referred, and to be asked later how it went, is something else
    _, message = an_arrival(session)
    assert letter(session, message, LATER) is None


@pytest.mark.parametrize("meanwhile", [_undone, _consent_withdrawn])
def test_what_is_not_so_any_more_is_not_told(session: Session, meanwhile: object) -> None:
    case, message = an_arrival(session, "tell_referrer")
    assert callable(meanwhile)
    meanwhile(session, case)
    assert letter(session, message, LATER) is None


def test_somebody_who_stopped_after_the_intake_came_all_the_same(session: Session) -> None:
    case, message = an_arrival(session, "tell_referrer")
    stop = Answers(reason="moved")
    moving.move_cases(session, [case], "stop", by=None, now=LATER, answers=stop).raise_refusal()
    assert letter(session, message, LATER) is not None


@pytest.mark.parametrize(
    ("number", "shown", "english"),
    [
        (1, "minder dan 5", "fewer than 5"), (4, "minder dan 5", "fewer than 5"),
        (5, "5", "5"), (12, "12", "12"),
    ],
)  # fmt: skip
def test_small_numbers_are_hidden_from_employers(
    session: Session, number: int, shown: str, english: str
) -> None:
    library = a_library(session)
    employer = a_partner(session, library, "Schoonmaakbedrijf Denkbeeldig")
    for language, expected in (("nl", shown), ("en", english)):
        contact = a_contact(session, employer, f"{language}@bedrijf.example", language=language)
        message = a_message(
            session, library, "received", contact_person_id=contact,
            detail={"number": number, "day": str(TODAY)},
        )  # fmt: skip
        view = needed(session, message).values["received"]
        assert view == ReceivedView("Wim Bedacht", "Schoonmaakbedrijf Denkbeeldig", expected, TODAY)
        mail = written(session, message)
        assert expected in mail.text and expected in mail.html
        assert str(number) not in mail.subject


def asked(session: Session) -> tuple[list[int], Outgoing]:
    """Two cases about which a school is asked, and the message that asks."""
    library = a_library(session)
    school = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    a_contact(session, school)
    cases = [a_case(session, library, "referred", partner=school) for _ in range(2)]
    digest.ask_partners(session, at(DUE, 8), due_hour=8)
    [row] = rows_of(session, Message, kind="partner_digest")
    return cases, claimed(session, row)


def _items(found: Letter | None) -> list[str]:
    if found is None:
        return []
    view = found.values["digest"]
    assert isinstance(view, PartnerDigestView)
    return [item.reference for item in view.items]


def test_a_partner_is_asked_by_reference(session: Session) -> None:
    cases, message = asked(session)
    found = needed(session, message, at(DUE, 9))
    view = found.values["digest"]
    assert isinstance(view, PartnerDigestView)
    assert (view.name, view.day) == ("Wim Bedacht", DUE)
    assert [item.reference for item in view.items] == [reference(case) for case in cases]
    assert {item.what for item in view.items} == {
        "Vraag bij de volgende afspraak of er contact is geweest met de aanbieder."
    }
    assert {item.due_on for item in view.items} == {DUE}
    tokens = [item.url.rpartition("/")[2] for item in view.items]
    subjects = [link.subject_id for token in tokens if (link := links.found(session, token))]
    theirs = rows_of(session, FollowUp, receiver="referrer")
    assert subjects == [row.id for row in theirs]


def test_what_was_told_meanwhile_is_not_asked(session: Session) -> None:
    cases, message = asked(session)
    [first] = rows_of(session, FollowUp, receiver="referrer", case_id=cases[0])
    follow_ups.do(session, first.id or 0, by=None, now=at(DUE, 9))
    assert _items(letter(session, message, at(DUE, 9))) == [reference(cases[1])]
    moving.move_cases(session, [cases[1]], "speak", by=None, now=at(DUE, 9))
    assert letter(session, message, at(DUE, 9)) is None


def test_nothing_is_asked_about_somebody_who_withdrew_consent(session: Session) -> None:
    cases, message = asked(session)
    for case in cases:
        _consent_withdrawn(session, case)
    assert letter(session, message, at(DUE, 9)) is None


def test_a_request_that_waited_for_the_mail_server_is_still_one(session: Session) -> None:
    cases, message = asked(session)
    later = at(DUE + timedelta(days=3), 9)
    assert _items(letter(session, message, later)) == [reference(case) for case in cases]
    # asked again meanwhile, it stands in another mail
    for row in rows_of(session, FollowUp, receiver="referrer"):
        row.mailed_on = DUE + timedelta(days=1)
    session.flush()
    assert letter(session, message, later) is None
