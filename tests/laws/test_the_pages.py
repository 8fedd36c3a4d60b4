"""What must always hold of the pages: each says who may use it, and nothing comes from outside."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import create_engine

from tests.builders import NOW
from web import access, forms, views
from web.app import create_app
from web.rules import RULES
from web.site import Site

ROOT = Path(__file__).parents[2]
#: bytes of all style sheets together, as they are sent unpacked; of all scripts; of the pictures
MOST_STYLE, MOST_SCRIPT, MOST_PICTURES = 30_000, 12_000, 8_000


def _app() -> FastAPI:
    return create_app(Site("http://localhost:8000"), create_engine("sqlite://"), lambda: NOW)


def _routes() -> list[APIRoute]:
    return list(_flat(_app().routes))


def _flat(routes: object) -> Iterator[APIRoute]:
    for route in routes:  # type: ignore[attr-defined]
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
        else:
            # nothing else than our own pages: no documentation, no folder of files
            assert isinstance(route, APIRoute), route
            yield route


def test_every_route_says_who_may_use_it_and_every_rule_has_its_route() -> None:
    names = [route.name for route in _routes()]
    assert len(names) == len(set(names))
    assert set(names) == RULES.keys()


def test_every_route_is_asked_who_may_use_it_and_where_its_form_came_from() -> None:
    asked = {each.dependency for each in _app().router.dependencies}
    assert {access.admit, forms.sent} <= asked


def test_a_page_that_opens_with_a_link_has_a_token_in_its_address() -> None:
    for route in _routes():
        rule = RULES[route.name]
        if rule.links or route.path.startswith(("/a/", "/m/")):
            assert "{token}" in route.path and rule.links, route.path


#: what nobody has to be known for: probes, files, and signing in
FOR_ANYBODY = {
    "live", "ready", "static", "components", "show_sign_in", "sign_in", "show_code", "give_code",
    "choose_library", "show_forgotten", "forget", "show_invitation", "accept_invitation",
    "show_reset", "reset",
}  # fmt: skip


def test_what_anybody_may_use_is_named_here() -> None:
    free = {name for name, rule in RULES.items() if not (rule.links or rule.roles)}
    assert free <= FOR_ANYBODY


def test_what_shows_never_posts_and_what_posts_never_shows() -> None:
    for route in _routes():
        assert route.methods in ({"GET", "HEAD"}, {"POST"}), route.path


def test_a_page_that_takes_a_form_reads_it_as_a_whole() -> None:
    """No field is read beside the question whether the form came from a page of ours."""

    def parts(dependant: Dependant) -> Iterator[Dependant]:
        yield dependant
        for each in dependant.dependencies:
            yield from parts(each)

    for route in _routes():
        assert not any(each.body_params for each in parts(route.dependant)), route.path
        if route.methods == {"POST"}:
            assert forms.sent in {each.call for each in parts(route.dependant)}, route.path


def test_only_one_rule_takes_a_form_without_its_cookie() -> None:
    free = [name for name, rule in RULES.items() if not rule.own_form]
    assert free == ["turn_off"]


def test_pages_load_nothing_from_outside_and_hold_no_script_or_style() -> None:
    outside = re.compile(
        r"https?:|//\w|<script(?! type=.module. src=.{{ static }}/[a-z]+\.js\?v={{ version }}.></)"
        r"|javascript:|\son\w+=|<style|\sstyle=|@import|url\("
    )
    for path in sorted((ROOT / "web").rglob("*")):
        if path.suffix in (".html", ".css"):
            found = outside.findall(path.read_text(encoding="utf-8"))
            assert not found, f"{path.name}: {found}"


def test_pages_behind_links_run_no_script() -> None:
    for path in sorted((ROOT / "web" / "templates").rglob("*.html")):
        if "<script" in path.read_text(encoding="utf-8"):
            names = {path.name, *_extended(path)}
            assert "desk.html" in names, path.name


def _extended(path: Path) -> list[str]:
    return re.findall(r'{% extends "([^"]+)" %}', path.read_text(encoding="utf-8"))


def test_scripts_are_few_short_and_start_nothing_that_was_sent() -> None:
    scripts = {path.name: path.read_text() for path in (ROOT / "web" / "static").glob("*.js")}
    assert sum(len(text.encode()) for text in scripts.values()) <= MOST_SCRIPT
    for name, text in scripts.items():
        assert text.count("\n") < 60, name
        assert text.startswith("// "), name
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|eval\(|new Function|https?:", text
        )


def test_style_sheets_are_small_and_colours_stand_in_one_place() -> None:
    files = {path.name: path.read_text() for path in (ROOT / "web" / "static").iterdir()}
    sizes = dict.fromkeys((".css", ".svg", ".js"), 0)
    for name, text in files.items():
        sizes[Path(name).suffix] += len(text.encode())
    assert sizes[".css"] <= MOST_STYLE and sizes[".svg"] <= MOST_PICTURES
    assert {f"{name}.css" for name in views.STYLES} == {name for name in files if ".css" in name}
    for name, text in files.items():
        if name.endswith(".css"):
            assert "@layer" in text, name
            colours = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\((?!from)", text)
            printing = "#fff" if name == "layout.css" else None
            assert name == "tokens.css" or set(colours) <= {printing}, name


def test_templates_stay_in_their_room() -> None:
    """Values are made harmless wherever they stand, and what is not there is an error."""
    environment = views.environment()
    assert environment.autoescape is True
    for path in sorted((ROOT / "web" / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert "| safe" not in text and "autoescape false" not in text, path.name


def test_no_page_opens_a_transaction_and_answers_inside_it() -> None:
    """The reply leaves after the commit: nothing is returned from within a `with` that writes."""
    for path in sorted((ROOT / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.With) and "writing" in ast.unparse(node.items[0].context_expr):
                inside = [each for part in node.body for each in ast.walk(part)]
                assert not any(isinstance(each, ast.Return) for each in inside), path.name
