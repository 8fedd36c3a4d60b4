"""A register is read whole: every row taken or refused with a reason, and nothing unsaid."""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from core.errors import FaultyFile
from referrals.doubles import KnownPeople
from referrals.exchange.cells import Cell
from referrals.exchange.days import DAY_UNKNOWN, Day
from referrals.exchange.mappings import ColumnMapping
from referrals.exchange.register_rows import RegisterReading, RegisterRow, read_register
from tests.referrals.exchange.books import DATA, Rows, a_workbook

TODAY = date(2026, 1, 5)
HEADINGS: list[Cell] = ["Nr", "Voornaam", "Achternaam", "Tel", "Eerste contact", "Opmerkingen"]


@pytest.fixture(scope="module")
def register() -> RegisterReading:
    return read_register(DATA / "register-taalhuis.xlsx", today=TODAY)


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    content = json.loads((DATA / "expected.json").read_text())["register-taalhuis.xlsx"]
    assert isinstance(content, dict)
    return content


def _read(
    tmp_path: Path, *rows: list[Cell], mapping: ColumnMapping | None = None
) -> RegisterReading:
    sheets: dict[str, Rows] = {"Blad1": [HEADINGS, *rows]}
    return read_register(a_workbook(tmp_path / "r.xlsx", sheets), mapping, today=TODAY)


def test_the_register_of_the_taalhuis_has_its_rows(
    register: RegisterReading, expected: dict[str, object]
) -> None:
    assert register.rows_with_content == expected["rows_with_content"]
    assert len(register.rows) == expected["accepted_rows"]


def test_exactly_the_rows_that_must_be_refused_are_refused(
    register: RegisterReading, expected: dict[str, object]
) -> None:
    refused = [{"sheet": r.sheet, "row": r.row, "why": r.code} for r in register.refused]
    assert refused == expected["refused"]


def test_a_refusal_says_why_and_what_to_do_and_repeats_nothing(register: RegisterReading) -> None:
    for row in register.refused:
        assert row.why.endswith(".") and row.remedy.endswith(".")
        said = repr(row) + row.why + row.remedy
        assert not any(str(cell) in said for cell in row.cells if len(str(cell)) > 8)


def test_people_per_stage_come_out_right_once_doubles_are_merged(
    register: RegisterReading, expected: dict[str, object]
) -> None:
    people = _people(register.rows)
    stages: defaultdict[str, set[int]] = defaultdict(set)
    for person, row in zip(people, register.rows, strict=True):
        for stage in row.reached:
            stages[stage].add(person)
    counted = {stage: len(stages[stage]) for stage in stages if stage != "stopped"}
    assert counted == expected["people_per_stage"]
    assert len(stages["stopped"]) == expected["people_stopped"]


def _people(rows: list[RegisterRow]) -> list[int]:
    """For each row the first row of the same person, suggestions accepted."""
    known: KnownPeople[int] = KnownPeople()
    people: list[int] = []
    for at, row in enumerate(rows):
        doubles = known.doubles_of(row.person)
        people.append(people[doubles[0].key] if doubles else at)
        known.add(at, row.person)
    return people


def test_the_second_sheet_has_its_own_order_and_headings(register: RegisterReading) -> None:
    row = next(row for row in register.rows if (row.sheet, row.row) == ("Deelnemers 2019", 4))
    assert (row.person.first_name, row.person.last_name) == ("Piet", "Çelik")
    assert row.person.phone == "+31645170401"
    assert row.channel == "self"
    assert row.reached["intake"] == Day(date(2020, 1, 15), "day")
    assert row.reached["completed"] == DAY_UNKNOWN


def test_every_column_of_the_register_is_understood_and_shown(register: RegisterReading) -> None:
    for columns in register.guess.values():
        assert all(column.field for column in columns)
    assert not register.warnings


def test_the_same_content_has_one_fingerprint_wherever_it_stands(tmp_path: Path) -> None:
    one: list[Cell] = [1, "Ria", "Benali", "0612345678", "12-3-2018", "=3+4"]
    again: list[Cell] = [7, " Ria ", "Benali", "06-12 34 56 78", date(2018, 3, 12), "=3+4"]
    other: list[Cell] = [8, "Ria", "Benali", "0612345678", "13-3-2018", "=3+4"]
    reading = _read(tmp_path, one, [], again, other)
    first, second, third = (row.fingerprint for row in reading.rows)
    assert first == second != third
    assert len(first) == 64


