"""Puts pages into words: the templates, the language of whoever reads, and how days are written."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.responses import HTMLResponse, Response

from core.words import LANGUAGES, day_in_words, say
from web import security
from web.site import House, Site

if TYPE_CHECKING:
    from web.access import Door
    from web.errors import Problem

_HERE = Path(__file__).parent
STATIC = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
#: changes with any file, so that browsers may keep what they have
VERSION = hashlib.sha256(b"".join(STATIC.values())).hexdigest()[:12]


def door_page(
    request: Request,
    house: House,
    door: "Door",
    template: str,
    *,
    status: int = 200,
    **values: Any,
) -> Response:
    """A page behind the door of a link, in the language of its holder."""
    nonce = _Nonce(security.nonce_of(request, house.site))
    values = {
        "door": door,
        "here": f"{house.site.prefix}/{door.wing}/{door.token}",
        "form_token": lambda: security.form_token(nonce.asked(), door.link.hash),
        "new_key": partial(secrets.token_urlsafe, 18),
        "faults": {},
        "typed": {},
        **values,
    }
    response = _page(house.site, template, door.language, status, values)
    if nonce.fresh:
        security.keep_nonce(response, house.site, nonce.fresh)
    return response


class _Nonce:
    """What ties a form to a browser: made only for a page that has a form."""

    def __init__(self, kept: str | None):
        self._kept = kept
        self.fresh = ""

    def asked(self) -> str:
        if self._kept is None:
            self._kept = self.fresh = security.new_nonce()
        return self._kept


def problem(request: Request, house: House, status: int, what: "Problem") -> Response:
    """A page that says why something cannot be done; of whoever reads it nothing is known."""
    language = preferred(request.headers.get("accept-language", ""), house.site.language)
    values = {"door": None, "problem": what, "status": status}
    return _page(house.site, "problem.html", language, status, values)


def preferred(accepts: str, otherwise: str) -> str:
    """The first of our languages that a browser asks for."""
    asked = (part.partition(";")[0].strip().lower()[:2] for part in accepts[:200].split(","))
    return next((language for language in asked if language in LANGUAGES), otherwise)


def _page(
    site: Site, template: str, language: str, status: int, values: Mapping[str, Any]
) -> Response:
    page = (
        environment()
        .get_template(template)
        .render(
            language=language,
            product="Brug",
            t=partial(_told, language),
            static=f"{site.prefix}/static",
            version=VERSION,
            **values,
        )
    )
    return HTMLResponse(page, status)


def _told(language: str, sentence: str, **values: object) -> str:
    return say(language, sentence, **values)


@cache
def environment() -> Environment:
    """The templates; what they write is made harmless, and an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    made.filters["clock"] = _clock
    made.filters["local_day"] = _local_day
    made.filters["hours"] = lambda hours: [(hour, f"{hour:02}:00") for hour in hours]
    return made


@pass_context
def _day(context: Context, day: date) -> str:
    return day_in_words(context["language"], day)


@pass_context
def _clock(context: Context, moment: datetime) -> str:
    """A moment by the clock of the library, as "dinsdag 3 april 2018, 11:00"."""
    local = moment.astimezone(ZoneInfo(context["door"].zone))
    return f"{day_in_words(context['language'], local.date())}, {local:%H:%M}"


@pass_context
def _local_day(context: Context, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(context["door"].zone)).date()
