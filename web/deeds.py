"""What forms at the desk do: once, told on the page that follows, and taken back from there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from core.errors import NothingToUndo, Refused
from core.words import Told, say
from web import errors, paths, receipts
from web.forms import NotFilledIn, Sent
from web.members import Member
from web.receipts import Outcome, Receipt
from web.site import House

CHANGED_SINCE = "Somebody changed it since. Look at what is true now."
#: in a receipt: the route by which it was done
_ROUTE = "route"
Values = Mapping[str, Any]
#: the page of a form again: with what was typed, why it was refused, and the status
Show = Callable[[Sent, Refused | None, int], Response]


@dataclass(frozen=True)
class Deed:
    """A kind of thing that forms do."""

    #: what is said afterwards, in the language of the member: a title, then sentences
    tell: Callable[[Session, Member, Values], Sequence[str]]
    #: takes it back; raises `NothingToUndo` when something happened since
    undo: Callable[[Session, Member, Values, House], Outcome] | None = None
    #: whether it can be taken back as things are now; none: it always can
    may_undo: Callable[[Session, Member, Values], bool] | None = None


@dataclass(frozen=True)
class Done:
    """What the page that follows says."""

    key: str
    title: str
    sentences: tuple[str, ...]
    may_undo: bool


def handle(
    request: Request,
    member: Member,
    house: House,
    sent: Sent,
    act: Callable[[Session], Outcome],
    show: Show,
    to: str | Callable[[Outcome], str],
) -> Response:
    """Do what a form asks, once and in one transaction, and lead to the page that says so.

    That is the page of the form's field ``back``, so that filters stay; else `to`, an address
    within the pages. `act` says what it did by ``did`` (a name in `DEEDS`) with numbers, codes and
    days only. What must be filled in differently, and what is refused, is shown by `show`.
    """
    route = request.scope["route"].name
    try:
        with house.writing() as session:
            outcome = receipts.once(
                session, member, sent, lambda: {**act(session), _ROUTE: route}, request.url.path
            )
    except NotFilledIn as error:
        return show(error.sent, None, 422)
    except Refused as refusal:
        status = errors.status_of(refusal)
        return errors.told(request, refusal) if status == 503 else show(sent, refusal, status)
    address = paths.local(sent["back"]) or (to if isinstance(to, str) else to(outcome))
    return go(house, paths.with_query(address, done=sent.key))


def go(house: House, address: str) -> Response:
    """To another page."""
    # a path and no whole address, so that nobody's Host header can lead elsewhere
    return RedirectResponse(paths.outside(house.site, address), 303)


def done(request: Request, member: Member, house: House) -> Done | None:
    """What the form before this page did, if it was one of this person's."""
    key = request.query_params.get("done", "")
    if not key:
        return None
    with house.reading() as session:
        receipt = receipts.found(session, member, key)
        if receipt is None:
            return None
        return _told(session, member, receipt, _deeds(request))


def _told(
    session: Session, member: Member, receipt: Receipt, deeds: Mapping[str, Deed]
) -> Done | None:
    language, remains = member.language, receipt.values.get("remains", ())
    left = tuple(say(language, sentence) for sentence in remains)
    if receipt.did == "undone":
        return Done(receipt.key, say(language, "Taken back"), left, False)
    deed = deeds.get(receipt.did)
    if deed is None:
        return None
    if receipt.undone:
        return Done(receipt.key, say(language, "This was taken back."), (), False)
    title, *sentences = deed.tell(session, member, receipt.values)
    may = _may_undo(session, member, receipt, deed)
    return Done(receipt.key, title, (*sentences, *left), may)


def _may_undo(session: Session, member: Member, receipt: Receipt, deed: Deed) -> bool:
    """Whoever may not do it any more, may not take it back either."""
    if deed.undo is None or not member.may(receipt.values.get(_ROUTE, "")):
        return False
    return deed.may_undo is None or deed.may_undo(session, member, receipt.values)


def undo(request: Request, member: Member, house: House, sent: Sent) -> Response:
    """Take back what a form did, and stay on the page."""

    def act(session: Session) -> Outcome:
        receipt = receipts.find(session, member, sent["of"])
        deed = _deeds(request).get(receipt.did)
        if deed is None or deed.undo is None or receipt.undone:
            raise NothingToUndo(Told("This"), remedy="It was taken back before.")
        if not member.may(receipt.values.get(_ROUTE, "")):
            raise HTTPException(404)
        if not _may_undo(session, member, receipt, deed):
            raise NothingToUndo(Told("This"), remedy=CHANGED_SINCE)
        outcome = deed.undo(session, member, receipt.values, house)
        receipts.mark_undone(session, member, receipt)
        return {**outcome, "did": "undone"}

    def show(_sent: Sent, refusal: Refused | None, status: int) -> Response:
        return errors.told(request, refusal) if refusal else errors.page(request, status)

    return handle(request, member, house, sent, act, show, to="/")


def _deeds(request: Request) -> Mapping[str, Deed]:
    deeds: Mapping[str, Deed] = request.app.state.deeds
    return deeds