def test_how_a_way_in_is_spelled_makes_no_other_row(tmp_path: Path) -> None:
    rows = [["Voornaam", "Via", "Tel"], ["Ria", "School"], ["Ria", "school "], ["Ria", "IDO"]]
    reading = read_register(a_workbook(tmp_path / "r.xlsx", {"B": rows}))
    first, second, third = (row.fingerprint for row in reading.rows)
    assert first == second != third


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    reading = _read(tmp_path, [1, "Ria", "", "", "x", "=3+4"], [2, "Ali", "", "", "x", "@home"])
    assert [row.notes for row in reading.rows] == ["=3+4", "@home"]


def test_titles_empty_lines_totals_and_repeated_headings_are_no_rows(tmp_path: Path) -> None:
    rows: Rows = [
        HEADINGS,
        [],
        [1, "Ria", "Som", "", "x"],
        HEADINGS,
        [2],
        ["Totaal", 2],
        ["Som:", 3],
    ]
    path = a_workbook(tmp_path / "r.xlsx", {"2018": rows}, title="REGISTER - niet verspreiden!")
    reading = read_register(path)
    assert [(row.row, row.person.last_name) for row in reading.rows] == [(5, "Som")]
    assert not reading.refused and not reading.warnings


def test_a_row_reports_all_its_faults_in_one_refusal(tmp_path: Path) -> None:
    reading = _read(tmp_path, [1, "Ria", "123", "06-1", "31-2-2018", "bsn 584.548.175"])
    (row,) = reading.refused
    assert (row.sheet, row.row, row.code) == ("Blad1", 2, "bsn")
    assert {fault.code for fault in row.faults} == {"bsn", "date", "phone", "name"}
    assert "F (Opmerkingen)" in row.why and "E (Eerste contact)" in row.why


@pytest.mark.parametrize("cell", [584548175, 584548175.0, "584548175", "58 45 48 175"])
def test_a_bsn_among_the_phones_is_refused_with_the_leading_zero_as_remedy(
    tmp_path: Path, cell: Cell
) -> None:
    (row,) = _read(tmp_path, [1, "Ria", "", cell, "x"]).refused
    assert row.code == "bsn" and "leading 0" in row.remedy


def test_a_bsn_in_a_column_that_nobody_understands_is_refused_too(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path / "r.xlsx", {"B": [["Voornaam", "Tel", "Dossier"], ["Ria", "", 584548175]]}
    )
    assert [row.code for row in read_register(path).refused] == ["bsn"]


@pytest.mark.parametrize("cell", [12345672, 12345672.0, "12345672", " 12345672 "])
@pytest.mark.parametrize("heading", ["BSN", "Burgerservicenummer", "Sofinr."])
def test_a_bsn_that_lost_its_zero_is_refused_in_a_column_for_bsns(
    tmp_path: Path, heading: str, cell: Cell
) -> None:
    rows: Rows = [
        ["Voornaam", "Tel", heading],
        ["Ria", "0612345678", cell],
        ["Ali", "0612345679", ""],
    ]
    reading = read_register(a_workbook(tmp_path / "r.xlsx", {"B": rows}))
    (refused,) = reading.refused
    assert (refused.row, refused.code) == (2, "bsn") and f"C ({heading})" in refused.why
    assert len(reading.rows) == 1


def test_other_cells_in_a_column_for_bsns_and_eight_digits_elsewhere_are_taken(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["Voornaam", "BSN gezien", "Dossier", "Eerste contact"],
        ["Ria", "*********", 12345672, 20180312],
        ["Ali", "ja", "12345672", "x"],
        ["Els", "12-03-2018", "", "x"],
    ]
    reading = read_register(a_workbook(tmp_path / "r.xlsx", {"B": rows}))
    assert (len(reading.rows), reading.refused) == (3, [])


def test_a_phone_that_lost_its_zero_in_the_spreadsheet_is_a_phone(tmp_path: Path) -> None:
    (row,) = _read(tmp_path, [1, "Ria", "", 612345678, "x"]).rows
    assert row.person.phone == "+31612345678"


