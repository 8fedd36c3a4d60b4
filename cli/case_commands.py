"""`brug case`: open, list, show, move and undo cases."""

from typing import Annotated

import typer

from cli.language import t
from cli.spoken import App

#: cases on a list when nobody says how many
_USUAL = 50
app = App(help=t("Open, list, show, move and undo cases."))
Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
References = Annotated[list[str], typer.Argument(help=t("References such as 7K3F-9Q."))]
Reference = Annotated[str, typer.Argument(help=t("A reference such as 7K3F-9Q."))]
By = Annotated[str | None, typer.Option(help=t("Who does this: an e-mail address of staff."))]


@app.command("open", help=t("Open a case for somebody new, who may be nameless."))
def open_case(
    route: Annotated[str, typer.Option(help=t("The route."))] = "open-door",
    first_name: Annotated[str | None, typer.Option(help=t("First name, or nothing."))] = None,
    phone: Annotated[str | None, typer.Option(help=t("Phone number."))] = None,
    email: Annotated[str | None, typer.Option(help=t("E-mail address."))] = None,
    channel: Annotated[str, typer.Option(help=t("The way in: school, employer, self …"))] = "self",
    municipality: Annotated[str | None, typer.Option(help=t("Name or code."))] = None,
    pilot: Annotated[str | None, typer.Option(help=t("The pilot it counts for."))] = None,
    agrees: Annotated[
        bool, typer.Option("--agrees", help=t("The participant agreed to be referred."))
    ] = False,
    note: Annotated[str | None, typer.Option(help=t("A remark."))] = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Open a case and print its reference."""
    from cli import case_work, printing
    from cli.composition import program

    case = case_work.open_one(
        program(), route=route, first_name=first_name, phone=phone, email=email, channel=channel,
        municipality=municipality, pilot=pilot, agrees=agrees, note=note, by=by,
    )  # fmt: skip
    if json:
        printing.as_json(case)
    elif case["nameless"]:
        printing.say("Nameless case opened: {reference}, on the route {route_title}.", **case)
    else:
        printing.say("Opened: {reference}.", reference=case["reference"])


@app.command("list", help=t("List cases."))
def list_cases(
    route: Annotated[str | None, typer.Option(help=t("Only this route."))] = None,
    stage: Annotated[str | None, typer.Option(help=t("Only this stage."))] = None,
    owner: Annotated[str | None, typer.Option(help=t("Only of this e-mail address."))] = None,
    open_only: Annotated[bool, typer.Option("--open", help=t("Only open cases."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=t("How many at most."))] = _USUAL,
    after: Annotated[str | None, typer.Option(help=t("Go on after this reference."))] = None,
    json: Json = False,
) -> None:
    """List cases by number."""
    from cli import case_views, printing
    from cli.composition import program

    filters = {"route": route, "stage": stage, "owner": owner, "open": open_only}
    found = case_views.listed(program(), filters, limit=limit + 1, after=after)
    rows = found[:limit]
    if json:
        printing.as_json(rows)
    elif not rows:
        printing.say("There are no such cases.")
    else:
        case_views.print_library(program())
        shown = (
            (r["reference"], r["first_name"], r["route_title"], r["title"], r["since"], r["owner"])
            for r in rows
        )
        printing.table(("Case", "First name", "Route", "Stage", "Since", "Owner"), shown)
        if len(found) > limit:
            asked = str(limit) if limit != _USUAL else None
            command = case_views.rest_of_list(filters, asked, rows[-1]["reference"])
            printing.say("More: {command}", command=command)


@app.command("show", help=t("Show a case: where it stands, its history and what can be done."))
def show(reference: Reference, json: Json = False) -> None:
    """Show everything about a case that its library may see."""
    from cli import case_views, printing
    from cli.composition import program

    case = case_views.shown(program(), reference)
    if json:
        printing.as_json(case)
    else:
        case_views.print_case(case)


@app.command("move", help=t("Move cases; one that may not move says every reason why."))
def move(
    references: References,
    to: Annotated[str, typer.Option("--move", "-m", help=t("The step, such as agree."))],
    note: Annotated[str | None, typer.Option(help=t("A remark."))] = None,
    reason: Annotated[str | None, typer.Option(help=t("A reason code of the route."))] = None,
    date: Annotated[str | None, typer.Option(help=t("A day, as 2018-03-31."))] = None,
    provider: Annotated[str | None, typer.Option(help=t("The provider, by name."))] = None,
    course: Annotated[int | None, typer.Option(help=t("The course, by number."))] = None,
    agrees: Annotated[
        bool, typer.Option("--agrees", help=t("The participant agreed to be referred."))
    ] = False,
    version: Annotated[
        int | None, typer.Option(help=t("The version you saw; refuses when it changed."))
    ] = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Move one case or many at once."""
    from cli import case_moves, printing
    from cli.composition import program

    moves = case_moves.move(
        program(), references, to, note=note, reason=reason, day=date, provider=provider,
        course=course, agrees=agrees, version=version, by=by,
    )  # fmt: skip
    if json:
        printing.as_json(case_moves.as_json(moves))
    else:
        case_moves.show(moves)
    if not moves.all_done:
        raise typer.Exit(1)


@app.command("answer", help=t("Note the answer of a provider, and make the step it causes."))
def answer(
    reference: Reference,
    given: Annotated[
        str,
        typer.Argument(
            help=t("accepted, waiting, declined, started, finished, no_show or withdrawn.")
        ),
    ],
    provider: Annotated[
        str | None, typer.Option(help=t("Of whom, when several referrals are open."))
    ] = None,
    reason: Annotated[str | None, typer.Option(help=t("A reason code of the route."))] = None,
    note: Annotated[str | None, typer.Option(help=t("A remark."))] = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Note an answer to the open referral of a case."""
    from cli import case_moves, printing
    from cli.composition import program

    moves = case_moves.answer(
        program(), reference, given, provider=provider, reason=reason, note=note, by=by
    )
    if json:
        printing.as_json(case_moves.as_json(moves))
    else:
        case_moves.show_answer(given, moves)
    if not moves.all_done:
        raise typer.Exit(1)


@app.command("undo", help=t("Undo the last step of a case."))
def undo(reference: Reference, by: By = None, json: Json = False) -> None:
    """Undo the last step that somebody made."""
    from cli import case_work, printing
    from cli.composition import program

    undone = case_work.undo(program(), reference, by=by)
    if json:
        printing.as_json(undone)
    else:
        printing.say(
            "{reference} is back at: {stage}.",
            reference=undone["reference"],
            stage=undone["title"],
        )
        for sentence in undone["remains"]:
            printing.say(sentence)
