"""Signing in for tests: a password for somebody, the page filled in, the forms of a page."""

import itertools
from datetime import timedelta

import pyotp

from referrals import invitations, second_factor
from storage.engine import transaction
from storage.queries import accounts, key_links
from storage.tables import Staff
from tests.web.pages import Page
from tests.web.town import Town, Visitor

PASSWORD = "een paarse fiets op zolder"
ANOTHER = "zeven groene eenden lopen"
ANN = "ann@voorbeeld.nl"
_NUMBERS = itertools.count()


def with_password(town: Town, staff: int | None = None, password: str = PASSWORD) -> None:
    """Ann, or whoever it is, has a password."""
    with transaction(town.engine) as session:
        person = session.get_one(Staff, staff or town.ann)
        invitations.set_password(session, person, password, town.now)


def with_codes(town: Town) -> str:
    """Ann is asked for codes; what her app makes them from."""
    secret = second_factor.new_secret()
    with transaction(town.engine) as session:
        accounts.keep_totp(session, session.get_one(Staff, town.ann), secret, town.now, None)
    return secret


def code_of(secret: str, town: Town, steps: int = 0) -> str:
    """What an app shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).at(town.now + timedelta(seconds=30 * steps))


def key_link(town: Town, purpose: str, staff: int | None = None) -> str:
    """The page behind a link in a mail with which somebody chooses a password."""
    with transaction(town.engine) as session:
        number = staff or town.ann
        library = session.get_one(Staff, number).organisation_id
        return f"/{purpose}/{key_links.fresh(session, purpose, library, number, town.now)}"


def signs_in(visitor: Visitor, password: str = PASSWORD, email: str = ANN, to: str = "") -> Page:
    """Fill in the page for signing in; what follows."""
    return visitor.send(visitor.open(f"/sign-in{to}"), email=email, password=password)


def form_to(page: Page, action: str) -> dict[str, str]:
    """The fields of the form of a page that is sent to an address."""
    [form] = [each for each in page.tree.iter("form") if each.attrib.get("action") == action]
    return {
        each.attrib["name"]: each.attrib.get("value", "")
        for each in form.iter("input")
        if "name" in each.attrib
    }


def press(visitor: Visitor, page: Page, action: str, **filled: str) -> Page:
    """Send the form of a page that goes to an address; what follows."""
    reply = visitor.post(action, {**form_to(page, action), **filled})
    if reply.is_redirect:
        return visitor.open(reply.headers["location"])
    return Page(action, reply)


def is_in(visitor: Visitor) -> bool:
    """Whether the browser is signed in."""
    # an address of its own each time: a page that nothing was written since may be kept for seconds
    reply = visitor.client.get("/account", params={"now": next(_NUMBERS)})
    return reply.status_code == 200


def cookie(visitor: Visitor, name: str = "brug") -> str | None:
    """What the browser kept."""
    return visitor.client.cookies.get(name)
