"""Every route × every role × what is another library's: the same 404 as what is not there."""

import re
from dataclasses import dataclass

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response
from sqlmodel import Session, SQLModel

from core.references import reference
from storage.engine import transaction
from storage.tables import (
    Case,
    CaseMigration,
    ContactPerson,
    Course,
    FollowUp,
    Leave,
    Participant,
    Partner,
    Referral,
    SavedView,
    Staff,
    WorkflowVersion,
)
from tests.builders import NOW, TODAY
from tests.laws.test_the_pages import _routes
from tests.looking import rows_of
from tests.web.town import Town, Visitor
from web.members import DESK, SIGNED_IN
from web.rules import RULES

ROUTES = [route for route in _routes() if RULES[route.name].roles]
#: a part of an address that names a row → the table it is in; by what stands before it where one
#: name means several things
NAMED: dict[str, type[SQLModel]] = {
    "/cases/{reference}": Case,
    "{task}": FollowUp,
    "{referral}": Referral,
    "/people/{reference}": Participant,
    "/courses/{number}": Course,
    "/partners/{number}": Partner,
    "/people/{person}": ContactPerson,
    "/staff/{number}": Staff,
    "/views/{number}": SavedView,
    "/leave/{number}": Leave,
    "/back/{number}": CaseMigration,
}
#: names that no row of a library has: moves, routes, texts
OPEN = {"{move}": "agree", "{route}": "open-door", "{name}": "open-door", "{language}": "nl"}


@dataclass(frozen=True)
class Foreign:
    """Another library's rows, and rows that nobody has."""

    theirs: dict[type[SQLModel], int]

    def addresses(self, path: str) -> tuple[str, str]:
        """A path filled in with what is theirs, and with what is not there at all."""
        return self._filled(path, self.theirs), self._filled(path, {})

    def _filled(self, path: str, rows: dict[type[SQLModel], int]) -> str:
        for part, word in OPEN.items():
            path = path.replace(part, word)
        for part, table in NAMED.items():
            number = rows.get(table, 30_000_000)
            word = reference(number) if "{reference}" in part else str(number)
            name = re.search(r"{\w+}", part)
            assert name
            if part in path:
                path = path.replace(part, part.replace(name.group(), word))
        return path


@pytest.fixture
def foreign(town: Town) -> Foreign:
    """A second library, with a row of each kind."""
    other = Town(town.engine, library="elders")
    other.to_referral()
    with transaction(town.engine) as session:
        kinds = (Case, FollowUp, Referral, Participant, Course, Partner, ContactPerson, Staff)
        rows: dict[type[SQLModel], int] = {
            kind: _last(session, kind, other.library) for kind in kinds
        }
        rows[SavedView] = _kept(
            session,
            SavedView(
                organisation_id=other.library, page="cases", title="Hun", query="", created_at=NOW
            ),
        )
        rows[Leave] = _kept(
            session,
            Leave(
                organisation_id=other.library, staff_id=other.ann, first_day=TODAY, last_day=TODAY
            ),
        )
        version = rows_of(session, WorkflowVersion)[0].id or 0
        rows[CaseMigration] = _kept(
            session,
            CaseMigration(
                organisation_id=other.library,
                from_version_id=version,
                to_version_id=version,
                at=NOW,
            ),
        )
    return Foreign(rows)


def _last(session: Session, kind: type[SQLModel], library: int) -> int:
    number: int = rows_of(session, kind, organisation_id=library)[-1].id  # type: ignore[attr-defined]
    return number


def _kept(session: Session, row: SavedView | Leave | CaseMigration) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _asked(visitor: Visitor, route: APIRoute, address: str) -> Response:
    if "GET" in (route.methods or ()):
        return visitor.client.get(address)
    return visitor.post(address, visitor.own_form())


@pytest.mark.parametrize("role", SIGNED_IN)
def test_what_is_another_librarys_is_as_if_it_were_not_there(
    town: Town, foreign: Foreign, role: str
) -> None:
    visitor = town.signed_in(role)
    for route in ROUTES:
        if "{" not in re.sub("|".join(map(re.escape, OPEN)), "", route.path):
            continue
        theirs, nobodys = foreign.addresses(route.path)
        assert "{" not in theirs, f"{route.path}: name what this is in NAMED"
        one, other = (_asked(visitor, route, address) for address in (theirs, nobodys))
        # an empty form may be refused before it is looked what it is about
        refused = (404, 422) if "POST" in (route.methods or ()) else (404,)
        assert one.status_code == other.status_code in refused, (role, route.path)
        assert _said(one, theirs) == _said(other, nobodys), (role, route.path)


def _said(reply: Response, address: str) -> str:
    """A page without what differs each time: its address, and the keys of its forms."""
    keyless = re.sub(r'(?<=name="key" value=")[\w-]{24}', "", reply.text)
    return keyless.replace(address, "")


@pytest.mark.parametrize("role", SIGNED_IN)
def test_what_is_not_for_a_role_is_as_if_it_were_not_there(
    town: Town, foreign: Foreign, role: str
) -> None:
    visitor = town.signed_in(role)
    for route in ROUTES:
        if role not in RULES[route.name].roles:
            address, _ = foreign.addresses(route.path)
            reply = _asked(visitor, route, address)
            assert reply.status_code == 404, (role, route.path)
            assert town.library and "Kanarie" not in reply.text


def test_nobody_gets_in_without_signing_in(town: Town, foreign: Foreign) -> None:
    visitor = town.visitor()
    for route in ROUTES:
        address, _ = foreign.addresses(route.path)
        reply = _asked(visitor, route, address)
        assert reply.status_code in (303, 403), route.path
        if reply.is_redirect:
            assert reply.headers["location"].startswith("/sign-in"), route.path


def test_a_form_from_elsewhere_is_refused_everywhere(town: Town, foreign: Foreign) -> None:
    visitor = town.signed_in("administrator")
    for route in ROUTES:
        if "POST" in (route.methods or ()) and "administrator" in RULES[route.name].roles:
            address, _ = foreign.addresses(route.path)
            own = visitor.own_form()
            for fields, headers in (
                ({**own, "form": "0" * 64}, {}),
                ({"key": own["key"]}, {}),
                (own, {"sec-fetch-site": "cross-site"}),
                (own, {"origin": "https://elders.example"}),
            ):
                reply = visitor.post(address, fields, **headers)
                assert reply.status_code == 403, route.path


def test_there_is_a_role_for_everything() -> None:
    for route in ROUTES:
        assert {*RULES[route.name].roles} <= {*SIGNED_IN}
        if route.path.startswith(("/cases", "/people", "/board", "/contacts")):
            assert {*RULES[route.name].roles} <= {*DESK}, "the national office sees no persons"
