"""Columns are understood by heading, by what stands under it, or as a mapping says."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FaultyFile
from referrals.exchange.columns import Column, guess_columns
from referrals.exchange.headings import INTRODUCTION, REGISTER, STAGES
from referrals.exchange.mappings import ColumnMapping, Mapped, read_mapping


def _fields(*headers: str, below: list[list[str]] | None = None) -> list[str | None]:
    columns = guess_columns(headers, below or [], REGISTER, Mapped())
    return [column.field for column in columns]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Geb.jaar", "birth_year"),
        ("GEBOORTEJAAR", "birth_year"),
        ("Tel", "phone"),
        ("Telefoonnr.", "phone"),
        ("E-mail", "email"),
        ("NT1/NT2", "mother_tongue"),
        ("Via", "channel"),
        ("Hoe binnengekomen", "channel"),
        ("Hoe binnengekomen?", "channel"),
        ("Naam doorverwijzer", "referrer_name"),
        ("Eerste contact", "contact"),
        ("1e contact", "contact"),
        ("Datum eerste contact", "contact"),
        ("Kennismaking", "trust"),
        ("Taalmeter afgenomen", "screened"),
        ("Toestemming", "agreed"),
        ("Doorverwezen", "referred"),
        ("Contact gelegd", "spoken"),
        ("Intake-gesprek", "intake"),
        ("Wachtlijst", "waiting"),
        ("Gestart op", "started"),
        ("Afgerond", "completed"),
        ("Gestopt", "stopped"),
        ("Reden van stoppen", "reason"),
        ("Naar (aanbieder)", "provider"),
        ("Opmerkigen", "notes"),
        ("Schoenmaat", None),
        ("Naam van het kind", None),
    ],
)
def test_a_heading_is_understood_in_its_spellings(header: str, field: str | None) -> None:
    assert _fields(header) == [field]


def test_every_stage_and_every_field_goes_by_its_own_name() -> None:
    for fields in (REGISTER, INTRODUCTION):
        headers = list(fields)
        columns = guess_columns(headers, [], fields, Mapped())
        known = [
            column.field for column in columns if column.field in STAGES or "_" in column.header
        ]
        assert known == [name for name in headers if name in STAGES or "_" in name]


def test_a_field_is_given_to_the_surest_heading_and_the_other_is_told() -> None:
    columns = guess_columns(["Telefoon thuis", "Telefoon"], [], REGISTER, Mapped())
    assert [column.field for column in columns] == [None, "phone"]
    assert columns[0].how == "taken twice"


def test_naam_beside_voornaam_is_the_last_name() -> None:
    assert _fields("Voornaam", "Naam") == ["first_name", "last_name"]
    assert _fields("Naam", "Tel") == ["full_name", "phone"]


def test_unclear_headings_are_understood_from_the_cells_under_them() -> None:
    below = [["06 12345678", "ria@voorbeeld.nl", "1970", "7811 AB", "NT2", "iets"]] * 4
    headers = ["K1", "K2", "", "K4", "K5", "K6"]
    found = ["phone", "email", "birth_year", "postcode", "mother_tongue", None]
    assert _fields(*headers, below=below) == found


def test_a_bsn_in_a_heading_is_not_repeated() -> None:
    (column,) = guess_columns(["bsn 584548175"], [], REGISTER, Mapped())
    assert "584548175" not in column.name


def test_a_mapping_overrules_the_guess_by_heading_and_by_letter() -> None:
    mapped = Mapped({"bron?": "channel", "B": "ignore", "C": "notes"})
    columns = guess_columns(["Bron?", "Tel", "Gestart"], [], REGISTER, mapped)
    assert [column.field for column in columns] == ["channel", None, "notes"]
    assert [column.how for column in columns] == ["mapping", "ignored", "mapping"]


def test_a_mapping_may_speak_of_one_sheet_alone(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps({"Tel": "phone", "Blad2": {"Tel": "ignore"}}))
    mapping = read_mapping(path, REGISTER)
    assert mapping.of_sheet("Blad1").by_header("TEL") == "phone"
    assert mapping.of_sheet("Blad2").by_header("tel") == "ignore"


def test_a_faulty_mapping_says_everything_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps({"Tel": "fone", "Blad2": {"K": 3}, "Naam": "full_name"}))
    with pytest.raises(FaultyFile) as refused:
        read_mapping(path, REGISTER)
    assert [fault.thing for fault in refused.value.faults] == ["Tel", "Blad2: K"]


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, "1"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(content)
    with pytest.raises(FaultyFile):
        read_mapping(path, REGISTER)


def test_what_a_mapping_names_and_no_sheet_has_is_told() -> None:
    mapping = ColumnMapping(
        {"Tel": "phone", "Fax": "ignore"}, {"Blad9": {}, "Blad1": {"Q": "notes"}}
    )
    columns = {"Blad1": (Column(0, "Tel", "phone", 1.0, "mapping"),)}
    assert mapping.unused(columns) == ["Blad9", "Fax", "Blad1: Q"]


@given(st.lists(st.text(max_size=20), max_size=12))
def test_no_field_is_given_twice_whatever_the_headings(headers: list[str]) -> None:
    found = [field for field in _fields(*headers) if field]
    assert len(found) == len(set(found))
