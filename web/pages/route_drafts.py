"""The draft of a route: its text with every fault beside it, its drawing, and what it changes."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from core.errors import Fault, NotFound, Refused
from core.words import say
from referrals import route_drafts, routes
from storage.queries import staff, workflows
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import route_views
from web.pages.route_forms import RouteName
from web.receipts import Outcome
from web.site import House
from workflows import drawing
from workflows.drawing import OnPage, Svg

router = APIRouter()
#: lines of a text that are shown around what changed
_AROUND = 2
#: faults that are shown at once; a text that was pasted in half can have hundreds
_MOST_FAULTS = 40


@dataclass(frozen=True)
class Wrong:
    """A fault, with the line that it is about."""

    fault: Fault
    quoted: str


@dataclass(frozen=True)
class Changed:
    """A line of the comparison: ``+`` added, ``-`` taken away, a space as it was."""

    sign: str
    #: its number in the draft, or in the published version when it was taken away
    number: int | None
    text: str


@router.api_route("/routes/{name}/draft", methods=["GET", "HEAD"])
def route_draft(request: Request, member: AtDesk, house: InHouse, name: RouteName) -> Response:
    """The draft, or what it would start from."""
    return _page(request, member, house, name)


@router.post("/routes/{name}/draft")
def save_route_draft(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, name: RouteName
) -> Response:
    """Keep the text, also with faults, and name every one of them."""

    def act(session: Session) -> Outcome:
        _known(session, name)
        row = route_drafts.save(
            session, member.organisation_id, name, sent["text"], by=member.by, now=member.now
        )
        faults = route_drafts.check(session, name, row.text).faults
        return {"did": "route.draft_saved", "faults": len(faults)}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, name, status=status, sent=sent, refusal=refusal)

    return deeds.handle(request, member, house, sent, act, show, f"/routes/{name}/draft")


@router.post("/routes/{name}/draft/discard")
def discard_route_draft(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, name: RouteName
) -> Response:
    """Throw the draft away."""

    def act(session: Session) -> Outcome:
        route_drafts.discard(session, member.organisation_id, name)
        return {"did": "route.draft_discarded"}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, name, status=status, sent=sent, refusal=refusal)

    return deeds.handle(request, member, house, sent, act, show, f"/routes/{name}")


@router.api_route("/routes/{name}/draft.yaml", methods=["GET", "HEAD"])
def route_draft_file(member: AtDesk, house: InHouse, name: RouteName) -> Response:
    """The text as a file, to send it to somebody."""
    with house.reading() as session:
        row = route_drafts.draft(session, member.organisation_id, name)
        text = row.text if row else _beginning(session, name)
    headers = {"content-disposition": 'attachment; filename="route.yaml"'}
    return PlainTextResponse(text, headers=headers)


def _page(
    request: Request,
    member: Member,
    house: House,
    name: str,
    *,
    status: int = 200,
    sent: Sent | None = None,
    refusal: Refused | None = None,
) -> Response:
    with house.reading() as session:
        row = route_views.draft_of(session, member, name)
        beginning = _beginning(session, name)
        text = route_drafts.tidy(sent["text"]) if sent and sent["text"] else None
        text = text or (row.text if row else beginning)
        checked = route_drafts.check(session, name, text)
        newest = workflows.newest(session, name)
        known = routes.pinned(session, newest.id or 0).definition if newest else None
        may_publish = route_drafts.may_publish(staff.organisations(session), member.role)
    lines = text.splitlines()
    definition, picture = checked.definition, Svg()
    titled = definition or known
    if definition is not None:
        picture = drawing.svg(definition, None, member.language, OnPage())
    return desk.page(
        request, house, member, "routes/draft.html", nav="routes", status=status, sent=sent,
        refusal=refusal, name=name, text=text, draft=row, numbers=len(lines),
        title=titled.title[member.language] if titled else name,
        wrong=tuple(_wrong(checked.faults[:_MOST_FAULTS], lines)),
        more=max(len(checked.faults) - _MOST_FAULTS, 0), drawing=picture,
        changes=tuple(compared(newest.text if newest else "", text)),
        stale=bool(row and newest and row.based_on != newest.id), may_publish=may_publish,
    )  # fmt: skip


def _known(session: Session, name: str) -> None:
    """404 for a route that is neither published nor built in."""
    _beginning(session, name)


def _beginning(session: Session, name: str) -> str:
    try:
        return route_drafts.beginning(session, name)[0]
    except NotFound as error:
        raise HTTPException(404) from error


def _wrong(faults: tuple[Fault, ...], lines: list[str]) -> Iterator[Wrong]:
    for fault in faults:
        there = fault.line is not None and 0 < fault.line <= len(lines)
        yield Wrong(fault, lines[(fault.line or 1) - 1] if there else "")


def compared(before: str, after: str) -> Iterator[Changed]:
    """What changed from one text to another, line by line, with some lines around it."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        for kind, first, last, start, stop in group:
            if kind == "equal":
                for number in range(start, stop):
                    yield Changed(" ", number + 1, new[number])
                continue
            for number in range(first, last):
                yield Changed("-", number + 1, old[number])
            for number in range(start, stop):
                yield Changed("+", number + 1, new[number])


def _tell_discarded(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (say(member.language, "The draft was thrown away. What is published stays."),)


DEEDS = {"route.draft_discarded": Deed(_tell_discarded)}
