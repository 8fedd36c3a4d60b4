"""Signing in, one's own account and who works here, in every state that people meet."""

from playwright.sync_api import Page as Window

from storage.engine import transaction
from storage.tables import Organisation, Staff
from tests.builders import NOW
from tests.web.entering import ANN, PASSWORD, key_link, with_codes, with_password
from tests.web.town import Town


def _go(window: Window, town: Town, path: str) -> None:
    window.goto(f"{town.base_url}{path}")


def _sign_in(window: Window, town: Town, password: str = PASSWORD, to: str = "/account") -> None:
    _go(window, town, f"/sign-in?to={to}")
    window.get_by_label("E-mailadres").fill(ANN)
    window.get_by_label("Wachtwoord").fill(password)
    window.get_by_role("button", name="Inloggen").click()


def _as(window: Window, town: Town, role: str, path: str) -> None:
    with_password(town)
    with transaction(town.engine) as session:
        row = session.get_one(Staff, town.ann)
        row.role = role
        session.add(row)
    _sign_in(window, town, to=path)


def sign_in(window: Window, town: Town) -> None:
    _go(window, town, "/sign-in?to=/account")


def sign_in_wrong(window: Window, town: Town) -> None:
    with_password(town)
    _sign_in(window, town, "dit is het niet")


def sign_in_faulty(window: Window, town: Town) -> None:
    sign_in(window, town)
    window.get_by_role("button", name="Inloggen").click()


def sign_in_closed(window: Window, town: Town) -> None:
    for _ in range(11):
        _sign_in(window, town, "dit is het niet")


def sign_in_code(window: Window, town: Town) -> None:
    with_password(town)
    with_codes(town)
    _sign_in(window, town)


def sign_in_code_wrong(window: Window, town: Town) -> None:
    sign_in_code(window, town)
    window.get_by_label("Code").fill("1234567")
    window.get_by_role("button", name="Inloggen").click()


def sign_in_library(window: Window, town: Town) -> None:
    with transaction(town.engine) as session:
        other = Organisation(short_name="elders", name="Bibliotheek Elders", created_at=NOW)
        session.add(other)
        session.flush()
        there = Staff(organisation_id=other.id or 0, name="Ann", email=ANN, created_at=NOW)
        session.add(there)
        session.flush()
        number = there.id
    with_password(town)
    with_password(town, number)
    _sign_in(window, town)


def forgotten(window: Window, town: Town) -> None:
    _go(window, town, "/forgotten")


def forgotten_faulty(window: Window, town: Town) -> None:
    forgotten(window, town)
    window.get_by_role("button", name="Stuur mij een link").click()


def forgotten_sent(window: Window, town: Town) -> None:
    forgotten(window, town)
    window.get_by_label("E-mailadres").fill(ANN)
    window.get_by_role("button", name="Stuur mij een link").click()


def invitation(window: Window, town: Town) -> None:
    _go(window, town, key_link(town, "invitation"))


def invitation_faulty(window: Window, town: Town) -> None:
    invitation(window, town)
    window.get_by_label("Je nieuwe wachtwoord").fill("te kort")
    window.get_by_role("button", name="Bewaren en inloggen").click()


def reset_over(window: Window, town: Town) -> None:
    _go(window, town, "/reset/" + "x" * 43)


def account(window: Window, town: Town) -> None:
    with_password(town)
    _sign_in(window, town)


def account_faulty(window: Window, town: Town) -> None:
    account(window, town)
    window.locator("#present").fill("dit is het niet")
    window.get_by_role("button", name="Wachtwoord wijzigen").click()


def account_returned(window: Window, town: Town) -> None:
    account(window, town)
    window.get_by_label("Naam", exact=True).fill("Ann van Dam")
    town.later(minutes=31)
    window.get_by_role("button", name="Bewaren").click()
    window.get_by_label("E-mailadres").fill(ANN)
    window.get_by_label("Wachtwoord").fill(PASSWORD)
    window.get_by_role("button", name="Inloggen").click()
    window.get_by_text("staat er nog").wait_for()


def codes(window: Window, town: Town) -> None:
    account(window, town)
    window.locator("#present-codes").fill(PASSWORD)
    window.get_by_role("button", name="Codes aanzetten").click()


def staff(window: Window, town: Town) -> None:
    _as(window, town, "administrator", "/settings/staff")


def staff_added(window: Window, town: Town) -> None:
    staff(window, town)
    window.get_by_label("Naam", exact=True).fill("Bas (verzonnen)")
    window.get_by_label("E-mailadres").fill("bas@voorbeeld.nl")
    window.get_by_label("coördinator:").check()
    window.get_by_role("button", name="Toevoegen en uitnodigen").click()
    window.get_by_text("is toegevoegd").wait_for()


def staff_faulty(window: Window, town: Town) -> None:
    staff(window, town)
    window.get_by_role("button", name="Toevoegen en uitnodigen").click()
    window.get_by_role("alert").wait_for()


def colleague(window: Window, town: Town) -> None:
    _as(window, town, "administrator", f"/settings/staff/{town.jan}")


DESK_STATES = {
    each.__name__: each
    for each in (
        sign_in, sign_in_wrong, sign_in_faulty, sign_in_closed, sign_in_code, sign_in_code_wrong,
        sign_in_library, forgotten, forgotten_faulty, forgotten_sent, invitation,
        invitation_faulty, reset_over, account, account_faulty, account_returned, codes, staff,
        staff_added, staff_faulty, colleague,
    )
}  # fmt: skip
