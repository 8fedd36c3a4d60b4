"""What `workflow preview` and `workflow migrate` do: shown first, done when told to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cli import printing
from cli.composition import Program
from cli.language import LANGUAGE
from core.errors import Misused, NotFound, NothingToUndo
from core.references import reference
from core.words import Told
from referrals import bringing_back, migrating, previewing, routes
from referrals.previewing import Effect
from storage.queries import case_migrations, pilots
from workflows import checking
from workflows.definition import Definition
from workflows.reading import read_file


def preview(
    program: Program, file: Path, pilot: str | None, mapped: Sequence[str]
) -> dict[str, Any]:
    """What publishing a file, and going over to it, would change for a library."""
    text = read_file(file)
    with program.reading() as session:
        definition = checking.parse(text, str(file), routes.names(session))
        library = program.library(session, aloud=True).id or 0
        effect = previewing.effect(
            session, library, definition, mapping=mapping_of(mapped),
            pilot_id=_pilot(session, library, pilot), now=program.now,
        )  # fmt: skip
        return _told(session, definition, effect)


def migrate(
    program: Program, name: str, pilot: str | None, mapped: Sequence[str], *, yes: bool
) -> dict[str, Any]:
    """Show what going over to the newest version changes, and do it when told to.

    Raises `MoveRefused` for stages without a counterpart when it is to be done.
    """
    mapping = mapping_of(mapped)
    with program.writing() as session:
        library = program.library(session).id or 0
        to = routes.newest(session, name)
        chosen = _pilot(session, library, pilot)
        effect = previewing.effect(
            session, library, to.definition, version_id=to.id, mapping=mapping,
            pilot_id=chosen, now=program.now,
        )  # fmt: skip
        shown = _told(session, to.definition, effect) | {"version": to.number, "done": yes}
        if yes:
            migrating.migrate(
                session, library, to, mapping=mapping, pilot_id=chosen, by=None,
                now=program.now, due_hour=program.settings.due_hour,
            )  # fmt: skip
    return shown


def back(program: Program, name: str, *, yes: bool) -> dict[str, Any]:
    """Show what the last going over took along, and bring it back when told to."""
    with program.writing() as session:
        library = program.library(session).id or 0
        rows = case_migrations.migrations(session, library, name)
        if not rows:
            raise NothingToUndo(name, remedy="No cases went over to a version of this route.")
        # cases of several versions went over together
        last = [row for row in rows if row.at == rows[0].at]
        gone = [each for row in last for each in case_migrations.gone_over(session, row)]
        if yes:
            for row in last:
                bringing_back.bring_back(session, library, row.id or 0, by=None, now=program.now)
    stayed = [reference(each.case_id) for each in gone if not each.still]
    return {
        "name": name, "went_over": rows[0].at.isoformat(), "cases": len(gone) - len(stayed),
        "stayed": stayed, "done": yes,
    }  # fmt: skip


def mapping_of(mapped: Sequence[str]) -> dict[str, str]:
    """Old stage → new stage, from words such as ``trust=met``; raises `Misused`."""
    pairs = {}
    for word in mapped:
        old, sign, new = word.partition("=")
        if not (old and sign and new):
            raise Misused(f"--map {word}", remedy="Write: --map old=new")
        pairs[old] = new
    return pairs


def show(told: Mapping[str, Any]) -> None:
    """What would change, for people."""
    printing.say("Open cases that go over: {number}.", number=printing.number(told["cases"]))
    printing.table(
        ("Stage", "Cases", "Goes to"),
        ((each["title"], each["cases"], each["to"] or "?") for each in told["stages"]),
        right=(1,),
    )
    changed = [each for each in told["follow_ups"] if any(list(each.values())[1:4])]
    if changed:
        printing.say("")
        printing.table(
            ("Rule", "Comes", "Goes to another day", "Falls away"),
            ((each["rule"], each["appear"], each["move"], each["fall_away"]) for each in changed),
            right=(1, 2, 3),
        )
    printing.say(
        "Due today: {due}. Mails to people at partners: {today} today, {later} later.",
        due=told["due_today"], today=told["mails_today"], later=told["mails_later"],
    )  # fmt: skip
    for each in told["stages"]:
        if each["to"] is None:
            printing.say("Say where cases in {stage} go: --map {stage}=…", stage=each["stage"])


def _told(session: Session, definition: Definition, effect: Effect) -> dict[str, Any]:
    titles = routes.stages(session, definition.name)
    return {
        "name": definition.name,
        "cases": effect.cases,
        "stages": [
            {
                "stage": each.stage, "cases": each.cases, "to": each.to,
                "title": titles[each.stage][LANGUAGE] if each.stage in titles else each.stage,
            }
            for each in effect.stages
        ],
        "follow_ups": [asdict(each) for each in effect.rules],
        "due_today": effect.due_today,
        "mails_today": effect.mails_today,
        "mails_later": effect.mails_later,
    }  # fmt: skip


def _pilot(session: Session, library: int, name: str | None) -> int | None:
    if name is None:
        return None
    known = {title: number for number, title in pilots.of_library(session, library)}
    if name not in known:
        remedy = Told("Choose one of: {names}.", names=", ".join(known))
        raise NotFound(name, remedy=remedy if known else "")
    return known[name]
