"""Event logs to import: a real one where it is at hand, and invented ones of any size."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.walking import START

#: a real log, beside the project and not in it
REAL = Path(__file__).parents[2] / "shared" / "data" / "helpdesk.xes.gz"
ACTIVITIES = (
    "Aangemeld", "Gebeld", "Gesproken", "Getoetst", "Verwezen", "Intake", "Geplaatst", "Begonnen",
    "Afgerond",
)  # fmt: skip
#: events of a case on average
_EVENTS = 5


def write_csv(path: Path, events: int) -> Path:
    """An invented CSV log, the events of a case together."""
    lines = (f"{case},{activity},{at.isoformat()}\n" for case, activity, at in _invent(events))
    with path.open("w") as file:
        file.write("case,activity,timestamp\n")
        file.writelines(lines)
    return path


def write_xes(path: Path, events: int) -> Path:
    """An invented XES log."""
    with path.open("w") as file:
        file.write("<log>")
        before = ""
        for case, activity, at in _invent(events):
            if case != before:
                file.write("</trace>" if before else "")
                file.write(f'<trace><string key="concept:name" value="{case}"/>')
                before = case
            file.write(
                f'<event><string key="concept:name" value="{activity}"/>'
                f'<date key="time:timestamp" value="{at.isoformat()}"/></event>\n'
            )
        file.write("</trace></log>")
    return path


def _invent(events: int) -> Iterator[tuple[str, str, datetime]]:
    dice = Random(1)
    case, left, at = 0, 0, START
    for _ in range(events):
        if not left:
            case, left = case + 1, dice.randint(1, 2 * _EVENTS - 1)
            at, activity = START + timedelta(hours=dice.randrange(8760)), 0
        yield f"zaak-{case}", ACTIVITIES[activity % len(ACTIVITIES)], at
        at += timedelta(minutes=dice.randrange(20_000))
        activity += dice.choice((0, 1, 1, 1, 2))
        left -= 1
