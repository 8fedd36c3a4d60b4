"""The page after a form about a follow-up: what happened, what comes next, and a way back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from core.references import reference
from core.words import day_in_words, say
from storage.queries import staff
from web.access import Door
from web.pages.follow_ups import Scene, may_undo, offered, scene, what
from web.receipts import Receipt, Shown


def shown(session: Session, door: Door, receipt: Receipt) -> Shown:
    """What the page says after a form."""
    there = scene(session, door)
    title, *sentences = _SHOWN[receipt.did](session, door, there, receipt.values)
    if receipt.undone:
        sentences = [say(door.language, "This was taken back.")]
    return Shown(
        title,
        tuple(sentences),
        about=what(there, door.language),
        undo=not receipt.undone and may_undo(there, receipt),
        remains=tuple(say(door.language, each) for each in receipt.values.get("remains", ())),
        offered=None if receipt.undone else offered(session, there, door),
    )


def day_of(values: Mapping[str, Any], name: str, language: str) -> str:
    """A day in a receipt, written out; empty without one."""
    kept = values.get(name)
    return day_in_words(language, date.fromisoformat(kept)) if kept else ""


def _done(_s: Session, door: Door, there: Scene, values: Mapping[str, Any]) -> list[str]:
    language, again = door.language, day_of(values, "again_on", door.language)
    if not door.is_staff:
        return [
            say(language, "Your answer has been noted"),
            say(language, "The library sees it with case {reference}.", reference=_name(there)),
            say(language, "You need not do anything more for this."),
        ]
    noted = say(language, "It is noted with case {reference}.", reference=_name(there))
    said = [say(language, "Done"), noted]
    if again:
        said.append(say(language, "It comes again on {day}.", day=again))
    return said


def _later(_s: Session, door: Door, there: Scene, values: Mapping[str, Any]) -> list[str]:
    day = day_of(values, "until", door.language)
    if not door.is_staff:
        return _not_yet(door, there, day)
    return [
        say(door.language, "Put off"),
        say(door.language, "It comes back in your mail on {day}.", day=day),
    ]


def _handed_over(
    session: Session, door: Door, there: Scene, values: Mapping[str, Any]
) -> list[str]:
    name = staff.names_of(session, door.organisation_id).get(values["to"], "")
    return [
        say(door.language, "Handed over"),
        say(door.language, "{name} has it now and finds it in the next mail.", name=name),
    ]


def _not_reached(_s: Session, door: Door, there: Scene, values: Mapping[str, Any]) -> list[str]:
    language, day = door.language, day_of(values, "next_on", door.language)
    if not door.is_staff:
        return _not_yet(door, there, day)
    title = say(language, "Not reached")
    if day:
        return [title, say(language, "The next attempt is on {day}.", day=day)]
    return [title, say(language, "No further attempt is planned.")]


def _not_yet(door: Door, there: Scene, day: str) -> list[str]:
    title = say(door.language, "Your answer has been noted")
    if day:
        return [title, say(door.language, "We ask you again on {day}.", day=day)]
    return [title, say(door.language, "The library takes it from here.")]


def _moved(_s: Session, door: Door, there: Scene, values: Mapping[str, Any]) -> list[str]:
    stage = there.definition.stages[values["to_stage"]].title[door.language]
    return [
        say(door.language, "The step is made"),
        say(door.language, "{reference} is now at: {stage}.", reference=_name(there), stage=stage),
    ]


def _undone(_s: Session, door: Door, there: Scene, values: Mapping[str, Any]) -> list[str]:
    return [say(door.language, "Taken back"), say(door.language, "It is as it was before.")]


def _name(there: Scene) -> str:
    return reference(there.case.id)


_SHOWN = {
    "done": _done,
    "later": _later,
    "handed_over": _handed_over,
    "not_reached": _not_reached,
    "moved": _moved,
    "undone": _undone,
}
