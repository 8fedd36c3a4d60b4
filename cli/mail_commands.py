"""`brug mail`: what went out and what did not, how mails look, and how much there will be."""

from pathlib import Path
from typing import Annotated

import typer

from cli.language import t
from cli.spoken import App

app = App(help=t("Look at mails, try them again, and see how many there will be."))
Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Number = Annotated[int, typer.Argument(help=t("The number of a mail."))]


@app.command("list", help=t("List the newest mails."))
def list_mails(
    state: Annotated[
        str | None, typer.Option(help=t("Only in this state: pending, sent, failed, or trouble."))
    ] = None,
    kind: Annotated[str | None, typer.Option(help=t("Only of this kind, such as digest."))] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=t("How many at most."))] = 50,
    json: Json = False,
) -> None:
    """List mails of a library, the newest first."""
    from cli import mail_work, printing
    from cli.composition import program

    mails = mail_work.listed(program(), state, kind, limit)
    if json:
        printing.as_json(mails)
    elif mails:
        mail_work.show_list(mails)
    else:
        printing.say("There are no such mails.")


@app.command("show", help=t("Show a mail: to whom, when, and what the mail server said."))
def show(number: Number, json: Json = False) -> None:
    """Show one mail."""
    from cli import mail_work, printing
    from cli.composition import program

    mail = mail_work.shown(program(), number)
    if json:
        printing.as_json(mail)
    else:
        mail_work.show_one(mail)


@app.command("retry", help=t("Try mails again; without a number all that failed."))
def retry(
    numbers: Annotated[list[int] | None, typer.Argument(help=t("Numbers of mails."))] = None,
    json: Json = False,
) -> None:
    """Try mails again; their addresses count as mended."""
    from cli import mail_work, printing
    from cli.composition import program

    again = mail_work.retry(program(), numbers or [])
    if json:
        printing.as_json({"again": again})
    else:
        printing.say("{number} mails are tried again.", number=again)


@app.command("budget", help=t("How many mails a day each person got."))
def budget(
    days: Annotated[int, typer.Option(min=1, max=3650, help=t("In how many days."))] = 30,
    json: Json = False,
) -> None:
    """Count what went out to each person."""
    from cli import mail_work, printing
    from cli.composition import program

    people = mail_work.budget(program(), days)
    if json:
        printing.as_json(people)
    elif people:
        mail_work.show_budget(people)
    else:
        printing.say("Nobody got a mail in these days.")


@app.command("simulate", help=t("See how many mails a route's rules make. Nothing is sent."))
def simulate(
    days: Annotated[int, typer.Option(min=1, max=3650, help=t("How many days."))] = 365,
    first: Annotated[str | None, typer.Option("--from", help=t("From this day."))] = None,
    route: Annotated[
        Path | None, typer.Option(help=t("A route file to try before it is published."))
    ] = None,
    invented: Annotated[
        bool, typer.Option("--invented", help=t("An invented library instead of your cases."))
    ] = False,
    done_within: Annotated[
        int, typer.Option(min=0, max=60, help=t("Workdays in which half of what is due is done."))
    ] = 2,
    seed: Annotated[int, typer.Option(help=t("The same seed gives the same picture."))] = 2018,
    json: Json = False,
) -> None:
    """Replay the rules over the present cases with a moving clock."""
    from cli import printing, simulation_work
    from cli.composition import program
    from notifications.world import Habits

    year = simulation_work.run(
        program(), days=days, first=first, draft=route, invented=invented, seed=seed,
        habits=Habits(done_within=done_within),
    )  # fmt: skip
    if json:
        printing.as_json(simulation_work.as_json(year))
    else:
        simulation_work.show(year)


@app.command("preview", help=t("Show how a mail looks, with invented people."))
def preview(
    name: Annotated[str | None, typer.Argument(help=t("A kind of mail, such as digest."))] = None,
    language: Annotated[str | None, typer.Option(help=t("nl or en."))] = None,
    out: Annotated[Path | None, typer.Option(help=t("A folder to write it into."))] = None,
    open_it: Annotated[bool, typer.Option("--open", help=t("Open it in a browser."))] = False,
    json: Json = False,
) -> None:
    """Print a preview, write it into a folder or open it; without a name: which there are."""
    from cli import mail_previews, printing
    from cli.composition import program

    chosen = mail_previews.language_named(language)
    if name is None:
        rows = mail_previews.kinds(chosen)
        if json:
            printing.as_json(rows)
        else:
            mail_previews.show_kinds(rows)
        return
    written = mail_previews.written_by(program())
    if json:
        mail = mail_previews.mail_of(name, chosen, written)
        printing.as_json(mail_previews.as_json(name, chosen, mail))
    else:
        mail_previews.preview(name, chosen, written, out=out, open_it=open_it)


@app.command("text", help=t("Show or change a text in mails that the library writes itself."))
def text(
    name: Annotated[str | None, typer.Argument(help=t("A text, such as referral."))] = None,
    language: Annotated[str | None, typer.Option(help=t("nl or en."))] = None,
    change: Annotated[
        Path | None, typer.Option("--set", help=t("A file with the new text; an empty one: ours."))
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help=t("Show the mail with it; keep nothing."))
    ] = False,
    json: Json = False,
) -> None:
    """List the texts, show one, preview a draft in its mail, or keep it."""
    from cli import mail_previews, printing
    from cli.composition import program

    chosen = mail_previews.language_named(language)
    if name is None:
        rows = mail_previews.list_texts(program())
        if json:
            printing.as_json(rows)
        else:
            mail_previews.show_texts(rows)
        return
    draft = mail_previews.read_text(change) if change else None
    if preview:
        written = mail_previews.with_draft(mail_previews.written_by(program()), name, chosen, draft)
        kind = mail_previews.SHOWN_IN[name]
        mail_previews.show_mail(mail_previews.mail_of(kind, chosen, written))
        return
    if draft is not None:
        row = mail_previews.set_text(program(), name, chosen, draft)
    else:
        row = mail_previews.text_as_json(name, chosen, mail_previews.written_by(program()))
    if json:
        printing.as_json(row)
    else:
        mail_previews.show_text(row)


@app.command("bounce", help=t("Read a mail that came back, from a pipe."))
def bounce() -> None:
    """Take in one report of a mail server; for the alias that such mails go to."""
    import sys

    from cli import printing
    from cli.composition import program
    from notifications import bounces, reports

    source = sys.stdin.buffer.read(reports.LARGEST + 1)
    printing.say(bounces.take_in(program().engine, source, program().now))
