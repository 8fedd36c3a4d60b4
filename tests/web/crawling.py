"""Walks through the desk as a curious visitor: every kind of page, and every form on it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from tests.web.pages import Page, fields_of
from tests.web.town import Visitor

#: what differs between pages of one kind: references, numbers, keys of forms
_PARTICULAR = re.compile(r"(?<=/)(?:[0-9A-Z]{4,}-[0-9A-Z]{2}|\d+)(?=/|$)")
#: addresses of one kind that are looked at
_MOST_OF_A_KIND = 2
#: kinds of fields that people type in
_TYPED = ("text", "search", "email", "tel", "number", "date", "password")


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page."""

    page: str
    action: str
    fields: Mapping[str, str]
    #: name → its kind, of those that people type in
    typed: Mapping[str, str]
    #: the buttons that carry a value; one at least, which may be empty
    buttons: tuple[Mapping[str, str], ...]

    @property
    def kind(self) -> str:
        """What tells it from forms that do something else."""
        named = ",".join(sorted(self.fields))
        return f"{kind_of(self.action)} {named}"


def kind_of(address: str) -> str:
    """An address without what differs between pages of one kind."""
    parts = urlsplit(address)
    query = ",".join(sorted(re.findall(r"(?:^|&)(\w+)=", parts.query)))
    return f"{_PARTICULAR.sub('*', parts.path)}?{query}"


def pages(visitor: Visitor, start: str = "/") -> Iterator[Page]:
    """Every kind of page that links lead to, with what was found on the way."""
    waiting = [start]
    seen: dict[str, int] = {}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > _MOST_OF_A_KIND:
            continue
        page = visitor.open(address)
        yield page
        if page.status == 200 and page.is_page:
            waiting += [href for href in _links(page) if seen.get(kind_of(href), 0) < 1]


def _links(page: Page) -> list[str]:
    hrefs = [each.attrib.get("href", "").partition("#")[0] for each in page.tree.iter("a")]
    return [href for href in hrefs if href.startswith("/") and not href.startswith("/static")]


def forms(page: Page) -> Iterator[Form]:
    """The forms of a page that change something."""
    for form in page.tree.iter("form"):
        if form.attrib.get("method") == "post":
            yield _form(page, form)


def _form(page: Page, form: Element) -> Form:
    action = form.attrib["action"]
    fields, _ = fields_of(form)
    typed = {
        each.attrib["name"]: each.attrib.get("type", "text") if each.tag == "input" else "text"
        for each in form.iter()
        if each.attrib.get("name") and _is_typed(each)
    }
    buttons = [
        {each.attrib["name"]: each.attrib.get("value", "")}
        for each in form.iter("button")
        if each.attrib.get("name")
    ]
    return Form(page.path, action, fields, typed, tuple(buttons) or ({},))


def _is_typed(element: Element) -> bool:
    if element.tag == "textarea":
        return True
    return element.tag == "input" and element.attrib.get("type", "text") in _TYPED
