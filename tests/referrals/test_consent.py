"""Consent: noted with everything that the law asks, and withdrawn at once."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.errors import FaultyValue, NotFound
from referrals import consent, moving, undoing
from referrals.consent import Agreement
from referrals.moving import Answers
from storage.tables import Consent, JournalEntry
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_colleague,
    a_course,
    a_library,
    a_participant,
    a_provider,
)
from tests.looking import assert_whole, open_rules, people_per, planned, rows_of, the_case

LATER = NOW + timedelta(days=1)


def test_consent_is_noted_with_who_explained_what(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    who = a_participant(session, library, agrees=False)
    agreement = Agreement(
        given_on=date(2018, 4, 1), purposes=("refer", "message"), form="written",
        basis="public_task", receivers=("ROC",), text_version="2018-2", language="ar",
        explained_by=bo, expires_on=date(2019, 4, 1),
    )  # fmt: skip
    consent.note_consent(session, library, [(who.id, agreement)], now=NOW)

    [row] = rows_of(session, Consent)
    assert (row.participant_id, row.basis, row.form) == (who.id, "public_task", "written")
    assert (row.purposes, row.receivers) == (["refer", "message"], ["ROC"])
    assert (row.text_version, row.language, row.explained_by) == ("2018-2", "ar", bo)
    assert (row.given_on, row.expires_on) == (date(2018, 4, 1), date(2019, 4, 1))
    assert (row.withdrawn_at, row.created_at) == (None, NOW)


@pytest.mark.parametrize(
    "values", [{"purposes": ("advertise",)}, {"basis": "because"}, {"form": "sung"}]
)
def test_consent_to_what_does_not_exist_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(FaultyValue) as refusal:
        Agreement(given_on=TODAY, **values)  # type: ignore[arg-type]
    assert "Choose one of" in refusal.value.remedy


def test_without_consent_nobody_is_referred_and_with_it_they_are(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    case = a_case(session, library, participant=who)
    assert moving.move_cases(session, [case], "agree", by=None, now=NOW).refused
    agreement = (who.id, Agreement(given_on=TODAY))
    consent.note_consent(session, library, [agreement], now=NOW)
    assert moving.move_cases(session, [case], "agree", by=None, now=NOW).moved


def test_consent_holds_up_to_and_with_its_last_day(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    agreement = (who.id, Agreement(given_on=TODAY, expires_on=TODAY + timedelta(days=5)))
    consent.note_consent(session, library, [agreement], now=NOW)
    case = a_case(session, library, participant=who)
    too_late = NOW + timedelta(days=6)
    assert moving.move_cases(session, [case], "agree", by=None, now=too_late).refused
    on_the_day = NOW + timedelta(days=5)
    assert moving.move_cases(session, [case], "agree", by=None, now=on_the_day).moved


def test_consent_to_something_else_is_no_consent_to_refer(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    agreement = (who.id, Agreement(given_on=TODAY, purposes=("message",)))
    consent.note_consent(session, library, [agreement], now=NOW)
    case = a_case(session, library, participant=who)
    assert moving.move_cases(session, [case], "agree", by=None, now=NOW).refused


def test_withdrawing_stops_sharing_at_once_and_the_count_stays(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    case = a_case(session, library, "referred", participant=who)
    other = a_case(session, library, "referred")
    assert open_rules(session, case).keys() == {"contact_made"}
    counted = people_per(session)

    assert consent.withdraw_consent(session, who.id, by=None, now=LATER) == 1

    assert open_rules(session, case) == {}
    [ended] = planned(session, case, seq=3)
    assert (ended.state, ended.done_at) == ("ended", LATER)
    assert open_rules(session, other).keys() == {"contact_made"}
    assert people_per(session) == counted
    assert rows_of(session, Consent, participant_id=who.id)[0].withdrawn_at == LATER
    assert_whole(session, case)


def test_after_withdrawing_nothing_more_is_planned_for_a_partner(session: Session) -> None:
    library = a_library(session)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    cases = []
    for _ in range(2):
        who = a_participant(session, library)
        case = a_case(session, library, "agreed", participant=who)
        answers = Answers(provider=provider, course=course)
        moving.move_cases(session, [case], "refer", by=None, now=NOW, answers=answers)
        cases.append(case)
    consent.withdraw_consent(session, who.id, by=None, now=LATER)

    moving.move_cases(session, cases, "start", by=None, now=LATER)

    assert open_rules(session, cases[0]).keys() == {"week_two", "at_the_end"}
    assert open_rules(session, cases[1]).keys() == {"week_two"}


def test_undoing_a_step_does_not_start_sharing_again(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    case = a_case(session, library, "spoken", participant=who)
    consent.withdraw_consent(session, who.id, by=None, now=LATER)
    undoing.undo(session, case, by=None, now=LATER)
    assert (the_case(session, case).stage, open_rules(session, case)) == ("referred", {})


def test_whoever_agrees_again_can_be_referred_again(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    case = a_case(session, library, participant=who)
    consent.withdraw_consent(session, who.id, by=None, now=NOW)
    assert moving.move_cases(session, [case], "agree", by=None, now=NOW).refused
    consent.note_consent(session, library, [(who.id, Agreement(given_on=TODAY))], now=NOW)
    assert moving.move_cases(session, [case], "agree", by=None, now=NOW).moved


def test_withdrawing_is_in_the_journal_and_nothing_can_be_withdrawn_twice(
    session: Session,
) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    who = a_participant(session, library)
    consent.withdraw_consent(session, who.id, by=bo, now=LATER)
    [line] = rows_of(session, JournalEntry, what="consent.withdrawn")
    assert (line.subject, line.subject_id, line.by_staff_id) == ("participant", who.id, bo)
    with pytest.raises(NotFound):
        consent.withdraw_consent(session, who.id, by=bo, now=LATER)
