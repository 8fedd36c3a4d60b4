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
from web.site import Site

ROOT = Path(__file__).parents[2]
#: bytes of all style sheets and pictures together
MOST_STATIC = 30_000


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
    assert set(names) == access.RULES.keys()


def test_every_route_is_asked_who_may_use_it_and_where_its_form_came_from() -> None:
    asked = {each.dependency for each in _app().router.dependencies}
    assert {access.admit, forms.sent} <= asked


def test_a_page_that_opens_with_a_link_has_a_token_in_its_address() -> None:
    for route in _routes():
        rule = access.RULES[route.name]
        assert ("{token}" in route.path) == bool(rule.links), route.path


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
    free = [name for name, rule in access.RULES.items() if not rule.own_form]
    assert free == ["turn_off"]


def test_pages_load_nothing_from_outside_and_run_no_script() -> None:
    outside = re.compile(r"https?:|//\w|<script|javascript:|\son\w+=|<style|\sstyle=|@import|url\(")
    for path in sorted((ROOT / "web").rglob("*")):
        if path.suffix in (".html", ".css"):
            found = outside.findall(path.read_text(encoding="utf-8"))
            assert not found, f"{path.name}: {found}"


def test_style_sheets_are_small_and_colours_stand_in_one_place() -> None:
    files = {path.name: path.read_text() for path in (ROOT / "web" / "static").iterdir()}
    assert sum(map(len, files.values())) <= MOST_STATIC
    for name, text in files.items():
        if name.endswith(".css"):
            assert "@layer" in text, name
            colours = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text)
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
