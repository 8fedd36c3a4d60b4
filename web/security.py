"""What every request passes: headers, names of the site, the size of a form, where it came from."""

import asyncio
import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.site import Site, bare_host

#: bytes of a form; the text of a route takes half of it at most
LARGEST_FORM = 256 * 1024
#: seconds in which a form must be here
SLOWEST_FORM = 10.0
#: nothing from elsewhere, no script at all, and in nobody's frame
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
#: at the desk our own scripts, as files and never within a page
DESK_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"
#: pages behind links in mails
DOORS = ("/a/", "/m/")
HEADERS = {
    # the address of a page holds the token of a link: nobody else may hear it
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
#: what stands on no door: it may be kept by browsers
OPEN_TO_ALL = ("/static/",)
#: probes ask by number instead of by name, and learn nothing
PROBES = ("/livez", "/readyz")
_TWO_YEARS = "max-age=63072000"

LOG = logging.getLogger("brug.web")

Refuse = Callable[[Request, int], Response]
Mistake = Callable[[Request, Exception], Response]


class Guard:
    """Stands before the pages; whatever they answer leaves with our headers and one log line."""

    def __init__(self, app: ASGIApp, site: Site, refuse: Refuse, mistake: Mistake):
        self.app = app
        self.site = site
        self.refuse = refuse
        self.mistake = mistake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; anything else than HTTP is not answered."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return None
        began, status = _ticks(), 0

        async def leave(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._admit(scope, receive, leave)
        except Exception as error:
            # caught here, or the server would log it with all its values
            reply = self.mistake(Request(scope), error)
            if not status:
                await reply(scope, receive, leave)
        finally:
            _log(scope, status, _ticks() - began)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = self._status(scope)
        if status is None and scope["method"] == "POST":
            body, status = await _read(scope, receive)
            receive = _again(body, receive)
        if status is None:
            return await self.app(scope, receive, send)
        return await self.refuse(Request(scope), status)(scope, receive, send)

    def _status(self, scope: Scope) -> int | None:
        """Why a request is turned away at the gate: its status; none when it may pass."""
        names = [value for name, value in scope["headers"] if name == b"host"]
        known = len(names) == 1 and bare_host(names[0].decode("latin-1")) in self.site.hosts
        if not known and scope["path"] not in PROBES:
            return 421
        return None if scope["method"] in ("GET", "HEAD", "POST") else 405

    def _dress(self, headers: MutableHeaders, path: str) -> None:
        headers["Content-Security-Policy"] = POLICY if path.startswith(DOORS) else DESK_POLICY
        for name, value in HEADERS.items():
            headers[name] = value
        if self.site.secure:
            headers["Strict-Transport-Security"] = _TWO_YEARS
        if not path.startswith(OPEN_TO_ALL) or "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"


async def _read(scope: Scope, receive: Receive) -> tuple[bytes, int | None]:
    """The whole form, before anything is done with it; else the status that says why not."""
    stated = Headers(scope=scope).get("content-length", "0")
    if not stated.isdigit() or int(stated) > LARGEST_FORM:
        return b"", 413 if stated.isdigit() else 400
    try:
        async with asyncio.timeout(SLOWEST_FORM):
            return await _body(receive)
    except TimeoutError:
        return b"", 408


async def _body(receive: Receive) -> tuple[bytes, int | None]:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"", 400
        body += message.get("body", b"")
        if len(body) > LARGEST_FORM:
            return b"", 413
        if not message.get("more_body", False):
            return body, None


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands out a form that was read already; then whatever comes after it."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def hand_out() -> Message:
        return parts.pop() if parts else await receive()

    return hand_out


def _log(scope: Scope, status: int, seconds: float) -> None:
    """What was asked by the name of its page: the path itself holds what opens a door."""
    page = getattr(scope.get("route"), "path", "(no page)")
    LOG.info("%s %s %d %.0f ms", scope["method"][:8], page, status, seconds * 1000)


def _ticks() -> float:
    return asyncio.get_running_loop().time()


#
# Forms: they must come from a page of ours, in the same browser.
#

_NONCE = re.compile(r"[A-Za-z0-9_-]{43}")


def nonce_of(request: HTTPConnection, site: Site) -> str | None:
    """What a page left in this browser."""
    kept = request.cookies.get(form_cookie(site), "")
    return kept if _NONCE.fullmatch(kept) else None


def new_nonce() -> str:
    """Something to leave in a browser: 256 random bits."""
    return secrets.token_urlsafe(32)


def keep_nonce(response: Response, site: Site, nonce: str) -> None:
    """Leave it there until the browser is closed; no script can read it."""
    # Lax, not Strict: a page that is opened from a mail must find what an earlier one left
    response.set_cookie(
        form_cookie(site), nonce, path="/", secure=site.secure, httponly=True, samesite="lax"
    )


def form_cookie(site: Site) -> str:
    """The name of the cookie that ties forms to a browser."""
    # the prefix keeps neighbours under the same domain from setting it, and asks for TLS
    return "__Host-brug-form" if site.secure else "brug-form"


def visit_of(request: HTTPConnection, site: Site) -> str | None:
    """What signing in left in this browser."""
    kept = request.cookies.get(visit_cookie(site), "")
    return kept if _NONCE.fullmatch(kept) else None


def kept_in(request: HTTPConnection, cookie: str) -> str | None:
    """Something of ours that a browser kept: 256 random bits."""
    kept = request.cookies.get(cookie, "")
    return kept if _NONCE.fullmatch(kept) else None


def keep_visit(response: Response, site: Site, token: str) -> None:
    """Leave it there until the browser is closed; no script can read it."""
    # Lax: a link in a digest leads to a page at the desk
    response.set_cookie(
        visit_cookie(site), token, path="/", secure=site.secure, httponly=True, samesite="lax"
    )


def visit_cookie(site: Site) -> str:
    """The name of the cookie that tells who is signed in."""
    return "__Host-brug" if site.secure else "brug"


def form_token(nonce: str, subject: str) -> str:
    """What a form about a subject carries: it follows from the nonce, which others don't know."""
    return hmac.new(nonce.encode(), subject.encode(), hashlib.sha256).hexdigest()


def comes_from_us(request: HTTPConnection, given: str, subject: str, site: Site) -> bool:
    """Whether a form came from a page of ours that was shown in the same browser."""
    nonce = nonce_of(request, site)
    if nonce is None or not _same_site(request, site):
        return False
    return hmac.compare_digest(form_token(nonce, subject).encode(), given.encode())


def _same_site(request: HTTPConnection, site: Site) -> bool:
    """By what the browser says; `no-referrer` makes it write ``Origin: null`` for our own forms."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None and fetched != "same-origin":
        return False
    origin = request.headers.get("origin", "null")
    # the name that was asked for is one of ours (`Guard`); a proxy may have put its own there
    ours = (request.headers.get("host", ""), urlsplit(site.base_url).netloc)
    return origin == "null" or urlsplit(origin).netloc in ours
