"""What `brug mail simulate` does: the present cases or an invented year, and what mail it makes."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cli import printing, titles
from cli.composition import Program, day
from core import clock
from notifications.simulation import simulate
from notifications.world import Habits, Start, Year
from referrals import routes
from storage.queries import simulated, staff, workflows
from storage.tables import Organisation
from workflows import checking
from workflows.definition import Definition
from workflows.workdays import calendar, closed_days

#: an invented library: its people, and how many cases a week each route gets
_PEOPLE = 4
_PER_WEEK = 1.5
_YEAR = 365


def run(
    program: Program,
    *,
    days: int,
    first: str | None,
    draft: Path | None,
    invented: bool,
    seed: int,
    habits: Habits,
) -> Year:
    """Simulate; `draft`: a route file that takes the place of the published route it names."""
    with program.reading() as session:
        library = program.library(session)
        known = _routes(session, draft)
        today = day(first, "--from") or clock.local_day(program.now, library.zone)
        starts, people, leading, rates = (
            _invented(known) if invented else _present(session, library, known, today)
        )
        return simulate(
            known, starts, people, leading,
            calendar(library.zone, closed_days(library.closed_days)), first_day=today, days=days,
            new_per_week=rates, habits=habits, seed=seed,
        )  # fmt: skip


def _routes(session: Session, draft: Path | None) -> dict[str, Definition]:
    names = {row.name for row in workflows.versions(session)}
    known = {name: routes.newest(session, name).definition for name in sorted(names)}
    if draft is not None:
        definition = checking.load(draft)
        known[definition.name] = definition
    return known


_World = tuple[list[Start], dict[int, str], list[int], dict[str, float]]


def _invented(known: Mapping[str, Definition]) -> _World:
    people = {number: f"{number}" for number in range(1, _PEOPLE + 1)}
    return [], people, [1], dict.fromkeys(known, _PER_WEEK)


def _present(
    session: Session, library: Organisation, known: Mapping[str, Definition], today: Any
) -> _World:
    number = library.id or 0
    starts = [
        Start(row.route, row.stage, row.stage_day, row.owner_id, row.introduced)
        for row in simulated.open_cases(session, number)
        if row.route in known and row.stage in known[row.route].stages
    ]
    names = {person.id or 0: person.name for person in staff.active(session, number)}
    opened = simulated.opened_per_route(session, number, today - timedelta(days=_YEAR))
    rates = {name: count / 52 for name, count in opened.items() if name in known}
    if not starts and not rates:
        rates = dict.fromkeys(known, _PER_WEEK)
    leading = staff.coordinators(session, number)
    return starts, names or {1: "1"}, leading or [1], rates


def as_json(year: Year) -> dict[str, Any]:
    """A simulated year for programs."""
    return {
        "from": str(year.first_day),
        "to": str(year.last_day),
        "workdays": year.workdays,
        "cases": year.cases,
        "people": [
            {
                "name": each.name,
                "mails": each.mails,
                "median": each.median,
                "worst": each.worst,
                "worst_day": str(each.worst_day) if each.worst_day else None,
                "quiet_days": each.quiet,
            }
            for each in year.people
        ],
        "by_rule": dict(year.by_rule.most_common()),
        "to_partners": year.to_partners,
        "digest": {"median": year.usual, "most": year.longest},
    }


def show(year: Year) -> None:
    """A simulated year for people."""
    printing.say(
        "From {first} to {last}: {workdays} workdays, {cases} cases. Nothing was sent.",
        first=year.first_day, last=year.last_day, workdays=year.workdays, cases=year.cases,
    )  # fmt: skip
    printing.table(
        ("Who", "Mails", "Usually a day", "Worst day", "On", "Days without"),
        (
            (each.name, each.mails, f"{each.median:g}", each.worst, each.worst_day, each.quiet)
            for each in year.people
        ),
        right=(1, 2, 3, 5),
    )
    printing.say(
        "A digest usually names {usual} things, at most {most}.",
        usual=f"{year.usual:g}", most=year.longest,
    )  # fmt: skip
    printing.say("To people at partners: {number} mails.", number=year.to_partners)
    printing.table(
        ("Rule", "How often"),
        ((titles.called(rule), number) for rule, number in year.by_rule.most_common()),
        right=(1,),
    )
