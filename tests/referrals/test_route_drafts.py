"""A draft is kept whatever is wrong with it, and published only when nothing is."""

import pytest
from sqlmodel import Session

from core.errors import AlreadyThere, BsnFound, FaultyRoute, FaultyValue, NotFound
from referrals import route_drafts, routes
from storage.tables import JournalEntry, Organisation
from tests.builders import NOW, a_colleague, a_library, an_office
from tests.looking import rows_of
from workflows.library import builtin

TEXT = builtin("open-door")


def _save(session: Session, library: int, text: str, name: str = "open-door") -> int:
    by = a_colleague(session, library, f"{hash(text)}@voorbeeld.nl")
    route_drafts.save(session, library, name, text, by=by, now=NOW)
    return by


def test_a_draft_begins_with_the_newest_version_or_with_a_built_in_route(session: Session) -> None:
    a_library(session)
    newest = routes.publish(session, TEXT + "# 2\n", by="test", now=NOW)
    assert route_drafts.beginning(session, "open-door") == (TEXT + "# 2\n", newest.id)
    assert route_drafts.beginning(session, "parents") == (builtin("parents"), None)
    with pytest.raises(NotFound):
        route_drafts.beginning(session, "nowhere")


def test_each_library_has_one_draft_of_a_route(session: Session) -> None:
    library, other = a_library(session), a_library(session, "elders")
    _save(session, library, "one")
    _save(session, library, "two")
    _save(session, other, "three")
    kept = [route_drafts.draft(session, each, "open-door") for each in (library, other)]
    assert [row.text for row in kept if row] == ["two\n", "three\n"]
    route_drafts.discard(session, library, "open-door")
    assert route_drafts.draft(session, library, "open-door") is None
    assert route_drafts.draft(session, other, "open-door") is not None


def test_line_ends_and_signs_that_nobody_sees_are_tidied() -> None:
    assert route_drafts.tidy("a: 1\r\nb:\u202e 2\r\tc\x00\n\n") == "a: 1\nb: 2\n\tc\n"


def test_what_is_too_large_or_holds_a_bsn_is_not_kept(session: Session) -> None:
    library = a_library(session)
    with pytest.raises(FaultyValue):
        _save(session, library, "#" * 4_000_001)
    with pytest.raises(BsnFound):
        _save(session, library, "# 111222333")


def test_every_fault_is_named_also_another_name(session: Session) -> None:
    a_library(session)
    wrong = TEXT.replace("to: screened", "to: x").replace("to: trust", "to: y")
    assert len(route_drafts.check(session, "open-door", wrong).faults) == 2
    [fault] = route_drafts.check(session, "open-door", TEXT.replace("open-door", "other")).faults
    assert (fault.thing, fault.line) == ("name", 3)
    assert route_drafts.check(session, "open-door", TEXT).definition is not None


def test_publishing_takes_the_draft_away_and_is_in_the_journal(session: Session) -> None:
    library = a_library(session)
    seen = routes.newest(session, "open-door").id
    by = _save(session, library, TEXT + "# 2\n")
    done = route_drafts.publish(session, library, "open-door", seen=seen, by=by, now=NOW)
    assert done.number == 2
    assert route_drafts.draft(session, library, "open-door") is None
    [line] = rows_of(session, JournalEntry, what="route.published")
    assert (line.subject_id, line.by_staff_id, line.detail) == (done.id, by, {"version": 2})


def test_nothing_is_published_with_faults_unseen_unchanged_or_without_a_draft(
    session: Session,
) -> None:
    library = a_library(session)
    seen = routes.newest(session, "open-door").id

    def publish(seen: int | None = seen) -> None:
        route_drafts.publish(session, library, "open-door", seen=seen, by=1, now=NOW)

    with pytest.raises(NotFound):
        publish()
    _save(session, library, TEXT.replace("to: trust", "to: y"))
    with pytest.raises(FaultyRoute):
        publish()
    _save(session, library, TEXT)
    with pytest.raises(AlreadyThere):
        publish()
    with pytest.raises(FaultyValue):
        publish(None)


def _libraries(session: Session) -> list[Organisation]:
    return rows_of(session, Organisation)


def test_who_publishes_what_all_libraries_share(session: Session) -> None:
    a_library(session)
    an_office(session)
    may = route_drafts.may_publish
    assert may(_libraries(session), "administrator")
    assert not may(_libraries(session), "coordinator")
    a_library(session, "elders")
    assert not may(_libraries(session), "administrator")
    assert may(_libraries(session), "national_office")
    # an own library among invented ones
    real = Organisation(short_name="echt", name="Echt", created_at=NOW)
    assert may([*_libraries(session), real], "administrator")
