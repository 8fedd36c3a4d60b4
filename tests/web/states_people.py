"""Participants, search, new contacts and the tally, in every state that people meet."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page as Window

from core.references import reference
from referrals import profiles
from referrals.doubles import Person
from referrals.participants import Newcomer, Registered, register
from storage.engine import transaction
from tests.builders import NOW, a_case, a_participant
from tests.web.town import Town

BSN = "123456782"


def _go(window: Window, town: Town, path: str) -> None:
    town.enter(window)
    window.goto(f"{town.base_url}{path}")


def _known(town: Town) -> tuple[Registered, Registered]:
    """Somebody with two cases and consent, and their double."""
    fatima = Person("Fatima", "Bouzid", 1980, "+31612345678", "fatima@voorbeeld.nl", "2221")
    with transaction(town.engine) as session:
        one = a_participant(session, town.library, person=fatima)
        a_case(session, town.library, "agreed", participant=one, owner=town.ann)
        a_case(session, town.library, "stopped", participant=one, owner=town.jan)
        double = Newcomer(Person("Fatima", None, None, "+31612345678"), "GM0363", "nt2", "Lezen")
        [two] = register(session, town.library, [double], now=NOW)
        a_case(session, town.library, participant=two)
        register(session, town.library, [Newcomer()], now=NOW)
    return one, two


def search(window: Window, town: Town) -> None:
    _known(town)
    _go(window, town, "/search?q=fatima")


def nobody_found(window: Window, town: Town) -> None:
    _go(window, town, "/search?q=zzz")


def searching_a_bsn(window: Window, town: Town) -> None:
    _go(window, town, f"/search?q={BSN}")


def people(window: Window, town: Town) -> None:
    _known(town)
    _go(window, town, "/people")


def no_people(window: Window, town: Town) -> None:
    _go(window, town, "/people")


def new_person(window: Window, town: Town) -> None:
    _known(town)
    _go(window, town, "/people/new")
    window.get_by_label("Voornaam").press_sequentially("fat")
    window.get_by_text("Fatima Bouzid").wait_for()


def new_person_faulty(window: Window, town: Town) -> None:
    _go(window, town, "/people/new")
    window.get_by_label("Wil leren").fill(f"Mijn nummer is {BSN}")
    window.get_by_label("Geboortejaar").fill("1066")
    window.get_by_role("button", name="Voeg deze deelnemer toe").click()
    window.get_by_role("alert").wait_for()


def person(window: Window, town: Town) -> None:
    one, _ = _known(town)
    _go(window, town, f"/people/{reference(one.id)}")


def person_changing(window: Window, town: Town) -> None:
    person(window, town)
    window.get_by_text("Wijzig wat bekend is").click()


def person_consenting(window: Window, town: Town) -> None:
    person(window, town)
    window.locator("#note summary").click()


def person_conflict(window: Window, town: Town) -> None:
    one, _ = _known(town)
    _go(window, town, f"/people/{reference(one.id)}")
    window.get_by_text("Wijzig wat bekend is").click()
    window.locator("#first_name").fill("Fatma")
    with transaction(town.engine) as session:
        seen = {"first_name": profiles.mark_of("Fatima")}
        theirs = {"first_name": "Fatiha"}
        profiles.change(session, town.library, one.id, theirs, seen, by=town.jan, now=NOW)
    window.get_by_role("button", name="Bewaren").click()
    window.get_by_role("alert").wait_for()


def person_changed(window: Window, town: Town) -> None:
    person_changing(window, town)
    window.locator("#last_name").fill("Bouzid-Amrani")
    window.get_by_role("button", name="Bewaren").click()
    window.get_by_text("Nieuw is: achternaam").wait_for()


def nameless(window: Window, town: Town) -> None:
    with transaction(town.engine) as session:
        [who] = register(session, town.library, [Newcomer()], now=NOW)
    _go(window, town, f"/people/{reference(who.id)}")


def merge_whom(window: Window, town: Town) -> None:
    one, _ = _known(town)
    _go(window, town, f"/people/{reference(one.id)}/merge")


def merge(window: Window, town: Town) -> None:
    one, two = _known(town)
    _go(window, town, f"/people/{reference(one.id)}/merge?with={reference(two.id)}")


def merged(window: Window, town: Town) -> None:
    merge(window, town)
    window.get_by_role("button", name="Voeg deze twee samen").click()
    window.get_by_text("De twee zijn nu één deelnemer").wait_for()


def new_contact(window: Window, town: Town) -> None:
    _go(window, town, "/contacts/new")


def new_contact_doubles(window: Window, town: Town) -> None:
    _known(town)
    new_contact(window, town)
    window.locator("#phone").press_sequentially("06 12345678")
    window.get_by_text("Is dit een van hen?").wait_for()


def new_contact_faulty(window: Window, town: Town) -> None:
    new_contact(window, town)
    window.get_by_label("In eigen woorden").fill(f"Mijn nummer is {BSN}")
    window.get_by_role("button", name="Bewaren en traject openen").click()
    window.get_by_role("alert").wait_for()


def new_contact_kept(window: Window, town: Town) -> None:
    new_contact(window, town)
    window.get_by_label("Kraam of campagne").check()
    window.get_by_label("Lezen en schrijven").check()
    window.get_by_label("Voornaam, of niets").fill("Amira")
    window.get_by_role("button", name="Bewaren en traject openen").click()
    window.get_by_text("is geopend").wait_for()


def tally(window: Window, town: Town) -> None:
    _go(window, town, "/contacts/tally")
    for _ in range(2):
        window.get_by_role("button", name="Kraam of campagne").click()
        window.get_by_text("Geteld: Kraam of campagne").wait_for()


DESK_STATES: Mapping[str, Callable[[Window, Town], None]] = {
    each.__name__: each
    for each in (
        search, nobody_found, searching_a_bsn, people, no_people, new_person, new_person_faulty,
        person, person_changing, person_consenting, person_conflict, person_changed, nameless,
        merge_whom, merge, merged, new_contact, new_contact_doubles, new_contact_faulty,
        new_contact_kept, tally,
    )
}  # fmt: skip
