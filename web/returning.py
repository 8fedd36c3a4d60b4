"""Somebody must sign in first, or again: what they asked for, and what they typed, comes back."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from storage.queries import drafts, visits
from storage.queries.links import fingerprint
from web import paths, security
from web.forms import OURS, SECRETS, fields_of
from web.members import Member
from web.site import House

#: the part of an address that says that something typed is kept for its page
_DRAFT = "draft"


async def to_sign_in(request: Request, house: House) -> Response:
    """To the page for signing in, which leads on to what was asked for.

    What somebody typed is kept for them and nobody else: their visit is over, but it is known
    whose it was. Nothing that they sent was done.
    """
    asked = paths.of(request) if request.method in ("GET", "HEAD") else "/"
    if request.method == "POST":
        asked = await _typed(request, house)
    query = "" if asked == "/" else f"?{urlencode({'to': asked})}"
    return RedirectResponse(paths.outside(house.site, f"/sign-in{query}"), 303)


def kept(request: Request, house: House, member: Member) -> Mapping[str, str]:
    """What this person was typing on this page when they were signed out."""
    if _DRAFT not in request.query_params:
        return {}
    with house.reading() as session:
        return drafts.found(session, member.staff_id, request.url.path)


async def _typed(request: Request, house: House) -> str:
    """Keep a form that came too late; the address of the page that shows it again."""
    token = security.visit_of(request, house.site)
    try:
        fields = await fields_of(request)
    except HTTPException:
        return "/"
    page = _page_of(request, fields)
    visit = fingerprint(token) if token else ""
    if not visit or not security.comes_from_us(request, fields.get("form", ""), visit, house.site):
        return page
    left = (*OURS, *SECRETS)
    typed: Mapping[str, str] = {
        name: value for name, value in fields.items() if name not in left and value
    }
    if not typed:
        return page
    known = await run_in_threadpool(_keep, house, visit, page.partition("?")[0], typed)
    return paths.with_query(page, **{_DRAFT: 1}) if known else page


def _keep(house: House, visit: str, page: str, typed: Mapping[str, str]) -> bool:
    with house.writing() as session:
        whose = visits.whose(session, visit)
        if whose:
            drafts.keep(session, *whose, page, typed, house.now())
    return whose is not None


def _page_of(request: Request, fields: Mapping[str, str]) -> str:
    """The page that a form stands on: what it says itself, else the nearest one above its own."""
    back = paths.local(fields.get("back", ""))
    if back:
        return paths.without(back, "done")
    path = request.url.path
    while path.strip("/"):
        if _shows(request, path):
            return path
        path = path.rpartition("/")[0]
    return "/"


def _shows(request: Request, path: str) -> bool:
    """Whether there is a page to look at with this path."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(
        route.matches(dict(scope))[0] is Match.FULL for route in _flat(request.app.router.routes)
    )


def _flat(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from _flat(inner.routes) if inner is not None else (route,)
