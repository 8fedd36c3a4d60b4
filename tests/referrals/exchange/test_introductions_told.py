"""An import of introductions is told: to coordinators at once, to the partner as a number."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from referrals.exchange.cells import Cell
from referrals.exchange.introduction_imports import import_introductions
from storage.engine import reading, transaction
from storage.tables import Case, ContactPerson, Introduction, Message, Staff
from tests.builders import a_contact, a_partner, a_route, a_staff
from tests.looking import rows_of
from tests.referrals.exchange.books import a_workbook
from tests.referrals.exchange.importing import NOW

HEADINGS: list[Cell] = ["Personeelsnr", "Naam", "Mobiel", "Afdeling", "Wil graag", "Opmerking"]
PARTNER = "Bouw BV (verzonnen)"


def person(number: int, wish: str = "") -> list[Cell]:
    return [number, f"Omar{chr(97 + number)} Yilmaz", f"06123456{number:02}", "Inpak", wish, ""]


@pytest.fixture
def employer(engine: Engine, library: int) -> int:
    """An employer with a contact person, and the route of employers published."""
    with transaction(engine) as session:
        a_route(session, "employers")
        partner = a_partner(session, library, PARTNER)
        a_contact(session, partner)
        return partner


def take(engine: Engine, library: int, path: Path, *rows: list[Cell], **options: Any) -> None:
    book = a_workbook(path, {"Aanmeldingen": [HEADINGS, *rows]})
    import_introductions(engine, book, partner=PARTNER, organisation_id=library, now=NOW, **options)


def queued(engine: Engine, kind: str) -> list[Message]:
    with reading(engine) as session:
        return rows_of(session, Message, kind=kind)


def test_every_coordinator_and_the_partner_hear_of_an_import(
    engine: Engine, library: int, employer: int, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        a_staff(session, library, "Eva", "coordinator")
        a_staff(session, library, "Bas")
    take(engine, library, tmp_path / "a.xlsx", *(person(number) for number in range(12)))
    with reading(engine) as session:
        leading = {row.id for row in rows_of(session, Staff, role="coordinator")}
        cases = [row.id for row in rows_of(session, Case)]
        first = rows_of(session, Introduction)[0].id
    told = queued(engine, "introductions")
    assert {row.staff_id for row in told} == leading
    assert {row.key for row in told} == {f"introductions:{first}:{who}" for who in leading}
    for row in told:
        assert row.detail == {"number": 12, "partner": employer, "cases": cases[:10]}
    [received] = queued(engine, "received")
    assert received.key == f"received:{first}"
    assert received.detail == {"number": 12, "day": str(NOW.date())}


def test_an_import_that_changes_nothing_tells_nothing(
    engine: Engine, library: int, employer: int, tmp_path: Path
) -> None:
    take(engine, library, tmp_path / "a.xlsx", person(1), dry_run=True)
    assert queued(engine, "introductions") == queued(engine, "received") == []
    for _ in range(2):
        take(engine, library, tmp_path / "a.xlsx", person(1))
    assert len(queued(engine, "introductions")) == len(queued(engine, "received")) == 1


def test_a_second_import_is_told_also_when_it_begins_with_somebody_known(
    engine: Engine, library: int, employer: int, tmp_path: Path
) -> None:
    take(engine, library, tmp_path / "a.xlsx", person(1))
    # the same person with another wish, and somebody new
    take(engine, library, tmp_path / "b.xlsx", person(1, "rekenen"), person(2))
    assert [row.detail["number"] for row in queued(engine, "introductions")] == [1, 2]
    assert [row.detail["number"] for row in queued(engine, "received")] == [1, 2]


def test_a_partner_who_wants_no_mail_gets_none(
    engine: Engine, library: int, employer: int, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        [contact] = rows_of(session, ContactPerson)
        contact.mails = False
    take(engine, library, tmp_path / "a.xlsx", person(1))
    assert queued(engine, "received") == []
    assert len(queued(engine, "introductions")) == 1


def test_it_waits_for_the_morning(
    engine: Engine, library: int, employer: int, tmp_path: Path
) -> None:
    book = a_workbook(tmp_path / "a.xlsx", {"Aanmeldingen": [HEADINGS, person(1)]})
    night = NOW.replace(hour=22)
    import_introductions(engine, book, partner=PARTNER, organisation_id=library, now=night)
    [told] = queued(engine, "introductions")
    assert told.next_at > night + timedelta(hours=5)
