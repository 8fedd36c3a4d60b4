"""Settings, examples, help and what a library does first, in every state that people meet."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from playwright.sync_api import Page as Window

from storage.engine import transaction
from storage.tables import Staff
from tests.builders import TODAY, a_leave
from tests.web.town import Town


def _go(window: Window, town: Town, path: str, role: str) -> None:
    town.enter(window, role)
    window.goto(f"{town.base_url}{path}")


def settings(window: Window, town: Town) -> None:
    _go(window, town, "/settings", "administrator")


def settings_of_the_office(window: Window, town: Town) -> None:
    _go(window, town, "/settings", "national_office")


def library(window: Window, town: Town) -> None:
    _go(window, town, "/settings/library", "coordinator")


def library_faulty(window: Window, town: Town) -> None:
    library(window, town)
    window.get_by_label("Adres voor antwoorden").fill("post@")
    window.get_by_label("Gesloten dagen").fill("24-12-2018\n31-2-2018")
    window.get_by_role("button", name="Bewaren").click()


def library_kept(window: Window, town: Town) -> None:
    library(window, town)
    window.get_by_label("Adres voor antwoorden").fill("post@voorbeeld.nl")
    window.get_by_role("button", name="Bewaren").click()


def mails(window: Window, town: Town) -> None:
    _go(window, town, "/settings/mails", "staff")


def mails_faulty(window: Window, town: Town) -> None:
    mails(window, town)
    window.get_by_label("Tot en met een dag").check()
    window.get_by_role("button", name="Bewaren").click()


def leave(window: Window, town: Town) -> None:
    with transaction(town.engine) as session:
        a_leave(session, town.library, town.jan, TODAY, TODAY + timedelta(days=9), town.ann)
        a_leave(session, town.library, town.ann, TODAY + timedelta(days=30), TODAY.replace(month=6))
    _go(window, town, "/settings/leave", "coordinator")


def leave_of_nobody(window: Window, town: Town) -> None:
    _go(window, town, "/settings/leave", "staff")


def leave_faulty(window: Window, town: Town) -> None:
    leave_of_nobody(window, town)
    window.get_by_label("Eerste dag").fill("2018-05-07")
    window.get_by_label("Laatste dag").fill("2018-05-01")
    window.get_by_role("button", name="Dit verlof noteren").click()


def leave_taken_off(window: Window, town: Town) -> None:
    leave(window, town)
    window.get_by_role("button", name="Weghalen").first.click()


def texts(window: Window, town: Town) -> None:
    _go(window, town, "/settings/texts", "coordinator")


def text(window: Window, town: Town) -> None:
    _go(window, town, "/settings/texts/referral/nl", "coordinator")
    window.get_by_text("Invulplekken die je kunt gebruiken").click()


def text_faulty(window: Window, town: Town) -> None:
    text(window, town)
    window.get_by_label("Tekst", exact=True).fill("Beste {{naam}},\nkijk op {{lnik}} en {{ hier")
    window.get_by_role("button", name="Tekst bewaren").click()


def text_looked_at(window: Window, town: Town) -> None:
    text(window, town)
    window.get_by_label("Tekst", exact=True).fill("Dag {{naam}}!")
    window.get_by_role("button", name="Eerst de mail bekijken").click()
    window.get_by_role("heading", name="De mail met deze tekst").wait_for()


def text_kept(window: Window, town: Town) -> None:
    text(window, town)
    window.get_by_label("Tekst", exact=True).fill("Dag {{naam}}!")
    window.get_by_role("button", name="Tekst bewaren").click()


def reasons(window: Window, town: Town) -> None:
    _go(window, town, "/settings/reasons", "coordinator")


def examples(window: Window, town: Town) -> None:
    _go(window, town, "/settings/examples", "administrator")


def examples_there(window: Window, town: Town) -> None:
    examples(window, town)
    window.get_by_role("button", name="Voorbeelden toevoegen").click()
    window.get_by_role("button", name="Voorbeelden weghalen").wait_for()


def examples_gone(window: Window, town: Town) -> None:
    examples_there(window, town)
    window.get_by_role("button", name="Voorbeelden weghalen").click()
    window.get_by_role("button", name="Voorbeelden toevoegen").wait_for()


def checklist(window: Window, town: Town) -> None:
    _go(window, town, "/", "administrator")


def checklist_away(window: Window, town: Town) -> None:
    checklist(window, town)
    window.get_by_role("button", name="Lijst wegleggen").click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()


def help_in_dutch(window: Window, town: Town) -> None:
    _go(window, town, "/help", "staff")


def help_in_english(window: Window, town: Town) -> None:
    with transaction(town.engine) as session:
        ann = session.get_one(Staff, town.ann)
        ann.language = "en"
        session.add(ann)
    _go(window, town, "/help", "coordinator")


DESK_STATES: Mapping[str, Callable[[Window, Town], None]] = {
    each.__name__: each
    for each in (
        settings, settings_of_the_office, library, library_faulty, library_kept, mails,
        mails_faulty, leave, leave_of_nobody, leave_faulty, leave_taken_off, texts, text,
        text_faulty, text_looked_at, text_kept, reasons, examples, examples_there, examples_gone,
        checklist, checklist_away, help_in_dutch, help_in_english,
    )
}  # fmt: skip
