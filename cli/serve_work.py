"""What `serve` does: the pages over HTTP, and when asked the ticks beside them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

import uvicorn
from sqlalchemy import Engine

from core.settings import Settings
from web.app import create_app
from web.site import Site

#: connections that wait at most; a browser opens six
_MOST_AT_ONCE = 500
#: seconds that requests get to end when the program is stopped
_GRACE = 10
#: seconds that a connection without a request is kept
_KEPT_OPEN = 10


class Running(Protocol):
    """Something that runs beside the pages, such as `notifications.ticks.Ticking`."""

    def stop(self) -> None:
        """End, and wait until it has ended."""


def site_of(settings: Settings) -> Site:
    """What the pages need of the settings."""
    return Site(
        settings.base_url, settings.trusted_hosts, settings.due_hour, language=settings.language
    )


def serve(
    settings: Settings,
    engine: Engine,
    now: Callable[[], datetime],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    start: Callable[[], Running] | None = None,
    proxies: Sequence[str] = (),
) -> None:
    """Serve the pages until somebody stops the program.

    `start` starts what runs beside them, the ticks; it is stopped with them (none: pages alone).
    `proxies`: addresses whose word is taken for who asks and whether TLS was used; of anybody else
    such headers are ignored.
    """
    server(settings, engine, now, host=host, port=port, start=start, proxies=proxies).run()


def server(
    settings: Settings,
    engine: Engine,
    now: Callable[[], datetime],
    *,
    host: str,
    port: int,
    start: Callable[[], Running] | None = None,
    proxies: Sequence[str] = (),
) -> uvicorn.Server:
    """The server as `serve` runs it."""

    @asynccontextmanager
    async def beside() -> AsyncIterator[None]:
        running = start() if start else None
        yield
        if running:
            # it may wait for a mail that is under way, and the pages end meanwhile
            await asyncio.to_thread(running.stop)

    app = create_app(site_of(settings), engine, now, beside)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            # the pages log themselves: this log would hold the tokens of links
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=_KEPT_OPEN,
            timeout_graceful_shutdown=_GRACE,
            lifespan="on",
            ws="none",
        )
    )
