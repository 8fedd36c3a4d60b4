"""Facts: what is known of a case when a move is considered, asked in one question for many."""

from datetime import date, timedelta

from sqlmodel import Session

from referrals import consent, facts, moving, participants
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.facts import Needs
from referrals.moving import Answers
from referrals.participants import Newcomer
from storage.queries import cases
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_course,
    a_library,
    a_participant,
    a_provider,
)
from workflows.definition import Move, Titles
from workflows.guards import Facts


def _facts(session: Session, case: int, needs: Needs = Needs(), today: date = TODAY) -> Facts:  # noqa: B008
    return facts.of_cases(session, cases.standing(session, [case]), needs, today)[case]


def test_of_a_nameless_person_without_consent_little_is_known(session: Session) -> None:
    library = a_library(session)
    [who] = participants.register(session, library, [Newcomer()], now=NOW)
    assert _facts(session, a_case(session, library, participant=who)) == Facts()


def test_consents_add_up_and_the_first_to_expire_is_known(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    agreements = [
        Agreement(given_on=TODAY, purposes=("refer",), expires_on=date(2018, 12, 31)),
        Agreement(given_on=TODAY, purposes=("message",), expires_on=date(2018, 6, 30)),
        Agreement(given_on=TODAY, purposes=("tell_referrer",), expires_on=date(2018, 4, 2)),
    ]
    consent.note_consent(session, library, [(who.id, each) for each in agreements], now=NOW)
    known = _facts(session, a_case(session, library, participant=who))
    assert known.purposes == {"refer", "message"}
    assert known.consent_expiry == date(2018, 6, 30)


def test_a_later_agreement_to_the_same_renews_it(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    case = a_case(session, library, participant=who)
    for purposes, last, expiry in (
        (("refer",), date(2018, 6, 30), date(2018, 6, 30)),
        (("refer", "message"), date(2018, 12, 31), date(2018, 12, 31)),
        (("refer",), None, date(2018, 12, 31)),
        (("message",), None, None),
        (("message",), date(2018, 5, 1), None),
    ):
        agreement = Agreement(given_on=TODAY, purposes=purposes, expires_on=last)
        consent.note_consent(session, library, [(who.id, agreement)], now=NOW)
        assert _facts(session, case).consent_expiry == expiry


def test_somebody_can_be_reached_by_phone_by_mail_or_through_a_partner(session: Session) -> None:
    library = a_library(session)
    for person, reachable in (
        (Person(first_name="Ali"), False),
        (Person(phone="+31612345678"), True),
        (Person(email="a@voorbeeld.nl"), True),
    ):
        who = a_participant(session, library, person=person)
        assert _facts(session, a_case(session, library, participant=who)).reachable is reachable


def test_the_open_referral_brings_its_course(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider, seats=3)
    case = a_case(session, library, "agreed")
    answers = Answers(provider=provider, course=course)
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=answers)
    known = _facts(session, case)
    assert (known.referral_open, known.referral_accepted) == (True, False)
    assert (known.course, known.seats_left) == (course, 3)
    assert (known.course_start, known.course_end) == (date(2018, 5, 7), date(2018, 7, 2))
    moving.move_cases(session, [case], "place", by=None, now=NOW)
    known = _facts(session, case)
    # two seats for others, and the one that this participant has
    assert (known.referral_accepted, known.seats_left) == (True, 3)


def test_a_course_without_a_limit_is_never_full(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider, seats=None)
    case = a_case(session, library, "agreed")
    answers = Answers(provider=provider, course=course)
    moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=answers)
    assert _facts(session, case).seats_left is None


def test_what_no_guard_looks_at_is_not_asked(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    known = _facts(session, case, Needs(consent=False, referral=False))
    assert (known.purposes, known.referral_open) == (frozenset(), False)

    def move(*guards: str) -> Move:
        return Move(name="x", title=Titles(nl="x", en="x"), sources=("a",), to="b", guard=guards)

    assert facts.needs_of([move()]) == Needs(False, False)
    assert facts.needs_of([move("reachable")]) == Needs(False, False)
    assert facts.needs_of([move("consent_to_refer"), move()]) == Needs(True, False)
    assert facts.needs_of([move("seat_free")]) == Needs(False, True)
    assert facts.needs_of([move()], {"appointment"}) == Needs(False, False)
    assert facts.needs_of([move()], {"consent_expiry"}) == Needs(True, False)
    assert facts.needs_of([move()], {"course_end"}) == Needs(False, True)
    assert facts.needs_of([move()], {"course_start"}) == Needs(False, True)


def test_follow_ups_can_be_counted_from_each_of_the_dates() -> None:
    known = Facts(course_start=TODAY, appointment=TODAY + timedelta(days=1))
    assert facts.dates_of(known) == {
        "course_start": TODAY, "course_end": None, "appointment": TODAY + timedelta(days=1),
        "consent_expiry": None,
    }  # fmt: skip
