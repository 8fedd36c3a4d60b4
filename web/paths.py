"""Addresses within the pages: only those are ever led to, and what stands behind the ?."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

from web.site import Site

#: signs of an address that is led back to
LONGEST = 2000
#: one slash and then no second one: browsers take ``//`` and ``/\`` for another site
_LOCAL = re.compile(r"/(?![/\\])[!-~]*")
#: what a page was told by the form before it, and is over once another form is sent
_DONE = "done"


def local(asked: str) -> str | None:
    """An address within the pages, as it was asked for; none when it leads elsewhere."""
    return asked if len(asked) <= LONGEST and _LOCAL.fullmatch(asked) else None


def of(request: Request) -> str:
    """Where a page stands, with its filters."""
    return without(f"{request.url.path}?{request.url.query}", _DONE)


def without(address: str, *names: str) -> str:
    """An address without these parts of its query."""
    return with_query(address, **dict.fromkeys(names, ""))


def with_query(address: str, **values: object) -> str:
    """An address with parts of its query set; an empty value takes a part away."""
    parts = urlsplit(address)
    kept = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n not in values]
    given = [(name, str(value)) for name, value in values.items() if value not in ("", None)]
    query = urlencode([*kept, *given])
    path = parts.path if local(parts.path) else "/"
    return f"{path}?{query}" if query else path


def outside(site: Site, address: str) -> str:
    """An address within the pages as browsers see it, behind what a proxy puts before it."""
    return f"{site.prefix}{address}"
