"""The board: a column a stage of one route, a card a case, the next move one click away."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from core.words import say
from storage.queries import boards as stages
from storage.queries import pilots
from storage.tables.partner import CHANNELS
from web import desk, filters, paths, published
from web.access import AtDesk, InHouse
from web.filters import Filters
from web.members import Member
from web.pages import board_views, saved_views
from web.pages.board_views import BoardView
from web.site import House

router = APIRouter()


@router.api_route("/board", methods=["GET", "HEAD"])
def boards(request: Request, member: AtDesk, house: InHouse) -> Response:
    """To the board of the route in the address, as in a saved view, or that is used most."""
    asked = filters.read(request.query_params)
    with house.reading() as session:
        route = asked.route or _most_used(session, member)
    if route is None:
        return desk.page(request, house, member, "board/none.html", nav="board")
    address = f"/board/{quote(route, safe='')}?{asked.but(route='').query()}"
    return RedirectResponse(paths.outside(house.site, address.rstrip("?")), 303)


@router.api_route("/board/{route}", methods=["GET", "HEAD"])
def board(request: Request, member: AtDesk, house: InHouse, route: str) -> Response:
    """The board of a route."""
    asked = filters.read(request.query_params).but(route=route, stage="", state="", partner="")
    with house.reading() as session:
        versions = stages.versions(session)
        own = [each for each in versions if each.name == route]
        if not own:
            raise HTTPException(404)
        cases = filters.wanted(asked.but(route="", state="all"), member, own)
        view = board_views.view(session, member, asked, cases, own)
        values = {
            "routes": published.route_titles(published.newest(session, versions), member.language),
            "pilots": pilots.of_library(session, member.organisation_id),
            "views": saved_views.shown(session, member, "board"),
        }
    return _page(request, house, member, view, asked, values)


def _page(
    request: Request,
    house: House,
    member: Member,
    view: BoardView,
    asked: Filters,
    values: Mapping[str, Any],
) -> Response:
    own = asked.but(route="")
    return desk.page(
        request, house, member, "board/board.html", nav="board", view=view, asked=asked,
        ways=[(name, say(member.language, name)) for name in CHANNELS],
        who={word: own.query(owner=word) for word in ("", filters.MINE, filters.NOBODY)},
        **values,
    )  # fmt: skip


def _most_used(session: Session, member: Member) -> str | None:
    """The route with most open cases, or the first that there is."""
    versions = stages.versions(session)
    names = {each.id: each.name for each in versions}
    used: dict[str, int] = {}
    for number, cases in stages.in_use(session, member.organisation_id).items():
        used[names[number]] = used.get(names[number], 0) + cases
    return max(used, key=lambda name: used[name]) if used else next(iter(names.values()), None)
