"""Every form of the desk with everything that people type: refused in words, or kept as it is."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import open_engine, reading
from storage.tables import metadata
from tests.web.crawling import Form, forms, pages
from tests.web.pages import Page
from tests.web.town import Town, Visitor

BSN = "123456782"
SCRIPT = "<script>alert(1)</script>\"'><b onmouseover=alert(1)>"
#: what people type, by what it is
TYPED = {
    "empty": "",
    "too_long": "Lorem ipsum " * 833,
    "emoji_and_right_to_left": "👩‍👩‍👧 مرحبا \u202egnp.exe 🎉",
    "bsn": f"Het nummer is {BSN}, dank",
    "script": SCRIPT,
    "controls": "a\x00b\x07c",
}
DAYS = ("31-02-2018", "0000-01-01", "9999-12-31")
#: what a form changes besides what it is for
_BESIDE = {"handled_request", "visit", "sign_in_try", "draft"}
#: whoever signs out, leaves, or changes who they are, is not there for the next form
_LEAVE = re.compile("/sign-out|/account|/deactivate")


@pytest.fixture(scope="module")
def busy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with cases in several stages, so that every page has something on it."""
    path = tmp_path_factory.mktemp("forms") / "brug.sqlite"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    town = Town(engine)
    for stage in ("contact", "agreed", "referred", "started", "stopped"):
        town.case(stage)
    town.to_follow_up()
    town.to_referral()
    yield town
    engine.dispose()


def _state(engine: Engine) -> str:
    """A fingerprint of everything that is kept."""
    with reading(engine) as session:
        rows = [
            (table.name, sorted(map(repr, session.connection().execute(table.select()))))
            for table in metadata.sorted_tables
            if table.name not in _BESIDE
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _holds(engine: Engine, words: str) -> list[str]:
    """The tables in which these words stand anywhere."""
    with reading(engine) as session:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(words in repr(row) for row in session.connection().execute(table.select()))
        ]


def _all_forms(visitor: Visitor) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for page in pages(visitor):
        assert page.status in (200, 404), page.path
        for form in forms(page):
            if not _LEAVE.search(form.action):
                found.setdefault(form.kind, form)
    return found


@pytest.mark.parametrize("role", ["administrator", "coordinator", "staff", "national_office"])
def test_every_page_that_links_lead_to_is_there(busy: Town, role: str) -> None:
    visitor = busy.signed_in(role)
    seen = {page.path: page.status for page in pages(visitor)}
    assert set(seen.values()) == {200}, seen
    assert len(seen) > (3 if role == "national_office" else 15)


@pytest.mark.parametrize("typed", TYPED)
def test_every_form_takes_or_refuses_what_is_typed(busy: Town, typed: str) -> None:
    visitor = busy.signed_in("administrator")
    for form in _all_forms(visitor).values():
        for button in form.buttons:
            _try(busy, visitor, form, dict.fromkeys(form.typed, TYPED[typed]), button)
    assert not _holds(busy.engine, BSN)


@pytest.mark.parametrize("typed", DAYS)
def test_every_day_is_one_that_exists(busy: Town, typed: str) -> None:
    visitor = busy.signed_in("administrator")
    for form in _all_forms(visitor).values():
        days = [name for name, kind in form.typed.items() if kind == "date"]
        if days:
            _try(busy, visitor, form, dict.fromkeys(days, typed), form.buttons[0])


def _try(town: Town, visitor: Visitor, form: Form, typed: dict[str, str], button: object) -> None:
    before = _state(town.engine)
    fields = {**form.fields, **typed, **dict(button), "key": _key(form, typed, button)}  # type: ignore[call-overload]
    reply = visitor.post(form.action, fields)
    place = f"{form.page} → {form.action} {button}"
    assert reply.status_code < 500, place
    if reply.is_redirect:
        reply = visitor.client.get(reply.headers["location"])
        assert reply.status_code < 500, place
    elif reply.status_code != 200:
        assert _state(town.engine) == before, f"{place}: half-written"
    page = Page(form.action, reply)
    _is_harmless(page, place)
    if page.status == 422:
        _says_so(page, form, typed, place)


def _key(form: Form, typed: dict[str, str], button: object) -> str:
    """Another form each time: the same one again would not be handled again."""
    return hashlib.sha256(f"{form} {typed} {button}".encode()).hexdigest()[:40]


def _is_harmless(page: Page, place: str) -> None:
    """What was typed is text wherever it comes back."""
    for each in page.tree.iter():
        assert "onmouseover" not in each.attrib, place
        if each.tag == "script":
            assert each.attrib.get("src", "").startswith("/static/"), place


def _says_so(page: Page, form: Form, typed: dict[str, str], place: str) -> None:
    """Above the form and at the field; and what was typed is still there."""
    alerts = [each for each in page.tree.iter() if each.attrib.get("role") == "alert"]
    assert alerts, f"{place}: no summary"
    ids = {each.attrib["id"] for each in page.tree.iter() if "id" in each.attrib}
    for link in alerts[0].iter("a"):
        assert link.attrib["href"].removeprefix("#") in ids, f"{place}: {link.attrib['href']}"
    kept = [
        (each.attrib.get("name"), (each.attrib.get("value", "") or (each.text or "")).strip())
        for each in page.tree.iter()
        if each.tag in ("input", "textarea") and each.attrib.get("type") != "password"
    ]
    for name, value in typed.items():
        here = [each for field, each in kept if field == name]
        if here and form.typed[name] != "password" and "\x00" not in value:
            assert value.strip() in here, f"{place}: {name} was lost"
