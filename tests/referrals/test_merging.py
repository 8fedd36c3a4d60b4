"""Two participants become one, and two again: everything goes along, and the counts say so."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from core.errors import MoveRefused, NotFound, NothingToUndo
from referrals import consent, finding, merging, moving, profiles, undoing
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.moving import Answers
from referrals.participants import Registered
from referrals.reach import verifying
from referrals.reach.counting import Question, count
from storage.tables import Case, Consent, JournalEntry, Participant, Referral
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_course,
    a_library,
    a_participant,
    a_partner,
    a_provider,
    an_introduction,
)
from tests.looking import assert_counted_whole, open_rules, rows_of

DAY = timedelta(days=1)


def _two(session: Session, library: int, *, agrees: bool = True) -> tuple[Registered, Registered]:
    fatima = Person(first_name="Fatima", last_name="Bouzid", phone="+31612345678")
    again = Person(first_name="Fay", birth_year=1980, email="fatima@voorbeeld.nl")
    kept = a_participant(session, library, agrees=agrees, person=fatima)
    gone = a_participant(session, library, agrees=agrees, person=again)
    return kept, gone


def _people(session: Session, stage: str = "contact", known_on: date | None = None) -> int:
    assert all(not differences for _, differences in verifying.verify(session))
    rows = count(session, Question(by="stage", as_known_on=known_on)).rows
    return sum(row.people for row in rows if row.reached == stage)


def _merged(
    session: Session,
    library: int,
    kept: Registered,
    gone: Registered,
    now: datetime,
    **values: profiles.Value,
) -> int:
    row = merging.merge(session, library, kept.id, gone.id, values, by=None, now=now)
    return row.id or 0


def _owners(session: Session) -> dict[int, int]:
    return {row.id or 0: row.participant_id for row in rows_of(session, Case)}


def test_cases_consents_and_introductions_go_over_to_the_one_who_is_kept(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    mine = a_case(session, library, participant=kept)
    theirs = a_case(session, library, "referred", participant=gone)
    school = a_partner(session, library, "School (verzonnen)", "school")
    an_introduction(session, theirs, school)
    _merged(session, library, kept, gone, NOW + DAY)
    assert _owners(session) == {mine: kept.id, theirs: kept.id}
    assert {row.participant_id for row in rows_of(session, Consent)} == {kept.id}
    assert {row.participant_id for row in rows_of(session, Referral)} == {kept.id}
    assert session.get_one(Participant, gone.id).merged_into_id == kept.id


def test_the_chosen_values_stay_and_are_found(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    _merged(session, library, kept, gone, NOW, email="fatima@voorbeeld.nl", first_name="Fatiha")
    row = session.get_one(Participant, kept.id)
    assert (row.first_name, row.email, row.phone) == (
        "Fatiha", "fatima@voorbeeld.nl", "+31612345678",
    )  # fmt: skip
    found = finding.find(session, library, "fatiha", sees=None)
    assert [hit.participant_id for hit in found.hits] == [kept.id]
    gone_too = finding.find(session, library, "fa", sees=None)
    assert [hit.participant_id for hit in gone_too.hits] == [kept.id]


def test_one_person_is_counted_from_now_on_and_two_as_known_before(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    a_case(session, library, participant=kept)
    a_case(session, library, "agreed", participant=gone)
    assert _people(session) == 2
    _merged(session, library, kept, gone, NOW + 3 * DAY)
    assert _people(session) == 1
    assert _people(session, known_on=TODAY + 2 * DAY) == 2
    assert _people(session, known_on=TODAY + 3 * DAY) == 1
    assert_counted_whole(session)


def test_an_undone_merge_counts_two_again_and_one_as_known_between(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    a_case(session, library, participant=kept)
    a_case(session, library, participant=gone)
    merge = _merged(session, library, kept, gone, NOW + 3 * DAY)
    merging.undo(session, library, merge, by=None, now=NOW + 6 * DAY)
    known = [_people(session, known_on=TODAY + days * DAY) for days in (1, 4, 7)]
    assert known == [2, 1, 2]
    again = _merged(session, library, kept, gone, NOW + 9 * DAY)
    merging.undo(session, library, again, by=None, now=NOW + 12 * DAY)
    known = [_people(session, known_on=TODAY + days * DAY) for days in (1, 4, 7, 10, 13)]
    assert known == [2, 1, 2, 1, 2]
    assert_counted_whole(session)


def test_an_undone_merge_puts_everything_back(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    mine = a_case(session, library, participant=kept)
    theirs = a_case(session, library, "referred", participant=gone)
    before = [session.get_one(Participant, who.id).model_dump() for who in (kept, gone)]
    merge = _merged(session, library, kept, gone, NOW + DAY, birth_year=1980, phone=None)
    assert merging.undo(session, library, merge, by=None, now=NOW + 2 * DAY).remains == ()
    after = [session.get_one(Participant, who.id).model_dump() for who in (kept, gone)]
    before[1].pop("person_key"), after[1].pop("person_key")
    assert after == before
    assert _owners(session) == {mine: kept.id, theirs: gone.id}
    assert [row.participant_id for row in rows_of(session, Consent)] == [kept.id, gone.id]
    assert [row.participant_id for row in rows_of(session, Referral)] == [gone.id]
    found = finding.find(session, library, "fa", sees=None).hits
    assert {hit.participant_id for hit in found} == {kept.id, gone.id}
    assert not merging.may_undo(session, library, merge)
    with pytest.raises(NothingToUndo):
        merging.undo(session, library, merge, by=None, now=NOW + 3 * DAY)


def test_a_case_that_moved_meanwhile_goes_back_with_what_came_of_it(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    theirs = a_case(session, library, participant=gone)
    merge = _merged(session, library, kept, gone, NOW + DAY)
    moving.move_cases(session, [theirs], "agree", by=None, now=NOW + 2 * DAY).raise_refusal()
    answers = Answers(provider=a_provider(session, library))
    moved = moving.move_cases(
        session, [theirs], "refer", by=None, now=NOW + 3 * DAY, answers=answers
    )
    moved.raise_refusal()
    merging.undo(session, library, merge, by=None, now=NOW + 4 * DAY)
    assert [row.participant_id for row in rows_of(session, Referral)] == [gone.id]
    assert _people(session, "referred") == 1
    undoing.undo(session, theirs, by=None, now=NOW + 5 * DAY)
    assert _people(session, "referred") == 0
    assert_counted_whole(session)


def test_what_was_changed_since_stays_when_a_merge_is_undone(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    merge = _merged(session, library, kept, gone, NOW, wish="Lezen", best_moment="ochtend")
    seen = {"wish": profiles.mark_of("Lezen")}
    profiles.change(session, library, kept.id, {"wish": "Schrijven"}, seen, by=None, now=NOW + DAY)
    undone = merging.undo(session, library, merge, by=None, now=NOW + 2 * DAY)
    row = session.get_one(Participant, kept.id)
    assert (row.wish, row.best_moment) == ("Schrijven", None)
    assert len(undone.remains) == 1


def test_two_who_are_referred_to_one_course_are_not_merged(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    provider = a_provider(session, library)
    course = a_course(session, library, provider)
    for who in (kept, gone):
        case = a_case(session, library, "agreed", participant=who)
        answers = Answers(provider=provider, course=course)
        moving.move_cases(
            session, [case], "refer", by=None, now=NOW, answers=answers
        ).raise_refusal()
    with pytest.raises(MoveRefused) as refused:
        _merged(session, library, kept, gone, NOW + DAY)
    assert "same course" in refused.value.faults[0].why
    assert len(set(_owners(session).values())) == 2


def test_an_older_consent_does_not_speak_over_a_withdrawal(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    consent.withdraw_consent(session, kept.id, by=None, now=NOW + DAY)
    with pytest.raises(MoveRefused) as refused:
        _merged(session, library, kept, gone, NOW + 2 * DAY)
    assert "older" in refused.value.faults[0].why
    consent.withdraw_consent(session, gone.id, by=None, now=NOW + 3 * DAY)
    again = (gone.id, Agreement(given_on=TODAY + 4 * DAY))
    consent.note_consent(session, library, [again], now=NOW + 4 * DAY)
    _merged(session, library, kept, gone, NOW + 5 * DAY)


def test_nobody_at_a_partner_is_asked_about_somebody_who_withdrew(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    theirs = a_case(session, library, "referred", participant=gone)
    assert "contact_made" in open_rules(session, theirs)
    # what was agreed to is older than the case can tell: it came from another system
    for row in rows_of(session, Consent, participant_id=gone.id):
        session.delete(row)
    session.flush()
    consent.withdraw_consent(session, kept.id, by=None, now=NOW + DAY)
    _merged(session, library, kept, gone, NOW + 2 * DAY)
    assert "contact_made" not in open_rules(session, theirs)


def test_follow_ups_count_from_the_last_day_of_what_either_agreed_to(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library, agrees=False)
    for who, days in ((kept, 60), (gone, 90)):
        ends = (who.id, Agreement(given_on=TODAY, expires_on=TODAY + days * DAY))
        consent.note_consent(session, library, [ends], now=NOW)
    both = [a_case(session, library, "agreed", participant=who) for who in (kept, gone)]
    before = [open_rules(session, case) for case in both]
    assert before[0]["consent_ends"] < before[1]["consent_ends"]
    merge = _merged(session, library, kept, gone, NOW + DAY)
    after = [open_rules(session, case)["consent_ends"] for case in both]
    assert after == [before[1]["consent_ends"]] * 2
    merging.undo(session, library, merge, by=None, now=NOW + 2 * DAY)
    assert [open_rules(session, case) for case in both] == before


def test_merges_are_undone_last_one_first(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    third = a_participant(session, library)
    first = _merged(session, library, kept, gone, NOW)
    second = _merged(session, library, third, kept, NOW + DAY)
    with pytest.raises(NothingToUndo) as refused:
        merging.undo(session, library, first, by=None, now=NOW + 2 * DAY)
    assert "another one since" in refused.value.faults[0].why
    merging.undo(session, library, second, by=None, now=NOW + 2 * DAY)
    merging.undo(session, library, first, by=None, now=NOW + 3 * DAY)


def test_of_two_merges_into_one_the_later_is_undone_first(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    third = a_participant(session, library)
    first = _merged(session, library, kept, gone, NOW, wish="Lezen")
    second = _merged(session, library, kept, third, NOW + DAY, wish="Schrijven")
    assert not merging.may_undo(session, library, first)
    with pytest.raises(NothingToUndo) as refused:
        merging.undo(session, library, first, by=None, now=NOW + 2 * DAY)
    assert "Somebody else" in refused.value.faults[0].why
    for number in (second, first):
        merging.undo(session, library, number, by=None, now=NOW + 3 * DAY)
    assert session.get_one(Participant, kept.id).wish is None


def test_an_example_is_not_merged_with_somebody_who_counts(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    row = session.get_one(Participant, gone.id)
    row.person_key = -row.person_key
    session.flush()
    with pytest.raises(MoveRefused) as refused:
        _merged(session, library, kept, gone, NOW)
    assert "example" in refused.value.faults[0].why


def test_nobody_is_merged_twice_or_with_somebody_of_another_library(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    with pytest.raises(NotFound):
        stranger = a_participant(session, a_library(session, "elders"))
        _merged(session, library, kept, stranger, NOW)
    _merged(session, library, kept, gone, NOW)
    with pytest.raises(NotFound):
        _merged(session, library, kept, gone, NOW)


def test_the_journal_names_fields_and_nothing_that_stood_in_them(session: Session) -> None:
    library = a_library(session)
    kept, gone = _two(session, library)
    _merged(session, library, kept, gone, NOW, wish="Geheim")
    lines = rows_of(session, JournalEntry, what="participant.merged")
    assert [line.subject_id for line in lines] == [kept.id, gone.id]
    assert lines[0].detail == {"with": gone.id, "fields": ["wish"]}
