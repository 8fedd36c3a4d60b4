"""`brug workflow`: list, show, check, draw, discover, publish, preview and migrate routes."""

from pathlib import Path
from typing import Annotated

import typer

from cli.language import t
from cli.spoken import App

app = App(help=t("List, show, check, draw, discover and publish routes."))
Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
File = Annotated[Path, typer.Argument(help=t("A route file (YAML)."))]
Pilot = Annotated[str | None, typer.Option(help=t("Only the cases of this pilot."))]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", help=t("Where cases go from a stage that is gone: old=new.")),
]
NameOrFile = Annotated[str, typer.Argument(help=t("The name of a published route, or a file."))]


@app.command("list", help=t("List the published routes and their versions."))
def list_routes(json: Json = False) -> None:
    """List versions by route and number."""
    from cli import printing, workflow_work
    from cli.composition import program

    rows = workflow_work.listed(program())
    if json:
        printing.as_json(rows)
    else:
        shown = ((r["name"], r["version"], r["title"], r["stages"], r["published"]) for r in rows)
        headings = ("Route", "Version", "Title", "Stages", "Published")
        printing.table(headings, shown, right=(1, 3))


@app.command("show", help=t("Show a route: stages, steps and follow-ups."))
def show(name: NameOrFile, json: Json = False) -> None:
    """Show a published route or a file."""
    from cli import printing, workflow_views, workflow_work

    route = workflow_work.definition_of(name)
    if json:
        printing.as_json(workflow_views.as_json(route))
    else:
        workflow_views.show(route)


@app.command("check", help=t("Check a route file and report every fault at once."))
def check(file: File, json: Json = False) -> None:
    """Exit code 1 and all faults, each with file, line, what and remedy."""
    from cli import printing, workflow_work

    faults = workflow_work.faults_in(file)
    if json:
        printing.as_json(workflow_work.faults_json(file, faults))
    elif not faults:
        printing.say("{file}: no faults.", file=file)
    for fault in () if json else faults:
        printing.fault(fault, file=str(file))
    if faults:
        raise typer.Exit(1)


@app.command("draw", help=t("Draw a route as SVG or Mermaid."))
def draw(
    name: NameOrFile,
    form: Annotated[str, typer.Option("--format", help="svg, mermaid")] = "svg",
    out: Annotated[Path | None, typer.Option(help=t("Write to this file."))] = None,
    counts: Annotated[
        bool, typer.Option("--counts", help=t("With how many cases stand where."))
    ] = False,
) -> None:
    """Write the drawing to a file or to the terminal."""
    from cli import printing, workflow_work

    text = workflow_work.drawn(name, form, counts=counts)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, encoding="utf-8")
        printing.say("Written: {file}.", file=out)


@app.command("publish", help=t("Publish a route file as the next version."))
def publish(file: File, json: Json = False) -> None:
    """New cases start on it; cases under way stay on theirs."""
    from cli import printing, workflow_work
    from cli.composition import program

    done = workflow_work.publish(program(), file)
    if json:
        printing.as_json(done)
    else:
        printing.say("Published: {name}, version {version}.", **done)


@app.command("preview", help=t("Show what publishing a file would change for open cases."))
def preview(file: File, pilot: Pilot = None, mapped: Mapped = None, json: Json = False) -> None:
    """Cases, follow-ups and mails; nothing is written."""
    from cli import printing, workflow_moves
    from cli.composition import program

    told = workflow_moves.preview(program(), file, pilot, mapped or [])
    if json:
        printing.as_json(told)
    else:
        workflow_moves.show(told)


@app.command("migrate", help=t("Take open cases over to the newest version, or bring them back."))
def migrate(
    name: Annotated[str, typer.Argument(help=t("The name of a published route."))],
    pilot: Pilot = None,
    mapped: Mapped = None,
    back: Annotated[
        bool, typer.Option("--back", help=t("Bring back what went over last."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=t("Do it, after it was shown."))] = False,
    json: Json = False,
) -> None:
    """What changes is shown; with --yes it is done."""
    from cli import printing, workflow_moves
    from cli.composition import program

    if back:
        told = workflow_moves.back(program(), name, yes=yes)
    else:
        told = workflow_moves.migrate(program(), name, pilot, mapped or [], yes=yes)
    if json:
        printing.as_json(told)
        return
    if back:
        printing.say("Cases that go back: {number}.", number=printing.number(told["cases"]))
        if told["stayed"]:
            printing.say("They moved on and stay: {names}.", names=", ".join(told["stayed"]))
    else:
        workflow_moves.show(told)
    printing.say("Done." if yes else "Nothing has changed yet. Add --yes to do it.")


@app.command("discover", help=t("Write a route file from an event log (CSV or XES, also .gz)."))
def discover(
    log: Annotated[Path, typer.Argument(help=t("An event log."))],
    name: Annotated[str, typer.Option(help=t("The name of the route."))],
    out: Annotated[Path | None, typer.Option(help=t("Write to this file."))] = None,
    publish: Annotated[bool, typer.Option("--publish", help=t("Publish it at once."))] = False,
    case: Annotated[str | None, typer.Option(help=t("The column with the case."))] = None,
    activity: Annotated[str | None, typer.Option(help=t("The column with the activity."))] = None,
    time: Annotated[str | None, typer.Option(help=t("The column with the time."))] = None,
    json: Json = False,
) -> None:
    """Every activity a stage, every follow-on that was seen a move."""
    from cli import printing, workflow_work
    from cli.composition import program

    done = workflow_work.discover(
        program, log, name, out, publish=publish,
        columns={"case": case, "activity": activity, "time": time},
    )  # fmt: skip
    if json:
        printing.as_json(done)
    elif out is None and not publish:
        typer.echo(done["text"])
    else:
        printing.say("{stages} stages and {moves} steps, from {cases} cases.", **done)
        if out is not None:
            printing.say("Written: {file}.", file=out)
        if publish:
            printing.say("Published: {name}, version {version}.", **done)
