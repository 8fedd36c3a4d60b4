"""A workbook is opened as people see it, and what is dangerous is refused before it is opened."""

import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.errors import FaultyFile
from referrals.exchange import workbook_limits
from referrals.exchange.workbook_limits import BROKEN, LOCKED, NOT_A_WORKBOOK, TOO_LARGE
from referrals.exchange.workbooks import read_sheets
from tests.referrals.exchange.books import a_workbook, a_zip, an_ods, an_xlsx_zip, ods_row

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MEGABYTE = 1_000_000


def test_rows_have_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "b.xlsx", {"Blad1": [[], [], ["", "", "hier"]]})
    (sheet,) = read_sheets(path)
    assert sheet.rows[2] == ["", "", "hier"]


def test_an_ods_is_read_like_an_xlsx(tmp_path: Path) -> None:
    empty = (
        b'<table:table-row table:number-rows-repeated="2"><table:table-cell'
        b' table:number-columns-repeated="16384"/></table:table-row>'
    )
    day = (
        b'<table:table-row><table:table-cell office:value-type="date"'
        b' office:date-value="2018-03-12"/></table:table-row>'
    )
    path = an_ods(tmp_path / "b.ods", empty + ods_row("Ria") + day)
    (sheet,) = read_sheets(path)
    assert sheet.rows[2:] == [["Ria"], [date(2018, 3, 12)]]


def test_a_renamed_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "b.ods", {"Blad1": [["Naam"]]})
    assert read_sheets(path)[0].rows == [["Naam"]]


def _text(path: Path) -> Path:
    path.write_text("Naam;Tel\nRia;0612345678\n")
    return path


def _nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def _old(path: Path) -> Path:
    path.write_bytes(OLE + b"\0" * 1000)
    return path


def _locked(path: Path) -> Path:
    path.write_bytes(OLE + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le"))
    return path


def _other_zip(path: Path) -> Path:
    return a_zip(path, {"brief.txt": b"Beste"})


def _huge(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.truncate(workbook_limits.LARGEST_FILE + 1)
    return path


def _bomb(path: Path) -> Path:
    zeros = b" " * (50 * MEGABYTE)
    return an_xlsx_zip(path, {f"xl/worksheets/sheet{n}.xml": zeros for n in range(5)})


def _lying_bomb(path: Path) -> Path:
    """Says that it unpacks to ten bytes."""
    _bomb(path)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + 24 : at + 28] = (10).to_bytes(4, "little")
        at = content.find(b"PK\1\2", at + 4)
    path.write_bytes(content)
    return path


def _one_cell_far_away(path: Path) -> Path:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD1048576"><v>1</v></c></row>'
    return an_xlsx_zip(path, {"xl/worksheets/sheet1.xml": rows})


def _repeated_cells(path: Path) -> Path:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return an_ods(path, row.encode())


def _one_text_a_million_times(path: Path) -> Path:
    text = b"<sst><si><t>" + b"a" * 32_000 + b"</t></si></sst>"
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(1, 200_000))
    return an_xlsx_zip(path, {"xl/sharedStrings.xml": text, "xl/worksheets/sheet1.xml": cells})


def _one_endless_text(path: Path) -> Path:
    return an_xlsx_zip(path, {"xl/sharedStrings.xml": b"<si><t>" + b"a" * (90 * MEGABYTE)})


def _promised_texts(path: Path) -> Path:
    """Makes the reader ask for more memory than there is, which ends the whole process."""
    return an_xlsx_zip(
        path, {"xl/sharedStrings.xml": b'<sst count="3" uniqueCount="1499999999990">'}
    )


def _entities(path: Path) -> Path:
    document = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>'
    return a_zip(path, {"content.xml": document})


def _many_names(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number:06d}", b"")
    return path


def _cut_off(path: Path) -> Path:
    a_workbook(path, {"Blad1": [["Naam", "Tel"]] * 500})
    path.write_bytes(path.read_bytes()[:-100])
    return path


def _cut_off_ods(path: Path) -> Path:
    """A reader that waits for the end of the table waits for ever."""
    an_ods(path, ods_row("Naam", "Tel"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return a_zip(path, {**parts, "content.xml": parts["content.xml"][:-60]})


@pytest.mark.parametrize(
    ("build", "remedy"),
    [
        (_text, NOT_A_WORKBOOK),
        (_nothing, NOT_A_WORKBOOK),
        (_old, NOT_A_WORKBOOK),
        (_other_zip, NOT_A_WORKBOOK),
        (_locked, LOCKED),
        (_huge, TOO_LARGE),
        (_bomb, TOO_LARGE),
        (_lying_bomb, BROKEN),
        (_one_cell_far_away, TOO_LARGE),
        (_repeated_cells, TOO_LARGE),
        (_one_text_a_million_times, TOO_LARGE),
        (_one_endless_text, TOO_LARGE),
        (_promised_texts, TOO_LARGE),
        (_entities, TOO_LARGE),
        (_many_names, TOO_LARGE),
        (_cut_off, BROKEN),
        (_cut_off_ods, BROKEN),
    ],
)
def test_it_is_refused_in_words_within_a_second_and_fifty_megabytes(
    tmp_path: Path, build: Callable[[Path], Path], remedy: str
) -> None:
    path = build(tmp_path / "b.xlsx")
    # the time of this process, as others may be at work; measuring memory would slow it
    started = time.process_time()
    with pytest.raises(FaultyFile) as refused:
        read_sheets(path)
    took = time.process_time() - started
    tracemalloc.start()
    with pytest.raises(FaultyFile):
        read_sheets(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.remedy == remedy
    assert took < 1 and peak < 50 * MEGABYTE


def test_an_empty_workbook_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="no rows"):
        read_sheets(a_workbook(tmp_path / "b.xlsx", {"Blad1": []}))
    with pytest.raises(FaultyFile, match="Check the name"):
        read_sheets(tmp_path / "niets.xlsx")


def test_only_a_command_that_opens_a_workbook_loads_the_reader() -> None:
    code = (
        "import sys, referrals.exchange.workbooks as w; sys.exit('python_calamine' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
