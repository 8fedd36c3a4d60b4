"""Choosing a password by a link: once, in time, for oneself; and asking for one tells nothing."""

import pytest

from storage.engine import transaction
from storage.tables import Device, JournalEntry, KeyLink, Message, SignIn, Staff, Visit
from tests.looking import rows_of
from tests.web.entering import (
    ANN,
    ANOTHER,
    PASSWORD,
    code_of,
    is_in,
    key_link,
    signs_in,
    with_codes,
    with_password,
)
from tests.web.pages import Page
from tests.web.town import Town, Visitor


def _hash(town: Town) -> str | None:
    with transaction(town.engine) as session:
        rows = rows_of(session, SignIn)
        return rows[0].password_hash if rows else None


def test_an_invitation_leads_to_a_password_and_in(town: Town, visitor: Visitor) -> None:
    link = key_link(town, "invitation")
    page = visitor.open(link)
    assert page.title == "Welkom, Ann (verzonnen)" and ANN in page.reply.text
    # looking at it, as a scanner in a mail server does, uses nothing up
    visitor.client.head(link)
    visitor.send(page, password=PASSWORD)
    assert is_in(visitor)
    other = town.visitor()
    signs_in(other, to="?to=/account")
    assert is_in(other)
    kept = _hash(town) or ""
    assert kept.startswith("$argon2id$") and PASSWORD not in kept


def test_a_link_works_once(town: Town, visitor: Visitor) -> None:
    link = key_link(town, "reset")
    page = visitor.open(link)
    visitor.send(page, password=PASSWORD)
    kept = _hash(town)
    again = town.visitor()
    assert again.open(link).status == 410
    later = visitor.post(link, page.form({"password": ANOTHER}, {})[1])
    assert later.status_code == 410 and _hash(town) == kept


@pytest.mark.parametrize(("purpose", "hours"), [("reset", 1), ("invitation", 7 * 24)])
def test_a_link_works_for_its_time(town: Town, visitor: Visitor, purpose: str, hours: int) -> None:
    link = key_link(town, purpose)
    town.later(hours=hours, seconds=-1)
    page = visitor.open(link)
    assert page.status == 200
    town.later(seconds=1)
    assert visitor.open(link).status == 410
    assert visitor.send(page, password=PASSWORD).status == 410
    assert _hash(town) is None


@pytest.mark.parametrize(
    "link",
    ["/reset/" + "x" * 43, "/reset/x", "/invitation/%C3%A9", "/reset/" + "x" * 3000, "/reset/%00"],
)
def test_what_is_no_link_opens_nothing(town: Town, visitor: Visitor, link: str) -> None:
    assert Page(link, visitor.client.get(link)).status == 410


def test_a_link_is_for_what_it_was_made_for(town: Town, visitor: Visitor) -> None:
    token = key_link(town, "reset").rpartition("/")[2]
    assert visitor.open(f"/invitation/{token}").status == 410
    # half of signing in is no link
    with_password(town)
    with_codes(town)
    signs_in(visitor)
    step = visitor.client.cookies.get("brug-step")
    for place in ("", ":0"):
        assert visitor.open(f"/reset/{step}{place}").status == 410


def test_the_link_of_somebody_who_left_opens_nothing(town: Town, visitor: Visitor) -> None:
    link = key_link(town, "reset")
    page = visitor.open(link)
    with transaction(town.engine) as session:
        row = session.get_one(Staff, town.ann)
        row.active = False
        session.add(row)
    assert visitor.open(link).status == 410
    assert visitor.send(page, password=PASSWORD).status == 410


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "te kort"),
        ("elf tekens!", "te kort"),
        ("x" * 201, "te lang"),
        ("aaaaaaaaaaaaaaaa", "te raden"),
        ("abcabcabcabcabc", "te raden"),
        ("ann@voorbeeld.nl", "te raden"),
        ("Ann (verzonnen) 2018", "te raden"),
        ("bibliotheek12345", "te raden"),
        ("Wachtwoord2018!", "te raden"),
    ],
)
def test_what_will_not_do_is_told(town: Town, visitor: Visitor, password: str, why: str) -> None:
    page = visitor.send(visitor.open(key_link(town, "invitation")), password=password)
    assert page.status == 422 and why in page.text
    # it is never written back into the page
    assert not password or password not in page.reply.text.replace(ANN, "")
    assert _hash(town) is None


def test_a_new_password_ends_whatever_was_open_and_other_links(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    signs_in(visitor)
    other = key_link(town, "reset")
    fresh = town.visitor()
    fresh.send(fresh.open(key_link(town, "reset")), password=ANOTHER)
    assert not is_in(visitor) and is_in(fresh)
    assert town.visitor().open(other).status == 410
    assert signs_in(town.visitor()).status == 422
    with transaction(town.engine) as session:
        assert len(rows_of(session, Visit)) == len(rows_of(session, Device)) == 1
        said = [line.what for line in rows_of(session, JournalEntry, subject="staff")]
    assert said.count("staff.password_chosen") == 1


def test_a_new_password_does_not_do_away_with_the_code(town: Town, visitor: Visitor) -> None:
    with_password(town)
    secret = with_codes(town)
    page = visitor.send(visitor.open(key_link(town, "reset")), password=ANOTHER)
    assert page.title == "Nog één stap" and not is_in(visitor)
    visitor.send(page, code=code_of(secret, town))
    assert is_in(visitor)


def test_asking_for_a_new_password_tells_nobody_whether_the_address_is_known(
    town: Town, visitor: Visitor
) -> None:
    with transaction(town.engine) as session:
        row = session.get_one(Staff, town.jan)
        row.active = False
        session.add(row)
    said = set()
    for email in (ANN, "niemand@voorbeeld.nl", "jan@voorbeeld.nl"):
        page = visitor.send(visitor.open("/forgotten"), email=email)
        said.add((page.status, page.text))
    assert len(said) == 1
    with transaction(town.engine) as session:
        [mail] = rows_of(session, Message)
    assert (mail.kind, mail.staff_id, mail.detail) == ("reset", town.ann, {})
    assert mail.next_at == town.now


def test_asking_again_sends_one_mail_in_a_quarter(town: Town, visitor: Visitor) -> None:
    for _ in range(3):
        visitor.send(visitor.open("/forgotten"), email=ANN.upper())
    with transaction(town.engine) as session:
        assert len(rows_of(session, Message)) == 1
    town.later(minutes=15)
    visitor.send(visitor.open("/forgotten"), email=ANN)
    with transaction(town.engine) as session:
        assert len(rows_of(session, Message)) == 2
        # the token is made when the mail is written
        assert not rows_of(session, KeyLink)


@pytest.mark.parametrize("email", ["", "ann", "ann@", "ann@voorbeeld.nl, jan@voorbeeld.nl"])
def test_what_is_no_address_is_told(town: Town, visitor: Visitor, email: str) -> None:
    page = visitor.send(visitor.open("/forgotten"), email=email)
    assert page.status == 422 and "geen e-mailadres" in page.text
