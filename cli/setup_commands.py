"""`brug init`, `brug doctor` and `brug demo`: the database made, looked at, and filled."""

from typing import Annotated, Any

import typer

from cli.language import t

Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("init", help=t("Create or update the database, and the first library."))(init)
    app.command("doctor", help=t("Say what is wrong and how to mend it."))(doctor)
    app.command("demo", help=t("Fill the database with an invented national picture."))(demo)


def init(
    library: Annotated[
        str | None,
        typer.Option(help=t("The name of your library; added when it is not there yet.")),
    ] = None,
    administrator: Annotated[
        str | None,
        typer.Option(help=t("The e-mail address of who may do everything in your library.")),
    ] = None,
    json: Json = False,
) -> None:
    """Create and migrate; asks nothing when there is no terminal."""
    import sys

    from cli import account_work, printing, setup_work
    from cli.composition import program, settings

    chosen = settings()
    if library is None and setup_work.needs_library(chosen):
        library = "Bibliotheek"
        if sys.stdin.isatty():
            library = typer.prompt(t("The name of your library"), default=library)
            asked = typer.prompt(t("Your e-mail address, to sign in with"), default="")
            administrator = administrator or asked or None
    done = setup_work.init(chosen, library)
    if administrator and done["organisation"]:
        done["administrator"] = account_work.first_administrator(
            program(), done["organisation"], administrator
        )
    if json:
        printing.as_json(done)
        return
    printing.say("The database is ready: {database}.", **done)
    _say_library(done)
    printing.say("Routes: {names}.", names=", ".join(done["routes"]))
    _say_way_in(done)
    printing.say("Next: brug case open --first-name Fatima --phone 0612345678")


def _say_library(done: dict[str, Any]) -> None:
    """Which library it is, and how commands are told so when there are several."""
    from cli import printing

    if done["organisation"] is None:
        printing.say("Libraries: {libraries}. Choose one with BRUG_ORGANISATION.", **done)
        return
    printing.say("Library: {library} ({organisation}).", **done)
    if done["libraries"] > 1:
        printing.say(
            "There are several libraries. Choose this one with BRUG_ORGANISATION={organisation}, "
            'or write organisation = "{organisation}" in brug.toml.',
            **done,
        )


def _say_way_in(done: dict[str, Any]) -> None:
    """How whoever runs this signs in to the pages."""
    from cli import printing

    if "administrator" in done:
        printing.say("To choose your password, open this link within 7 days:")
        printing.whole(done["administrator"]["link"])
    elif done["organisation"]:
        printing.say("To sign in to the pages: brug init --administrator naam@voorbeeld.nl")


def doctor(json: Json = False) -> None:
    """Look at settings, database, routes and reach; exit code 1 when something is wrong."""
    from cli import printing, setup_work
    from cli.composition import settings

    findings = setup_work.examine(settings())
    if json:
        printing.as_json([finding.as_json() for finding in findings])
    else:
        rows = (
            (_mark(each.well), t(each.about), each.found, "" if each.well else t(each.remedy))
            for each in findings
        )
        printing.table(("", "What", "Found", "What to do"), rows)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def demo(
    people: Annotated[int, typer.Option(min=1, help=t("How many people."))] = 20_000,
    seed: Annotated[int, typer.Option(help=t("The same seed gives the same picture."))] = 2018,
    json: Json = False,
) -> None:
    """Fill an empty database, show the reach, and say what to do next."""
    from cli import printing, reach_work, setup_work, titles
    from cli.composition import program, settings

    chosen = settings()
    setup_work.init(chosen, None)
    filled = setup_work.fill(program(), people, seed)
    if json:
        printing.as_json(filled)
        return
    printing.say("Everything in this database is invented.")
    reach_work.print_picture(program())
    printing.say("Sign in at {address} with the password: {password}", **filled)
    rows = ([titles.called(each["role"]), each["email"]] for each in filled["sign_in"])
    printing.table(["Role", "E-mail address"], rows)
    printing.say("What to do next:")
    for command in setup_work.NEXT:
        printing.say(command)


def _mark(well: bool) -> str:
    return "✓" if well else "✗"
