"""Who works at the library: add and invite, another role, somebody who left or is back."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import AlreadyThere, Fault, FaultyValue, Refused
from core.words import Told, say
from referrals import colleagues, invitations, staffing
from storage.queries import accounts
from storage.tables import Staff
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages.numbered import Row
from web.receipts import Outcome
from web.site import House

router = APIRouter()
ROLES: Mapping[str, Told] = {
    "staff": Told("staff: works with own cases"),
    "coordinator": Told("coordinator: works with all cases"),
    "administrator": Told("administrator: all cases, and who works here"),
}
OFFICE: Mapping[str, Told] = {
    "national_office": Told("national office: figures only"),
    "administrator": ROLES["administrator"],
}
#: what a role is called where there is little room
SHORT: Mapping[str, Told] = {
    "staff": Told("staff member"),
    "coordinator": Told("coordinator"),
    "administrator": Told("administrator"),
    "national_office": Told("national office"),
}


@router.api_route("/settings/staff", methods=["GET", "HEAD"])
def staff(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Everybody who works here or did, and a form for somebody new."""
    return _list(request, member, house)


@router.post("/settings/staff")
def add_staff(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Add somebody and send an invitation."""

    def act(session: Session) -> Outcome:
        name = sent.line("name", needed=True)
        role = sent.one_of("role", _roles(member))
        sent.check()
        person = _added(session, member, sent, name, role)
        return {"did": "staff.added", "staff": person.id}

    def again(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _list(request, member, house, sent, refusal, status)

    return deeds.handle(request, member, house, sent, act, again, "/settings/staff")


@router.api_route("/settings/staff/{number}", methods=["GET", "HEAD"])
def colleague(request: Request, member: AtDesk, house: InHouse, number: Row) -> Response:
    """One person: role, way in, and whether they work here."""
    return _one(request, member, house, number)


@router.post("/settings/staff/{number}/role")
def change_role(
    request: Request, member: AtDesk, house: InHouse, number: Row, sent: Filled
) -> Response:
    """Give somebody another role."""

    def act(session: Session, person: Staff) -> Outcome:
        role, former = sent.one_of("role", _roles(member)), person.role
        sent.check()
        staffing.change_role(session, person, role, by=member.by, now=member.now)
        return {"did": "staff.role", "staff": number, "former": former, "role": role}

    return _do(request, member, house, number, sent, act)


@router.post("/settings/staff/{number}/invite")
def invite_again(
    request: Request, member: AtDesk, house: InHouse, number: Row, sent: Filled
) -> Response:
    """Send the mail with which somebody chooses a password, the first or a new one."""

    def act(session: Session, person: Staff) -> Outcome:
        row = accounts.secrets_of(session, number)
        send = invitations.send_reset if row and row.password_hash else invitations.invite
        send(session, person, by=member.by, now=member.now)
        return {"did": "staff.invited", "staff": number}

    return _do(request, member, house, number, sent, act)


@router.post("/settings/staff/{number}/deactivate")
def deactivate(
    request: Request, member: AtDesk, house: InHouse, number: Row, sent: Filled
) -> Response:
    """Somebody left: signed out at once, and not let in any more."""

    def act(session: Session, person: Staff) -> Outcome:
        if number == member.staff_id:
            why = "You cannot take away your own way in."
            remedy = "Let another administrator do it."
            raise Refused("role", remedy=remedy, faults=(Fault("role", why, remedy),))
        staffing.deactivate(session, person, by=member.by, now=member.now)
        return {"did": "staff.deactivated", "staff": number}

    return _do(request, member, house, number, sent, act)


@router.post("/settings/staff/{number}/activate")
def activate(
    request: Request, member: AtDesk, house: InHouse, number: Row, sent: Filled
) -> Response:
    """Somebody works here again."""

    def act(session: Session, person: Staff) -> Outcome:
        staffing.activate(session, person, by=member.by, now=member.now)
        return {"did": "staff.activated", "staff": number}

    return _do(request, member, house, number, sent, act)


@router.post("/settings/staff/{number}/codes")
def stop_codes_of(
    request: Request, member: AtDesk, house: InHouse, number: Row, sent: Filled
) -> Response:
    """Ask somebody for no codes any more, because their telephone is lost."""

    def act(session: Session, person: Staff) -> Outcome:
        staffing.stop_codes(session, person, by=member.by, now=member.now)
        return {"did": "staff.codes_off", "staff": number}

    return _do(request, member, house, number, sent, act)


def _do(
    request: Request,
    member: Member,
    house: House,
    number: int,
    sent: Sent,
    act: Callable[[Session, Staff], Outcome],
) -> Response:
    def again(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _one(request, member, house, number, sent, refusal, status)

    return deeds.handle(
        request, member, house, sent, lambda session: act(session, _of(session, member, number)),
        again, f"/settings/staff/{number}",
    )  # fmt: skip


def _added(session: Session, member: Member, sent: Sent, name: str, role: str) -> Staff:
    """Somebody new, invited; what is wrong with the address stands at its field."""
    try:
        person = colleagues.add(
            session, member.organisation_id, name, sent["email"], role=role, by=member.by,
            now=member.now,
        )  # fmt: skip
    except AlreadyThere:
        remedy = "Look in the list: perhaps they left and come back."
        sent.refuse("email", "Somebody here has this address already.", remedy)
        sent.check()
        raise
    except FaultyValue as error:
        sent.refused("email", error)
        sent.check()
        raise
    invitations.invite(session, person, by=member.by, now=member.now)
    return person


def _of(session: Session, member: Member, number: int) -> Staff:
    """Somebody of this organisation; for anybody else 404."""
    person = session.get(Staff, number)
    if person is None or person.organisation_id != member.organisation_id:
        raise HTTPException(404)
    return person


def _roles(member: Member) -> Mapping[str, Told]:
    return OFFICE if member.library.kind == "national_office" else ROLES


def _choices(member: Member) -> list[tuple[str, str]]:
    return [(role, say(member.language, title)) for role, title in _roles(member).items()]


def _list(
    request: Request,
    member: Member,
    house: House,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        people = accounts.listed(session, member.organisation_id)
    return desk.page(
        request, house, member, "account/staff.html", nav="settings", status=status, sent=sent,
        refusal=refusal, people=people, roles=_choices(member), called=SHORT,
    )  # fmt: skip


def _one(
    request: Request,
    member: Member,
    house: House,
    number: int,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        person, row = _of(session, member, number), accounts.secrets_of(session, number)
    return desk.page(
        request, house, member, "account/colleague.html", nav="settings", status=status,
        sent=sent, refusal=refusal, person=person, roles=_choices(member),
        has_password=bool(row and row.password_hash), codes=bool(row and row.totp_since),
        himself=number == member.staff_id,
    )  # fmt: skip


def _name(session: Session, member: Member, values: Values) -> str:
    return _of(session, member, int(values["staff"])).name


def _telling(title: Told, *sentences: Told) -> Callable[[Session, Member, Values], tuple[str, ...]]:
    """Says what was done, by the name of whom it was about."""

    def tell(session: Session, member: Member, values: Values) -> tuple[str, ...]:
        name = _name(session, member, values)
        return tuple(say(member.language, each, name=name) for each in (title, *sentences))

    return tell


def _put_back_role(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    person = _of(session, member, int(values["staff"]))
    staffing.change_role(session, person, values["former"], by=member.by, now=member.now)
    return {}


def _let_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    person = _of(session, member, int(values["staff"]))
    staffing.activate(session, person, by=member.by, now=member.now)
    return {}


def _take_off(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    person = _of(session, member, int(values["staff"]))
    staffing.deactivate(session, person, by=member.by, now=member.now)
    return {}


def _role_is(session: Session, member: Member, values: Values) -> bool:
    return _of(session, member, int(values["staff"])).role == str(values["role"])


def _is_active(session: Session, member: Member, values: Values) -> bool:
    return _of(session, member, int(values["staff"])).active


def _is_gone(session: Session, member: Member, values: Values) -> bool:
    return not _is_active(session, member, values)


_ADDED = _telling(
    Told("{name} is added"), Told("An invitation goes out by mail. The link works for 7 days.")
)
_ROLE = _telling(Told("{name} has another role"))
_INVITED = _telling(Told("A mail goes out to {name}"))
_LEFT = _telling(
    Told("{name} cannot sign in any more"), Told("Cases and follow-ups stay where they are.")
)
_BACK = _telling(Told("{name} can sign in again"))
_CODES = _telling(Told("{name} signs in without codes"))
DEEDS: Mapping[str, Deed] = {
    "staff.added": Deed(_ADDED, _take_off, _is_active),
    "staff.role": Deed(_ROLE, _put_back_role, _role_is),
    "staff.invited": Deed(_INVITED),
    "staff.deactivated": Deed(_LEFT, _let_back, _is_gone),
    "staff.activated": Deed(_BACK, _take_off, _is_active),
    "staff.codes_off": Deed(_CODES),
}
