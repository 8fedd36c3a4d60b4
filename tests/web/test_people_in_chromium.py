"""New contacts and people in a real browser: with one thumb, by keyboard, without scripts."""

from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from referrals.doubles import Person
from referrals.participants import Newcomer, register
from storage.engine import transaction
from storage.tables import Case, Participant
from tests.builders import NOW
from tests.looking import rows_of
from tests.web.town import Town


def _fatima(town: Town) -> int:
    known = Newcomer(Person("Fatima", "Bouzid", 1980, "+31612345678"))
    with transaction(town.engine) as session:
        [who] = register(session, town.library, [known], now=NOW)
    return who.id


def _cases(town: Town) -> list[Case]:
    with transaction(town.engine) as session:
        return rows_of(session, Case)


def test_a_contact_at_a_stall_takes_four_taps_and_a_name(window: Window, served: Town) -> None:
    window.set_viewport_size({"width": 390, "height": 780})
    served.enter(window)
    window.goto(f"{served.base_url}/contacts/new")
    window.get_by_label("Kraam of campagne").check()
    window.get_by_label("Voornaam, of niets").fill("Amira")
    window.get_by_label("Lezen en schrijven").check()
    window.get_by_role("button", name="Bewaren en traject openen").click()
    expect(window.get_by_text("is geopend")).to_be_visible()
    expect(window.get_by_label("Kraam of campagne")).to_be_checked()
    expect(window.get_by_label("Voornaam, of niets")).to_have_value("")
    window.get_by_role("button", name="Ongedaan maken").click()
    expect(window.get_by_text("Teruggedraaid")).to_be_visible()
    assert not _cases(served)


def test_a_double_is_suggested_while_typing_and_enter_does_not_choose_it(
    window: Window, served: Town
) -> None:
    fatima = _fatima(served)
    served.enter(window)
    window.goto(f"{served.base_url}/contacts/new")
    window.get_by_label("Komt zelf").check(force=True)
    window.locator("#first_name").press_sequentially("fatim")
    expect(window.get_by_text("Fatima Bouzid")).to_be_visible()
    window.locator("#first_name").press("Enter")
    expect(window.get_by_text("is geopend")).to_be_visible()
    [case] = _cases(served)
    assert case.participant_id != fatima


def test_a_suggested_double_gets_the_case_with_one_tap(window: Window, served: Town) -> None:
    fatima = _fatima(served)
    served.enter(window)
    window.goto(f"{served.base_url}/contacts/new")
    window.get_by_label("Komt zelf").check(force=True)
    window.locator("#phone").press_sequentially("06-12345678")
    window.get_by_role("button", name="Traject voor deze persoon").click()
    expect(window.get_by_text("is geopend")).to_be_visible()
    assert [case.participant_id for case in _cases(served)] == [fatima]


def test_without_scripts_doubles_are_shown_before_somebody_is_added(
    plain: Window, served: Town
) -> None:
    _fatima(served)
    served.enter(plain)
    plain.goto(f"{served.base_url}/people/new")
    plain.locator("#phone").fill("0612345678")
    plain.get_by_role("button", name="Voeg deze deelnemer toe").click()
    expect(plain.get_by_text("Fatima Bouzid")).to_be_visible()
    plain.get_by_role("button", name="Iemand anders: toch toevoegen").click()
    expect(plain.get_by_text("De deelnemer is toegevoegd")).to_be_visible()
    with transaction(served.engine) as session:
        assert len(rows_of(session, Participant)) == 2


def test_taps_count_without_scripts_too(plain: Window, served: Town) -> None:
    served.enter(plain)
    plain.goto(f"{served.base_url}/contacts/tally")
    for number in (1, 2):
        plain.get_by_role("button", name="School").click()
        expect(plain.get_by_text(f"Geteld: School, vandaag {number}")).to_be_visible()


def test_search_opens_with_a_key_and_a_single_hit(window: Window, served: Town) -> None:
    _fatima(served)
    served.enter(window)
    window.goto(f"{served.base_url}/people")
    window.keyboard.press("/")
    window.keyboard.type("bouz")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Fatima Bouzid")
