"""Every part that pages are made of, on one page: for whoever builds them, on their own machine."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core import clock
from core.errors import Fault
from core.words import Told
from web import access, views
from web.access import InHouse
from web.site import LOOPBACK
from workflows.definition import LEVELS

router = APIRouter()
ICONS = (
    "alert", "bridge", "check", "clock", "mail", "undo", "today", "board", "list", "person",
    "people", "plus", "minus", "book", "partner", "route", "gear", "help", "search", "leave",
    "next", "down", "phone", "calendar", "note", "flag", "filter", "print", "star", "close",
    "lock", "link",
)  # fmt: skip
COLOURS = (
    "paper", "sheet", "ink", "quiet", "line", "edge", "accent", "accent-deep", "accent-soft",
    "late", "late-soft", "wrong", "wrong-soft",
)  # fmt: skip


@router.api_route("/components", methods=["GET", "HEAD"])
def components(request: Request, house: InHouse) -> Response:
    """The page; it is not there where others can reach it."""
    if urlsplit(house.site.base_url).hostname not in LOOPBACK:
        raise HTTPException(404)
    today = clock.local_day(house.now(), "Europe/Amsterdam")
    fault = Fault("example", Told("This has not been filled in."), Told("Fill it in."))
    return views.open_page(
        request, house, "components.html",
        levels=LEVELS, icons=ICONS, colours=COLOURS, faults={"wrong_line": fault},
        first=today, last=today + timedelta(days=90), signed_in=access.visitor(request) is not None,
    )  # fmt: skip
