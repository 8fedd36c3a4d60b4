"""Puts the pages together: routes, the guard before them, errors behind them."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from types import ModuleType

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from web import access, errors, forms
from web.deeds import Deed
from web.pages import (
    account,
    answers,
    board,
    case,
    case_referrals,
    case_tasks,
    case_work,
    cases_list,
    checklist,
    components,
    consents,
    contact_people,
    courses,
    doubles,
    files,
    health,
    many,
    moves,
    new_contacts,
    partners,
    passwords,
    people,
    person,
    preferences,
    reading,
    route_back,
    route_drafts,
    route_effects,
    routes,
    saved_views,
    search,
    second_factor,
    settings,
    settings_leave,
    settings_mails,
    settings_samples,
    settings_staff,
    settings_texts,
    signing_in,
    start,
    steps_back,
    tallies,
    undo,
)
from web.pages import help as guide
from web.remembering import Memory
from web.security import Guard
from web.site import House, Site

PAGES: tuple[ModuleType, ...] = (
    # whoever comes with a link in a mail
    answers,
    reading,
    preferences,
    # signing in, one's own account, who works here
    signing_in,
    passwords,
    account,
    second_factor,
    settings_staff,
    # whoever is signed in
    undo,
    # the overviews
    start,
    board,
    cases_list,
    many,
    saved_views,
    # the offer, settings, help
    courses,
    partners,
    contact_people,
    settings,
    settings_mails,
    settings_leave,
    settings_texts,
    settings_samples,
    checklist,
    guide,
    # the routes
    routes,
    route_drafts,
    route_effects,
    route_back,
    # people; a participant after the other pages below /people
    search,
    people,
    doubles,
    person,
    new_contacts,
    tallies,
    # a case and its moves: after the other pages below /cases
    moves,
    case_tasks,
    case_referrals,
    case_work,
    steps_back,
    consents,
    case,
    # anybody
    health,
    files,
    components,
)
#: runs beside the pages, from their first request to their last
Beside = Callable[[], AbstractAsyncContextManager[object]]


def deeds_of(pages: Iterable[ModuleType]) -> dict[str, Deed]:
    """Everything that forms do and that is told afterwards, by its name."""
    return {name: deed for module in pages for name, deed in getattr(module, "DEEDS", {}).items()}


def create_app(
    site: Site, engine: Engine, now: Callable[[], datetime], beside: Beside | None = None
) -> FastAPI:
    """The pages over a database; `beside` is entered in the running loop, such as the ticks."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if beside is None:
            yield
            return
        async with beside():
            yield

    app = FastAPI(
        title="Brug",
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        # asked for every route, so that no page can forget to
        dependencies=[Depends(access.admit), Depends(forms.sent)],
    )
    app.state.house = House(site, engine, now)
    app.state.deeds = deeds_of(PAGES)
    for pages in PAGES:
        app.include_router(pages.router)
    errors.add_to(app)
    # the gate stands before the memory: whoever it turns away is told nothing
    app.add_middleware(Memory, house=app.state.house)
    app.add_middleware(Guard, site=site, refuse=errors.page, mistake=errors.mistake)
    return app
