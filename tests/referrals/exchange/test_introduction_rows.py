"""A sheet of introductions is read whole, and who can't be reached is sent back."""

import json
from pathlib import Path

from referrals.exchange.introduction_rows import read_introductions
from tests.referrals.exchange.books import DATA, a_workbook


def test_the_sheet_of_the_employer_comes_out_as_expected() -> None:
    expected = json.loads((DATA / "expected.json").read_text())["werkgever-aanmeldingen.xlsx"]
    reading = read_introductions(DATA / "werkgever-aanmeldingen.xlsx")
    refused = [{"row": row.row, "why": row.code} for row in reading.refused]
    assert reading.rows_with_content == expected["rows"]
    assert len(reading.rows) == expected["accepted"]
    assert refused == expected["refused"]
    assert not reading.warnings


def test_a_name_in_one_column_is_taken_apart_and_the_wish_kept() -> None:
    row = read_introductions(DATA / "werkgever-aanmeldingen.xlsx").rows[0]
    assert (row.person.first_name, row.person.last_name) == ("Ali", "van Leeuwen")
    assert (row.department, row.wish) == ("inpak", "weet nog niet")
    assert row.best_moment == "niet op het werk!"


def test_an_address_alone_is_a_way_to_reach_somebody(tmp_path: Path) -> None:
    rows = [
        ["Naam", "Mobiel", "E-mail"],
        ["Ria Bos", "geen", "ria@voorbeeld.nl"],
        ["Ali Bos", "-", "-"],
    ]
    reading = read_introductions(a_workbook(tmp_path / "i.xlsx", {"Blad1": rows}))
    assert [row.person.email for row in reading.rows] == ["ria@voorbeeld.nl"]
    assert [(row.row, row.code) for row in reading.refused] == [(3, "no way to reach")]
