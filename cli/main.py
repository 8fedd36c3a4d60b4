"""The command `brug`: its groups, and how errors become sentences and exit codes.

Exit codes: 0 done, 1 refused (with the reason), 2 wrong use, as of a day that is none. Heavy
things are imported by the commands that need them, so that `brug --help` answers at once.
"""

import sys

import typer
from typer.exceptions import TyperException

from cli import (
    case_commands,
    import_commands,
    library_commands,
    mail_commands,
    reach_commands,
    running_commands,
    setup_commands,
    staff_commands,
    workflow_commands,
)
from cli.language import t
from cli.spoken import App, wrong_use
from core.errors import BrugError, FaultyValue, Misused

app = App(
    name="brug",
    help=t("From first contact to a course: cases, referrals and reach for libraries."),
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
setup_commands.add_to(app)
app.add_typer(workflow_commands.app, name="workflow")
app.add_typer(case_commands.app, name="case")
app.add_typer(import_commands.app, name="import")
app.add_typer(library_commands.app, name="library")
app.add_typer(staff_commands.app, name="staff")
app.add_typer(mail_commands.app, name="mail")
reach_commands.add_to(app)
running_commands.add_to(app)


def run() -> None:
    """Run a command; an error of ours is told in words and never as a traceback."""
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        typer.echo(wrong_use(error), err=True)
        sys.exit(2)
    except BrugError as error:
        from cli import printing

        printing.error(error, as_json="--json" in sys.argv)
        # of these exactly: a BSN is a faulty value too, but that is refused and not misspelt
        sys.exit(2 if type(error) in (Misused, FaultyValue) else 1)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    run()
