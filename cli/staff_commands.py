"""`brug staff`: who works at a library, when they want mail, and who stands in."""

from typing import Annotated, Any

import typer

from cli.language import t
from cli.spoken import App

app = App(help=t("List, add and change the people of a library, and note their leave."))
Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Email = Annotated[str, typer.Argument(help=t("An e-mail address of staff."))]


@app.command("list", help=t("List the people of a library."))
def list_staff(json: Json = False) -> None:
    """List who works here and when they get mail."""
    from cli import printing, staff_work
    from cli.composition import program

    people = staff_work.listed(program())
    if json:
        printing.as_json(people)
    else:
        staff_work.show(people)


@app.command("add", help=t("Add somebody."))
def add(
    name: Annotated[str, typer.Argument(help=t("The name."))],
    email: Email,
    role: Annotated[
        str, typer.Option(help=t("coordinator, staff, administrator or national_office."))
    ] = "staff",
    json: Json = False,
) -> None:
    """Add a member of staff."""
    from cli import printing, staff_work
    from cli.composition import program

    person = staff_work.add(program(), name, email, role)
    if json:
        printing.as_json(person)
    else:
        printing.say("Added: {name}, {email}.", name=person["name"], email=person["email"])


@app.command("mail", help=t("Choose when somebody gets mail."))
def mail(
    email: Email,
    hour: Annotated[int | None, typer.Option(help=t("The local hour of the digest."))] = None,
    days: Annotated[
        str | None, typer.Option(help=t("The days of the digest, 1 for Monday: 12345."))
    ] = None,
    single: Annotated[
        bool | None, typer.Option("--single/--no-single", help=t("Mails that cannot wait."))
    ] = None,
    pause_until: Annotated[
        str | None, typer.Option(help=t("No mail up to and with this day."))
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help=t("End the pause."))] = False,
    language: Annotated[str | None, typer.Option(help=t("nl or en."))] = None,
    json: Json = False,
) -> None:
    """Change how somebody wants mail."""
    from cli import printing, staff_work
    from cli.composition import program

    person = staff_work.wish(
        program(), email, hour=hour, days=days, single=single, pause_until=pause_until,
        resume=resume, language=language,
    )  # fmt: skip
    if json:
        printing.as_json(person)
    else:
        staff_work.show_one(person)


@app.command("leave", help=t("Note that somebody is away, and who stands in."))
def leave(
    email: Email,
    first: Annotated[str, typer.Option("--from", help=t("The first day, as 2018-03-31."))],
    last: Annotated[str, typer.Option("--to", help=t("The last day."))],
    stand_in: Annotated[
        str | None, typer.Option(help=t("Who stands in: an e-mail address of staff."))
    ] = None,
    json: Json = False,
) -> None:
    """Note leave; what is due goes to the stand-in, or to the coordinators."""
    from cli import printing, staff_work
    from cli.composition import program

    away = staff_work.leave(program(), email, first, last, stand_in)
    if json:
        printing.as_json(away)
    else:
        printing.say("{name} is away from {first} to {last}.", **away)


@app.command("invite", help=t("Let somebody choose a first password, by a link in a mail."))
def invite(
    email: Email,
    link: Annotated[
        bool, typer.Option("--link", help=t("Print the link instead of mailing it."))
    ] = False,
    json: Json = False,
) -> None:
    """Queue an invitation, or print a link for a library without a mail server."""
    from cli import account_work
    from cli.composition import program

    _tell(account_work.invite(program(), email, link=link), json)


@app.command("password", help=t("Let somebody choose a new password, by a link in a mail."))
def password(
    email: Email,
    link: Annotated[
        bool, typer.Option("--link", help=t("Print the link instead of mailing it."))
    ] = False,
    codes: Annotated[
        bool,
        typer.Option("--codes/--no-codes", help=t("Without codes, when a telephone is lost.")),
    ] = True,
    json: Json = False,
) -> None:
    """Queue a mail for a new password, or print a link."""
    from cli import account_work
    from cli.composition import program

    _tell(account_work.new_password(program(), email, link=link, codes=codes), json)


def _tell(said: dict[str, Any], json: bool) -> None:
    from cli import printing

    if json:
        printing.as_json(said)
    elif "link" in said:
        printing.say("For {name}, to choose a password with. Give it to nobody else:", **said)
        printing.whole(said["link"])
    else:
        printing.say("A mail goes out to {name}, {email}.", **said)
