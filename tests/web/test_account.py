"""One's own account: what is chosen, another password, codes on and off, signed out elsewhere."""

import re

import pytest

from storage.engine import transaction
from storage.tables import JournalEntry, SignIn, SignInTry, Staff, Visit
from tests.looking import rows_of
from tests.web.entering import (
    ANOTHER,
    PASSWORD,
    code_of,
    is_in,
    press,
    signs_in,
    with_codes,
    with_password,
)
from tests.web.town import Town, Visitor


def _ann(town: Town) -> Staff:
    with transaction(town.engine) as session:
        return session.get_one(Staff, town.ann)


def _secrets(town: Town) -> SignIn:
    with transaction(town.engine) as session:
        return rows_of(session, SignIn, staff_id=town.ann)[0]


def test_somebody_chooses_name_language_and_whether_keys_do_something(town: Town) -> None:
    ann = town.signed_in()
    page = ann.open("/account")
    assert page.title == "Mijn account" and "data-keys" in page.reply.text
    kept = press(ann, page, "/account", name="Ann van Dam", language="en", keys="off")
    assert kept.title == "My account" and "Kept" in kept.text
    assert "data-keys" not in kept.reply.text
    row = _ann(town)
    assert (row.name, row.language, row.desk) == ("Ann van Dam", "en", {"keys": False})


@pytest.mark.parametrize(
    "filled",
    [
        {"name": ""},
        {"name": "  \u200b "},
        {"name": "x" * 121},
        {"name": "BSN 123456782"},
        {"language": "de"},
        {"keys": "maybe"},
    ],
)
def test_what_cannot_be_kept_is_told(town: Town, filled: dict[str, str]) -> None:
    ann = town.signed_in()
    sent = {"name": "Ann", "language": "en", "keys": "off", **filled}
    page = press(ann, ann.open("/account"), "/account", **sent)
    assert page.status == 422 and "Dit klopt nog niet" in page.text
    assert _ann(town).language == "nl"


def test_another_password_ends_every_other_visit(town: Town, visitor: Visitor) -> None:
    with_password(town)
    elsewhere = town.visitor()
    signs_in(elsewhere)
    signs_in(visitor)
    page = visitor.open("/account")
    assert "in één andere browser" in page.text
    done = press(visitor, page, "/account/password", present=PASSWORD, password=ANOTHER)
    assert "Je hebt een nieuw wachtwoord" in done.text
    assert is_in(visitor) and not is_in(elsewhere)
    assert signs_in(town.visitor()).status == 422
    fresh = town.visitor()
    signs_in(fresh, ANOTHER)
    assert is_in(fresh)


@pytest.mark.parametrize(
    ("present", "password", "why"),
    [
        ("iets anders dan dat", ANOTHER, "niet je wachtwoord"),
        ("", ANOTHER, "niet je wachtwoord"),
        (PASSWORD, "te kort", "te kort"),
        (PASSWORD, "", "te kort"),
        (PASSWORD, "ann@voorbeeld.nl", "te raden"),
    ],
)
def test_another_password_asks_for_the_one_of_now(
    town: Town, visitor: Visitor, present: str, password: str, why: str
) -> None:
    with_password(town)
    signs_in(visitor)
    before = _secrets(town).password_hash
    page = visitor.open("/account")
    page = press(visitor, page, "/account/password", present=present, password=password)
    assert page.status == 422 and why in page.text
    assert _secrets(town).password_hash == before
    assert PASSWORD not in page.reply.text


def test_at_an_open_desk_a_password_is_guessed_ten_times_at_most(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    signs_in(visitor)
    page = visitor.open("/account")
    statuses = [
        press(visitor, page, "/account/password", present="gok", password=ANOTHER).status
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]
    # a right one counts as none, and neither counts against signing in
    with transaction(town.engine) as session:
        assert len(rows_of(session, SignInTry)) == 10
    fresh = town.visitor()
    signs_in(fresh)
    assert is_in(fresh)


def test_of_a_form_with_a_password_nothing_is_kept_that_could_be_guessed_fast(
    town: Town, visitor: Visitor
) -> None:
    from storage.tables import HandledRequest
    from web.forms import Sent

    filled = {"present": PASSWORD, "password": ANOTHER, "code": "123456"}
    assert Sent(filled).fingerprint == Sent({}).fingerprint
    with_password(town)
    signs_in(visitor)
    page = visitor.open("/account")
    press(visitor, page, "/account/password", present=PASSWORD, password=ANOTHER)
    with transaction(town.engine) as session:
        [row] = rows_of(session, HandledRequest)
    assert row.request_hash.endswith(Sent({"email": "ann@voorbeeld.nl"}).fingerprint)


def test_codes_are_switched_on_with_a_first_code(town: Town, visitor: Visitor) -> None:
    with_password(town)
    signs_in(visitor)
    page = press(visitor, visitor.open("/account"), "/account/codes", present=PASSWORD)
    assert page.title == "Codes aanzetten"
    secret = _secrets(town).totp_secret or ""
    assert re.sub(r"\s", "", secret) in re.sub(r"\s", "", page.text)
    assert "<path d=" in page.reply.text
    # until then nothing is asked for
    fresh = town.visitor()
    signs_in(fresh)
    assert is_in(fresh)
    wrong = press(visitor, page, "/account/codes/confirm", code="000000")
    assert wrong.status == 422
    done = press(visitor, page, "/account/codes/confirm", code=code_of(secret, town))
    assert "De codes staan aan" in done.text
    assert signs_in(town.visitor()).title == "Nog één stap"
    # the code with which they were switched on is used up
    other = town.visitor()
    assert other.send(signs_in(other), code=code_of(secret, town)).status == 422
    # what the app reads is shown to nobody any more
    assert visitor.open("/account/codes").path == "/account"
    press(visitor, done, "/account/codes/off", present="gok")
    assert _secrets(town).totp_since
    off = press(visitor, done, "/account/codes/off", present=PASSWORD)
    assert "De codes staan uit" in off.text
    assert _secrets(town).totp_secret is None
    with transaction(town.engine) as session:
        said = [line.what for line in rows_of(session, JournalEntry, subject="staff")]
    assert {"staff.codes_on", "staff.codes_off"} <= set(said)


def test_codes_that_are_on_are_not_made_anew_without_the_password(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    signs_in(visitor)
    page = visitor.open("/account")
    secret = with_codes(town)
    press(visitor, page, "/account/codes", present=PASSWORD)
    assert _secrets(town).totp_secret == secret


def test_somebody_signs_out_everywhere_else(town: Town, visitor: Visitor) -> None:
    with_password(town)
    elsewhere = town.visitor()
    signs_in(elsewhere)
    signs_in(visitor)
    done = press(visitor, visitor.open("/account"), "/account/elsewhere")
    assert "overal elders uitgelogd" in done.text and "Alleen hier." in done.text
    assert is_in(visitor) and not is_in(elsewhere)
    with transaction(town.engine) as session:
        assert len(rows_of(session, Visit)) == 1


def test_everybody_has_an_account_page(town: Town) -> None:
    for role in ("administrator", "coordinator", "staff", "national_office"):
        assert town.signed_in(role).open("/account").title == "Mijn account"
