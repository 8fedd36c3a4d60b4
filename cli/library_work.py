"""What `brug library` does, and how it shows settings."""

from collections.abc import Sequence
from typing import Any

from cli import printing
from cli.composition import Program, day
from referrals import libraries
from referrals.libraries import Changes
from storage.tables import Organisation

_HEADINGS = {
    "name": "Name",
    "mail_address": "Answers to mails go to",
    "quiet": "Quiet hours",
    "closed_days": "Closed",
    "zone": "Time zone",
}


def shown(program: Program) -> dict[str, Any]:
    """The settings of the library."""
    with program.reading() as session:
        return _settings(program.library(session))


def change(
    program: Program,
    *,
    mail_address: str | None,
    quiet_from: int | None,
    quiet_to: int | None,
    closed: Sequence[str] | None,
    zone: str | None,
) -> dict[str, Any]:
    """Change settings; returns all of them."""
    days = [found for text in closed or () if (found := day(text, "--closed"))]
    changes = Changes(
        mail_address=mail_address,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        closed_days=tuple(days) if closed else None,
        zone=zone,
    )
    with program.writing() as session:
        library = program.library(session)
        libraries.change(session, library, changes, by=None, now=program.now)
        return _settings(library)


def show(found: dict[str, Any]) -> None:
    """Settings for people."""
    quiet = f"{found['quiet_from']}:00 – {found['quiet_to']}:00"
    shown = {**found, "quiet": quiet, "closed_days": ", ".join(found["closed_days"])}
    printing.facts((heading, shown[name] or "–") for name, heading in _HEADINGS.items())


def _settings(library: Organisation) -> dict[str, Any]:
    return {
        "name": library.name,
        "short_name": library.short_name,
        "mail_address": library.mail_address,
        "quiet_from": library.quiet_from,
        "quiet_to": library.quiet_to,
        "closed_days": library.closed_days.split(),
        "zone": library.zone,
    }
