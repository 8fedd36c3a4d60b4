"""Municipalities: all of one year, found by whatever people write."""

from collections import Counter

import pytest

from core import municipalities
from core.municipalities import find


def test_all_of_2023_are_there_once() -> None:
    known = municipalities.municipalities()
    assert municipalities.year() == 2023
    assert len(known) == 342
    assert len({each.code for each in known}) == 342
    assert len({each.name for each in known}) == 342
    assert all(len(each.code) == 6 and each.code[2:].isdigit() for each in known)


def test_each_stands_in_its_province() -> None:
    per_province = Counter(each.province for each in municipalities.municipalities())
    assert per_province == {
        "Drenthe": 12, "Flevoland": 6, "Fryslân": 18, "Gelderland": 51, "Groningen": 10,
        "Limburg": 31, "Noord-Brabant": 56, "Noord-Holland": 44, "Overijssel": 25, "Utrecht": 26,
        "Zeeland": 13, "Zuid-Holland": 50,
    }  # fmt: skip


def test_every_name_leads_to_its_own_municipality() -> None:
    for each in municipalities.municipalities():
        for name in (each.name, *each.other_names):
            assert find(name) == each, name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Katwijk", "GM0537"),
        ("  KATWIJK ", "GM0537"),
        ("gem. Katwijk", "GM0537"),
        ("Gemeente Den Haag", "GM0518"),
        ("'s-Gravenhage", "GM0518"),
        ("s Gravenhage", "GM0518"),
        ("'s-Hertogenbosch", "GM0796"),
        ("sudwest fryslan", "GM1900"),
        ("Zuidwest-Friesland", "GM1900"),
        ("Hengelo", "GM0164"),
        ("Bergen (NH)", "GM0373"),
        ("Nuenen, Gerwen en Nederwetten", "GM0820"),
        ("Leidschendam Voorburg", "GM1916"),
        ("Leidschendam-Voorbrug", "GM1916"),
        ("Roterdam", "GM0599"),
        ("Gemert-Bakel", "GM1652"),
    ],
)
def test_what_people_write_is_understood(written: str, code: str) -> None:
    found = find(written)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "written", ["", "-", "onbekend", "Bergen", "Epen", "Ade", "Parijs", "Oost Betuwe", "gemeente"]
)
def test_what_is_unknown_or_could_be_two_is_not_guessed(written: str) -> None:
    assert find(written) is None


@pytest.mark.parametrize("written", ["GM0363", "gm0363", "0363", "363", " GM0363 "])
def test_a_code_is_found_however_it_is_written(written: str) -> None:
    found = municipalities.by_code(written)
    assert found and found.name == "Amsterdam"


@pytest.mark.parametrize("written", ["", "GM", "GM9999", "Amsterdam", "³⁶³"])
def test_what_is_no_code_is_not_found(written: str) -> None:
    assert municipalities.by_code(written) is None
