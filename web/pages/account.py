"""One's own account: name, language, keys, password, and where one is signed in."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import FaultyValue, Refused
from core.words import LANGUAGES, say
from referrals import invitations, passwords, signing_in, staffing
from storage.queries import accounts, visits
from storage.tables import Staff
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, NotFilledIn, Sent
from web.members import Member
from web.receipts import Outcome
from web.site import House

router = APIRouter()
SHORTCUTS = ("on", "off")


@dataclass(frozen=True)
class Mine:
    """What somebody's own page says."""

    name: str
    email: str
    language: str
    keys: str
    has_password: bool
    #: whether codes are asked for
    codes: bool
    #: in how many other browsers this person is signed in
    elsewhere: int


@router.api_route("/account", methods=["GET", "HEAD"])
def account(request: Request, member: AtDesk, house: InHouse) -> Response:
    """What is true now."""
    return show(request, member, house)


@router.post("/account")
def describe_account(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Keep name, language, and whether single keys do something."""

    def act(session: Session) -> Outcome:
        name = sent.line("name", needed=True)
        language = sent.one_of("language", LANGUAGES)
        keys = sent.one_of("keys", SHORTCUTS)
        sent.check()
        staffing.describe(
            session, person_of(session, member), name, language, keys=keys == "on", now=member.now
        )
        return {"did": "account.described"}

    return deeds.handle(
        request, member, house, sent, act, _again(request, member, house), "/account"
    )


@router.post("/account/password")
def change_password(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Choose another password; every other visit ends."""
    show_again = _again(request, member, house)
    try:
        prove(house, member, sent)
        with house.reading() as session:
            person = person_of(session, member)
        hashed = passwords.hashed(invitations.check(person, member.library.name, sent["password"]))
    except NotFilledIn:
        return show_again(sent, None, 422)
    except FaultyValue as error:
        sent.refused("password", error)
        return show_again(sent, None, 422)
    except Refused as refusal:
        return show_again(sent, refusal, 429)

    def act(session: Session) -> Outcome:
        invitations.change(session, person_of(session, member), hashed, member.visit, member.now)
        return {"did": "account.password"}

    return deeds.handle(request, member, house, sent, act, show_again, "/account")


@router.post("/account/elsewhere")
def sign_out_elsewhere(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """End every visit but this one."""

    def act(session: Session) -> Outcome:
        who = accounts.account(session, member.staff_id)
        assert who is not None
        number = signing_in.sign_out_elsewhere(session, who, member.visit, member.now)
        return {"did": "account.elsewhere", "number": number}

    return deeds.handle(
        request, member, house, sent, act, _again(request, member, house), "/account"
    )


def prove(house: House, member: Member, sent: Sent) -> None:
    """That it is really this person at their desk: the password they have now, in ``present``.

    Raises `NotFilledIn` when it is wrong, `Refused` after too many tries.
    """
    with house.writing() as session:
        number = signing_in.begin_again(session, member.staff_id, member.now)
        row = accounts.secrets_of(session, member.staff_id)
        kept = row.password_hash if row else None
    if number is None:
        raise signing_in.too_many()
    if not passwords.matches(kept, sent["present"], patient=True):
        why, remedy = "This is not your password.", "Look whether you typed it as you meant."
        sent.refuse("present", why, remedy)
        sent.check()
    with house.writing() as session:
        signing_in.forgive(session, number)


def person_of(session: Session, member: Member) -> Staff:
    """The row of whoever is signed in."""
    return session.get_one(Staff, member.staff_id)


def show(
    request: Request,
    member: Member,
    house: House,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The page of one's own account."""
    with house.reading() as session:
        mine = _mine(session, member)
    return desk.page(
        request, house, member, "account/account.html", nav="account", status=status, sent=sent,
        refusal=refusal, mine=mine,
    )  # fmt: skip


def _again(request: Request, member: Member, house: House) -> deeds.Show:
    def again(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return show(request, member, house, sent, refusal, status)

    return again


def _mine(session: Session, member: Member) -> Mine:
    person, row = person_of(session, member), accounts.secrets_of(session, member.staff_id)
    return Mine(
        name=person.name,
        email=person.email,
        language=person.language,
        keys="on" if member.keys else "off",
        has_password=bool(row and row.password_hash),
        codes=bool(row and row.totp_since),
        elsewhere=visits.number_of(session, member.staff_id, member.now) - 1,
    )


def _described(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (say(member.language, "Kept"),)


def _changed(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (
        say(member.language, "You have a new password"),
        say(member.language, "Wherever else you were signed in, you are signed out."),
    )


def _ended(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (say(member.language, "You are signed out everywhere else"),)


DEEDS = {
    "account.described": Deed(_described),
    "account.password": Deed(_changed),
    "account.elsewhere": Deed(_ended),
}
