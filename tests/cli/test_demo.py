"""The demo: the same picture from the same seed, invented through and through, and exact."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from cli.demo import Filled, fill
from core.errors import AlreadyThere
from referrals import bsn, routes
from referrals.reach.counting import Question, Row, count
from referrals.reach.verifying import verify
from storage.engine import open_engine, transaction
from storage.migrations import migrate
from storage.tables import (
    Case,
    Consent,
    ContactPerson,
    Course,
    FollowUp,
    Organisation,
    Participant,
    Partner,
    Pilot,
    Referral,
    Staff,
    StageEntry,
)
from workflows.library import builtin_names

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _fill(engine: Engine, people: int = 400, seed: int = 7, now: datetime = NOW) -> Filled:
    return fill(engine, people=people, seed=seed, now=now)


def _an_empty_database(folder: Path) -> Engine:
    folder.mkdir()
    engine = open_engine(f"sqlite:///{folder / 'brug.sqlite'}")
    migrate(engine)
    return engine


def _reach(engine: Engine) -> list[tuple[Row, ...]]:
    with transaction(engine) as session:
        return [
            count(session, Question(split="route")).rows,
            count(session, Question(by="level", split="month")).rows,
        ]


def test_the_same_seed_makes_the_same_picture_on_any_database(
    engine: Engine, tmp_path: Path
) -> None:
    heard: list[int] = []
    filled = fill(engine, people=100, seed=7, now=NOW, progress=heard.append)

    again, another = _an_empty_database(tmp_path / "a"), _an_empty_database(tmp_path / "b")
    assert _fill(again, 100) == filled
    assert _reach(again) == _reach(engine)
    _fill(another, 100, seed=8)
    assert _reach(another) != _reach(engine)
    assert filled.people == 100 == heard[-1]
    again.dispose()
    another.dispose()


def test_a_database_that_is_in_use_is_left_alone(engine: Engine) -> None:
    _fill(engine, 10)
    before = _reach(engine)
    with pytest.raises(AlreadyThere, match="BRUG_DATABASE_URL"):
        _fill(engine, 10)
    assert _reach(engine) == before


def test_the_picture(engine: Engine) -> None:
    """One picture, looked at from all sides: filling takes longer than looking."""
    filled = _fill(engine)
    with transaction(engine) as session:
        for question, differences in verify(session):
            assert not differences, question
        _is_invented_through_and_through(session)
        _covers_every_route_and_many_stages(session)
        _histories_are_in_order_and_follow_the_route(session)
        _open_cases_are_young_and_followed_up(session)
        _two_cases_are_one_person(session, filled)
        _referrals_and_consents_fit(session)


def test_a_pilot_that_has_not_begun_has_nobody(engine: Engine) -> None:
    _fill(engine, 60, now=datetime(2018, 1, 30, 12, tzinfo=UTC))
    with transaction(engine) as session:
        assert len(session.exec(select(Pilot)).all()) == 10
        assert not session.exec(select(Case).where(col(Case.pilot_id).is_not(None))).all()


def _is_invented_through_and_through(session: Session) -> None:
    organisations = session.exec(select(Organisation)).all()
    assert all(row.invented and "(verzonnen)" in row.name for row in organisations)
    assert len([row for row in organisations if row.kind == "library"]) >= 60
    assert all(row.invented for row in session.exec(select(Pilot)))
    assert all("(verzonnen)" in row.name for row in session.exec(select(Staff)))
    assert all("(verzonnen)" in row.name for row in session.exec(select(Partner)))
    assert all("(verzonnen)" in row.title for row in session.exec(select(Course)))
    people = session.exec(select(Participant)).all()
    addresses = [
        *(row.email for row in people),
        *(row.email for row in session.exec(select(Staff))),
        *(row.email for row in session.exec(select(ContactPerson))),
    ]
    assert all(each.endswith("@voorbeeld.example") for each in addresses if each)
    assert all(row.phone.startswith("+3160") for row in people if row.phone)
    phones = [row.phone for row in people if row.phone]
    assert len(set(phones)) == len(phones)
    assert not any(bsn.holds_bsn(phone) for phone in phones)
    nameless = sum(row.first_name is None for row in people)
    assert 0.2 < nameless / len(people) < 0.7


def _covers_every_route_and_many_stages(session: Session) -> None:
    on_routes = {row.workflow_version_id for row in session.exec(select(Case))}
    assert len(on_routes) == len(builtin_names()) == 5
    reached = {row.reached for row in count(session, Question(by="level")).rows}
    assert {"contacted", "known", "agreed", "referred", "in_intake", "started"} <= reached
    assert {"completed", "onward"} <= reached
    by_level = {row.reached: row.people for row in count(session, Question(by="level")).rows}
    assert by_level["contacted"] > by_level["agreed"] > by_level["started"] > by_level["completed"]


def _histories_are_in_order_and_follow_the_route(session: Session) -> None:
    cases = {row.id: row for row in session.exec(select(Case))}
    history: dict[int, list[StageEntry]] = {}
    for entry in session.exec(
        select(StageEntry).order_by(col(StageEntry.case_id), col(StageEntry.seq))
    ):
        history.setdefault(entry.case_id, []).append(entry)
    for number, entries in history.items():
        version = routes.pinned(session, cases[number].workflow_version_id)
        assert entries[0].to_stage in version.definition.start
        assert all(entry.move for entry in entries[1:]), [entry.to_stage for entry in entries]
        assert all(before.at < after.at for before, after in pairwise(entries))
        assert entries[-1].at < NOW
        assert cases[number].stage == entries[-1].to_stage
        for entry in entries:
            if entry.to_stage in ("stopped", "not_now"):
                assert entry.reason in version.definition.reasons


def _open_cases_are_young_and_followed_up(session: Session) -> None:
    still_open = session.exec(select(Case).where(col(Case.closed_at).is_(None))).all()
    assert still_open
    oldest = min(row.opened_on for row in still_open)
    assert NOW.date() - oldest < timedelta(days=290)
    followed = {row.case_id for row in session.exec(select(FollowUp))}
    assert followed <= {row.id for row in still_open}
    assert len(followed) > len(still_open) / 2
    due = [row.due_on for row in session.exec(select(FollowUp))]
    assert min(due) > NOW.date() - timedelta(days=30)


def _two_cases_are_one_person(session: Session, filled: Filled) -> None:
    linked = session.exec(select(Case).where(col(Case.linked_case_id).is_not(None))).all()
    assert len(linked) == filled.cases - filled.people > 0
    for row in linked:
        before = session.get_one(Case, row.linked_case_id)
        assert before.participant_id == row.participant_id
        assert before.workflow_version_id != row.workflow_version_id


def _referrals_and_consents_fit(session: Session) -> None:
    agreed = {row.participant_id for row in session.exec(select(Consent))}
    referrals = session.exec(select(Referral)).all()
    assert referrals
    assert {row.participant_id for row in referrals} <= agreed
    seats = {row.id: row.seats for row in session.exec(select(Course))}
    taken: dict[int, int] = {}
    for row in referrals:
        if row.course_id and row.state in ("accepted", "started"):
            taken[row.course_id] = taken.get(row.course_id, 0) + 1
    assert all(number <= (seats[course] or 0) for course, number in taken.items())
