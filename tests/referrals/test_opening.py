"""Opening: a case begins where its route starts, counted and planned for from the first moment."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from core.errors import BsnFound, FaultyValue
from referrals import opening, participants, routes
from referrals.opening import NewCase
from referrals.participants import Newcomer
from storage.queries import cases
from storage.tables import Case, JournalEntry, ReachEntry, ReachWay
from tests.builders import NOW, TODAY, a_colleague, a_library, a_participant, a_pilot, a_provider
from tests.looking import assert_whole, open_rules, people_per, planned, rows_of, the_case


def _open(session: Session, library: int, *wanted: NewCase, now: datetime = NOW) -> list[int]:
    published = routes.newest(session, "open-door")
    return opening.open_cases(session, library, published, wanted, by=None, now=now)


def test_a_case_has_everything_that_it_was_opened_with(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    pilot, partner = a_pilot(session, library), a_provider(session, library)
    who = a_participant(session, library)
    [case] = _open(
        session, library,
        NewCase(
            who, channel="school", owner_id=bo, pilot_id=pilot, partner_id=partner,
            municipality_code="GM0537", note="Via de juf",
        ),
    )  # fmt: skip
    row = the_case(session, case)
    assert (row.stage, row.version, row.seq, row.closed_at) == ("contact", 1, 1, None)
    assert (row.stage_day, row.opened_on, row.created_at) == (TODAY, TODAY, NOW)
    assert (row.owner_id, row.pilot_id, row.partner_id) == (bo, pilot, partner)
    assert (row.participant_id, row.channel, row.municipality_code) == (who.id, "school", "GM0537")
    [entry] = cases.history(session, case)
    assert (entry.kind, entry.move, entry.from_stage, entry.note) == (
        "open", None, None, "Via de juf",
    )  # fmt: skip
    [way] = rows_of(session, ReachWay, id=row.way_id)
    assert (way.route, way.version, way.pilot_id, way.channel) == ("open-door", 1, pilot, "school")
    assert (way.partner_id, way.municipality_code, way.campaign_id) == (partner, "GM0537", 0)
    [line] = rows_of(session, JournalEntry, what="case.opened")
    assert (line.subject_id, line.detail) == (case, {"from": None, "to": "contact", "seq": 1})
    [call] = planned(session, case)
    assert (call.rule, call.assignee_id, call.due_on) == ("first_call", bo, date(2018, 4, 10))
    assert_whole(session, case)


def test_a_nameless_person_can_have_a_case(session: Session) -> None:
    library = a_library(session)
    [who] = participants.register(session, library, [Newcomer()], now=NOW)
    [case] = _open(session, library, NewCase(who))
    assert people_per(session) == {"contact": 1}
    assert_whole(session, case)


def test_many_are_opened_in_their_order_with_numbers_of_their_own(session: Session) -> None:
    library = a_library(session)
    people = participants.register(session, library, [Newcomer()] * 70, now=NOW)
    numbers = _open(session, library, *(NewCase(who) for who in people))
    assert numbers == sorted(set(numbers)) and len(numbers) == 70
    rows = rows_of(session, Case)
    assert [row.participant_id for row in rows] == [who.id for who in people]
    assert len({row.case_key for row in rows}) == 70
    assert len(rows_of(session, ReachEntry)) == 70
    assert len(rows_of(session, ReachWay)) == 1


def test_a_case_may_begin_at_another_stage_in_which_the_route_starts(session: Session) -> None:
    library = a_library(session)
    [case] = _open(session, library, NewCase(a_participant(session, library), stage="screened"))
    assert the_case(session, case).stage == "screened"
    assert open_rules(session, case).keys() == {"tell_the_result"}


def test_a_case_does_not_begin_half_way(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    with pytest.raises(FaultyValue) as refusal:
        _open(session, library, NewCase(who), NewCase(who, stage="started"))
    assert "contact, screened" in refusal.value.remedy
    assert rows_of(session, Case) == []


def test_a_note_with_a_bsn_is_refused(session: Session) -> None:
    library = a_library(session)
    with pytest.raises(BsnFound):
        _open(session, library, NewCase(a_participant(session, library), note="111222333"))


def test_a_case_begins_on_the_local_day(session: Session) -> None:
    library = a_library(session)
    night = datetime(2018, 4, 3, 22, 30, tzinfo=UTC)
    [case] = _open(session, library, NewCase(a_participant(session, library)), now=night)
    assert the_case(session, case).opened_on == date(2018, 4, 4)


def test_cases_stay_on_the_version_on_which_they_began(session: Session) -> None:
    library = a_library(session)
    [before] = _open(session, library, NewCase(a_participant(session, library)))
    old = routes.newest(session, "open-door")
    text = rows_text(session, old.id).replace("contact + 5 workdays", "contact + 9 workdays")
    new = routes.publish(session, text, by="test", now=NOW)
    [after] = _open(session, library, NewCase(a_participant(session, library)))
    assert (old.number, new.number) == (1, 2)
    assert the_case(session, before).workflow_version_id == old.id
    assert the_case(session, after).workflow_version_id == new.id
    assert open_rules(session, after) == {"first_call": "2018-04-16"}


def rows_text(session: Session, version: int) -> str:
    """The text of a published version."""
    from storage.queries import workflows

    return workflows.version(session, version).text
