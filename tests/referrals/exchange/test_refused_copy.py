"""Refused rows come back in a copy that can be mended and imported again."""

import stat
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.bsn import MASK, holds_bsn
from referrals.exchange.cells import Cell, text_of
from referrals.exchange.refused_copy import write_refused_copy
from referrals.exchange.register_rows import read_register
from referrals.exchange.rows import Reading, RefusedRow
from referrals.exchange.workbooks import read_sheets
from tests.referrals.exchange.books import DATA, Rows, a_workbook

HEADINGS = ["Nr", "Voornaam", "Achternaam", "Tel", "Eerste contact", "Intake", "Opmerkingen"]


def test_the_copy_of_the_register_holds_just_the_refused_rows(tmp_path: Path) -> None:
    reading = read_register(DATA / "register-taalhuis.xlsx")
    target = tmp_path / "terug.xlsx"
    assert write_refused_copy(reading, target) == 10
    sheets = read_sheets(target)
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [
        ("Deelnemers 2018", 5),
        ("Deelnemers 2019", 7),
    ]
    marks = [row[25] for sheet in sheets for row in sheet.rows[1:]]
    assert marks == [row.row for row in reading.refused]


def test_the_copy_holds_no_bsn_anywhere(tmp_path: Path) -> None:
    target = tmp_path / "terug.xlsx"
    write_refused_copy(read_register(DATA / "register-taalhuis.xlsx"), target)
    cells = [text_of(c) for sheet in read_sheets(target) for row in sheet.rows for c in row]
    assert sum(MASK in cell for cell in cells) == 6
    assert not any(holds_bsn(cell) for cell in cells)
    with zipfile.ZipFile(target) as parts:
        content = b"".join(parts.read(name) for name in parts.namelist())
    assert b"584548175" not in content


def test_a_bsn_that_lost_its_zero_is_masked_and_then_taken(tmp_path: Path) -> None:
    rows: Rows = [["Voornaam", "Tel", "BSN"], ["Ria", "0612345678", 12345672]]
    reading = read_register(a_workbook(tmp_path / "r.xlsx", {"B": rows}))
    target = tmp_path / "terug.xlsx"
    write_refused_copy(reading, target)
    [sheet] = read_sheets(target)
    assert sheet.rows[1][:3] == ["Ria", "0612345678", MASK]
    again = read_register(target)
    assert (len(again.rows), again.refused) == (1, [])