def test_somebody_without_a_name_is_somebody(tmp_path: Path) -> None:
    reading = _read(tmp_path, [1, "", "", "", "12-3-2018"], [2, "", "", "", "", "map kwijt"])
    assert [row.row for row in reading.rows] == [2]
    assert [(row.row, row.code) for row in reading.refused] == [(3, "name")]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VERW!", " #DEEL/0! ", "Err:502", "#NAAM?"])
@pytest.mark.parametrize("field", range(1, 6))
def test_an_error_of_the_spreadsheet_is_refused_by_its_name_where_it_matters(
    tmp_path: Path, error: str, field: int
) -> None:
    cells: list[Cell] = [error, "Ria", "Benali", "0612345678", "x", ""]
    # the running number is not kept, so nobody misses it
    assert not _read(tmp_path, cells).refused
    cells[field] = error
    (row,) = _read(tmp_path, cells).refused
    assert row.code == "error" and len(row.faults) == 1
    assert error.strip() in row.why and row.remedy


def test_a_remark_about_an_error_is_a_remark(tmp_path: Path) -> None:
    reading = _read(tmp_path, [1, "Ria", "", "", "x", "Excel geeft #N/A"])
    assert [row.notes for row in reading.rows] == ["Excel geeft #N/A"]


def test_a_day_far_ahead_is_refused(tmp_path: Path) -> None:
    assert [row.code for row in _read(tmp_path, [1, "Ria", "", "", "1-1-2028"]).refused] == ["date"]


def test_what_is_not_taken_is_told(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Lijst": [["Voornaam", "Tel", "Schoenmaat", "Tel."], ["Ria", "0612345678", 38, "geen"]],
        "Keuzes": [["school"], ["werkgever"]],
        "Oud": [["Voornaam", "Tel"], ["Ali", "0612345679"]],
        "Leeg": [],
    }
    reading = read_register(a_workbook(tmp_path / "r.xlsx", sheets, hidden=["Oud"]))
    assert len(reading.rows) == 1
    told = [str(warning) for warning in reading.warnings]
    assert len(told) == 4
    assert any("Schoenmaat" in each for each in told) and any("Oud" in each for each in told)
    assert any("D (Tel.)" in each for each in told) and any("Keuzes" in each for each in told)


def test_remarks_between_and_below_the_rows_are_told(tmp_path: Path) -> None:
    reading = _read(tmp_path, ["vanaf maart"], [1, "Ria", "", "", "x"], ["bijgewerkt door Anna"])
    assert len(reading.rows) == 1
    assert [warning.row for warning in reading.warnings] == [2, 4]
    assert not any("Anna" in str(warning) for warning in reading.warnings)


def test_words_that_have_no_code_are_taken_as_other_and_told(tmp_path: Path) -> None:
    rows = [
        ["Voornaam", "Via", "Gestopt", "Reden", "NT"],
        ["Ria", "duif", "2018", "regen", "Frans"],
    ]
    reading = read_register(a_workbook(tmp_path / "r.xlsx", {"B": rows}))
    (row,) = reading.rows
    assert (row.channel, row.reason, row.mother_tongue) == ("other", "other", None)
    assert row.reached == {"stopped": DAY_UNKNOWN}
    assert [warning.column for warning in reading.warnings] == ["C", "E", "B", "D"]
    assert not any("Frans" in str(warning) for warning in reading.warnings)


def test_a_cell_merged_over_several_rows_holds_for_each(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(["Voornaam", "Tel", "Gemeente"]):
            sheet.write_string(0, column, text)
        for row, name in enumerate(["Ria", "Ali"], start=1):
            sheet.write_string(row, 0, name)
        sheet.merge_range(1, 2, 2, 2, "Emmen")
    assert [row.municipality for row in read_register(path).rows] == ["Emmen", "Emmen"]


def test_a_mapping_reads_what_the_headings_do_not_say(tmp_path: Path) -> None:
    rows = [["A.", "Bb", "Ccc"], ["Ria", "12-3-2018", "folder"]]
    path = a_workbook(tmp_path / "r.xlsx", {"B": rows})
    with pytest.raises(FaultyFile):
        read_register(path)
    mapping = ColumnMapping({"A": "first_name", "B": "contact", "ccc": "channel", "Z": "ignore"})
    reading = read_register(path, mapping)
    (row,) = reading.rows
    assert (row.person.first_name, row.channel) == ("Ria", "campaign")
    assert [warning.sheet for warning in reading.warnings] == ["Z"]
