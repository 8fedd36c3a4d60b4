"""Codes of an app as a second step of signing in: switched on with a first code, and off."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from referrals import second_factor, staffing
from storage.queries import accounts
from web import deeds, desk, errors
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, NotFilledIn, Sent
from web.members import Member
from web.pages import account
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.post("/account/codes")
def begin_codes(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Make what an app reads; nothing is asked for until a first code was right.

    Whoever asks it knows the password: at a desk that was left alone nobody puts an app of theirs.
    """
    refused = _refused(request, member, house, sent)
    if refused is not None:
        return refused
    with house.writing() as session:
        row = accounts.secrets_of(session, member.staff_id)
        if row is None or row.totp_since is None:
            person = account.person_of(session, member)
            accounts.keep_totp(session, person, second_factor.new_secret(), None, None)
    return deeds.go(house, "/account/codes")


@router.api_route("/account/codes", methods=["GET", "HEAD"])
def show_codes(request: Request, member: AtDesk, house: InHouse) -> Response:
    """What an app reads, as a picture and in letters, until a first code was right."""
    return _show(request, member, house)


@router.post("/account/codes/confirm")
def confirm_codes(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """With a code that is right, codes are asked for from now on."""

    def act(session: Session) -> Outcome:
        row = accounts.secrets_of(session, member.staff_id)
        # codes that are on already are switched off first, or a used one would count anew
        secret = row.totp_secret if row and row.totp_since is None else None
        step = second_factor.step_of(secret, sent["code"], member.now) if secret else None
        if step is None:
            remedy = "Fill in the code that the app shows now, and look at the clock of both."
            sent.refuse("code", "This code is not right.", remedy)
        sent.check()
        accounts.keep_totp(session, account.person_of(session, member), secret, member.now, step)
        staffing.note_codes(session, account.person_of(session, member), now=member.now)
        return {"did": "account.codes_on"}

    def again(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _show(request, member, house, sent, refusal, status)

    return deeds.handle(request, member, house, sent, act, again, "/account")


@router.post("/account/codes/off")
def stop_codes(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """No codes any more; whoever asks it knows the password."""

    def again(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return account.show(request, member, house, sent, refusal, status)

    refused = _refused(request, member, house, sent)
    if refused is not None:
        return refused

    def act(session: Session) -> Outcome:
        person = account.person_of(session, member)
        staffing.stop_codes(session, person, by=member.by, now=member.now)
        return {"did": "account.codes_off"}

    return deeds.handle(request, member, house, sent, act, again, "/account")


def _refused(request: Request, member: Member, house: House, sent: Sent) -> Response | None:
    """The account once more, when the password is not that of whoever is signed in."""
    try:
        account.prove(house, member, sent)
    except NotFilledIn:
        return account.show(request, member, house, sent, None, 422)
    except Refused as refusal:
        if errors.status_of(refusal) == 503:
            return errors.told(request, refusal)
        return account.show(request, member, house, sent, refusal, 429)
    return None


def _show(
    request: Request,
    member: Member,
    house: House,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        row = accounts.secrets_of(session, member.staff_id)
        email = account.person_of(session, member).email
    if row is None or row.totp_secret is None or row.totp_since is not None:
        return deeds.go(house, "/account")
    return desk.page(
        request, house, member, "account/codes.html", nav="account", status=status, sent=sent,
        refusal=refusal, secret=second_factor.in_groups(row.totp_secret),
        drawn=second_factor.drawn(second_factor.address(row.totp_secret, email)),
    )  # fmt: skip


def _on(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (
        say(member.language, "Codes are on"),
        say(member.language, "From now on you need your telephone to sign in."),
    )


def _off(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (say(member.language, "Codes are off"),)


DEEDS = {"account.codes_on": Deed(_on), "account.codes_off": Deed(_off)}