def test_a_copy_is_for_its_owner_alone_and_takes_the_place_of_the_one_before(
    tmp_path: Path,
) -> None:
    reading = read_register(DATA / "register-taalhuis.xlsx")
    target = tmp_path / "terug.xlsx"
    target.write_text("an earlier one, which others can read")
    target.chmod(0o644)
    write_refused_copy(reading, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert read_sheets(target) and list(tmp_path.iterdir()) == [target]


def test_a_copy_that_breaks_off_leaves_the_one_before(tmp_path: Path) -> None:
    def breaks(_sentence: str) -> str:
        raise KeyboardInterrupt

    target = tmp_path / "terug.xlsx"
    target.write_text("an earlier one")
    with pytest.raises(KeyboardInterrupt):
        write_refused_copy(read_register(DATA / "register-taalhuis.xlsx"), target, say=breaks)
    assert target.read_text() == "an earlier one" and list(tmp_path.iterdir()) == [target]


def test_what_is_wrong_stands_in_colour_and_as_a_comment_in_the_language_of_the_reader(
    tmp_path: Path,
) -> None:
    target = tmp_path / "terug.xlsx"
    write_refused_copy(read_register(DATA / "register-taalhuis.xlsx"), target, say=str.upper)
    with zipfile.ZipFile(target) as parts:
        comments = parts.read("xl/comments1.xml").decode()
        assert b"FFFFD7D7" in parts.read("xl/styles.xml")
    assert "THIS DAY DOES NOT EXIST." in comments and 'ref="L4"' in comments


def test_the_copy_is_taken_once_it_is_mended(tmp_path: Path) -> None:
    reading = read_register(DATA / "register-taalhuis.xlsx")
    target = tmp_path / "terug.xlsx"
    write_refused_copy(reading, target)
    still = read_register(target)
    # the asterisks that stand for a BSN are no BSN: those rows need nothing more
    assert (len(still.rows), [row.code for row in still.refused]) == (6, ["date"] * 4)
    assert not still.warnings
    mended = read_register(_mended(target, tmp_path / "heel.xlsx", "31-02-2018", "28-2-2018"))
    assert (len(mended.rows), mended.refused) == (10, [])


def _mended(source: Path, target: Path, wrong: str, right: str) -> Path:
    sheets: dict[str, Rows] = {
        sheet.name: [[right if cell == wrong else cell for cell in row] for row in sheet.rows]
        for sheet in read_sheets(source)
    }
    return a_workbook(target, sheets)


def test_a_column_known_by_its_cells_alone_is_still_known_in_the_copy(tmp_path: Path) -> None:
    rows = [["Voornaam", "Gestart", "Kolom9"]] + [["Ria", "x", "ria@voorbeeld.nl"]] * 4
    rows += [["Ali", "31-2-2018", "ali@voorbeeld.nl"]]
    reading = read_register(a_workbook(tmp_path / "r.xlsx", {"B": rows}))
    write_refused_copy(reading, tmp_path / "terug.xlsx")
    mended = _mended(tmp_path / "terug.xlsx", tmp_path / "heel.xlsx", "31-2-2018", "x")
    assert [row.person.email for row in read_register(mended).rows] == ["ali@voorbeeld.nl"]


signs = st.sampled_from(["", "=", "+", "-", "@", "\t", "＝", "＋", "＠", "_x0041_", "'"])
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20)
texts = st.builds("{}{}a".format, signs, words).filter(lambda text: not holds_bsn(text))
days = st.dates(date(1990, 1, 1), date(2020, 1, 1))


@settings(max_examples=40)
@given(texts, texts, st.sampled_from(["", "0612345678", 612345678]), days | st.just("x"), texts)
def test_a_mended_row_is_the_row_that_it_would_have_been(
    first: str, last: str, phone: Cell, intake: Cell, notes: str
) -> None:
    row: list[Cell] = [1, first, last, phone, "31-2-2018", intake, notes]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        right = [*row[:4], "28-2-2018", *row[5:]]
        whole = read_register(a_workbook(place / "heel.xlsx", {"Blad1": [HEADINGS, right]}))
        refused = read_register(a_workbook(place / "fout.xlsx", {"Blad1": [HEADINGS, [], row]}))
        write_refused_copy(refused, place / "terug.xlsx")
        mended = _mended(place / "terug.xlsx", place / "m.xlsx", "31-2-2018", "28-2-2018")
        again = read_register(mended)
        with zipfile.ZipFile(place / "terug.xlsx") as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert [row.fingerprint for row in again.rows] == [row.fingerprint for row in whole.rows]
    assert len(again.rows) == 1


def test_what_begins_like_a_formula_keeps_being_text_when_it_is_edited(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "f.xlsx", {"Blad1": [HEADINGS, [1, "=1+1", "", "06-1"]]})
    write_refused_copy(read_register(path), tmp_path / "terug.xlsx")
    with zipfile.ZipFile(tmp_path / "terug.xlsx") as parts:
        assert b'quotePrefix="1"' in parts.read("xl/styles.xml")
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_sheets_of_an_ods_with_any_name_get_a_name_that_excel_allows(tmp_path: Path) -> None:
    from referrals.exchange.refused_copy import _sheet_name

    taken: set[str] = set()
    for name in ("a/b", "A-B", "x" * 40, "X" * 40, "history", "'", "", "[]"):
        found = _sheet_name(name, taken)
        assert 0 < len(found) <= 31 and found.casefold() not in taken
        taken.add(found.casefold())


def test_an_import_without_refusals_writes_no_rows(tmp_path: Path) -> None:
    reading: Reading[RefusedRow] = Reading()
    assert write_refused_copy(reading, tmp_path / "leeg.xlsx") == 0
