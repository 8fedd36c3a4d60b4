"""Puts the pages together: routes, the guard before them, errors behind them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from web import access, errors, forms
from web.pages import answers, files, health, preferences, reading
from web.security import Guard
from web.site import House, Site

#: runs beside the pages, from their first request to their last
Beside = Callable[[], AbstractAsyncContextManager[object]]


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
    for pages in (answers, reading, preferences, health, files):
        app.include_router(pages.router)
    errors.add_to(app)
    app.add_middleware(Guard, site=site, refuse=errors.page, mistake=errors.mistake)
    return app
