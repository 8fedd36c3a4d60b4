"""Builds small workbooks for tests, sound ones and malicious ones."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from referrals.exchange.cells import Cell

DATA = Path(__file__).parent / "data"

Rows = Sequence[Sequence[Cell | None]]


def a_workbook(
    path: Path, sheets: Mapping[str, Rows], *, hidden: Sequence[str] = (), title: str = ""
) -> Path:
    """A workbook with these sheets; a `title` is merged over the first cells of an extra row."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if title:
                sheet.merge_range(0, 0, 0, 5, title)
            for at, row in enumerate(rows, start=2 if title else 0):
                for column, cell in enumerate(row):
                    _write(sheet, at, column, cell, day)
            if name in hidden:
                sheet.hide()
    return path


def _write(sheet: Any, row: int, column: int, cell: Cell | None, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, str) and cell:
        sheet.write_string(row, column, cell)


def a_zip(path: Path, parts: Mapping[str, bytes]) -> Path:
    """A zip with these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


_TYPES = b"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""
_OPEN = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    b'<office:spreadsheet><table:table table:name="Blad1">'
)
_CLOSE = b"</table:table></office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="/" manifest:media-type='
    b'"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def an_xlsx_zip(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Something that passes for an XLSX at first sight."""
    return a_zip(path, {"[Content_Types].xml": _TYPES, **parts})


def an_ods(path: Path, rows: bytes) -> Path:
    """An ODS with one sheet of these `table:table-row`s."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": kind, "META-INF/manifest.xml": _MANIFEST}
    return a_zip(path, {**parts, "content.xml": _OPEN + rows + _CLOSE})


def ods_row(*cells: str) -> bytes:
    """A row of texts."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f"<table:table-row>{inside}</table:table-row>".encode()
