"""What both imports of workbooks share: which rows are new, the report, the copy of the refused."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session

from referrals.exchange.columns import Column
from referrals.exchange.introduction_rows import IntroductionRow
from referrals.exchange.refused_copy import Say, write_refused_copy
from referrals.exchange.register_rows import RegisterRow
from referrals.exchange.report import ImportReport, Refusal
from referrals.exchange.rows import Reading
from storage.queries import imports

Row = TypeVar("Row", RegisterRow, IntroductionRow)


def fresh_rows(
    session: Session, organisation_id: int, source: str, rows: Sequence[Row], report: ImportReport
) -> tuple[list[Row], dict[str, int]]:
    """The rows that were not imported before, each content once; and the others' cases by content.

    Counts in the report how many rows are taken and how many changed nothing.
    """
    prints = [row.fingerprint for row in rows]
    known = imports.known(session, organisation_id, source, prints)
    fresh: dict[str, Row] = {}
    for row in rows:
        if row.fingerprint not in known:
            fresh.setdefault(row.fingerprint, row)
    report.accepted += len(rows)
    report.already += len(rows) - len(fresh)
    return list(fresh.values()), known


def report_on(
    report: ImportReport,
    reading: Reading[Any],
    path: Path,
    copies: Path | None,
    say: Say = str,
) -> None:
    """Add the counts, the refusals, the warnings and the guessed columns of a workbook.

    With a folder `copies`, refused rows are written there, to a workbook named after the file,
    in the language of `say`; it takes the place of the copy of an earlier import of that file.
    """
    report.rows += reading.rows_with_content
    report.refused += [
        Refusal(row.sheet, row.row, row.why, row.remedy, row.code) for row in reading.refused
    ]
    report.warnings += [notice.told for notice in reading.warnings]
    report.columns = {
        sheet: {column.name: column.field or "" for column in columns}
        for sheet, columns in reading.guess.items()
    }
    report.unsure = {
        sheet: [column.name for column in columns if _is_unsure(column)]
        for sheet, columns in reading.guess.items()
    }
    if copies is not None and reading.refused:
        copies.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = copies / _copy_name(path)
        write_refused_copy(reading, copy, say=say)
        report.refused_copy = str(copy)


def _copy_name(path: Path) -> str:
    """The same for the same file and for no other: two partners may both send a `lijst.xlsx`."""
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    return f"{path.stem}-{place}.xlsx"


def _is_unsure(column: Column) -> bool:
    """Whether somebody should look at it: guessed, or something with a heading and not taken."""
    if column.field is None:
        return bool(column.header) and column.how != "ignored"
    return column.sureness < 1
