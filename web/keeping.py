"""What signing in leaves in a browser: the visit, the browser itself, and half of signing in."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from referrals.signing_in import Entered
from storage.queries.key_links import LASTS
from web import paths, security
from web.site import House, Site

#: seconds for which browsers keep what tells that somebody signed in there: their longest
_KNOWN = 400 * 24 * 3600
_STEP = int(LASTS["step"].total_seconds())


def device_of(request: Request, site: Site) -> str | None:
    """What tells that somebody signed in in this browser before."""
    return security.kept_in(request, _name(site, "device"))


def step_of(request: Request, site: Site) -> str:
    """What the browser keeps between the password and the code; empty when there is nothing."""
    return security.kept_in(request, _name(site, "step")) or ""


def let_in(house: House, entered: Entered, to: str) -> Response:
    """On to a page, signed in from now on."""
    response = _go(house, to)
    security.keep_visit(response, house.site, entered.visit)
    _keep(response, house.site, "device", entered.device, _KNOWN)
    response.delete_cookie(_name(house.site, "step"), path="/", secure=house.site.secure)
    return response


def ask_on(house: House, step: str, to: str) -> Response:
    """To the page that asks for a code, or for which library it is."""
    address = "/sign-in/code" if to == "/" else paths.with_query("/sign-in/code", to=to)
    response = _go(house, address)
    _keep(response, house.site, "step", step, _STEP)
    return response


def let_out(house: House) -> Response:
    """Back to the page for signing in, signed out."""
    response = _go(house, "/sign-in")
    name = security.visit_cookie(house.site)
    response.delete_cookie(name, path="/", secure=house.site.secure)
    return response


def _go(house: House, address: str) -> RedirectResponse:
    return RedirectResponse(paths.outside(house.site, address), 303)


def _keep(response: Response, site: Site, what: str, value: str, seconds: int) -> None:
    response.set_cookie(
        _name(site, what), value, max_age=seconds, path="/", secure=site.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip


def _name(site: Site, what: str) -> str:
    return f"{security.visit_cookie(site)}-{what}"
