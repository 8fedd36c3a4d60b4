"""`brug library`: what a library sets for itself."""

from typing import Annotated

import typer

from cli.language import t
from cli.spoken import App

app = App(help=t("Show and change what a library sets for itself."))
Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


@app.command("show", help=t("Show the settings of the library."))
def show(json: Json = False) -> None:
    """Show the settings of the library that commands work for."""
    from cli import library_work, printing
    from cli.composition import program

    found = library_work.shown(program())
    if json:
        printing.as_json(found)
    else:
        library_work.show(found)


@app.command("set", help=t("Change the settings of the library."))
def change(
    mail_address: Annotated[
        str | None, typer.Option(help=t("Where answers to mails go, to somebody who reads them."))
    ] = None,
    quiet_from: Annotated[
        int | None, typer.Option(help=t("The local hour from which no single mail goes out."))
    ] = None,
    quiet_to: Annotated[
        int | None, typer.Option(help=t("The local hour until which no single mail goes out."))
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(help=t("A day on which the library is closed; give all of them.")),
    ] = None,
    zone: Annotated[str | None, typer.Option(help=t("The time zone."))] = None,
    json: Json = False,
) -> None:
    """Change settings; what is not given stays."""
    from cli import library_work, printing
    from cli.composition import program

    found = library_work.change(
        program(), mail_address=mail_address, quiet_from=quiet_from, quiet_to=quiet_to,
        closed=closed, zone=zone,
    )  # fmt: skip
    if json:
        printing.as_json(found)
    else:
        library_work.show(found)
