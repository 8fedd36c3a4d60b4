"""What the commands do that open a case and undo a step."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cli import titles
from cli.case_finding import colleague, found_case, known_channel, municipality_code, pilot_id
from cli.composition import Program
from cli.language import LANGUAGE, t
from core import clock
from core.references import reference
from referrals import consent, opening, participants, routes, undoing
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.participants import Newcomer, Registered
from referrals.phones import read_email, read_phones
from referrals.routes import Published
from storage.tables import Organisation


def open_one(
    program: Program,
    *,
    route: str,
    first_name: str | None,
    phone: str | None,
    email: str | None,
    channel: str,
    municipality: str | None,
    pilot: str | None,
    agrees: bool,
    note: str | None,
    by: str | None,
) -> dict[str, Any]:
    """Open a case for somebody new; returns its reference, route and stage, and whether nameless.

    Whoever left nothing to be found by is nameless: the reference is all there is.
    """
    now = program.now
    with program.writing() as session:
        library = program.library(session)
        assert library.id is not None
        published = routes.newest(session, route)
        who = colleague(session, library.id, by)
        code = municipality_code(municipality) or library.municipality_code
        registered = _register(session, library.id, _person(first_name, phone, email), code, now)
        if agrees:
            note_agreement(session, library, [registered.id], who, now)
        new = opening.NewCase(
            registered, channel=known_channel(channel), owner_id=who, municipality_code=code,
            pilot_id=pilot_id(session, library.id, pilot), reachable=bool(phone or email),
            note=note,
        )  # fmt: skip
        [case] = opening.open_cases(
            session, library.id, published, [new], by=who, now=now,
            due_hour=program.settings.due_hour,
        )  # fmt: skip
    return _opened(case, published, nameless=not (first_name or phone or email))


def undo(program: Program, text: str, *, by: str | None) -> dict[str, Any]:
    """Undo the last step; returns the reference, the stage, and what stays."""
    with program.writing() as session:
        row = found_case(program, session, text)
        who = colleague(session, row.organisation_id, by)
        undone = undoing.undo(session, row.id, by=who, now=program.now)
        definition = routes.pinned(session, row.workflow_version_id).definition
    return {
        "reference": reference(row.id),
        "stage": undone.to_stage,
        "title": titles.stage(definition, undone.to_stage),
        "remains": [t(sentence) for sentence in undone.remains],
    }


def note_agreement(
    session: Session,
    library: Organisation,
    people: Iterable[int],
    who: int | None,
    now: datetime,
) -> None:
    """Somebody heard today that these participants agree to be referred."""
    assert library.id is not None
    agreement = Agreement(given_on=clock.local_day(now, library.zone), explained_by=who)
    agreements = [(participant, agreement) for participant in people]
    consent.note_consent(session, library.id, agreements, now=now)


def _opened(case: int, published: Published, *, nameless: bool) -> dict[str, Any]:
    return {
        "reference": reference(case),
        "route": published.name,
        "route_title": published.definition.title[LANGUAGE],
        "stage": published.definition.start[0],
        "version": 1,
        "nameless": nameless,
    }


def _person(first_name: str | None, phone: str | None, email: str | None) -> Person:
    return Person(
        first_name=first_name or None,
        phone=next(iter(read_phones(phone)), None) if phone else None,
        email=read_email(email) if email else None,
    )


def _register(
    session: Session, library: int, person: Person, code: str | None, now: datetime
) -> Registered:
    [registered] = participants.register(session, library, [Newcomer(person, code)], now=now)
    return registered
