"""People as lists and their page show them: ready words, one question for each kind of thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from core import clock, municipalities
from core.references import reference
from core.words import Told, say
from referrals import routes
from referrals.profiles import Value
from storage.queries import search
from storage.queries.people import ChangeLine, ConsentLine
from storage.queries.search import CaseLine, PersonLine
from storage.tables import Participant
from web.members import Member
from web.pages.consent_forms import FORMS, LANGUAGES, PURPOSES
from workflows.definition import LEVELS

#: what is known of somebody, as a form and a list call it
TITLES: Mapping[str, str] = {
    "first_name": Told("First name"),
    "last_name": Told("Last name"),
    "birth_year": Told("Birth year"),
    "phone": Told("Phone"),
    "email": Told("E-mail address"),
    "postcode": Told("Postcode"),
    "municipality_code": Told("Municipality"),
    "mother_tongue": Told("Mother tongue"),
    "wish": Told("Wants to learn"),
    "best_moment": Told("Best moment to call"),
}
TONGUES: Mapping[str, str] = {
    "nt1": Told("Dutch is the first language"),
    "nt2": Told("Dutch is a second language"),
}
BASES: Mapping[str, str] = {
    "consent": Told("Consent"),
    "public_task": Told("Public task"),
    "contract": Told("Contract"),
    "legitimate_interest": Told("Legitimate interest"),
}
_CHANGES: Mapping[str, str] = {
    "participant.changed": Told("Changed"),
    "participant.merged": Told("Merged with another participant"),
    "participant.unmerged": Told("Taken apart again"),
    "consent.withdrawn": Told("Consent withdrawn"),
}


@dataclass(frozen=True)
class CaseView:
    """A case of somebody."""

    reference: str
    route: str
    stage: str
    #: the place of the reach level of the stage
    level: int | None
    aside: bool
    owner: str
    since: date
    closed: bool


@dataclass(frozen=True)
class PersonView:
    """Somebody in a list."""

    reference: str
    #: none: somebody without a name
    name: str | None
    #: birth year, phone and place, as far as they are known
    details: tuple[str, ...]
    cases: tuple[CaseView, ...]
    #: why they are in the list
    why: str


@dataclass(frozen=True)
class ConsentView:
    """Something that was agreed to."""

    purposes: tuple[str, ...]
    #: how, in which language, by whom, of which text
    how: tuple[str, ...]
    given_on: date
    expires_on: date | None
    withdrawn_on: date | None
    holds: bool


@dataclass(frozen=True)
class ChangeView:
    """A change of what is known."""

    day: date
    what: str
    fields: str
    by: str


def lines(
    session: Session, member: Member, people: Sequence[int], why: Mapping[int, str] | None = None
) -> list[PersonView]:
    """These people with their cases, in this order."""
    return of_rows(session, member, search.people(session, people), why)


def of_rows(
    session: Session, member: Member, rows: Sequence[PersonLine],
    why: Mapping[int, str] | None = None,
) -> list[PersonView]:  # fmt: skip
    """The same, of whom everything is known already but their cases."""
    cases = search.cases_of(session, [row.id for row in rows], sees=member.sees) if rows else {}
    return [
        PersonView(
            reference(row.id),
            name_of(row),
            details(row),
            tuple(_case(session, member, each) for each in cases.get(row.id, ())),
            say(member.language, (why or {}).get(row.id, "")),
        )
        for row in rows
    ]


def name_of(row: PersonLine | Participant) -> str | None:
    """First and last name; none for the nameless."""
    return " ".join(part for part in (row.first_name, row.last_name) if part) or None


def details(row: PersonLine) -> tuple[str, ...]:
    """What tells somebody from others of that name."""
    place = municipalities.name_of(row.municipality_code) if row.municipality_code else ""
    parts = (str(row.birth_year or ""), spelled(row.phone), row.email or "", place)
    return tuple(part for part in parts if part)


def spelled(phone: str | None) -> str:
    """A phone number as people here write it: 06 12345678, or +32 and the number."""
    if not phone:
        return ""
    if phone.startswith("+316"):
        return f"06 {phone[4:]}"
    return f"0{phone[3:]}" if phone.startswith("+31") else phone


def tongues(member: Member) -> list[tuple[str, str]]:
    """What can be chosen as somebody's mother tongue."""
    return [(code, say(member.language, title)) for code, title in TONGUES.items()]


def shown(member: Member, field: str, value: Value) -> str:
    """A value as it is read."""
    if value is None or value == "":
        return ""
    if field == "phone":
        return spelled(str(value))
    if field == "municipality_code":
        return municipalities.name_of(str(value))
    if field == "mother_tongue":
        return say(member.language, TONGUES[str(value)])
    return str(value)


def as_typed(field: str, value: Value) -> str:
    """A value as it stands in its field of the form."""
    if field == "municipality_code" and value:
        return municipalities.name_of(str(value))
    return spelled(str(value)) if field == "phone" and value else str(value or "")


def consent(member: Member, line: ConsentLine) -> ConsentView:
    """Something that was agreed to, in words."""
    language = member.language
    how = [say(language, BASES[line.basis]), say(language, FORMS[line.form])]
    if line.language in LANGUAGES:
        how.append(say(language, LANGUAGES[line.language]))
    if line.explained_by:
        how.append(say(language, "explained by {name}", name=line.explained_by))
    how.append(say(language, "text {version}", version=line.text_version))
    over = line.expires_on is not None and line.expires_on < member.today
    day = clock.local_day(line.withdrawn_at, member.zone) if line.withdrawn_at else None
    purposes = tuple(say(language, PURPOSES[each]) for each in line.purposes if each in PURPOSES)
    holds = day is None and not over
    return ConsentView(purposes, tuple(how), line.given_on, line.expires_on, day, holds)


def change(member: Member, line: ChangeLine) -> ChangeView:
    """A change, in words; never what stood in a field."""
    language, fields = member.language, line.detail.get("fields")
    named = [each for each in TITLES if isinstance(fields, list) and each in fields]
    return ChangeView(
        clock.local_day(line.at, member.zone),
        say(language, _CHANGES.get(line.what, line.what)),
        ", ".join(say(language, TITLES[each]).lower() for each in named),
        line.by or "",
    )


def _case(session: Session, member: Member, line: CaseLine) -> CaseView:
    definition = routes.pinned(session, line.version_id).definition
    stage = definition.stages[line.stage]
    level = definition.level_of(line.stage)
    return CaseView(
        reference(line.id),
        definition.title[member.language],
        stage.title[member.language],
        LEVELS.index(level) if level else None,
        level is None,
        line.owner or "",
        line.stage_day,
        line.closed,
    )
