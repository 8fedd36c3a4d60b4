"""A coordinator's morning at the desk, in Chromium: from signing in to somebody who started."""

import re

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Window

from core.references import reference
from referrals import passwords
from referrals.moving import move_cases
from storage.engine import transaction
from storage.tables import Case, ContactTally, SignIn, Staff
from tests.looking import rows_of
from tests.web.town import SECRET, Town

PASSWORD = "vier paarse fietsen"
#: the moves of the route open-door from the first contact to the course, and where they lead
TO_STARTED = {"Akkoord noteren": "Akkoord", "Verwijzen": "Verwezen", "Begonnen": "Gestart"}


def _has_a_password(town: Town) -> str:
    with transaction(town.engine) as session:
        ann = session.get_one(Staff, town.ann)
        session.add(
            SignIn(
                staff_id=town.ann, organisation_id=town.library,
                password_hash=passwords.hashed(PASSWORD), changed_at=town.now,
            )
        )  # fmt: skip
    return ann.email


def _sign_in(window: Window, town: Town) -> None:
    address = _has_a_password(town)
    window.goto(f"{town.base_url}/cases")
    expect(window).to_have_url(re.compile("/sign-in"))
    window.get_by_label("E-mailadres").fill(address)
    window.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="Inloggen").click()
    expect(window).to_have_url(f"{town.base_url}/cases")


def _stage(town: Town, number: int) -> str:
    with transaction(town.engine) as session:
        return session.get_one(Case, number).stage


def _newest(town: Town) -> int:
    with transaction(town.engine) as session:
        return max(row.id or 0 for row in rows_of(session, Case))


def _from_contact_to_started(window: Window, town: Town) -> None:
    """A new contact, who agrees, is referred to a course, and starts there."""
    window.goto(f"{town.base_url}/contacts/new")
    window.get_by_role("radio", name="Kraam of campagne").check()
    window.get_by_label("Voornaam, of niets").fill("Fatima (verzonnen)")
    window.get_by_label("Telefoon (mag leeg blijven)").fill("06 1111 2222")
    window.get_by_role("button", name="Bewaren en traject openen").click()
    expect(window.get_by_role("status").first).to_contain_text(
        re.compile("[0-9A-Z]{4}-[0-9A-Z]{2}")
    )
    case = _newest(town)
    window.goto(f"{town.base_url}/cases/{reference(case)}")
    for move, stage in TO_STARTED.items():
        _make(window, move)
        expect(window.locator(".standing")).to_contain_text(stage)
        expect(window.locator(".done-title")).to_be_visible()
    assert _stage(town, case) == "started"


def _make(window: Window, move: str) -> None:
    """Make a move on the page of a case; what it asks is asked in place."""
    button = window.locator("#main").get_by_role("button", name=move, exact=True)
    unfolds = window.locator("#main summary", has_text=move)
    if not button.first.is_visible() and unfolds.count():
        unfolds.first.click()
    place = window.get_by_label("Naar welke aanbieder of cursus?").locator("visible=true")
    if move == "Verwijzen":
        place.first.select_option(index=1)
    button.locator("visible=true").first.click()


def test_from_signing_in_to_somebody_who_started(window: Window, served: Town) -> None:
    _sign_in(window, served)
    _from_contact_to_started(window, served)


def test_the_same_on_a_telephone_without_scripts(plain: Window, served: Town) -> None:
    plain.set_viewport_size({"width": 390, "height": 780})
    _sign_in(plain, served)
    _from_contact_to_started(plain, served)


def test_many_are_moved_at_once_and_brought_back(window: Window, served: Town) -> None:
    cases = [served.case("contact") for _ in range(3)]
    served.enter(window)
    window.goto(f"{served.base_url}/cases")
    for case in cases:
        window.get_by_role("checkbox", name=reference(case)).check()
    window.get_by_role("button", name="Stap zetten").click()
    window.get_by_label("Welke stap?").select_option("agree")
    window.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    expect(window.get_by_role("heading", name="Dit zou er gebeuren")).to_be_visible()
    assert {_stage(served, case) for case in cases} == {"contact"}
    window.get_by_role("button", name="Doe dit voor 3 trajecten").click()
    expect(window.locator(".done-title")).to_be_visible()
    assert {_stage(served, case) for case in cases} == {"agreed"}
    window.get_by_role("button", name="Ongedaan maken").click()
    expect(window.locator(".done-title")).to_contain_text("Teruggedraaid")
    assert {_stage(served, case) for case in cases} == {"contact"}


