"""Finds what the words on a command line mean: a case, a colleague, a provider, a pilot."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from cli.composition import Program
from cli.language import LANGUAGE
from core import municipalities
from core.errors import BrugError, FaultyValue, NotFound
from core.references import number_of
from core.words import Told, together
from referrals import routes
from storage.queries import case_lists, cases, pilots, referrals, staff
from storage.tables.partner import CHANNELS

#: things that a message names at most
_NAMED = 20
_LOOK = "Look for it with: brug case list"


def found_case(program: Program, session: Session, text: str) -> cases.Standing:
    """The case of this library with this reference; another library's is as unknown as none."""
    rows = cases.standing(session, [number_of(text)])
    if not rows or rows[0].organisation_id != program.library(session).id:
        raise NotFound(text, remedy=_LOOK)
    return rows[0]


def found_cases(
    session: Session, library: int, texts: Iterable[str]
) -> tuple[list[cases.Standing], dict[str, BrugError]]:
    """The cases of a library with these references, and for every other text why it is none."""
    typed: dict[int, str] = {}
    unknown: dict[str, BrugError] = {}
    for text in texts:
        try:
            typed.setdefault(number_of(text), text)
        except NotFound as error:
            unknown[text] = error
    rows = [row for row in cases.standing(session, list(typed)) if row.organisation_id == library]
    for number in typed.keys() - {row.id for row in rows}:
        unknown[typed[number]] = NotFound(typed[number], remedy=_LOOK)
    return rows, unknown


def colleague(session: Session, organisation_id: int, email: str | None) -> int | None:
    if email is None:
        return None
    found = staff.colleague(session, organisation_id, email)
    if found is None:
        raise NotFound(email, remedy="Nobody active at this library has this e-mail address.")
    return found.id


def provider_id(session: Session, organisation_id: int, name: str | None) -> int | None:
    if name is None:
        return None
    found = referrals.partner(session, organisation_id, name)
    if found is not None and found.kind == "provider":
        return found.id
    partners = referrals.partners(session, organisation_id)
    nothing = "There are no providers yet. Importing a register adds those that it names."
    choice = _one_of((each.name for each in partners if each.kind == "provider"), nothing)
    other = "This partner is no provider."
    raise NotFound(name, remedy=together([other, choice]) if found else choice)


def course_id(session: Session, organisation_id: int, number: int | None) -> int | None:
    """The course of the library with this number."""
    if number is None or referrals.course(session, organisation_id, number):
        return number
    courses = referrals.course_load(session, organisation_id)
    names = [f"{each['id']} ({each['title']})" for each in courses]
    nothing = "There are no courses yet. Leave --course out."
    raise NotFound(str(number), remedy=_one_of(names, nothing))


def municipality_code(text: str | None) -> str | None:
    if text is None:
        return None
    found = municipalities.by_code(text) or municipalities.find(text)
    if found is None:
        raise NotFound(text, remedy="Write the name of a municipality, or its code (GM0363).")
    return found.code


def pilot_id(session: Session, organisation_id: int, name: str | None) -> int | None:
    if name is None:
        return None
    found = pilots.pilot(session, name)
    if found is None or found.id is None:
        names = pilots.names(session).items()
        own = (
            each for number, each in names if pilots.takes_part(session, organisation_id, number)
        )
        nothing = "This library has no pilots yet. Leave --pilot out."
        raise NotFound(name, remedy=_one_of(own, nothing))
    if not pilots.takes_part(session, organisation_id, found.id):
        raise NotFound(name, remedy="This library does not take part in this pilot.")
    return found.id


def known_channel(text: str) -> str:
    if text not in CHANNELS:
        raise FaultyValue(text, remedy=_one_of(CHANNELS))
    return text


def check_filters(session: Session, organisation_id: int, filters: Mapping[str, Any]) -> None:
    """Raises `NotFound` for a route, stage or owner that no case of the library can have."""
    route, stage, owner = (filters.get(name) for name in ("route", "stage", "owner"))
    if route:
        routes.newest(session, route)
    if stage:
        stages = {name: title[LANGUAGE] for name, title in routes.stages(session, route).items()}
        if stage not in stages:
            raise NotFound(stage, remedy=_one_of(_with_titles(stages), "Run: brug init"))
    if owner:
        owners = case_lists.owners(session, organisation_id)
        if owner.lower() not in owners:
            nothing = "This library has no staff yet. Leave --owner out."
            raise NotFound(owner, remedy=_one_of(owners, nothing))


def _with_titles(titles: Mapping[str, str]) -> Iterable[str]:
    return (
        name if name.lower() == title.lower() else f"{name} ({title})"
        for name, title in titles.items()
    )


def _one_of(names: Iterable[str], nothing: str = "") -> str:
    """What there is to choose from, the first of it; and what to do when there is nothing."""
    there = list(names)
    if not there:
        return nothing
    some = ", ".join(there[:_NAMED]) + (" …" if len(there) > _NAMED else "")
    return Told("Choose one of: {names}.", names=some)
