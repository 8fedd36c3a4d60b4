"""Finds what the words on a command line mean: a case, a colleague, a provider, a pilot."""

from collections.abc import Iterable

from sqlmodel import Session

from cli.composition import Program
from core import municipalities
from core.errors import BrugError, FaultyValue, NotFound
from core.references import number_of
from core.words import Told
from storage.queries import cases, pilots, referrals, staff
from storage.tables.partner import CHANNELS

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
    if found is None:
        names = [p.name for p in referrals.partners(session, organisation_id)]
        raise NotFound(name, remedy=_one_of(names[:20]) if names else "")
    return found.id


def course_id(session: Session, organisation_id: int, number: int | None) -> int | None:
    """The course of the library with this number."""
    if number is None or referrals.course(session, organisation_id, number):
        return number
    courses = referrals.course_load(session, organisation_id)
    names = [f"{each['id']} ({each['title']})" for each in courses[:20]]
    raise NotFound(str(number), remedy=_one_of(names) if names else "")


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
        raise NotFound(name, remedy=_one_of(pilots.names(session).values()))
    if not pilots.takes_part(session, organisation_id, found.id):
        raise NotFound(name, remedy="This library does not take part in this pilot.")
    return found.id


def known_channel(text: str) -> str:
    if text not in CHANNELS:
        raise FaultyValue(text, remedy=_one_of(CHANNELS))
    return text


def _one_of(names: Iterable[str]) -> str:
    return Told("Choose one of: {names}.", names=", ".join(names))
