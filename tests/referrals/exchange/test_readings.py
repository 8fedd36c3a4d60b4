"""Reports: what was read of a workbook, what each column was taken for, and a copy to mend."""

import json
import stat
from pathlib import Path

import pytest

from referrals.exchange import readings
from referrals.exchange.register_rows import read_register
from referrals.exchange.report import FoundDouble, ImportReport, Refusal
from referrals.exchange.workbooks import read_sheets
from tests.referrals.exchange.books import Rows, a_workbook
from tests.referrals.exchange.registers import REFUSED, ROWS, a_register


def test_a_reading_goes_into_the_report(tmp_path: Path) -> None:
    path = a_register(tmp_path / "register.xlsx")
    report = ImportReport()
    readings.report_on(report, read_register(path), path, tmp_path / "copies")
    assert report.rows == ROWS
    assert [(refusal.sheet, refusal.row, refusal.code) for refusal in report.refused] == REFUSED
    assert report.columns["2019"]["D (Startdatum)"] == "started"
    assert report.refused_copy is not None
    assert Path(report.refused_copy).parent == tmp_path / "copies"
    assert Path(report.refused_copy).name.startswith("register-")
    [sheet] = read_sheets(Path(report.refused_copy))
    assert len(sheet.rows) == 1 + len(REFUSED)


def test_a_file_has_one_copy_however_often_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "b"):
        Path(folder).mkdir()
        a_register(Path(folder, "register.xlsx"))
    copies = tmp_path / "data" / "refused"
    for written in ("a/register.xlsx", str(tmp_path / "a/register.xlsx"), "b/register.xlsx"):
        report = ImportReport()
        path = Path(written)
        readings.report_on(report, read_register(path), path, copies)
    assert len(list(copies.iterdir())) == 2
    assert stat.S_IMODE(copies.stat().st_mode) == 0o700


def test_the_copy_speaks_the_language_of_the_reader(tmp_path: Path) -> None:
    path = a_register(tmp_path / "register.xlsx")
    report = ImportReport()
    readings.report_on(
        report, read_register(path), path, tmp_path, say=lambda sentence: f"«{sentence}»"
    )
    assert report.refused_copy is not None
    [sheet] = read_sheets(Path(report.refused_copy))
    assert any(str(cell).startswith("Brug: «") for cell in sheet.rows[0])


def test_without_refusals_or_a_folder_there_is_no_copy(tmp_path: Path) -> None:
    sound = a_workbook(tmp_path / "s.xlsx", {"B": [["Voornaam", "Tel"], ["Ria", "0612345678"]]})
    report = ImportReport()
    readings.report_on(report, read_register(sound), sound, tmp_path / "copies")
    refused = a_register(tmp_path / "register.xlsx")
    readings.report_on(report, read_register(refused), refused, None)
    assert report.refused_copy is None and not (tmp_path / "copies").exists()


def test_a_column_that_was_not_understood_is_among_the_unsure_ones(tmp_path: Path) -> None:
    rows: Rows = [["Voornaam", "Tel", "Schoenmaat"], ["Ria", "0612345678", 38]]
    path = a_workbook(tmp_path / "s.xlsx", {"B": rows})
    report = ImportReport()
    readings.report_on(report, read_register(path), path, None)
    assert report.unsure == {"B": ["C (Schoenmaat)"]}


def test_a_report_is_json_with_everything_that_was_asked_for() -> None:
    report = ImportReport(rows=3, accepted=2)
    report.refused.append(Refusal("B", 3, "This day does not exist.", "Mend it.", "date"))
    report.doubles += [
        FoundDouble("B", 4, "B 2", "x", True),
        FoundDouble("B", 5, "B 2", "x", False),
    ]
    told = json.loads(json.dumps(report.as_json(str.upper)))
    assert set(told) >= {
        "rows", "accepted", "refused", "people", "cases", "events", "doubles_merged",
        "doubles_suggested", "warnings",
    }  # fmt: skip
    assert (told["doubles_merged"], told["doubles_suggested"]) == (1, 1)
    assert told["refused"][0]["why"] == "THIS DAY DOES NOT EXIST."
