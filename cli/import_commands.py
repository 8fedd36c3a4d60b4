"""`brug import`: registers, introductions and event logs."""

from pathlib import Path
from typing import Annotated

import typer

from cli.language import t
from cli.spoken import App

app = App(
    help=t("Import registers, introductions and event logs: nothing lost, everything explained."),
)
Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=t("Only show what would happen."))]
Workbook = Annotated[Path, typer.Argument(help=t("A workbook (XLSX or ODS)."))]
Doubles = Annotated[
    bool,
    typer.Option("--accept-doubles", help=t("Take suggested doubles as the same participant.")),
]
Mapping = Annotated[
    Path | None, typer.Option(help=t("A saved mapping (JSON) of columns to fields."))
]


_EXIT = t("What can be taken is taken, and the report says what not: exit code 0.")


def _help(sentence: str) -> str:
    return f"{t(sentence)}\n\n{_EXIT}"


@app.command("register", help=_help("Import a register: a row a person, a date a stage."))
def register(
    file: Workbook,
    route: Annotated[str, typer.Option(help=t("The route."))] = "open-door",
    accept_doubles: Doubles = False,
    dry_run: DryRun = False,
    mapping: Mapping = None,
    json: Json = False,
) -> None:
    """Import what can be taken; the rest goes to a copy with the reasons."""
    from cli import import_work
    from cli.composition import program

    report = import_work.register(
        program(), file, route=route, accept_doubles=accept_doubles, dry_run=dry_run,
        mapping=mapping,
    )  # fmt: skip
    import_work.show(report, as_json=json)


@app.command("introductions", help=_help("Import the people whom a partner introduces."))
def introductions(
    file: Workbook,
    partner: Annotated[str, typer.Option(help=t("The partner, by name; added when new."))],
    kind: Annotated[str, typer.Option(help=t("What a new partner is."))] = "employer",
    route: Annotated[str | None, typer.Option(help=t("The route."))] = None,
    accept_doubles: Doubles = False,
    dry_run: DryRun = False,
    mapping: Mapping = None,
    json: Json = False,
) -> None:
    """Import what can be taken; the rest goes to a copy with the reasons."""
    from cli import import_work
    from cli.composition import program

    report = import_work.introductions(
        program(), file, partner=partner, kind=kind, route=route, accept_doubles=accept_doubles,
        dry_run=dry_run, mapping=mapping,
    )  # fmt: skip
    import_work.show(report, as_json=json)


@app.command("events", help=_help("Replay an event log (CSV or XES, also .gz) as histories."))
def events(
    log: Annotated[Path, typer.Argument(help=t("An event log."))],
    route: Annotated[str, typer.Option(help=t("The published route."))],
    case: Annotated[str | None, typer.Option(help=t("The column with the case."))] = None,
    activity: Annotated[str | None, typer.Option(help=t("The column with the activity."))] = None,
    time: Annotated[str | None, typer.Option(help=t("The column with the time."))] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Import a log, all of it or nothing."""
    from cli import import_work
    from cli.composition import program

    columns = {"case": case, "activity": activity, "time": time}
    report = import_work.events(program(), log, route=route, columns=columns, dry_run=dry_run)
    import_work.show(report, as_json=json)
