"""A page is kept for as long as nothing was written, and for whoever asked for it alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import Session

from referrals import case_changes
from storage.engine import transaction
from tests.web.town import Town, Visitor
from web import remembering

_KEYS = re.compile(r'name="key" value="([\w-]{24})"')


@contextmanager
def _asked(town: Town) -> Iterator[list[str]]:
    """The statements that the database gets meanwhile."""
    said: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(town.engine, "before_cursor_execute", hear)
    yield said
    event.remove(town.engine, "before_cursor_execute", hear)


def _at_the_list(town: Town) -> Visitor:
    town.case("contact")
    visitor = town.signed_in()
    # the first page leaves the cookie that forms are tied to
    visitor.open("/cases"), visitor.open("/cases")
    return visitor


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_the_same_page_again_asks_the_database_nothing(town: Town) -> None:
    visitor = _at_the_list(town)
    with _asked(town) as said:
        page = visitor.open("/cases")
    assert page.status == 200 and not said


def test_what_was_written_is_on_the_next_page(town: Town) -> None:
    visitor, case = _at_the_list(town), town.case("contact")
    before = visitor.open("/cases").text
    with transaction(town.engine) as session:
        _give_to_nobody(session, town, case)
    assert visitor.open("/cases").text != before


def _give_to_nobody(session: Session, town: Town, case: int) -> None:
    case_changes.change_owner(session, case, town.jan, by=town.ann, now=town.now)


def test_each_page_has_keys_of_its_own(town: Town) -> None:
    visitor = _at_the_list(town)
    first, second = (_KEYS.findall(visitor.open("/cases").reply.text) for _ in range(2))
    assert first and len(first) == len(second) and not {*first} & {*second}


def test_nobody_gets_the_page_of_another(town: Town) -> None:
    visitor = _at_the_list(town)
    other = town.visitor()
    other.client.cookies.update(visitor.client.cookies)
    other.client.cookies.delete("brug")
    assert other.client.get("/cases").headers["location"].startswith("/sign-in")
    assert "Els" not in town.signed_in(staff_id=town.jan).open("/cases").text


def test_a_page_is_not_kept_for_long(town: Town) -> None:
    visitor = _at_the_list(town)
    town.now += remembering.LONGEST
    with _asked(town) as said:
        visitor.open("/cases")
    assert said


def test_whoever_signed_out_gets_nothing_that_was_kept(town: Town) -> None:
    visitor = _at_the_list(town)
    visitor.open("/cases")
    visitor.post("/sign-out", visitor.own_form())
    assert visitor.client.get("/cases").is_redirect
