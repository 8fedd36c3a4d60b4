"""Signing in: with a password and a code, few guesses, and a visit that ends."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from referrals import invitations
from storage.engine import transaction
from storage.queries import accounts
from storage.queries.links import fingerprint
from storage.tables import JournalEntry, Organisation, SignIn, SignInTry, Staff, Visit
from tests.builders import NOW
from tests.looking import rows_of
from tests.web.entering import (
    ANN,
    PASSWORD,
    cookie,
    form_to,
    is_in,
    signs_in,
    with_password,
)
from tests.web.pages import Page
from tests.web.town import Town, Visitor


def test_somebody_signs_in_with_address_and_password_and_out_again(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    assert not is_in(visitor)
    signs_in(visitor, email="Ann@Voorbeeld.nl", to="?to=/account")
    assert is_in(visitor)
    out = form_to(visitor.open("/account"), "/sign-out")
    assert visitor.post("/sign-out", out).headers["location"] == "/sign-in"
    assert not is_in(visitor)
    with transaction(town.engine) as session:
        assert not rows_of(session, Visit)
        assert "staff.signed_in" in [line.what for line in rows_of(session, JournalEntry)]


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/account", "/account"),
        ("/cases?stage=agreed", "/cases?stage=agreed"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_only_leads_on_within_the_pages(
    town: Town, visitor: Visitor, to: str, leads: str
) -> None:
    with_password(town)
    page = Page("/sign-in", visitor.client.get("/sign-in", params={"to": to}))
    path, fields = page.form({"email": ANN, "password": PASSWORD}, {})
    fields["to"] = to
    reply = visitor.post(path, fields)
    assert (reply.status_code, reply.headers["location"]) == (303, leads)


def test_nobody_learns_whether_an_address_is_known(town: Town, visitor: Visitor) -> None:
    with_password(town)
    with transaction(town.engine) as session:
        left = session.get_one(Staff, town.jan)
        invitations.set_password(session, left, PASSWORD, town.now)
        left.active = False
        session.add(left)
    said = set()
    for email, password in (
        (ANN, "iets heel anders dan dat"),
        ("niemand@voorbeeld.nl", PASSWORD),
        ("jan@voorbeeld.nl", PASSWORD),
    ):
        page = signs_in(visitor, password, email)
        assert page.status == 422
        said.add(page.text)
    assert len(said) == 1
    assert not is_in(visitor)


@pytest.mark.parametrize(
    ("email", "password"), [("", PASSWORD), (ANN, ""), ("geen adres", PASSWORD), ("", "")]
)
def test_what_is_not_filled_in_is_told_and_counts_as_no_guess(
    town: Town, visitor: Visitor, email: str, password: str
) -> None:
    page = signs_in(visitor, password, email)
    assert page.status == 422 and "Dit klopt nog niet" in page.text
    with transaction(town.engine) as session:
        assert not rows_of(session, SignInTry)


def test_after_ten_guesses_an_account_is_closed_for_a_quarter_but_not_for_a_known_browser(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    signs_in(visitor)
    known = town.visitor()
    known.client.cookies.set("brug-device", cookie(visitor, "brug-device") or "")
    stranger = town.visitor()
    statuses = [signs_in(stranger, f"gok nummer {n} van veel").status for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    # a right password helps nobody who cannot show that they were here before
    assert signs_in(stranger).status == 429
    # an address that nobody has is closed in the same way
    for n in range(10):
        signs_in(stranger, f"gok nummer {n} van veel", "niemand@voorbeeld.nl")
    assert signs_in(stranger, email="niemand@voorbeeld.nl").status == 429
    signs_in(known, to="?to=/account")
    assert is_in(known)
    town.later(minutes=15)
    signs_in(stranger, to="?to=/account")
    assert is_in(stranger)


def test_guesses_in_a_known_browser_are_few_too(town: Town, visitor: Visitor) -> None:
    with_password(town)
    signs_in(visitor)
    visitor.client.cookies.delete("brug")
    statuses = [signs_in(visitor, f"gok nummer {n} van veel").status for n in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_cookie_from_before_is_worth_nothing_after_signing_in(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    planted = "x" * 43
    visitor.client.cookies.set("brug", planted)
    signs_in(visitor, to="?to=/account")
    cookies = [each.value for each in visitor.client.cookies.jar if each.name == "brug"]
    assert any(value != planted for value in cookies)
    with transaction(town.engine) as session:
        [visit] = rows_of(session, Visit)
    assert visit.hash != fingerprint(planted)
    assert visit.hash in {fingerprint(value or "") for value in cookies}


def test_signing_in_again_ends_the_visit_of_before(town: Town, visitor: Visitor) -> None:
    with_password(town)
    signs_in(visitor)
    page = Page("/sign-in", town.visitor().client.get("/sign-in"))
    path, fields = page.form({"email": ANN, "password": PASSWORD}, {})
    first = cookie(visitor)
    other = town.visitor()
    other.client.cookies.set("brug", first or "")
    page = Page("/forgotten", other.client.get("/forgotten"))
    fields["form"] = page.form({}, {})[1]["form"]
    assert other.post(path, fields).status_code == 303
    with transaction(town.engine) as session:
        assert [v.hash for v in rows_of(session, Visit)] != [fingerprint(first or "")]
        assert len(rows_of(session, Visit)) == 1


def test_cookies_are_for_us_alone(engine_town_https: Town) -> None:
    town = engine_town_https
    with_password(town)
    visitor = town.visitor()
    page = Page("/sign-in", visitor.client.get("/sign-in"))
    reply = visitor.post(*page.form({"email": ANN, "password": PASSWORD}, {}))
    set_there = reply.headers.get_list("set-cookie")
    [visit] = [each for each in set_there if each.startswith("__Host-brug=")]
    for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
        assert part in visit
    assert "Domain" not in visit and "Max-Age" not in visit
    token = visit.partition("=")[2].partition(";")[0]
    assert re.fullmatch(r"[\w-]{43}", token)
    with transaction(town.engine) as session:
        assert [each.hash for each in rows_of(session, Visit)] == [fingerprint(token)]


def test_a_visit_ends_after_half_an_hour_without_anything(town: Town, visitor: Visitor) -> None:
    with_password(town)
    signs_in(visitor)
    for _ in range(3):
        town.later(minutes=29)
        assert is_in(visitor)
    town.later(minutes=31)
    assert not is_in(visitor)


def test_a_visit_ends_after_twelve_hours_at_the_latest(town: Town, visitor: Visitor) -> None:
    with_password(town)
    signs_in(visitor)
    while town.now < NOW + timedelta(hours=12):
        assert is_in(visitor)
        town.later(minutes=20)
    town.later(minutes=1)
    assert not is_in(visitor)


def test_a_password_that_was_kept_at_another_cost_is_kept_anew(
    town: Town, visitor: Visitor
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with transaction(town.engine) as session:
        accounts.keep_password(session, session.get_one(Staff, town.ann), cheap, town.now)
    signs_in(visitor, to="?to=/account")
    assert is_in(visitor)
    with transaction(town.engine) as session:
        [row] = rows_of(session, SignIn)
        assert row.password_hash and row.password_hash != cheap
    other = town.visitor()
    signs_in(other, to="?to=/account")
    assert is_in(other)


def test_of_several_libraries_the_password_decides_and_else_they_are_asked(
    town: Town, visitor: Visitor
) -> None:
    with transaction(town.engine) as session:
        other = Organisation(short_name="elders", name="Bibliotheek Elders", created_at=NOW)
        session.add(other)
        session.flush()
        there = Staff(organisation_id=other.id or 0, name="Ann", email=ANN, created_at=NOW)
        session.add(there)
        session.flush()
        number = there.id or 0
    with_password(town)
    with_password(town, number, "een heel ander wachtwoord")
    signs_in(visitor, "een heel ander wachtwoord", to="?to=/account")
    assert "Bibliotheek Elders" in visitor.open("/account").text
    with_password(town, number)
    fresh = town.visitor()
    page = signs_in(fresh, to="?to=/account")
    assert page.title == "Welke bibliotheek?"
    assert sorted(page.buttons) == ["Bibliotheek Elders", "Bibliotheek de-voorbeeld"]
    assert fresh.send(page, button={"library": str(town.library)}).path == "/account"
    assert "Bibliotheek de-voorbeeld" in fresh.open("/account").text
    # a library that the password is not for is no choice
    strange = town.visitor()
    page = signs_in(strange)
    path, fields = page.form({}, {"library": str(town.library)})
    assert strange.post(path, {**fields, "library": "999"}).status_code == 422
    assert not is_in(strange)


def test_a_browser_that_only_says_that_it_is_known_is_counted_with_the_others(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    with_password(town, town.jan)
    signs_in(visitor, email="jan@voorbeeld.nl")
    of_jan = cookie(visitor, "brug-device") or ""
    statuses = []
    for number in range(12):
        guesser = town.visitor()
        # one that was made up each time, and one in which somebody else signed in
        invented = f"{number:043}" if number % 2 else of_jan
        guesser.client.cookies.set("brug-device", invented)
        statuses.append(signs_in(guesser, f"gok nummer {number} van veel").status)
    assert statuses == [422] * 10 + [429] * 2
