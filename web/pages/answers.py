"""The pages that answers from the mail need: `/a/{token}` for a follow-up or a referral."""

from types import ModuleType
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from core.errors import Refused
from web import errors, receipts, views
from web.access import AtDoor, Door, InHouse
from web.forms import Filled, NotFilledIn, Sent
from web.pages import afterwards, doing, follow_ups, referrals, renewing
from web.site import House

router = APIRouter()
#: what a mail may choose beforehand, and the page then opens
_CHOICES = frozenset({"done", "later", "hand_over", "not_reached", *referrals.ANSWERS})


def _views(door: Door) -> ModuleType:
    return referrals if door.link.purpose == "referral" else follow_ups


def _receipts(door: Door) -> ModuleType:
    return referrals if door.link.purpose == "referral" else afterwards


def _deeds(door: Door) -> ModuleType:
    return referrals if door.link.purpose == "referral" else doing


@router.api_route("/a/{token}", methods=["GET", "HEAD"])
def show_answer(request: Request, door: AtDoor, house: InHouse, do: str = "") -> Response:
    """What is asked, and what can be answered; `do` only opens that part of the page."""
    if door.expired:
        return renewing.page(request, door, house)
    return _show(request, door, house, chosen=do if do in _CHOICES else "")


@router.post("/a/{token}")
def answer(request: Request, door: AtDoor, house: InHouse, sent: Filled) -> Response:
    """Do what was answered; then the page that says what happened."""
    try:
        with house.writing() as session:
            receipts.once(
                session, door, sent, lambda: _deeds(door).act(session, door, sent, house.site)
            )
    except NotFilledIn:
        return _show(request, door, house, sent=sent, status=422)
    except Refused as refusal:
        return _refused(request, door, house, refusal)
    return receipts.go_to(house, door, sent.key)


@router.api_route("/a/{token}/done/{key}", methods=["GET", "HEAD"])
def answered(request: Request, door: AtDoor, house: InHouse, key: str) -> Response:
    """What happened, with a way back."""
    with house.reading() as session:
        receipt = receipts.find(session, door, key)
        shown = _receipts(door).shown(session, door, receipt)
    return views.door_page(request, house, door, "answered.html", shown=shown, receipt=receipt)


@router.post("/a/{token}/undo")
def undo_answer(request: Request, door: AtDoor, house: InHouse, sent: Filled) -> Response:
    """Take back what a form did."""

    def take_back() -> receipts.Outcome:
        receipt = receipts.find(session, door, sent["of"])
        outcome: receipts.Outcome = _deeds(door).undo(session, door, receipt, house.site)
        receipts.mark_undone(session, door, receipt)
        return outcome

    try:
        with house.writing() as session:
            receipts.once(session, door, sent, take_back, "undo")
    except Refused as refusal:
        return _refused(request, door, house, refusal)
    return receipts.go_to(house, door, sent.key)


@router.post("/a/{token}/new")
def renew_answer(request: Request, door: AtDoor, house: InHouse, _sent: Filled) -> Response:
    """A new link instead of one that is too old."""
    return renewing.renew(request, door, house)


def _show(
    request: Request,
    door: Door,
    house: House,
    *,
    sent: Sent | None = None,
    status: int = 200,
    chosen: str = "",
    refusal: Refused | None = None,
) -> Response:
    """The page as things are now; with what was typed and what is wrong with it, if anything."""
    pages = _views(door)
    with house.reading() as session:
        view = pages.view(session, door)
    values: dict[str, Any] = {"view": view, "chosen": chosen, "refusal": refusal}
    if sent is not None:
        values |= {"faults": sent.faults, "typed": sent.fields, "chosen": sent["do"]}
    template = pages.template(door)
    return views.door_page(request, house, door, template, status=status, **values)


def _refused(request: Request, door: Door, house: House, refusal: Refused) -> Response:
    """Why it cannot be done, above what is true now; a page of its own when there is none."""
    status = errors.status_of(refusal)
    if status == 503:
        return errors.told(request, refusal)
    return _show(request, door, house, status=status, refusal=refusal)
