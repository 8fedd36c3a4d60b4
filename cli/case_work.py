"""What the case commands do, and how they show it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cli import composition
from cli.case_finding import (
    colleague,
    found_case,
    known_channel,
    municipality_code,
    pilot_id,
    provider_id,
)
from cli.composition import Program
from core import clock
from core.references import reference
from referrals import answering, consent, moving, opening, participants, routes, undoing
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.moving import Answers, Outcome
from referrals.participants import Newcomer
from referrals.phones import read_email, read_phones
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
    """Open a case for somebody new; returns its reference, number and stage."""
    person = Person(
        first_name=first_name or None,
        phone=next(iter(read_phones(phone)), None) if phone else None,
        email=read_email(email) if email else None,
    )
    now = program.now
    with program.writing() as session:
        library = program.library(session)
        assert library.id is not None
        published = routes.newest(session, route)
        who = colleague(session, library.id, by)
        code = municipality_code(municipality) or library.municipality_code
        [registered] = participants.register(session, library.id, [Newcomer(person, code)], now=now)
        if agrees:
            _note_agreement(session, library, [registered.id], who, now)
        new = opening.NewCase(
            registered, channel=known_channel(channel), owner_id=who, municipality_code=code,
            pilot_id=pilot_id(session, library.id, pilot), reachable=bool(phone or email),
            note=note,
        )  # fmt: skip
        [case] = opening.open_cases(
            session, library.id, published, [new], by=who, now=now,
            due_hour=program.settings.due_hour,
        )  # fmt: skip
        stage = published.definition.start[0]
    return {"reference": reference(case), "route": route, "stage": stage, "version": 1}


def move(
    program: Program,
    texts: Sequence[str],
    name: str,
    *,
    note: str | None,
    reason: str | None,
    day: str | None,
    provider: str | None,
    course: int | None,
    agrees: bool,
    version: int | None,
    by: str | None,
) -> Outcome:
    """Move cases of the library; others are not found."""
    with program.writing() as session:
        library = program.library(session)
        assert library.id is not None
        rows = [found_case(program, session, text) for text in dict.fromkeys(texts)]
        answers = Answers(
            note=note, reason=reason, date=composition.day(day, "--date"), course=course,
            provider=provider_id(session, library.id, provider),
        )  # fmt: skip
        who = colleague(session, library.id, by)
        if agrees:
            people = {row.participant_id for row in rows}
            _note_agreement(session, library, people, who, program.now)
        return moving.move_cases(
            session, {row.id: version for row in rows}, name, by=who, now=program.now,
            answers=answers, due_hour=program.settings.due_hour,
        )  # fmt: skip


def answer(
    program: Program, text: str, given: str, *, reason: str | None, note: str | None, by: str | None
) -> Outcome:
    """Note an answer to the open referral of a case, and make the step that it causes."""
    with program.writing() as session:
        row = found_case(program, session, text)
        who = colleague(session, row.organisation_id, by)
        return answering.answer(
            session, row.id, given, by=who, now=program.now, reason=reason, note=note,
            due_hour=program.settings.due_hour,
        )  # fmt: skip


def undo(program: Program, text: str, *, by: str | None) -> dict[str, Any]:
    """Undo the last step; returns the reference, the stage, and what stays."""
    with program.writing() as session:
        row = found_case(program, session, text)
        who = colleague(session, row.organisation_id, by)
        undone = undoing.undo(session, row.id, by=who, now=program.now)
    return {
        "reference": reference(row.id),
        "stage": undone.to_stage,
        "remains": list(undone.remains),
    }


def _note_agreement(
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
