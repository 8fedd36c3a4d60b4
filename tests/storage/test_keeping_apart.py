"""The database states the rules too: libraries apart, words known, once what must be once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from storage.tables import (
    Case,
    Consent,
    ContactPerson,
    ContactTally,
    Course,
    FollowUp,
    ImportKey,
    Introduction,
    Note,
    Organisation,
    Participant,
    Partner,
    Referral,
    StageEntry,
    Target,
)
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_colleague,
    a_course,
    a_library,
    a_participant,
    a_pilot,
    a_provider,
)
from tests.looking import planned, refused_by_the_database, rows_of, the_case


class Neighbours:
    """Two libraries that each have a bit of everything."""

    def __init__(self, session: Session):
        self.mine, self.theirs = a_library(session, "van-ons"), a_library(session, "van-hen")
        self.who = a_participant(session, self.mine)
        self.case = a_case(session, self.mine, participant=self.who)
        self.stranger = a_participant(session, self.theirs)
        self.other_case = a_case(session, self.theirs, participant=self.stranger)
        self.other_provider = a_provider(session, self.theirs)
        self.other_course = a_course(session, self.theirs, self.other_provider)
        self.other_colleague = a_colleague(session, self.theirs, "cor@voorbeeld.nl")
        self.provider = a_provider(session, self.mine)


def _row(table: Any, near: Neighbours, **values: Any) -> Any:
    """A row of our library that would do, but for the values given."""
    usual: dict[Any, dict[str, Any]] = {
        Referral: {
            "case_id": near.case, "participant_id": near.who.id, "provider_id": near.provider,
            "created_at": NOW,
        },
        FollowUp: {
            "case_id": near.case, "seq": 1, "due_on": TODAY, "due_at": NOW, "created_at": NOW,
        },
        Consent: {
            "participant_id": near.who.id, "purposes": ["refer"], "given_on": TODAY,
            "created_at": NOW,
        },
        Note: {"case_id": near.case, "text": "x", "at": NOW},
        Course: {"provider_id": near.provider, "title": "x"},
        ContactPerson: {"partner_id": near.provider, "name": "x"},
        Introduction: {
            "partner_id": near.provider, "participant_id": near.who.id, "channel": "self",
            "received_at": NOW,
        },
        ImportKey: {"source": "register", "key": "x", "case_id": near.case},
        StageEntry: {
            "case_id": near.case, "seq": 99, "kind": "move", "to_stage": "trust", "at": NOW,
            "day": TODAY, "recorded_at": NOW,
        },
        Partner: {"name": "x", "kind": "school", "created_at": NOW},
        Participant: {"person_key": 1, "created_at": NOW},
        ContactTally: {"channel": "self", "day": TODAY, "contacts": 3, "recorded_at": NOW},
    }  # fmt: skip
    return table(**{"organisation_id": near.mine, **usual[table], **values})


#: (table, column, what of the other library it would point at)
POINTERS = [
    (Referral, "case_id", "other_case"),
    (Referral, "provider_id", "other_provider"),
    (Referral, "course_id", "other_course"),
    (Referral, "made_by", "other_colleague"),
    (FollowUp, "case_id", "other_case"),
    (FollowUp, "assignee_id", "other_colleague"),
    (Consent, "explained_by", "other_colleague"),
    (Note, "case_id", "other_case"),
    (Note, "by_staff_id", "other_colleague"),
    (Course, "provider_id", "other_provider"),
    (ContactPerson, "partner_id", "other_provider"),
    (Introduction, "partner_id", "other_provider"),
    (Introduction, "case_id", "other_case"),
    (ImportKey, "case_id", "other_case"),
    (StageEntry, "case_id", "other_case"),
    (StageEntry, "by_staff_id", "other_colleague"),
]
#: (table, a value that it must not take)
UNKNOWN: list[tuple[Any, dict[str, Any]]] = [
    (Referral, {"state": "lost"}),
    (FollowUp, {"state": "forgotten"}),
    (FollowUp, {"receiver": "neighbour"}),
    (Consent, {"basis": "because"}),
    (Consent, {"form": "sung"}),
    (Course, {"subject": "cooking"}),
    (Course, {"kind": "secret"}),
    (Introduction, {"state": "maybe"}),
    (Introduction, {"channel": "pigeon"}),
    (StageEntry, {"kind": "wish"}),
    (StageEntry, {"precision": "century"}),
    (Partner, {"kind": "circus"}),
    (Participant, {"mother_tongue": "nt3"}),
    (ContactTally, {"channel": "pigeon"}),
]


@pytest.fixture
def near(session: Session) -> Neighbours:
    return Neighbours(session)


def test_rows_that_stay_within_the_library_are_taken(session: Session, near: Neighbours) -> None:
    for table in {table for table, _ in UNKNOWN} | {table for table, _, _ in POINTERS}:
        session.add(_row(table, near))
        session.flush()


def test_no_row_points_at_another_library(session: Session, near: Neighbours) -> None:
    for table, column, target in POINTERS:
        with refused_by_the_database(session):
            session.add(_row(table, near, **{column: getattr(near, target)}))


def test_a_case_points_at_nothing_of_another_library(session: Session, near: Neighbours) -> None:
    pilot = a_pilot(session, near.theirs)
    for column, target in {
        "participant_id": near.stranger.id,
        "owner_id": near.other_colleague,
        "partner_id": near.other_provider,
        "linked_case_id": near.other_case,
        "pilot_id": pilot,
    }.items():
        with refused_by_the_database(session):
            row = the_case(session, near.case)
            setattr(row, column, target)
            session.add(row)
    assert the_case(session, near.case).participant_id == near.who.id


def test_no_table_takes_a_word_that_it_does_not_know(session: Session, near: Neighbours) -> None:
    for table, values in UNKNOWN:
        with refused_by_the_database(session):
            session.add(_row(table, near, **values))


def test_a_case_is_of_a_channel_that_is_known(session: Session, near: Neighbours) -> None:
    with refused_by_the_database(session):
        row = the_case(session, near.case)
        row.channel = "pigeon"
        session.add(row)
    with refused_by_the_database(session):
        session.add(Organisation(short_name="y", name="Y", kind="bank", created_at=NOW))
    with refused_by_the_database(session):
        session.add(Target(kind="dream", people=1, dated=TODAY, source="x"))


def test_a_participant_has_one_open_referral_to_a_course(
    session: Session, near: Neighbours
) -> None:
    course = a_course(session, near.mine, near.provider)
    first = _row(Referral, near, course_id=course, state="sent")
    session.add(first)
    session.flush()
    for state in ("draft", "sent", "accepted", "waiting", "started"):
        with refused_by_the_database(session):
            session.add(_row(Referral, near, course_id=course, state=state))
    for state in ("declined", "finished", "no_show", "withdrawn"):
        session.add(_row(Referral, near, course_id=course, state=state))
    session.add(_row(Referral, near, course_id=None, state="sent"))
    first.state = "declined"
    session.add(first)
    session.flush()
    session.add(_row(Referral, near, course_id=course, state="sent"))
    session.flush()
    assert len(rows_of(session, Referral, course_id=course)) == 6


def test_what_must_be_there_once_is_there_once(session: Session, near: Neighbours) -> None:
    [entry] = rows_of(session, StageEntry, case_id=near.case)
    [call] = planned(session, near.case)
    session.expunge_all()
    for again in (
        _row(StageEntry, near, seq=entry.seq),
        _row(FollowUp, near, rule=call.rule, seq=call.seq, occurrence=call.occurrence),
        _row(Partner, near, name="Taalhuis (verzonnen)"),
        _row(Participant, near, person_key=near.who.person_key),
        Organisation(short_name="van-ons", name="x", created_at=NOW),
    ):
        with refused_by_the_database(session):
            session.add(again)


def test_a_participant_with_a_case_cannot_be_taken_away(session: Session, near: Neighbours) -> None:
    with refused_by_the_database(session):
        for row in rows_of(session, Participant, id=near.who.id):
            session.delete(row)
    assert rows_of(session, Case, id=near.case)


def test_two_libraries_may_have_the_same_names(session: Session, near: Neighbours) -> None:
    session.add(_row(Partner, near, name="De Taalbrug (verzonnen)"))
    session.add(_row(Partner, near, name="De Taalbrug (verzonnen)", organisation_id=near.theirs))
    later = NOW + timedelta(days=1)
    session.add(_row(Note, near, at=later))
    session.flush()
