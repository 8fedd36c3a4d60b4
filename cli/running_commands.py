"""`brug serve`, `worker` and `tick`: pages, and the ticks that plan and send."""

from typing import Annotated

import typer

from cli.language import t

Json = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("serve", help=t("Start the pages, and the ticks that plan and send mail."))(serve)
    app.command("worker", help=t("Plan and send mail until it is stopped."))(worker)
    app.command("tick", help=t("Plan and send once what is due now."))(tick)


def serve(
    host: Annotated[str, typer.Option(help=t("The address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=t("The port."))] = 8000,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help=t("Only the pages; workers run elsewhere."))
    ] = False,
) -> None:
    """Serve the pages; with the ticks beside them unless workers run elsewhere."""
    from cli import running_work
    from cli.composition import program

    running_work.serve(program(), host=host, port=port, with_worker=not no_worker)


def worker() -> None:
    """Tick until SIGTERM or Ctrl-C; the mail that is under way is finished."""
    from cli import running_work
    from cli.composition import program

    running_work.work(program())


def tick(json: Json = False) -> None:
    """One tick: plan, digest, release, send; exit code 1 when one of them failed."""
    from cli import printing, running_work
    from cli.composition import program

    ran = running_work.tick(program())
    if json:
        printing.as_json(running_work.as_json(ran))
    else:
        running_work.show(ran)
    if any(each.error for each in ran):
        raise typer.Exit(1)