def test_of_two_who_move_one_case_the_second_is_shown_both_and_chooses(
    window: Window, chromium: Browser, served: Town
) -> None:
    case = served.case("contact")
    served.enter(window)
    window.goto(f"{served.base_url}/cases/{reference(case)}")
    with transaction(served.engine) as session:
        move_cases(session, [case], "know", by=served.jan, now=served.now).raise_refusal()
    button = window.locator("#main").get_by_role("button", name="Akkoord noteren")
    unfold = window.locator("#main summary", has_text="Akkoord noteren")
    if unfold.count():
        unfold.first.click()
    button.locator("visible=true").first.click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("Iemand was je voor")
    expect(window.locator("#main")).to_contain_text("Jan (verzonnen)")
    assert _stage(served, case) == "trust"
    button.locator("visible=true").first.click()
    expect(window.locator(".done-title")).to_be_visible()
    assert _stage(served, case) == "agreed"


@pytest.mark.parametrize("spelled", ["06-12345678", "+31 6 1234 5678", "kanar", "vogel KANARIE"])
def test_a_search_with_one_hit_opens_it(window: Window, served: Town, spelled: str) -> None:
    case = served.case("contact")
    served.enter(window)
    window.goto(f"{served.base_url}/")
    window.keyboard.press("/")
    window.keyboard.type(spelled)
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_contain_text(SECRET)
    assert reference(case) in window.content()


def test_a_reference_opens_its_case(window: Window, served: Town) -> None:
    case = served.case("contact")
    served.enter(window)
    window.goto(f"{served.base_url}/")
    window.keyboard.press("/")
    window.keyboard.type(reference(case).lower().replace("-", " "))
    window.keyboard.press("Enter")
    expect(window).to_have_url(re.compile(f"/cases/{reference(case)}"))


def test_with_the_keyboard_alone(window: Window, served: Town) -> None:
    cases = [served.case("contact") for _ in range(2)]
    served.enter(window)
    window.goto(f"{served.base_url}/cases")
    window.keyboard.press("j")
    window.keyboard.press("j")
    window.keyboard.press("x")
    expect(window.get_by_role("checkbox", checked=True)).to_have_count(1)
    window.keyboard.press("k")
    focused = "document.activeElement.closest('[data-line]') !== null"
    assert window.evaluate(focused)
    window.get_by_role("button", name="Kennismaken").first.focus()
    window.keyboard.press("Enter")
    expect(window.locator(".done-title")).to_be_visible()
    assert sorted(_stage(served, case) for case in cases) == ["contact", "trust"]
    window.keyboard.press("?")
    expect(window).to_have_url(re.compile("/help"))
    window.keyboard.press("n")
    expect(window).to_have_url(re.compile("/contacts/new"))


def test_a_tally_is_one_tap_and_can_be_taken_back(plain: Window, served: Town) -> None:
    served.enter(plain)
    plain.goto(f"{served.base_url}/contacts/tally")
    plain.get_by_role("button", name=re.compile("Kraam of campagne")).click()
    plain.get_by_role("button", name=re.compile("Kraam of campagne")).click()
    plain.get_by_role("button", name="Ongedaan maken").click()
    with transaction(served.engine) as session:
        assert sum(row.contacts for row in rows_of(session, ContactTally)) == 1


def test_what_was_typed_outlives_the_session(window: Window, served: Town) -> None:
    case = served.case("contact")
    _sign_in(window, served)
    window.goto(f"{served.base_url}/cases/{reference(case)}")
    box = window.get_by_label("Schrijf een opmerking")
    box.fill("Komt donderdag met haar zus")
    served.later(minutes=45)
    window.get_by_role("button", name="Bewaar de opmerking").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("Inloggen")
    window.get_by_label("E-mailadres").fill("ann@voorbeeld.nl")
    window.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="Inloggen").click()
    expect(window.get_by_label("Schrijf een opmerking")).to_have_value(
        "Komt donderdag met haar zus"
    )
