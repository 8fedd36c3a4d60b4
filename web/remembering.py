"""Keeps pages for as long as nothing was written: asked for again, the same page is the answer.

A coordinator goes back and forth between the board, the list and a case; between two changes these
pages are the same to the letter. What is kept is of one visit and one address, for seconds.
"""

import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.dialects import Watch
from web import security
from web.site import House

#: pages that are kept at most, and bytes of each
MOST, LARGEST = 256, 100_000
#: how long a page is kept at most: days and visits go by without anything being written
LONGEST = timedelta(seconds=20)
#: forms carry a key of their own, so that each is handled once: a page that is shown again has
#: new ones
_KEY = re.compile(rb'(?<=name="key" value=")[\w-]{24}(?=")')
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")
#: a page that may be kept says so, to us alone
MARK = (b"x-brug-keep", b"1")


@dataclass(frozen=True)
class Kept:
    """A page, cut where its keys stand."""

    #: what had been written when it was made
    written: object
    until: datetime
    headers: tuple[tuple[bytes, bytes], ...]
    parts: tuple[bytes, ...]
    #: the route it came from, by which it is logged
    route: object

    def body(self) -> bytes:
        """The page with keys of its own."""
        first, *others = self.parts
        keyed = (part for other in others for part in (secrets.token_urlsafe(18).encode(), other))
        return b"".join((first, *keyed))


class Memory:
    """Stands between the gate and the pages."""

    def __init__(self, app: ASGIApp, house: House):
        self.app = app
        self.house = house
        self.watch = Watch(house.engine)
        self.kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        name = self._name(scope) if scope["type"] == "http" else None
        written = self.watch.token() if name else None
        if name is None or written is None:
            return await self.app(scope, receive, send)
        kept = self.kept.get(name)
        if kept is not None and kept.written == written and self.house.now() < kept.until:
            scope["route"] = kept.route
            return await _answer(kept, send)
        return await self.app(scope, receive, _Listening(self, name, written, scope, send).hear)

    def keep(self, name: tuple[str, ...], page: Kept) -> None:
        """Keep a page, instead of the one that was kept first when there are too many."""
        self.kept[name] = page
        self.kept.move_to_end(name)
        while len(self.kept) > MOST:
            self.kept.popitem(last=False)

    def _name(self, scope: Scope) -> tuple[str, ...] | None:
        """What a page depends on besides the database: who asks, from which browser, for what."""
        if scope["method"] != "GET" or scope["path"].startswith("/static/"):
            return None
        cookies = _cookies(Headers(scope=scope).get("cookie", ""))
        visit = cookies.get(security.visit_cookie(self.house.site), "")
        nonce = cookies.get(security.form_cookie(self.house.site), "")
        if not (_COOKIE.fullmatch(visit) and _COOKIE.fullmatch(nonce)):
            return None
        return visit, nonce, scope["path"], scope["query_string"].decode("latin-1")


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs}


async def _answer(kept: Kept, send: Send) -> None:
    body = kept.body()
    await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
    await send({"type": "http.response.body", "body": body})


class _Listening:
    """Hears a page go by, and keeps it when the page says that it may be."""

    def __init__(
        self, memory: Memory, name: tuple[str, ...], written: object, scope: Scope, send: Send
    ):
        self.memory, self.name, self.written = memory, name, written
        self.scope, self.send = scope, send
        self.headers: tuple[tuple[bytes, bytes], ...] | None = None

    async def hear(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start" and MARK in message["headers"]:
            message["headers"] = [each for each in message["headers"] if each != MARK]
            self.headers = tuple(message["headers"])
        elif self.headers is not None and not message.get("more_body", False):
            self._keep(message.get("body", b""))
        await self.send(message)

    def _keep(self, body: bytes) -> None:
        if self.headers is not None and len(body) <= LARGEST:
            until = self.memory.house.now() + LONGEST
            parts, route = tuple(_KEY.split(body)), self.scope.get("route")
            self.memory.keep(self.name, Kept(self.written, until, self.headers, parts, route))
