"""Examples: everything can be tried with them, nothing counts them, and all of them can go."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, NothingToUndo
from referrals import merging, partners, samples
from referrals.moving import Answers, move_cases
from referrals.reach.verifying import verify
from referrals.samples import EXAMPLES
from storage.queries import samples as rows
from storage.tables import (
    Case,
    Course,
    FollowUp,
    JournalEntry,
    Message,
    Organisation,
    Participant,
    Partner,
    ReachEntry,
    Referral,
    Sample,
    StageEntry,
)
from tests.builders import NOW, a_case, a_library
from tests.looking import people_per, rows_of, the_case

LATER = NOW + timedelta(hours=1)
#: every table in which an example can leave something
TABLES = (
    Case, Course, FollowUp, Message, Participant, Partner, ReachEntry, Referral, Sample, StageEntry,
)  # fmt: skip


def _library(session: Session) -> Organisation:
    return session.get_one(Organisation, a_library(session))


def _ann(session: Session, library: Organisation) -> int:
    from storage.tables import Staff

    return rows_of(session, Staff, organisation_id=library.id)[0].id or 0


def _everything(session: Session) -> dict[str, list[object]]:
    return {
        table.__name__: [row.model_dump() for row in rows_of(session, table)] for table in TABLES
    }


def test_examples_stand_in_several_stages_with_something_to_do(session: Session) -> None:
    library = _library(session)
    cases = samples.add(session, library, by=_ann(session, library), now=NOW)
    stages = [the_case(session, case).stage for case in cases]
    assert stages == ["contact", "screened", "agreed", "referred", "contact"]
    late = [row for case in cases for row in rows_of(session, FollowUp, case_id=case, state="open")
            if row.due_at < NOW]  # fmt: skip
    assert late


def test_every_example_is_called_invented(session: Session) -> None:
    library = _library(session)
    samples.add(session, library, by=_ann(session, library), now=NOW)
    assert {person.last_name for person in rows_of(session, Participant)} == {"(verzonnen)"}
    assert all("(verzonnen)" in row.name for row in rows_of(session, Partner))
    assert all("(verzonnen)" in row.title for row in rows_of(session, Course))


def test_examples_are_never_counted_whatever_is_done_with_them(session: Session) -> None:
    library = _library(session)
    real = a_case(session, library.id or 0, "agreed")
    before = people_per(session)
    cases = samples.add(session, library, by=_ann(session, library), now=NOW)
    move_cases(session, cases[:2], "stop", by=None, now=LATER, answers=Answers(reason="moved"))
    assert people_per(session) == before
    keys = {row.case_key for row in rows_of(session, ReachEntry)}
    assert keys == {the_case(session, real).case_key}
    samples.remove(session, library.id or 0, by=_ann(session, library), now=LATER)
    assert people_per(session) == before
    assert not [each for _, found in verify(session) for each in found]


def test_taking_them_away_leaves_everything_as_it_was(session: Session) -> None:
    library = _library(session)
    a_case(session, library.id or 0, "referred")
    before = _everything(session)
    ann = _ann(session, library)
    cases = samples.add(session, library, by=ann, now=NOW)
    assert _everything(session) != before
    move_cases(session, cases[3:4], "speak", by=ann, now=LATER).raise_refusal()
    seen = samples.what_goes(session, library.id or 0)
    assert samples.remove(session, library.id or 0, by=ann, now=LATER) == seen
    assert _everything(session) == before
    assert (seen.people, seen.cases, seen.partners, seen.courses, seen.stays) == (
        len(EXAMPLES), len(EXAMPLES), 1, 1, 0,
    )  # fmt: skip
    notes = [row.what for row in rows_of(session, JournalEntry, subject="organisation")]
    assert notes == ["samples.added", "samples.removed"]


def test_what_somebody_real_rests_on_stays(session: Session) -> None:
    library = _library(session)
    number, ann = library.id or 0, _ann(session, library)
    samples.add(session, library, by=ann, now=NOW)
    [provider] = rows_of(session, Partner)
    real = a_case(session, number, "agreed")
    answers = Answers(provider=provider.id)
    move_cases(session, [real], "refer", by=ann, now=NOW, answers=answers).raise_refusal()
    gone = samples.remove(session, number, by=ann, now=LATER)
    assert (gone.partners, gone.courses, gone.stays) == (0, 0, 1)
    assert the_case(session, real).stage == "referred"
    assert [row.id for row in rows_of(session, Case)] == [real]
    assert not samples.there(session, number)


def test_contact_people_of_an_invented_provider_go_too(session: Session) -> None:
    library = _library(session)
    number, ann = library.id or 0, _ann(session, library)
    samples.add(session, library, by=ann, now=NOW)
    [provider] = rows_of(session, Partner)
    partners.add_contact_person(session, provider, "Els", email="els@voorbeeld.nl", phone=None)
    assert samples.remove(session, number, by=ann, now=LATER).partners == 1
    assert rows_of(session, Partner) == []


def test_examples_of_another_library_stay(session: Session) -> None:
    library = _library(session)
    other = session.get_one(Organisation, a_library(session, "de-andere"))
    samples.add(session, library, by=_ann(session, library), now=NOW)
    samples.add(session, other, by=_ann(session, other), now=NOW)
    samples.remove(session, other.id or 0, by=_ann(session, other), now=LATER)
    assert len(rows_of(session, Case, organisation_id=library.id)) == len(EXAMPLES)
    assert rows_of(session, Case, organisation_id=other.id) == []


def test_they_are_added_once_and_taken_away_once(session: Session) -> None:
    library = _library(session)
    ann = _ann(session, library)
    samples.add(session, library, by=ann, now=NOW)
    with pytest.raises(AlreadyThere):
        samples.add(session, library, by=ann, now=NOW)
    samples.remove(session, library.id or 0, by=ann, now=NOW)
    with pytest.raises(NothingToUndo):
        samples.remove(session, library.id or 0, by=ann, now=NOW)
    samples.add(session, library, by=ann, now=NOW)
    assert rows.marked(session, library.id or 0).keys() == {"participant", "partner", "course"}


def test_two_examples_that_were_made_one_go_as_well(session: Session) -> None:
    library = _library(session)
    number, ann = library.id or 0, _ann(session, library)
    before = _everything(session)
    samples.add(session, library, by=ann, now=NOW)
    one, two, *_ = (row.id or 0 for row in rows_of(session, Participant))
    merging.merge(session, number, one, two, {}, by=ann, now=LATER)
    assert samples.remove(session, number, by=ann, now=LATER).people == len(EXAMPLES)
    assert _everything(session) == before
