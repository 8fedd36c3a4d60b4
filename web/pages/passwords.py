"""Choosing a password by a link in a mail, and asking for such a mail."""

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from core.errors import Busy, FaultyValue, NotFound, Refused
from referrals import invitations, passwords, signing_in
from referrals.phones import read_email
from referrals.signing_in import Entered
from storage.queries import accounts, key_links
from storage.queries.key_links import Opened
from web import keeping, views
from web.access import InHouse
from web.forms import Filled, Sent
from web.site import House

router = APIRouter()
Purpose = Literal["invitation", "reset"]


@dataclass(frozen=True)
class Owner:
    """Whose password is chosen."""

    name: str
    email: str
    library: str


@router.api_route("/forgotten", methods=["GET", "HEAD"])
def show_forgotten(request: Request, house: InHouse) -> Response:
    """Asks for the address to which a link may go."""
    return _forgotten(request, house)


@router.post("/forgotten")
def forget(request: Request, house: InHouse, sent: Filled) -> Response:
    """Queue a mail when somebody has this address; the page says the same when nobody has."""
    try:
        address = read_email(sent["email"])
    except FaultyValue:
        address = ""
    if not address:
        remedy = "Write it as naam@voorbeeld.nl."
        sent.refuse("email", "This is not an e-mail address.", remedy)
        return _forgotten(request, house, sent)
    with house.writing() as session:
        invitations.ask_reset(session, address, house.now())
    return views.open_page(request, house, "account/on_its_way.html")


@router.api_route("/invitation/{secret}", methods=["GET", "HEAD"])
def show_invitation(request: Request, house: InHouse, secret: str) -> Response:
    """The page of an invitation; looking at it uses nothing up."""
    return _look(request, house, "invitation", secret)


@router.post("/invitation/{secret}")
def accept_invitation(request: Request, house: InHouse, secret: str, sent: Filled) -> Response:
    """Choose the first password and be signed in."""
    return _choose(request, house, "invitation", secret, sent)


@router.api_route("/reset/{secret}", methods=["GET", "HEAD"])
def show_reset(request: Request, house: InHouse, secret: str) -> Response:
    """The page for a new password."""
    return _look(request, house, "reset", secret)


@router.post("/reset/{secret}")
def reset(request: Request, house: InHouse, secret: str, sent: Filled) -> Response:
    """Choose a new password and be signed in, after a code when one is asked for."""
    return _choose(request, house, "reset", secret, sent)


def _look(request: Request, house: House, purpose: Purpose, secret: str) -> Response:
    opened = _opened(house, purpose, secret)
    return _page(request, house, purpose, opened) if opened else _over(request, house, purpose)


def _choose(request: Request, house: House, purpose: Purpose, secret: str, sent: Sent) -> Response:
    opened = _opened(house, purpose, secret)
    if opened is None:
        return _over(request, house, purpose)
    try:
        given = invitations.check(opened.person, opened.library.name, sent["password"])
        hashed = passwords.hashed(given, patient=False)
    except FaultyValue as error:
        sent.refused("password", error)
        return _page(request, house, purpose, opened, sent, status=422)
    except Busy as refusal:
        return _page(request, house, purpose, opened, sent, refusal, 503)
    try:
        with house.writing() as session:
            invitations.choose(session, opened, hashed, house.now())
            who = accounts.account(session, opened.person.id or 0)
            if who is None:
                raise invitations.over()
            device = keeping.device_of(request, house.site)
            entered = signing_in.go_in(session, who, device, house.now())
    except NotFound:
        return _over(request, house, purpose)
    if isinstance(entered, Entered):
        return keeping.let_in(house, entered, "/")
    return keeping.ask_on(house, entered, "/")


def _opened(house: House, purpose: Purpose, secret: str) -> Opened | None:
    if not secret.isascii():
        return None
    with house.reading() as session:
        return key_links.opened(session, secret, purpose, house.now())


def _page(
    request: Request,
    house: House,
    purpose: Purpose,
    opened: Opened,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    owner = Owner(opened.person.name, opened.person.email, opened.library.name)
    return views.open_page(
        request, house, "account/choose.html", status=status, owner=owner, purpose=purpose,
        refusal=refusal, faults=sent.faults if sent else {},
    )  # fmt: skip


def _over(request: Request, house: House, purpose: Purpose) -> Response:
    """One answer for every link that is not, or no longer, worth anything."""
    return views.open_page(request, house, "account/over.html", status=410, purpose=purpose)


def _forgotten(request: Request, house: House, sent: Sent | None = None) -> Response:
    values = {"faults": sent.faults, "typed": {"email": sent["email"]}} if sent else {}
    status = 422 if sent else 200
    return views.open_page(request, house, "account/forgotten.html", status=status, **values)
