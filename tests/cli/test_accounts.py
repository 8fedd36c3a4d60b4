"""Letting people in by command: by mail, by a link, as the first administrator, in the demo."""

from typing import Any

import pytest
from sqlalchemy import Engine

from cli.demo import accounts as demo
from core import clock
from referrals import invitations, passwords
from storage.engine import reading, transaction
from storage.queries import accounts, key_links
from storage.tables import Message, Organisation, SignIn, Staff
from tests.builders import NOW, a_colleague, a_library, a_staff, an_office
from tests.cli.running import Brug
from tests.looking import rows_of

BAS = ("staff", "add", "Bas Verzonnen", "bas@voorbeeld.nl")


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of these tests stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def _opened(engine: Engine, said: dict[str, Any]) -> tuple[str, str]:
    purpose, token = said["link"].rsplit("/", 2)[1:]
    with reading(engine) as session:
        found = key_links.opened(session, token, purpose, NOW)
    assert found is not None
    return purpose, found.person.email


def test_an_invitation_is_queued_and_nothing_secret_printed(brug: Brug, engine: Engine) -> None:
    brug(*BAS)
    assert brug.json("staff", "invite", "bas@voorbeeld.nl") == {
        "name": "Bas Verzonnen", "email": "bas@voorbeeld.nl",
    }  # fmt: skip
    with reading(engine) as session:
        [mail] = rows_of(session, Message)
    assert mail.kind == "invitation"
    said = brug("staff", "invite", "bas@voorbeeld.nl")
    assert "Er gaat een mail naar Bas Verzonnen" in said and "http" not in said


def test_without_a_mail_server_a_link_is_printed(brug: Brug, engine: Engine) -> None:
    brug(*BAS)
    said = brug.json("staff", "invite", "bas@voorbeeld.nl", "--link")
    assert _opened(engine, said) == ("invitation", "bas@voorbeeld.nl")
    printed = brug("staff", "password", "bas@voorbeeld.nl", "--link")
    link = next(line for line in printed.splitlines() if line.startswith("http"))
    assert _opened(engine, {"link": link})[1] == "bas@voorbeeld.nl"
    with reading(engine) as session:
        assert not rows_of(session, Message)


def test_a_new_password_and_no_codes_for_who_lost_a_telephone(brug: Brug, engine: Engine) -> None:
    brug(*BAS)
    with transaction(engine) as session:
        [person] = rows_of(session, Staff, email="bas@voorbeeld.nl")
        invitations.set_password(session, person, "een paarse fiets", NOW)
        accounts.keep_totp(session, person, "A" * 32, NOW, None)
    assert "brug staff password" in (brug("staff", "invite", "bas@voorbeeld.nl", code=1)
                                     + brug.complaint)  # fmt: skip
    said = brug.json("staff", "password", "bas@voorbeeld.nl", "--link", "--no-codes")
    assert _opened(engine, said) == ("reset", "bas@voorbeeld.nl")
    brug("staff", "password", "bas@voorbeeld.nl")
    with reading(engine) as session:
        assert [mail.kind for mail in rows_of(session, Message)] == ["reset"]
        assert rows_of(session, SignIn)[0].totp_secret is None
    brug("staff", "password", "niemand@voorbeeld.nl", code=1)


def test_a_new_library_gets_its_administrator(brug: Brug, engine: Engine) -> None:
    done = brug.json("init", "--library", "De Brink", "--administrator", "eva.bos@brink.example")
    assert _opened(engine, done["administrator"])[0] == "invitation"
    with reading(engine) as session:
        [row] = rows_of(session, Staff, email="eva.bos@brink.example")
    assert (row.name, row.role) == ("Eva Bos", "administrator")
    # again: the same person, with a fresh link
    again = brug.json("init", "--library", "De Brink", "--administrator", "eva.bos@brink.example")
    assert again["administrator"]["link"] != done["administrator"]["link"]
    with transaction(engine) as session:
        [row] = rows_of(session, Staff, email="eva.bos@brink.example")
        row.role = "staff"
        session.add(row)
    brug("init", "--library", "De Brink", "--administrator", "eva.bos@brink.example")
    with reading(engine) as session:
        assert rows_of(session, Staff)[-1].role == "administrator"
    said = brug("init", "--library", "De Brink")
    assert "brug init --administrator" in said


def test_in_the_demo_one_of_each_role_signs_in_with_the_same_password(engine: Engine) -> None:
    with transaction(engine) as session:
        library = a_library(session)
        a_colleague(session, library, "tweede@voorbeeld.nl")
        a_staff(session, library, "Bas")
        a_staff(session, an_office(session), "Lotte", "national_office")
        doors = demo.open_doors(session, NOW)
        assert [each.role for each in doors] == [
            "coordinator", "staff", "administrator", "national_office",
        ]  # fmt: skip
        kept = {row.password_hash for row in rows_of(session, SignIn)}
        assert len(kept) == 1 and len(rows_of(session, SignIn)) == 4
        assert passwords.matches(kept.pop(), demo.PASSWORD)
        assert all(
            session.get_one(Organisation, row.organisation_id).invented
            for row in rows_of(session, Staff, role="administrator")
        )
