"""How commands show things: tables for people, JSON for programs, errors in words."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.language import LANGUAGE, t
from core import words
from core.errors import BrugError, ChangedMeanwhile, Fault

OUT = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(value: Any) -> None:
    """Print a value as one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def say(sentence: str, **values: object) -> None:
    """Print a translated sentence."""
    OUT.print(t(sentence, **values), markup=False)


def number(value: int) -> str:
    """A number as the language writes it."""
    return words.number_in(LANGUAGE, value)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()
) -> None:
    """Print a table with translated headings; columns in `right` hold numbers."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    numbers = set(right)
    for place, heading in enumerate(headings):
        shown.add_column(t(heading), justify="right" if place in numbers else "left")
    for row in rows:
        shown.add_row(*(_cell(value) for value in row))
    OUT.print(shown, markup=False)


def fault(fault: Fault, *, file: str = "") -> None:
    """Print a fault with its place and remedy."""
    where = f"{file}:{fault.line}: " if fault.line else ""
    remedy = f" {t(fault.remedy)}" if fault.remedy else ""
    ERR.print(f"{where}{fault.thing}: {t(fault.why)}{remedy}", markup=False)


def error(error: BrugError, *, as_json: bool = False) -> None:
    """Tell what went wrong: the thing, every reason, and the remedy."""
    if as_json:
        sys.stdout.write(json.dumps({"error": error_json(error)}, ensure_ascii=False) + "\n")
    head = f"{error.thing}: {t(error.sentence)}" if error.thing else t(error.sentence)
    remedy = f" {t(error.remedy)}" if error.remedy else ""
    ERR.print(head + remedy, markup=False)
    for each in error.faults:
        fault(each, file=error.thing if each.line else "")
    if isinstance(error, ChangedMeanwhile):
        say_change(error)


def say_change(error: ChangedMeanwhile) -> None:
    """Tell what changed, by whom and when."""
    change = error.change
    ERR.print(
        t(
            "{reference} went from {before} to {stage}, by {by}, at {at}.",
            reference=change.reference,
            before=change.expected_stage,
            stage=change.stage,
            by=change.by,
            at=change.at,
        ),
        markup=False,
    )


def error_json(error: BrugError) -> dict[str, Any]:
    """An error for programs."""
    return {
        "kind": type(error).__name__,
        "thing": error.thing,
        "why": t(error.sentence),
        "remedy": t(error.remedy) if error.remedy else "",
        "faults": [
            {"thing": f.thing, "line": f.line, "why": t(f.why), "remedy": t(f.remedy)}
            for f in error.faults
        ],
    }


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, int):
        return number(value)
    return "" if value is None else str(value)
