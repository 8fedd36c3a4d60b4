"""Cases that went over come back as they were, but for those that went on since."""

import pytest
from sqlmodel import Session

from core.errors import NothingToUndo
from referrals import bringing_back, follow_ups, moving, undoing
from tests.builders import a_case, a_library
from tests.looking import assert_whole, open_rules, people_per, planned, the_case
from tests.referrals.test_migrating import LATER, MUCH_LATER, RENAMED, a_version, changed, go


def test_bringing_back_leaves_everything_as_it_was(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "trust")
    before, rules, levels = (
        the_case(session, case).model_dump(),
        open_rules(session, case),
        people_per(session),
    )
    to = a_version(session, RENAMED.replace("when: trust", "when: met"))
    done = go(session, library, to, mapping={"trust": "met"})

    [number] = done.migrations
    back = bringing_back.bring_back(session, library, number, by=None, now=MUCH_LATER)

    assert (back.cases, back.stayed) == (1, ())
    after = the_case(session, case).model_dump()
    for name in ("stage", "stage_day", "workflow_version_id", "way_id", "closed_at"):
        assert after[name] == before[name]
    assert (after["version"], after["seq"]) == (before["version"] + 2, before["seq"] + 2)
    assert open_rules(session, case) == rules
    assert people_per(session) == levels
    assert_whole(session, case)
    with pytest.raises(NothingToUndo):
        bringing_back.bring_back(session, library, number, by=None, now=MUCH_LATER)


def test_cases_that_moved_on_since_stay_and_are_named(session: Session) -> None:
    library = a_library(session)
    moved, done, still = (a_case(session, library, "contact") for _ in range(3))
    text = changed(("when: contact + 5 workdays", "when: contact + 10 workdays"))
    to = a_version(session, text)
    [number] = go(session, library, to).migrations
    moving.move_cases(session, [moved], "know", by=None, now=LATER).raise_refusal()
    [row] = planned(session, done, state="open")
    follow_ups.do(session, row.id or 0, by=None, now=LATER)

    back = bringing_back.bring_back(session, library, number, by=None, now=MUCH_LATER)

    assert (back.cases, back.stayed) == (1, (moved, done))
    assert the_case(session, moved).workflow_version_id == to.id
    assert the_case(session, still).workflow_version_id != to.id
    for case in (moved, done, still):
        assert_whole(session, case)


def test_nobody_undoes_past_going_over_but_after_bringing_back_they_do(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "trust")
    to = a_version(session, RENAMED)
    go(session, library, to, mapping={"trust": "met"})
    with pytest.raises(NothingToUndo) as refusal:
        undoing.undo(session, case, by=None, now=LATER)
    assert refusal.value.remedy == undoing.WENT_OVER
    moving.move_cases(session, [case], "agree", by=None, now=LATER).raise_refusal()
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert the_case(session, case).stage == "met"
    assert_whole(session, case)


def test_after_bringing_back_the_step_before_can_be_undone(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library, "trust")
    [number] = go(
        session, library, a_version(session, RENAMED), mapping={"trust": "met"}
    ).migrations
    bringing_back.bring_back(session, library, number, by=None, now=LATER)
    undoing.undo(session, case, by=None, now=MUCH_LATER)
    assert the_case(session, case).stage == "contact"
    assert_whole(session, case)
