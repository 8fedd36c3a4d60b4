"""`brug reach`: how many people got how far."""

from typing import Annotated

import typer

from cli.language import t


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("reach", help=t("Count how many people got how far."))(reach)


def reach(
    by: Annotated[
        list[str] | None,
        typer.Option(
            help=t(
                "stage or level; and a second time: route, library, pilot, channel, municipality "
                "or month."
            )
        ),
    ] = None,
    route: Annotated[str | None, typer.Option(help=t("Only this route."))] = None,
    library: Annotated[
        str | None, typer.Option(help=t("Only this library, by its short name."))
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help=t("From this day."))] = None,
    last: Annotated[str | None, typer.Option("--to", help=t("Up to and with this day."))] = None,
    as_known_on: Annotated[
        str | None, typer.Option(help=t("As it was known at the end of this day."))
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help=t("Recount from the entries and compare."))
    ] = False,
    mend: Annotated[
        bool, typer.Option("--mend", help=t("With --verify: make the summary anew."))
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=t("Print JSON."))] = False,
) -> None:
    """Answer a standard question, or verify the summary that answers rest on."""
    from cli import reach_work
    from cli.composition import program

    if verify:
        if not reach_work.verify(program(), mend=mend, as_json=json):
            raise typer.Exit(1)
        return
    question = reach_work.question(by or ["stage"], route, first, last, as_known_on)
    reach_work.answer(program(), question, library, as_json=json)
