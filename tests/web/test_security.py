"""Who is turned away: strangers, forged forms and names, too much; and what nobody may find."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storage.engine import transaction
from storage.queries import links
from storage.tables import Organisation, Staff
from tests.builders import a_library
from tests.looking import rows_of
from tests.web.town import SECRET, Town, Visitor, tokens_in
from web.site import Site, bare_host

FOREIGN = {"sec-fetch-site": "cross-site", "origin": "https://kwaad.example"}


def _done(visitor: Visitor, link: str) -> tuple[str, dict[str, str]]:
    return visitor.open(link).form({"do": "done"}, {})


@pytest.mark.parametrize(
    "headers",
    [
        FOREIGN,
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://kwaad.example"},
        {"sec-fetch-site": "same-origin", "origin": "http://localhost:8001"},
    ],
)
def test_a_form_from_elsewhere_is_refused(
    town: Town, visitor: Visitor, headers: dict[str, str]
) -> None:
    case, link = town.to_follow_up()
    path, fields = _done(visitor, link)
    reply = visitor.post(path, fields, **headers)
    assert reply.status_code == 403
    assert "Dit formulier kwam niet van onze pagina" in reply.text
    assert town.follow_up(case, "first_call").state == "open"


def test_a_form_without_the_cookie_of_its_page_is_refused(town: Town, visitor: Visitor) -> None:
    """A scanner that sends forms keeps no cookies; a forger does not know them."""
    case, link = town.to_follow_up()
    path, fields = _done(visitor, link)
    stranger = town.visitor()
    assert stranger.post(path, fields).status_code == 403
    stranger.open(link)
    assert stranger.post(path, fields).status_code == 403
    for forged in ("", "0" * 64, "é"):
        assert visitor.post(path, {**fields, "form": forged}).status_code == 403
    assert town.follow_up(case, "first_call").state == "open"


def test_a_form_of_another_link_is_refused(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    _, other = town.to_follow_up()
    _, fields = _done(visitor, other)
    assert visitor.post(link, fields).status_code == 403
    assert town.follow_up(case, "first_call").state == "open"


def test_a_second_link_in_the_same_browser_does_not_spoil_the_first(
    town: Town, visitor: Visitor
) -> None:
    _, link = town.to_follow_up()
    _, other = town.to_follow_up()
    page = visitor.open(link)
    visitor.open(other)
    assert visitor.send(page, do="done", outcome="").title == "Gedaan"


def test_a_form_without_its_key_is_refused(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    path, fields = _done(visitor, link)
    for key in ("", "kort", "x" * 65, "é" * 20, "../../../../../etc/passwd"):
        assert visitor.post(path, {**fields, "key": key}).status_code == 400
    assert town.follow_up(case, "first_call").state == "open"


@pytest.mark.parametrize("purpose", ["follow_up", "referral", "preferences"])
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    town: Town, visitor: Visitor, purpose: str
) -> None:
    wing = "m" if purpose == "preferences" else "a"
    foreign = town.link(purpose, 9999, staff=town.ann)
    _, other = town.to_follow_up()
    replies = [
        visitor.client.get(address)
        for address in (
            f"/{wing}/" + "x" * 43,
            f"/{wing}/kort",
            f"/{wing}/" + "é" * 10,
            f"/{wing}/" + "x" * 5000,
            foreign,
            # a link for other pages
            (
                other.replace("/a/", "/m/")
                if wing == "m"
                else town.to_preferences().replace("/m/", "/a/")
            ),
        )
    ]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.text for reply in replies}) == 1


def test_a_link_of_somebody_who_left_is_not_there(town: Town, visitor: Visitor) -> None:
    _, link = town.to_follow_up()
    path, fields = _done(visitor, link)
    with transaction(town.engine) as session:
        [ann] = rows_of(session, Staff, id=town.ann)
        ann.active = False
        session.add(ann)
    assert visitor.open(link).status == 404
    assert visitor.post(path, fields).status_code == 404


def test_a_link_does_not_reach_into_another_library(town: Town, visitor: Visitor) -> None:
    """Not even when its row points there."""
    case, _ = town.to_follow_up()
    number = town.follow_up(case, "first_call").id or 0
    with transaction(town.engine) as session:
        other = a_library(session, "elders")
        [stranger] = rows_of(session, Staff, organisation_id=other)
        assert len(rows_of(session, Organisation)) == 2
    town.library, home = other, town.library
    link = town.link("follow_up", number, staff=stranger.id)
    town.library = home
    assert visitor.open(link).status == 404


def test_a_link_that_is_too_old_can_only_be_renewed(town: Town, visitor: Visitor) -> None:
    case = town.case()
    number = town.follow_up(case, "first_call").id or 0
    link = town.link("follow_up", number, staff=town.ann, lasts=timedelta(days=1))
    path, fields = _done(visitor, link)
    town.later(days=1)
    page = visitor.open(link)
    assert (page.status, page.title) == (410, "Deze link is te oud")
    assert SECRET not in page.text
    assert visitor.post(path, fields).status_code == 404
    assert visitor.send(page).title == "Er komt een nieuwe link aan"
    assert town.follow_up(case, "first_call").state == "open"


@pytest.mark.parametrize(
    "host", ["kwaad.example", "localhost.kwaad.example", "localhost@kwaad", ""]
)
def test_a_forged_name_of_the_site_is_turned_away(town: Town, visitor: Visitor, host: str) -> None:
    _, link = town.to_follow_up()
    reply = visitor.client.get(link, headers={"host": host})
    assert reply.status_code == 421
    assert host not in reply.text or not host


def test_names_of_the_site_are_known(town: Town, visitor: Visitor) -> None:
    _, link = town.to_follow_up()
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "brug.example."):
        reply = visitor.client.get(link, headers={"host": host})
        assert reply.status_code == 200
        assert host not in reply.text


def test_where_a_form_leads_does_not_follow_from_a_name(town: Town, visitor: Visitor) -> None:
    _, link = town.to_follow_up()
    path, fields = _done(visitor, link)
    reply = visitor.post(path, fields, host="brug.example")
    assert reply.headers["location"].startswith("/a/")


def test_too_much_and_too_strange_is_refused(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    path, fields = _done(visitor, link)
    assert visitor.post(path, {**fields, "outcome": "x" * 300_000}).status_code == 413
    many = {f"field{number}": "x" for number in range(500)}
    assert visitor.post(path, {**fields, **many}).status_code == 400
    for length in ("-1", "1e3", "9" * 30):
        reply = visitor.client.post(path, content=b"x", headers={"content-length": length})
        assert reply.status_code in (400, 413)
    reply = visitor.client.post(path, files={"form": ("x.txt", b"x")})
    assert reply.status_code == 400
    chunks = (b"x" * 10_000 for _ in range(40))
    assert visitor.client.post(path, content=chunks).status_code == 413
    assert town.follow_up(case, "first_call").state == "open"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_ways_of_asking_are_not_answered(town: Town, visitor: Visitor, method: str) -> None:
    _, link = town.to_follow_up()
    assert visitor.client.request(method, link).status_code == 405


def test_every_answer_carries_the_headers(town: Town, visitor: Visitor) -> None:
    _, link = town.to_follow_up()
    for path in (link, "/a/onbekend", "/nergens", "/livez", "/static/base.css"):
        headers = visitor.client.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "permissions-policy" in headers
        kept = "immutable" in headers["cache-control"]
        assert kept == (path.startswith("/static/"))
        assert kept or headers["cache-control"] == "no-store"


def test_over_tls_the_cookie_is_bound_to_the_name(engine: Engine) -> None:
    town = Town(engine, "https://brug.example/pad")
    case, link = town.to_follow_up()
    visitor = town.visitor()
    reply = visitor.client.get(link)
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("__Host-brug-form=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "max-age=" in reply.headers["strict-transport-security"]
    # a proxy serves the pages below a path: their own addresses stand below it too
    assert f'action="/pad{link}"' in reply.text
    assert 'href="/pad/static/' in reply.text
    assert case


def test_no_token_is_ever_logged(
    town: Town, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    case, link = town.to_follow_up()
    caplog.set_level(logging.DEBUG, logger="brug.web")
    token = link[3:]
    page = visitor.open(link)
    visitor.send(page, do="done", outcome=SECRET)
    visitor.client.get(f"/nergens/{token}")
    visitor.client.get(f"/a/{token}x?do={token}")
    visitor.client.post(link, data={"form": token}, headers=FOREIGN)
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("brug"))
    assert "POST /a/{token} 303" in ours
    assert "GET (no page) 404" in ours
    assert token not in ours and links.fingerprint(token) not in ours
    assert SECRET not in ours and not tokens_in(ours)
    assert case


def test_a_mistake_of_ours_is_logged_by_its_place_alone(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from web.pages import follow_ups

    _, link = town.to_follow_up()

    def break_down(*_args: object) -> None:
        raise RuntimeError(f"{SECRET} {link}")

    monkeypatch.setattr(follow_ups, "view", break_down)
    reply = visitor.client.get(link)
    assert reply.status_code == 500
    assert "Hier ging iets mis" in reply.text
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "RuntimeError at break_down:" in record.getMessage()
    assert SECRET not in record.getMessage() and link not in record.getMessage()
    assert record.exc_info is None


@pytest.mark.parametrize(
    ("base_url", "asked", "known"),
    [
        ("https://brug.example", "brug.example", True),
        ("https://brug.example", "brug.example:443", True),
        ("https://brug.example", "localhost", False),
        ("https://user@brug.example:8443/pad", "brug.example", True),
        ("http://127.0.0.1:8000", "localhost", True),
        ("http://[::1]:8000", "[::1]:9000", True),
    ],
)
def test_names_follow_from_the_settings(base_url: str, asked: str, known: bool) -> None:
    assert (bare_host(asked) in Site(base_url).hosts) == known
