"""Publishing: a version never changes, a faulty file never becomes one."""

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, FaultyRoute, NotFound
from referrals import routes
from storage.queries import workflows
from storage.tables import WorkflowVersion
from tests.builders import NOW, a_case, a_library, a_route
from tests.looking import rows_of
from workflows.library import builtin, builtin_names


def test_every_built_in_route_can_be_published(session: Session) -> None:
    for name in builtin_names():
        published = a_route(session, name)
        assert (published.name, published.number) == (name, 1)
    assert [row.name for row in rows_of(session, WorkflowVersion)] == list(builtin_names())


def test_the_next_text_is_the_next_version(session: Session) -> None:
    first = a_route(session, "parents")
    text = builtin("parents") + "\n# een opmerking\n"
    second = routes.publish(session, text, by="bo", now=NOW)
    assert (second.number, second.id != first.id) == (2, True)
    assert routes.newest(session, "parents").id == second.id
    assert routes.pinned(session, first.id).number == 1
    row = rows_of(session, WorkflowVersion)[1]
    assert (row.text, row.published_by, row.published_at) == (text, "bo", NOW)


def test_the_same_text_is_not_published_twice(session: Session) -> None:
    a_route(session, "parents")
    with pytest.raises(AlreadyThere) as refusal:
        a_route(session, "parents")
    assert "version 1" in refusal.value.remedy
    assert len(rows_of(session, WorkflowVersion)) == 1


def test_a_faulty_text_never_becomes_a_version(session: Session) -> None:
    text = (
        builtin("parents").replace("to: trust", "to: nowhere").replace("from: [contact", "from: [x")
    )
    with pytest.raises(FaultyRoute) as refusal:
        routes.publish(session, text, by="test", now=NOW)
    assert len(refusal.value.faults) >= 2
    assert all(fault.line and fault.remedy for fault in refusal.value.faults)
    assert rows_of(session, WorkflowVersion) == []


def test_a_step_may_open_a_route_that_is_published(session: Session) -> None:
    cafe = builtin("parents").replace("name: parents", "name: cafe")
    opening = builtin("employers").replace("opens: open-door", "opens: cafe")
    assert "opens: cafe" in opening
    with pytest.raises(FaultyRoute) as refusal:
        routes.publish(session, opening, by="test", now=NOW)
    assert {fault.thing.partition(".")[2] for fault in refusal.value.faults} == {"opens"}
    routes.publish(session, cafe, by="test", now=NOW)
    published = routes.publish(session, opening, by="test", now=NOW)
    assert "cafe" in {move.opens for move in published.definition.moves.values()}
    assert routes.names(session) == ("cafe", "employers")


def test_a_route_that_is_not_published_is_not_found_and_the_others_are_named(
    session: Session,
) -> None:
    with pytest.raises(NotFound) as refusal:
        routes.newest(session, "parents")
    assert "brug init" in refusal.value.remedy
    a_route(session, "employers")
    with pytest.raises(NotFound) as refusal:
        routes.newest(session, "parents")
    assert "employers" in refusal.value.remedy


def test_stages_have_an_order_and_titles_over_all_routes(session: Session) -> None:
    a_route(session, "open-door")
    a_route(session, "employers")
    own = routes.stage_order(session, "open-door")
    assert own[:4] == ("contact", "trust", "screened", "agreed")
    assert set(routes.stage_order(session, None)) >= set(own)
    assert routes.stage_titles(session, "employers", "nl")["intake"] == "Intake en niveaumeting"
    assert routes.stage_titles(session, None, "en")["completed"] == "Completed"


def test_a_stage_that_was_there_once_is_still_known(session: Session) -> None:
    a_route(session, "employers")
    text = builtin("employers").replace("trust", "coffee").replace("Vertrouwen", "Koffie")
    text = text.replace("nl: Contact,", "nl: Begin,")
    routes.publish(session, text, by="bo", now=NOW)
    a_route(session, "parents")
    stages = routes.stages(session, "employers")
    assert {"trust", "coffee"} <= set(stages)
    assert (stages["coffee"].nl, stages["contact"].nl) == ("Koffie", "Begin")
    assert "coffee" not in routes.stages(session, "parents")
    assert set(routes.stages(session, None)) == set(stages)


def test_how_many_stand_where_is_known_per_version(session: Session) -> None:
    library = a_library(session)
    for stage in ("contact", "contact", "trust"):
        a_case(session, library, stage)
    version = routes.newest(session, "open-door").id
    assert workflows.cases_per_stage(session, version) == {"contact": 2, "trust": 1}
