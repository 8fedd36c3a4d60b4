"""What the import commands do, and how they show it."""

import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from cli import printing, titles
from cli.composition import Program
from cli.language import t
from referrals.exchange import headings
from referrals.exchange.event_imports import import_events
from referrals.exchange.introduction_imports import import_introductions
from referrals.exchange.mappings import ColumnMapping, read_mapping
from referrals.exchange.register_imports import import_register
from referrals.exchange.report import ImportReport

#: refusals, doubles and warnings that a person is shown; JSON holds all
_SHOWN = 20


def register(
    program: Program,
    file: Path,
    *,
    route: str,
    accept_doubles: bool,
    dry_run: bool,
    mapping: Path | None,
) -> ImportReport:
    """Import a register for the library of this program."""
    return import_register(
        program.engine, file, organisation_id=program.library_id(), now=program.now, route=route,
        accept_doubles=accept_doubles, dry_run=dry_run,
        mapping=_mapping(mapping, headings.REGISTER),
        copies=program.settings.data / "refused", say=t, due_hour=program.settings.due_hour,
    )  # fmt: skip


def introductions(
    program: Program,
    file: Path,
    *,
    partner: str,
    kind: str,
    route: str | None,
    accept_doubles: bool,
    dry_run: bool,
    mapping: Path | None,
) -> ImportReport:
    """Import introductions for the library of this program."""
    return import_introductions(
        program.engine, file, partner=partner, kind=kind, organisation_id=program.library_id(),
        now=program.now, route=route, accept_doubles=accept_doubles, dry_run=dry_run,
        mapping=_mapping(mapping, headings.INTRODUCTION),
        copies=program.settings.data / "refused", say=t, due_hour=program.settings.due_hour,
    )  # fmt: skip


def events(
    program: Program,
    log: Path,
    *,
    route: str,
    columns: Mapping[str, str | None],
    dry_run: bool,
) -> ImportReport:
    """Import an event log for the library of this program, with a count on a terminal."""
    from rich.progress import Progress, TextColumn

    given = {kind: column for kind, column in columns.items() if column}
    text = TextColumn("{task.completed:,.0f}")
    with Progress(text, console=printing.ERR, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None)
        return import_events(
            program.engine, log, route=route, organisation_id=program.library_id(),
            now=program.now, columns=given or None, dry_run=dry_run,
            progress=lambda done: progress.update(task, completed=done),
        )  # fmt: skip


def show(report: ImportReport, *, as_json: bool) -> None:
    """Print a report: counts, what each column was taken for, refusals, doubles and warnings."""
    if as_json:
        printing.as_json(report.as_json(t))
        return
    if report.dry_run:
        printing.say("Nothing was written: this is what would happen.")
    for sheet in report.columns:
        _show_columns(report, sheet)
    printing.table(
        ("Rows", "Accepted", "There already", "Refused", "People", "Cases", "Stages"),
        [
            (
                report.rows, report.accepted, report.already, len(report.refused), report.people,
                report.cases, report.events,
            )
        ],
        right=range(7),
    )  # fmt: skip
    _show_refused(report)
    _show_doubles(report)
    _show_some(report.warnings, "Also noticed")
    if report.dry_run:
        printing.say("To import this, give the same command without --dry-run.")
        if report.doubles_suggested:
            printing.say("With --accept-doubles, suggested doubles become the same participant.")


def _show_columns(report: ImportReport, sheet: str) -> None:
    """What each column is taken for: in a line where it is sure, else in a table to look at."""
    columns, unsure = report.columns[sheet], report.unsure[sheet]
    sure = {name: field for name, field in columns.items() if field and name not in unsure}
    printing.say("{sheet}: {number} columns understood.", sheet=sheet, number=len(sure))
    guesses = "; ".join(f"{name} → {titles.field(field)}" for name, field in sure.items())
    printing.OUT.print(guesses, markup=False, style="dim")
    if unsure:
        rows = ((name, _taken_for(columns[name])) for name in unsure)
        printing.table(("Column", "Taken for"), rows)


def _taken_for(field: str) -> str:
    return titles.field(field) if field else t("not taken")


def _show_refused(report: ImportReport) -> None:
    if not report.refused:
        return
    printing.say("Refused")
    rows = [(r.sheet, r.row or "", t(r.why), t(r.remedy)) for r in report.refused[:_SHOWN]]
    printing.table(("Sheet", "Row", "Why", "What to do"), rows)
    _say_more(len(report.refused))
    if report.refused_copy:
        printing.say(
            "These rows stand in {copy}. Mend them there and import that file.",
            copy=report.refused_copy,
        )


def _show_doubles(report: ImportReport) -> None:
    if not report.doubles:
        return
    printing.say(
        "Doubles: {merged} taken as the same participant, {suggested} suggested.",
        merged=report.doubles_merged,
        suggested=report.doubles_suggested,
    )
    rows = [(d.sheet, d.row, d.same_as, t(d.why), d.merged) for d in report.doubles[:_SHOWN]]
    printing.table(("Sheet", "Row", "Same as", "Why", "Merged"), rows)
    _say_more(len(report.doubles))


def _show_some(sentences: list[str], heading: str) -> None:
    if not sentences:
        return
    printing.say(heading)
    for sentence in sentences[:_SHOWN]:
        printing.OUT.print(f"- {t(sentence)}", markup=False)
    _say_more(len(sentences))


def _say_more(count: int) -> None:
    if count > _SHOWN:
        printing.say("… and {number} more; --json shows all.", number=count - _SHOWN)


def _mapping(path: Path | None, fields: Collection[str]) -> ColumnMapping | None:
    return read_mapping(path, fields) if path else None
