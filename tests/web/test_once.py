"""The same form sent again has one effect and gets the same answer; nobody hears too early."""

import threading

import pytest
from sqlalchemy.engine.interfaces import DBAPIConnection

from referrals import follow_ups
from storage.engine import transaction
from storage.queries import requests
from storage.tables import FollowUp, HandledRequest, JournalEntry, ReferralAnswer
from tests.looking import rows_of
from tests.web.town import Town, Visitor


def test_the_same_form_twice_is_one_answer(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    path, fields = visitor.open(link).form({"do": "waiting"}, {})
    first = visitor.post(path, fields)
    second = visitor.post(path, fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    with transaction(town.engine) as session:
        assert len(rows_of(session, ReferralAnswer)) == 1


def test_a_form_that_was_sent_does_nothing_else_later(town: Town, visitor: Visitor) -> None:
    """Somebody goes back in the browser and fills it in differently."""
    case, link = town.to_follow_up()
    path, fields = visitor.open(link).form({"do": "done"}, {})
    visitor.post(path, fields)
    assert visitor.post(path, {**fields, "outcome": "Iets anders."}).status_code == 409
    assert town.follow_up(case, "first_call").outcome is None


def test_a_hundred_at_once_have_one_effect(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    path, fields = visitor.open(link).form({"do": "not_reached"}, {})
    replies: list[tuple[int, str]] = []

    def send() -> None:
        reply = visitor.post(path, fields)
        replies.append((reply.status_code, reply.headers.get("location", "")))

    threads = [threading.Thread(target=send) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 100
    assert set(replies) == {(303, f"{link}/done/{fields['key']}")}
    with transaction(town.engine) as session:
        rows = rows_of(session, FollowUp, case_id=case, rule="first_call")
        missed = rows_of(session, JournalEntry, what="follow_up.missed")
    assert [row.state for row in rows] == ["missed", "open"]
    assert len(missed) == 1


def test_what_failed_was_never_handled(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form can be sent again after a mistake of ours, and then it works."""
    case, link = town.to_follow_up()
    path, fields = visitor.open(link).form({"do": "done"}, {})
    with monkeypatch.context() as broken:
        broken.setattr(follow_ups, "do", _break)
        assert visitor.post(path, fields).status_code == 500
    with transaction(town.engine) as session:
        assert rows_of(session, HandledRequest) == []
    assert visitor.post(path, fields).status_code == 303
    assert town.follow_up(case, "first_call").state == "done"


def _break(*_args: object, **_values: object) -> None:
    raise RuntimeError("a mistake with Kanarie in it")


def test_nobody_hears_that_it_is_done_before_it_is_kept(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that fails is told as such, and never a page that says it went well."""
    case, link = town.to_follow_up()
    path, fields = visitor.open(link).form({"do": "done"}, {})
    dialect = town.engine.dialect

    def refuse(connection: DBAPIConnection) -> None:
        connection.rollback()
        raise dialect.loaded_dbapi.OperationalError("the disk is full")

    with monkeypatch.context() as full:
        full.setattr(dialect, "do_commit", refuse)
        reply = visitor.post(path, fields)
    assert reply.status_code == 503
    assert "Er is niets veranderd." in reply.text
    assert town.follow_up(case, "first_call").state == "open"
    assert visitor.post(path, fields).status_code == 303


def test_an_undo_sent_twice_undoes_once(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    visitor.send(visitor.open(link), do="later", day="2018-05-01")
    second = visitor.send(visitor.open(link), do="later", day="2018-06-01")
    path, fields = second.form({"of": second.path.rpartition("/")[2]}, {})
    assert visitor.post(path, fields).status_code == 303
    assert visitor.post(path, fields).status_code == 303
    assert town.follow_up(case, "first_call").due_on.isoformat() == "2018-05-01"


def test_keys_belong_to_who_sent_the_form(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    done = visitor.send(visitor.open(link), do="done", outcome="")
    _, other = town.to_follow_up()
    key = done.path.rpartition("/")[2]
    assert visitor.open(f"{other}/done/{key}").status == 404
    with transaction(town.engine) as session:
        assert requests.handled(session, "nobody", key) is None
    assert case
