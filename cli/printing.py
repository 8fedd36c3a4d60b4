"""How commands show things: tables for people, JSON for programs, errors in words."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cli import titles
from cli.language import LANGUAGE, t
from core import words
from core.errors import BrugError, ChangedMeanwhile, Fault

#: what a fault is about that concerns a file as a whole
WHOLE_FILE = "file"
OUT = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(value: Any) -> None:
    """Print a value as one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def say(sentence: str, **values: object) -> None:
    """Print a translated sentence."""
    OUT.print(t(sentence, **values), markup=False)


def whole(text: str) -> None:
    """Print something that is copied, such as a link: in one piece on any terminal."""
    OUT.print(text, markup=False, soft_wrap=True)


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
        shown.add_column(
            t(heading), justify="right" if place in numbers else "left", overflow="fold"
        )
    for row in rows:
        shown.add_row(*(_cell(value) for value in row))
    OUT.print(shown, markup=False)


def facts(rows: Iterable[tuple[str, object]]) -> None:
    """Print what is known of one thing: translated names before their values."""
    table(("What", "Found"), ((t(name), value) for name, value in rows))


def fault(fault: Fault, *, file: str = "") -> None:
    """Print a fault with its place and remedy."""
    where = f"{file}:{fault.line}" if fault.line else ""
    thing = "" if fault.thing == WHOLE_FILE else titles.called(fault.thing)
    _tell(": ".join(part for part in (where, thing) if part), fault.why, fault.remedy)


def error(error: BrugError, *, as_json: bool = False) -> None:
    """Tell what went wrong: the thing, every reason, and the remedy."""
    if as_json:
        sys.stdout.write(json.dumps({"error": error_json(error)}, ensure_ascii=False) + "\n")
    said = error.faults[0] if len(error.faults) == 1 else None
    if said and _is_about(error.thing, said.thing):
        line = f":{said.line}" if said.line and not error.thing.endswith(f":{said.line}") else ""
        _tell(f"{titles.called(error.thing)}{line}", said.why, said.remedy or error.remedy)
        return
    told = {each.remedy for each in error.faults}
    _tell(titles.called(error.thing), error.sentence, "" if error.remedy in told else error.remedy)
    for each in error.faults:
        fault(each, file=error.thing if each.line else "")
    if isinstance(error, ChangedMeanwhile):
        say_change(error)


def _is_about(thing: str, part: str) -> bool:
    """Whether a fault is about the very thing that was refused: it is said once then."""
    return part in (thing, WHOLE_FILE) or thing.endswith(f" {part}")


def _tell(thing: str, why: str, remedy: str) -> None:
    said = f"{thing}: {t(why)}" if thing else t(why)
    ERR.print(f"{said} {t(remedy)}" if remedy else said, markup=False)


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
