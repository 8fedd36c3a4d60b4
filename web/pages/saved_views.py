"""Saved views: filters under a name, for oneself or the team; kept, renamed, removed, put back."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import NothingToUndo, Refused
from core.words import say
from referrals import saved_views
from storage.queries import saved_views as views
from storage.queries.saved_views import View
from web import desk, filters
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values, handle
from web.forms import Filled, Sent
from web.members import Member
from web.pages.numbered import Row
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: signs of a title
LONGEST_TITLE = 60
PAGES = ("cases", "board")


def shown(session: Session, member: Member, page: str) -> list[View]:
    """The views of a page, for whoever looks at it."""
    there = views.of_member(session, member.organisation_id, member.staff_id)
    return [each for each in there if each.page == page]


@router.api_route("/views", methods=["GET", "HEAD"])
def show_views(request: Request, member: AtDesk, house: InHouse) -> Response:
    """All saved views, to rename and remove."""
    return _page(request, member, house)


@router.post("/views")
def save_view(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Keep the filters of a page under a name."""

    def act(session: Session) -> Outcome:
        page, team = sent.one_of("page", PAGES), sent["team"] == "yes"
        title = sent.line("title", LONGEST_TITLE, needed=True)
        sent.check()
        query = filters.parsed(sent["query"]).query()
        number = saved_views.save(
            session, member.organisation_id, member.staff_id, page=page, title=title,
            query=query, team=team, now=member.now,
        )  # fmt: skip
        return {"did": "view.saved", "view": number}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, sent, refusal, status)

    return handle(request, member, house, sent, act, show, to="/views")


@router.post("/views/{number}")
def change_view(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, number: Row
) -> Response:
    """Give a view another name, or take it away."""

    def act(session: Session) -> Outcome:
        there = views.of_member(session, member.organisation_id, member.staff_id)
        if number not in {each.id for each in there}:
            raise HTTPException(404)
        said = sent.one_of("do", ("rename", "remove"))
        title = sent.line("title", LONGEST_TITLE, needed=said == "rename")
        sent.check()
        if said == "remove":
            kept = saved_views.remove(session, member.organisation_id, member.staff_id, number)
            return {"did": "view.removed", "kept": kept}
        before = saved_views.rename(session, member.organisation_id, member.staff_id, number, title)
        return {"did": "view.renamed", "view": number, "before": before, "after": title}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, sent, refusal, status, number)

    return handle(request, member, house, sent, act, show, to="/views")


def _page(
    request: Request,
    member: Member,
    house: House,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
    changing: int | None = None,
) -> Response:
    with house.reading() as session:
        there = views.of_member(session, member.organisation_id, member.staff_id)
    return desk.page(
        request, house, member, "cases/views.html", nav="cases", status=status, sent=sent,
        refusal=refusal, views=there, saving=sent is not None and changing is None,
        changing=changing,
    )  # fmt: skip


def _saved(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return (say(member.language, "The view is saved"),)


def _renamed(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return (say(member.language, "The view has another name"),)


def _removed(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return (say(member.language, "The view is removed"),)


def _unsave(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    saved_views.remove(session, member.organisation_id, member.staff_id, values["view"])
    return {}


def _name_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    row = views.one(session, member.organisation_id, values["view"])
    if row is None or row.title != values["after"]:
        raise NothingToUndo(values["after"], remedy="Somebody changed it since.")
    saved_views.rename(
        session, member.organisation_id, member.staff_id, values["view"], values["before"]
    )
    return {}


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    saved_views.put_back(
        session, member.organisation_id, member.staff_id, values["kept"], member.now
    )
    return {}


DEEDS = {
    "view.saved": Deed(_saved, _unsave),
    "view.renamed": Deed(_renamed, _name_back),
    "view.removed": Deed(_removed, _put_back),
}
