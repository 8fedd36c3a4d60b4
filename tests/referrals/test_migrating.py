"""Open cases go over to another version of their route: kept, moved, ended, and counted once."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.errors import FaultyValue, MoveRefused
from referrals import consent, follow_ups, migrating, previewing, routes
from referrals.consent import Agreement
from referrals.migrating import Migrated
from referrals.routes import Published
from storage.queries import cases
from storage.tables import CaseMigration, FollowUp, JournalEntry, MigratedCase, ReachEntry
from tests.builders import NOW, TODAY, a_case, a_library, a_participant, a_pilot
from tests.looking import (
    assert_counted_whole,
    assert_whole,
    effective,
    open_rules,
    people_per,
    planned,
    rows_of,
    the_case,
)
from workflows.library import builtin

LATER = NOW + timedelta(days=2)
MUCH_LATER = NOW + timedelta(days=4)


def changed(*replacements: tuple[str, str], name: str = "open-door") -> str:
    """A built-in route with pieces of its text replaced, each of which must be there."""
    text = builtin(name)
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text


#: the stage trust is called met
RENAMED = changed(
    ("  trust:       {title: {nl: Vertrouwen, en: Trust}", "  met: {title: {nl: Ontmoet, en: Met}"),
    ("to: trust", "to: met"),
    ("[contact, trust, screened, returned]", "[contact, met, screened, returned]"),
    ("from: [contact, trust, returned]", "from: [contact, met, returned]"),
)


def a_version(session: Session, text: str) -> Published:
    return routes.publish(session, text, by="test", now=LATER)


def go(session: Session, library: int, to: Published, **how: object) -> Migrated:
    return migrating.migrate(session, library, to, by=None, now=LATER, **how)  # type: ignore[arg-type]


def test_a_case_goes_over_and_stays_where_it_stands(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "agreed")
    before = the_case(session, case)
    was = (before.version, before.stage_day, before.seq)
    rules = open_rules(session, case)
    to = a_version(session, builtin("open-door") + "# 2\n")

    done = go(session, library, to)

    after = the_case(session, case)
    assert (done.cases, after.workflow_version_id, after.stage) == (1, to.id, "agreed")
    assert (after.version, after.stage_day, after.seq) == (was[0] + 1, was[1], was[2] + 1)
    assert effective(session, case)[-1].kind == "migrate"
    assert open_rules(session, case) == rules
    [migration] = rows_of(session, CaseMigration)
    assert (migration.to_version_id, migration.organisation_id) == (to.id, library)
    assert [row.case_id for row in rows_of(session, MigratedCase)] == [case]
    [line] = rows_of(session, JournalEntry, what="case.migrated")
    assert line.detail == {"from": "agreed", "to": "agreed", "seq": 3, "version": to.id}
    assert_whole(session, case)


def test_a_stage_without_counterpart_needs_a_mapping_and_nothing_is_written_without(
    session: Session,
) -> None:
    library = a_library(session)
    case = a_case(session, library, "trust")
    other = a_case(session, library, "contact")
    to = a_version(session, RENAMED)

    with pytest.raises(MoveRefused) as refusal:
        go(session, library, to)

    assert [fault.thing for fault in refusal.value.faults] == ["trust"]
    assert the_case(session, other).workflow_version_id != to.id
    go(session, library, to, mapping={"trust": "met"})
    assert the_case(session, case).stage == "met"
    assert_whole(session, case)
    assert_whole(session, other)


@pytest.mark.parametrize("stage", ["nowhere", "completed", "stopped"])
def test_a_case_under_way_goes_to_no_stage_that_is_not_there_or_ends_it(
    session: Session, stage: str
) -> None:
    library = a_library(session)
    a_case(session, library, "trust")
    with pytest.raises(FaultyValue):
        go(session, library, a_version(session, RENAMED), mapping={"trust": stage})


def test_nobody_counts_twice_for_a_level_and_nothing_counted_is_lost(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library)
    case = a_case(session, library, "trust", participant=who)
    a_case(session, library, "screened")
    stages, levels = people_per(session), people_per(session, by="level")
    day = the_case(session, case).stage_day

    go(session, library, a_version(session, RENAMED), mapping={"trust": "met"})

    assert people_per(session, by="level") == levels
    assert people_per(session) == {**stages, "met": 1}
    [entry] = rows_of(session, ReachEntry, stage="met")
    # counted on the day on which it got there, not on the day of going over
    assert (entry.day, entry.level) == (day, None)
    assert_counted_whole(session)


def test_a_stage_that_means_more_now_counts_for_its_level_from_the_day_it_was_reached(
    session: Session,
) -> None:
    library = a_library(session)
    case = a_case(session, library, "screened")
    text = changed(("Screened}, level: known", "Screened}, level: agreed"))
    go(session, library, a_version(session, text))
    assert people_per(session, by="level") == {"contacted": 1, "known": 1, "agreed": 1}
    assert_whole(session, case)


def test_what_must_be_done_is_kept_moved_ended_and_planned(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "contact")
    assert open_rules(session, case) == {"first_call": "2018-04-10"}
    sooner = changed(("when: contact + 5 workdays", "when: contact + 10 workdays"))
    go(session, library, a_version(session, sooner))
    assert open_rules(session, case) == {"first_call": "2018-04-17"}
    assert [row.state for row in planned(session, case)] == ["ended", "open"]
    assert_whole(session, case)


def test_a_rule_that_is_gone_ends_and_a_new_one_is_planned_not_before_today(
    session: Session,
) -> None:
    library = a_library(session)
    case = a_case(session, library, "contact")
    text = changed(
        (
            "  first_call:\n    when: contact + 5 workdays",
            "  say_hello:\n    when: contact + 1 workdays",
        )
    )
    go(session, library, a_version(session, text))
    # a Wednesday has been; it is Thursday
    assert open_rules(session, case) == {"say_hello": "2018-04-05"}
    assert_whole(session, case)


def test_what_somebody_put_off_stays_put_off(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "contact")
    [row] = planned(session, case, state="open")
    later = (NOW + timedelta(days=20)).date()
    follow_ups.put_off(session, row.id or 0, later, by=None, now=NOW)
    text = changed(("when: contact + 5 workdays", "when: contact + 10 workdays"))
    go(session, library, a_version(session, text))
    assert open_rules(session, case) == {"first_call": later.isoformat()}


def test_what_was_done_is_not_asked_again(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "contact")
    [row] = planned(session, case, state="open")
    follow_ups.do(session, row.id or 0, by=None, now=NOW)
    text = changed(("when: contact + 5 workdays", "when: contact + 10 workdays"))
    go(session, library, a_version(session, text))
    assert open_rules(session, case) == {}


def test_what_counts_from_a_date_and_was_done_is_not_asked_again(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, agrees=False)
    summer = (who.id, Agreement(given_on=TODAY, expires_on=date(2018, 7, 2)))
    consent.note_consent(session, library, [summer], now=NOW)
    case = a_case(session, library, "agreed", participant=who)
    [row] = planned(session, case, rule="consent_ends", state="open")
    follow_ups.do(session, row.id or 0, by=None, now=NOW)
    go(session, library, a_version(session, builtin("open-door") + "# 2\n"))
    assert open_rules(session, case).keys() == {"find_a_place"}


def test_a_stage_that_ends_cases_now_needs_a_mapping(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "trust")
    text = changed(("Trust}, level: known", "Trust}, level: known, final: true"))
    to = a_version(session, text)
    with pytest.raises(MoveRefused):
        go(session, library, to)
    go(session, library, to, mapping={"trust": "contact"})
    assert_whole(session, case)


def test_only_the_cases_of_a_pilot_go_over(session: Session) -> None:
    library = a_library(session)
    pilot = a_pilot(session, library)
    inside, outside = a_case(session, library, pilot=pilot), a_case(session, library)
    to = a_version(session, builtin("open-door") + "# 2\n")
    assert go(session, library, to, pilot_id=pilot).cases == 1
    assert the_case(session, inside).workflow_version_id == to.id
    assert the_case(session, outside).workflow_version_id != to.id


def test_cases_of_another_library_and_closed_ones_stay(session: Session) -> None:
    library, other = a_library(session), a_library(session, "elders")
    closed, elsewhere = a_case(session, library, "stopped"), a_case(session, other)
    to = a_version(session, builtin("open-door") + "# 2\n")
    assert go(session, library, to) == Migrated((), 0)
    for case in (closed, elsewhere):
        assert the_case(session, case).workflow_version_id != to.id


def test_what_is_shown_beforehand_is_what_happens(session: Session) -> None:
    library = a_library(session)
    for stage in ("contact", "contact", "trust", "agreed", "referred"):
        a_case(session, library, stage)
    text = RENAMED.replace("when: contact + 5 workdays", "when: contact + 10 workdays")
    to = a_version(session, text)
    mapping = {"trust": "met"}
    without = previewing.effect(session, library, to.definition, version_id=to.id, now=LATER)
    assert [(each.stage, each.cases) for each in without.lost] == [("trust", 1)]

    shown = previewing.effect(
        session, library, to.definition, version_id=to.id, mapping=mapping, now=LATER
    )
    before = {row.id for row in rows_of(session, FollowUp, state="open")}
    assert go(session, library, to, mapping=mapping).cases == shown.cases == 5

    after = {row.id for row in rows_of(session, FollowUp, state="open")}
    assert len(after - before) == sum(each.appear + each.move for each in shown.rules)
    assert len(before - after) == sum(each.fall_away + each.move for each in shown.rules)
    assert {each.rule: each.move for each in shown.rules}["first_call"] == 2


def test_its_history_knows_the_precision_of_the_day(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "contact")
    go(session, library, a_version(session, builtin("open-door") + "# 2\n"))
    last = cases.history(session, case)[-1]
    assert (last.precision, last.day, last.at) == ("day", NOW.date(), LATER)
