"""When and how often mail comes: `/m/{token}`, and the one click that stops it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import NothingToUndo
from core.words import day_in_words, say
from referrals import colleagues
from storage.queries import links
from web import errors, receipts, views
from web.access import AtDoor, Door, InHouse
from web.forms import ONE_CLICK, Filled, NotFilledIn, Sent
from web.pages import choosing, renewing
from web.receipts import Receipt, Shown
from web.site import House

router = APIRouter()


@router.api_route("/m/{token}", methods=["GET", "HEAD"])
def show_preferences(request: Request, door: AtDoor, house: InHouse) -> Response:
    """What is chosen now."""
    if door.expired:
        return renewing.page(request, door, house)
    return _show(request, door, house)


@router.post("/m/{token}")
def save_preferences(request: Request, door: AtDoor, house: InHouse, sent: Filled) -> Response:
    """Keep what was chosen."""
    try:
        with house.writing() as session:
            receipts.once(session, door, sent, lambda: choosing.save(session, door, sent))
    except NotFilledIn:
        return _show(request, door, house, sent=sent)
    return receipts.go_to(house, door, sent.key)


@router.api_route("/m/{token}/done/{key}", methods=["GET", "HEAD"])
def saved(request: Request, door: AtDoor, house: InHouse, key: str) -> Response:
    """What was chosen, with a way back."""
    with house.reading() as session:
        receipt = receipts.find(session, door, key)
        shown = _shown(session, door, receipt)
    return views.door_page(request, house, door, "answered.html", shown=shown, receipt=receipt)


@router.post("/m/{token}/undo")
def undo_preferences(request: Request, door: AtDoor, house: InHouse, sent: Filled) -> Response:
    """Put back what a form changed."""

    def put_back() -> receipts.Outcome:
        receipt = receipts.find(session, door, sent["of"])
        outcome = choosing.put_back(session, door, receipt)
        receipts.mark_undone(session, door, receipt)
        return outcome

    try:
        with house.writing() as session:
            receipts.once(session, door, sent, put_back, "undo")
    except NothingToUndo as refusal:
        return errors.told(request, refusal)
    return receipts.go_to(house, door, sent.key)


@router.api_route("/m/{token}/off", methods=["GET", "HEAD"])
def show_off(request: Request, door: AtDoor, house: InHouse) -> Response:
    """A page with the button that stops the mails."""
    return views.door_page(request, house, door, "preferences/off.html")


@router.post("/m/{token}/off")
def turn_off(request: Request, door: AtDoor, house: InHouse, sent: Filled) -> Response:
    """Stop the mails; a mail program gets its answer at once and is sent nowhere else."""
    if ONE_CLICK in sent.fields:
        with house.writing() as session:
            outcome = choosing.turn_off(session, door)
            links.mark_used(session, door.link, door.now)
        shown = _stopped(door, outcome)
        return views.door_page(request, house, door, "answered.html", shown=shown, receipt=None)
    with house.writing() as session:
        receipts.once(session, door, sent, lambda: choosing.turn_off(session, door), "off")
    return receipts.go_to(house, door, sent.key)


@router.post("/m/{token}/new")
def renew_preferences(request: Request, door: AtDoor, house: InHouse, _sent: Filled) -> Response:
    """A new link instead of one that is too old."""
    return renewing.renew(request, door, house)


def _show(request: Request, door: Door, house: House, sent: Sent | None = None) -> Response:
    with house.reading() as session:
        choices = choosing.present(session, door)
    values: dict[str, Any] = {
        "choices": choices,
        "hours": colleagues.HOURS,
        "days": choosing.DAYS,
        "today": door.today,
        "last": door.today + choosing.LONGEST_PAUSE,
    }
    if sent is not None:
        values |= {"faults": sent.faults, "typed": sent.fields}
    template = "preferences/staff.html" if choices.is_staff else "preferences/contact.html"
    status = 422 if sent else 200
    return views.door_page(request, house, door, template, status=status, **values)


def _shown(session: Session, door: Door, receipt: Receipt) -> Shown:
    """What the page says after a form."""
    language = door.language
    if receipt.did == "undone" or receipt.undone:
        title = say(language, "Taken back")
        return Shown(title, (say(language, "Your mails come as they did before."),))
    row = choosing.person(session, door)
    undo = choosing.may_put_back(row, receipt.values)
    if receipt.did == "mails.chosen":
        title = say(language, "Kept")
        return Shown(title, (say(language, "This is how your mails come from now on."),), undo=undo)
    return replace(_stopped(door, receipt.values), undo=undo)


def _stopped(door: Door, values: Mapping[str, Any]) -> Shown:
    language = door.language
    title = say(language, "The mails have stopped")
    if not door.is_staff:
        lines = [
            say(language, "You get no more mails about what waits for you."),
            say(language, "You can switch them on again on this page at any time."),
        ]
        return Shown(title, tuple(lines))
    until = date.fromisoformat(values["after"]["paused_until"])
    lines = [
        say(language, "You get no mails up to and with {day}.", day=day_in_words(language, until)),
        say(language, "After that they come again by themselves, so that nobody is forgotten."),
    ]
    return Shown(title, tuple(lines))
