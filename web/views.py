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

from core.references import reference
from core.words import LANGUAGES, day_in_words, number_in, say, short_day_in
from web import security
from web.site import House

if TYPE_CHECKING:
    from web.access import Door
    from web.errors import Problem

_HERE = Path(__file__).parent
#: the style sheets in the order in which they are read; browsers get them as one
STYLES = (
    "tokens",
    "base",
    "layout",
    "parts",
    "forms",
    "desk",
    "board",
    "table",
    "case",
    "routes",
    "contact",
)
STATIC = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
STATIC["brug.css"] = b"\n".join(STATIC[f"{name}.css"] for name in STYLES)
#: changes with any file, so that browsers may keep what they have
VERSION = hashlib.sha256(b"".join(STATIC.values())).hexdigest()[:12]


def page(
    request: Request,
    house: House,
    template: str,
    values: Mapping[str, Any],
    *,
    language: str,
    subject: str = "",
    status: int = 200,
) -> Response:
    """A page; `subject` is what its forms are tied to besides the browser."""
    nonce, prefix = _Nonce(security.nonce_of(request, house.site)), house.site.prefix
    common = {
        "language": language,
        "product": "Brug",
        "status": status,
        "t": partial(_told, language),
        "root": prefix,
        "here": f"{prefix}{request.url.path}",
        "static": f"{prefix}/static",
        "version": VERSION,
        "sprite": f"{prefix}/static/icons.svg?v={VERSION}",
        "form_token": lambda: security.form_token(nonce.asked(), subject),
        "new_key": partial(secrets.token_urlsafe, 18),
        "door": None,
        "faults": {},
        "typed": {},
    }
    text = environment().get_template(template).render({**common, **values})
    response = HTMLResponse(text, status)
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


def open_page(
    request: Request, house: House, template: str, *, status: int = 200, **values: Any
) -> Response:
    """A page for anybody, such as the one for signing in, in the language of the browser."""
    language = preferred(request.headers.get("accept-language", ""), house.site.language)
    return page(request, house, template, values, language=language, status=status)


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
    here = f"{house.site.prefix}/{door.wing}/{door.token}"
    values = {"door": door, "here": here, **values}
    return page(
        request, house, template, values,
        language=door.language, subject=door.form_subject, status=status,
    )  # fmt: skip


def problem(request: Request, house: House, status: int, what: "Problem") -> Response:
    """A page that says why something cannot be done; of whoever reads it nothing is known."""
    home = not request.scope["path"].startswith(security.DOORS)
    return open_page(request, house, "problem.html", status=status, problem=what, home=home)


def preferred(accepts: str, otherwise: str) -> str:
    """The first of our languages that a browser asks for."""
    asked = (part.partition(";")[0].strip().lower()[:2] for part in accepts[:200].split(","))
    return next((language for language in asked if language in LANGUAGES), otherwise)


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
    made.filters["short_day"] = _short_day
    made.filters["number"] = _number
    made.filters["reference"] = reference
    made.filters["clock"] = _clock
    made.filters["local_day"] = _local_day
    made.filters["hours"] = lambda hours: [(hour, f"{hour:02}:00") for hour in hours]
    return made


@pass_context
def _day(context: Context, day: date) -> str:
    return day_in_words(context["language"], day)


@pass_context
def _short_day(context: Context, day: date) -> str:
    """A day as tables have it, such as "di 3 apr"; the year stands there when it is another."""
    holder = context["door"] or context["member"]
    return short_day_in(context["language"], day, year=day.year != holder.today.year)


@pass_context
def _number(context: Context, number: float) -> str:
    return number_in(context["language"], number)


@pass_context
def _clock(context: Context, moment: datetime) -> str:
    """A moment by the clock of the library, as "dinsdag 3 april 2018, 11:00"."""
    local = moment.astimezone(_zone(context))
    return f"{day_in_words(context['language'], local.date())}, {local:%H:%M}"


@pass_context
def _local_day(context: Context, moment: datetime) -> date:
    return moment.astimezone(_zone(context)).date()


def _zone(context: Context) -> ZoneInfo:
    holder = context["door"] or context["member"]
    return ZoneInfo(holder.zone)
