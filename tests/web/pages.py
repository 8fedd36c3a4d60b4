"""Reads a page as strictly as html5lib can: what it says, and the forms on it."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]
from httpx2 import Response

#: stands in for a file, such as a picture or a text to keep
_NO_PAGE = "<!doctype html><title>file</title>"


class Page:
    """What a browser got."""

    def __init__(self, path: str, reply: Response):
        self.path = path
        self.reply = reply
        self.status = reply.status_code
        self.is_page = "html" in reply.headers.get("content-type", "")
        self.tree = parsed(reply.text if self.is_page else _NO_PAGE)

    @property
    def text(self) -> str:
        """What stands on it, without markup."""
        return " ".join(" ".join(self.tree.itertext()).split())

    @property
    def title(self) -> str:
        """The heading."""
        [heading] = self.tree.iter("h1")
        return " ".join("".join(heading.itertext()).split())

    @property
    def buttons(self) -> list[str]:
        """What can be pressed."""
        return [" ".join("".join(each.itertext()).split()) for each in self.tree.iter("button")]

    def link_to(self, words: str) -> str:
        """Where a link leads."""
        [found] = [each for each in self.tree.iter("a") if words in "".join(each.itertext())]
        return found.attrib["href"]

    def form(
        self, filled: Mapping[str, str], button: Mapping[str, str]
    ) -> tuple[str, dict[str, str]]:
        """The address and the fields of the form in which these fields can be filled in.

        A field that is hidden must have the value that is given; others get it.
        """
        for form in self.tree.iter("form"):
            fields, hidden = fields_of(form)
            fits = all(name in fields for name in filled) and all(
                fields.get(name) == value for name, value in filled.items() if name in hidden
            )
            if fits and all(_has_button(form, *each) for each in button.items()):
                return form.attrib["action"], {**fields, **filled, **button}
        raise AssertionError(f"no form for {dict(filled)} {dict(button)} in: {self.text}")


def parsed(html: str) -> Element:
    """The tree of a page; any mistake in it is an error."""
    parser = html5lib.HTMLParser(
        strict=True, tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False
    )
    tree: Element = parser.parse(html)
    return tree


def fields_of(form: Element) -> tuple[dict[str, str], set[str]]:
    """The fields of a form with what stands in them, and which of them are hidden."""
    fields: dict[str, str] = {}
    hidden = set()
    for each in form.iter():
        name, kind = each.attrib.get("name", ""), each.attrib.get("type", "")
        if each.tag == "input" and name:
            if kind in ("radio", "checkbox") and "checked" not in each.attrib:
                fields.setdefault(name, "")
                continue
            value = each.attrib.get("value", "")
            many = kind == "checkbox" and fields.get(name)
            fields[name] = f"{fields[name]} {value}" if many else value
            if kind == "hidden":
                hidden.add(name)
        elif each.tag == "textarea":
            fields[name] = (each.text or "").removeprefix("\n")
        elif each.tag == "select":
            chosen = [
                one.attrib["value"] for one in each.iter("option") if "selected" in one.attrib
            ]
            first = [one.attrib["value"] for one in each.iter("option")][:1]
            fields[name] = (chosen or first or [""])[0]
    return fields, hidden


def _has_button(form: Element, name: str, value: str) -> bool:
    return any(
        each.attrib.get("name") == name and each.attrib.get("value") == value
        for each in form.iter("button")
    )
