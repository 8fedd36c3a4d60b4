"""Routes in every state that people meet: seen, written anew, previewed, and brought back."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page as Window

from storage.engine import transaction
from tests.builders import a_case, a_library
from tests.referrals.test_migrating import RENAMED
from tests.web.town import Town
from workflows.library import builtin

ROUTE = "/routes/open-door"


def _cases(town: Town) -> None:
    with transaction(town.engine) as session:
        for stage in ("contact", "contact", "trust", "agreed", "referred"):
            a_case(session, town.library, stage)


def _at(window: Window, town: Town, path: str, role: str = "administrator") -> None:
    _cases(town)
    town.enter(window, role)
    window.goto(f"{town.base_url}{path}")


def _write(window: Window, town: Town, text: str, role: str = "administrator") -> None:
    _at(window, town, f"{ROUTE}/draft", role)
    window.get_by_label("De tekst van de route").fill(text)
    window.get_by_role("button", name="Bewaren en nakijken").click()


def shelf(window: Window, town: Town) -> None:
    _at(window, town, "/routes", "coordinator")


def shelf_of_all(window: Window, town: Town) -> None:
    _at(window, town, "/routes", "national_office")


def route(window: Window, town: Town) -> None:
    _at(window, town, ROUTE, "coordinator")
    for name in ("Als tabel", "Normen en redenen aanpassen"):
        window.get_by_text(name).click()


def route_for_staff(window: Window, town: Town) -> None:
    _at(window, town, ROUTE, "staff")


def norm_faulty(window: Window, town: Town) -> None:
    _at(window, town, ROUTE, "coordinator")
    window.get_by_text("Normen en redenen aanpassen").click()
    window.get_by_label("Norm van Contact: hoeveel").fill("veel")
    window.get_by_role("button", name="Bewaar als ontwerp").click()


def draft(window: Window, town: Town) -> None:
    _write(window, town, RENAMED)


def draft_faulty(window: Window, town: Town) -> None:
    _write(window, town, builtin("open-door").replace("to: screened", "to: screend"))


def effect(window: Window, town: Town) -> None:
    _write(window, town, RENAMED.replace("contact + 5 workdays", "contact + 9 workdays"))
    window.get_by_role("link", name="Bekijk wat het verandert").click()


def effect_chosen(window: Window, town: Town) -> None:
    effect(window, town)
    window.get_by_label("Waar gaan trajecten in Vertrouwen heen?").select_option("met")
    window.get_by_role("button", name="Toon wat er verandert").click()


def effect_elsewhere(window: Window, town: Town) -> None:
    with transaction(town.engine) as session:
        a_library(session, "elders")
    effect(window, town)


def published(window: Window, town: Town) -> None:
    effect_chosen(window, town)
    window.get_by_role("button", name="Publiceer versie 2").click()


def bring_back(window: Window, town: Town) -> None:
    published(window, town)
    window.get_by_role("link", name="Terugzetten").click()


DESK_STATES: Mapping[str, Callable[[Window, Town], None]] = {
    each.__name__: each
    for each in (
        shelf, shelf_of_all, route, route_for_staff, norm_faulty, draft, draft_faulty, effect,
        effect_chosen, effect_elsewhere, published, bring_back,
    )
}  # fmt: skip
