"""Who a referral is about: shown once, after a fresh code that was mailed to the provider."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Fault
from core.references import reference
from core.words import Told
from referrals import journal
from referrals.journal import Line
from storage.dialects import take_turn
from storage.queries import doors, messages, reading_codes
from storage.queries.messages import Queued
from storage.queries.reading_codes import Tried
from web import errors, receipts, views
from web.access import AtDoor, Door, InHouse
from web.forms import Filled, Sent
from web.pages import referrals
from web.site import House

router = APIRouter()
#: codes that are mailed for one link in an hour
_AN_HOUR = 3
_MARK = 32


@dataclass(frozen=True)
class Person:
    """What a provider needs for the referral that they received, and nothing more."""

    reference: str
    first_name: str | None
    #: as it is dialled from anywhere, and as people write it
    phone: str | None
    dialled: str
    email: str | None
    best_moment: str | None
    wish: str | None


@router.api_route("/a/{token}/read", methods=["GET", "HEAD"])
def ask_for_code(request: Request, door: AtDoor, house: InHouse) -> Response:
    """The page on which the code is typed."""
    with house.reading() as session:
        _check_readable(session, door)
    return _ask(request, door, house)


@router.post("/a/{token}/code")
def ask_code(request: Request, door: AtDoor, house: InHouse, _sent: Filled) -> Response:
    """Queue the mail with a code. The code itself is made when that mail is written."""
    name = f"code:{door.link.hash[:_MARK]}:{door.now:%Y%m%d%H}"
    keys = [f"{name}:{number}" for number in range(1, _AN_HOUR + 1)]
    with house.writing() as session:
        row = _check_readable(session, door)
        take_turn(session, name)
        free = [key for key in keys if key not in doors.queued_at(session, keys)]
        if free:
            mail = Queued(
                door.organisation_id, free[0], "code", door.now,
                contact_person_id=door.link.contact_person_id, case_id=row.case_id,
                referral_id=row.id, detail={"link": door.link.hash},
            )  # fmt: skip
            messages.queue(session, [mail], door.now)
    return receipts.see_other(house, door, "/read") if free else errors.page(request, 429)


@router.post("/a/{token}/read")
def read(request: Request, door: AtDoor, house: InHouse, sent: Filled) -> Response:
    """Show who it is about, on this page alone: nothing is left open behind it."""
    code = "".join(sign for sign in sent["code"] if sign.isdigit())[:12]
    with house.writing() as session:
        row = _check_readable(session, door)
        tried = reading_codes.attempt(session, door.link.hash, code, door.now)
        person = _person(session, door) if tried.result == "right" else None
        if person is not None:
            detail = {"case": row.case_id, "contact_person": door.link.contact_person_id}
            line = Line(
                row.organisation_id, door.now, None, "referral.read", "referral", row.id or 0,
                detail,
            )  # fmt: skip
            journal.write(session, [line])
    # a wrong try is committed by now, so that nobody gets it back by breaking off
    if person is None:
        return _ask(request, door, house, sent=sent, tried=tried)
    return views.door_page(request, house, door, "answers/person.html", person=person)


def _check_readable(session: Session, door: Door) -> Any:
    """The referral, as long as it is open and the consent holds; else as if it were not there."""
    row, _ = referrals.scene(session, door)
    if not referrals.may_read(session, row, door):
        raise HTTPException(404)
    return row


def _person(session: Session, door: Door) -> Person:
    row, case = referrals.scene(session, door)
    who = doors.participant(session, row.organisation_id, row.participant_id)
    assert who is not None
    return Person(
        reference(case.id), who.first_name, who.phone, _as_dialled(who.phone or ""), who.email,
        who.best_moment, who.wish,
    )  # fmt: skip


def _as_dialled(phone: str) -> str:
    """A Dutch mobile number as people write it; any other as it is kept."""
    mobile = phone.removeprefix("+316")
    return f"06 {mobile}" if len(mobile) == 8 else phone


def _ask(
    request: Request,
    door: Door,
    house: House,
    *,
    sent: Sent | None = None,
    tried: Tried | None = None,
) -> Response:
    faults = {"code": _fault(tried)} if tried else {}
    values = {
        "faults": faults,
        "typed": sent.fields if sent else {},
        "minutes": reading_codes.MINUTES,
        "spent": tried is not None and tried.result != "wrong",
    }
    status = 422 if faults else 200
    return views.door_page(request, house, door, "answers/code.html", status=status, **values)


def _fault(tried: Tried) -> Fault:
    if tried.result == "wrong":
        left = Told("Look at the code in the newest mail. Tries left: {number}.", number=tried.left)
        return Fault("code", Told("This code is not right."), left)
    why = {
        "gone": Told("There is no code that works now: a code works for ten minutes, and once."),
        "spent": Told("The code was wrong too often and does not work any more."),
    }[tried.result]
    return Fault("code", why, Told("Ask for a new code."))
