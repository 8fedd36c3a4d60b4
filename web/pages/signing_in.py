"""Signing in and out: an address and a password, then a code or the choice of a library."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from core.errors import Busy, FaultyValue, Refused
from referrals import signing_in
from referrals.phones import read_email
from referrals.signing_in import Entered
from storage.queries import key_links, visits
from storage.queries.accounts import Account
from storage.queries.links import fingerprint
from web import access, errors, keeping, paths, security, views
from web.access import AtDesk, InHouse
from web.forms import Filled, Sent
from web.site import House

router = APIRouter()


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show_sign_in(request: Request, house: InHouse) -> Response:
    """The page for signing in; whoever is signed in goes on to what they asked for."""
    to = where_to(request)
    if access.visitor(request) is not None:
        return RedirectResponse(paths.outside(house.site, to), 303)
    return _show(request, house, to)


@router.post("/sign-in")
def sign_in(request: Request, house: InHouse, sent: Filled) -> Response:
    """Look at an address and a password; this handler runs in a thread, as all do."""
    to, now, device = _to(sent), house.now(), keeping.device_of(request, house.site)
    address = _address(sent)
    if not sent["password"]:
        sent.refuse("password", "This has not been filled in.", "Fill it in.")
    if sent.faults:
        return _show(request, house, to, sent, status=422)
    with house.writing() as session:
        guess = signing_in.take_up(session, address, device, now)
    if guess.number is None:
        return _show(request, house, to, sent, signing_in.too_many(), 429)
    try:
        fits = signing_in.fitting(guess, sent["password"])
        again = signing_in.renewed(fits, sent["password"])
    except Busy as refusal:
        with house.writing() as session:
            signing_in.forgive(session, guess.number)
        return _show(request, house, to, sent, refusal, 503)
    if not fits:
        return _show(request, house, to, sent, signing_in.wrong(), 422)
    with house.writing() as session:
        signing_in.keep_renewed(session, again)
        went_on = signing_in.go_on(session, guess, fits, device, now)
        _leave(session, request, house, went_on)
    if isinstance(went_on, Entered):
        return keeping.let_in(house, went_on, to)
    return keeping.ask_on(house, went_on, to)


@router.api_route("/sign-in/code", methods=["GET", "HEAD"])
def show_code(request: Request, house: InHouse) -> Response:
    """Asks for a code, or first for which library it is."""
    with house.reading() as session:
        people = _waiting(session, request, house)
    return _ask(request, house, where_to(request), people)


@router.post("/sign-in/library")
def choose_library(request: Request, house: InHouse, sent: Filled) -> Response:
    """The address and the password are those of people at several libraries: this one."""
    with house.writing() as session:
        people = _waiting(session, request, house)
        chosen = [who for who in people if sent["library"] == str(who.organisation_id)]
        went_on = _choose(session, request, house, chosen[0]) if chosen else ""
    if isinstance(went_on, Entered):
        return keeping.let_in(house, went_on, _to(sent))
    if not went_on:
        return _ask(request, house, _to(sent), people, status=422)
    return keeping.ask_on(house, went_on, _to(sent))


@router.post("/sign-in/code")
def give_code(request: Request, house: InHouse, sent: Filled) -> Response:
    """The second factor: a code that an app shows now."""
    entered: Entered | None = None
    people: list[Account] = []
    try:
        with house.writing() as session:
            people = _waiting(session, request, house)
            if len(people) == 1 and signing_in.try_code(
                session, people[0], sent["code"], house.now()
            ):
                entered = _enter(session, request, house, people[0])
    except Refused as refusal:
        if errors.status_of(refusal) == 503:
            return errors.told(request, refusal)
        return _ask(request, house, _to(sent), people, sent, refusal, 429)
    if entered is not None:
        return keeping.let_in(house, entered, _to(sent))
    if len(people) == 1:
        why = "This code is not right, or was used before."
        sent.refuse("code", why, "Fill in the code that the app shows now.")
    return _ask(request, house, _to(sent), people, sent, status=422)


@router.post("/sign-out")
def sign_out(member: AtDesk, house: InHouse, _sent: Filled) -> Response:
    """End the visit of this browser."""
    with house.writing() as session:
        visits.end(session, member.visit)
    return keeping.let_out(house)


def where_to(request: Request) -> str:
    """What somebody asked for before they had to sign in: only ever within the pages."""
    return paths.local(request.query_params.get("to", "")) or "/"


def _to(sent: Sent) -> str:
    return paths.local(sent["to"]) or "/"


def _address(sent: Sent) -> str:
    try:
        address = read_email(sent["email"])
    except FaultyValue:
        remedy = "Write it as naam@voorbeeld.nl."
        return sent.refuse("email", "This is not an e-mail address.", remedy)
    return address or sent.refuse("email", "This has not been filled in.", "Fill it in.")


def _waiting(session: Session, request: Request, house: House) -> list[Account]:
    step = keeping.step_of(request, house.site)
    return signing_in.waiting(session, step, house.now()) if step else []


def _choose(session: Session, request: Request, house: House, who: Account) -> Entered | str:
    if who.totp_since is None:
        return _enter(session, request, house, who)
    return signing_in.choose(session, keeping.step_of(request, house.site), who, house.now())


def _enter(session: Session, request: Request, house: House, who: Account) -> Entered:
    device = keeping.device_of(request, house.site)
    key_links.end_steps(session, keeping.step_of(request, house.site))
    entered = signing_in.enter(session, who, device, house.now())
    _leave(session, request, house, entered)
    return entered


def _leave(session: Session, request: Request, house: House, went_on: Entered | str) -> None:
    """Whoever was signed in in this browser before is not any more."""
    former = security.visit_of(request, house.site)
    if former and isinstance(went_on, Entered):
        visits.end(session, fingerprint(former))


def _show(
    request: Request,
    house: House,
    to: str,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    values = {"faults": sent.faults, "typed": {"email": sent["email"]}} if sent else {}
    return views.open_page(
        request, house, "account/sign_in.html", status=status, to=to, refusal=refusal, **values
    )


def _ask(
    request: Request,
    house: House,
    to: str,
    people: list[Account],
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The page for a code or a choice; when it took too long, signing in begins anew."""
    if not people:
        address = paths.with_query("/sign-in", to="" if to == "/" else to)
        return RedirectResponse(paths.outside(house.site, address), 303)
    faults = sent.faults if sent else {}
    return views.open_page(
        request, house, "account/code.html", status=status, to=to, people=people,
        refusal=refusal, faults=faults,
    )  # fmt: skip
