"""What `brug staff` does, and how it shows people."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from cli import printing, titles
from cli.case_finding import colleague
from cli.composition import Program, day
from cli.language import LANGUAGE
from core import clock, words
from core.errors import FaultyValue
from referrals import colleagues
from referrals.colleagues import Wishes
from storage.queries import staff
from storage.tables import Staff

_HEADINGS = {
    "name": "Name",
    "email": "E-mail address",
    "role": "Role",
    "digest": "Digest",
    "single_mails": "Single mails",
    "paused_until": "Pause until",
    "away": "Away",
}


def listed(program: Program) -> list[dict[str, Any]]:
    """Everybody active, with when they get mail and until when they are away."""
    with program.reading() as session:
        library = program.library(session)
        assert library.id is not None
        today = clock.local_day(program.now, library.zone)
        leaves = staff.leaves(session, library.id, today)
        return [
            {
                **_person(each),
                "away": [
                    {"from": str(leave.first_day), "to": str(leave.last_day)}
                    for leave in leaves
                    if leave.staff_id == each.id
                ],
            }
            for each in staff.active(session, library.id)
        ]


def add(program: Program, name: str, email: str, role: str) -> dict[str, Any]:
    """Add somebody; returns who."""
    with program.writing() as session:
        library = program.library(session)
        person = colleagues.add(
            session, library.id or 0, name, email, role=role, by=None, now=program.now
        )
        return _person(person)


def wish(
    program: Program,
    email: str,
    *,
    hour: int | None,
    days: str | None,
    single: bool | None,
    pause_until: str | None,
    resume: bool,
    language: str | None,
) -> dict[str, Any]:
    """Change how somebody wants mail; returns who."""
    wishes = Wishes(
        digest_hour=hour,
        digest_days=_weekdays(days) if days is not None else None,
        single_mails=single,
        paused_until=day(pause_until, "--pause-until"),
        resume=resume,
        language=language,
    )
    with program.writing() as session:
        person = _found(session, program, email)
        colleagues.wish(session, person, wishes, by=None, now=program.now)
        return _person(person)


def leave(
    program: Program, email: str, first: str, last: str, stand_in: str | None
) -> dict[str, Any]:
    """Note leave; returns who is away and when."""
    first_day, last_day = day(first, "--from"), day(last, "--to")
    assert first_day is not None and last_day is not None
    with program.writing() as session:
        person = _found(session, program, email)
        other = _found(session, program, stand_in) if stand_in else None
        colleagues.leave(
            session, person, first_day, last_day, stand_in=other, by=None, now=program.now
        )
        return {
            "name": person.name,
            "first": str(first_day),
            "last": str(last_day),
            "stand_in": other.name if other else None,
        }


def show(people: Sequence[dict[str, Any]]) -> None:
    """People as a table, without the columns in which nothing stands."""
    rows = [_told(each) for each in people]
    used = [name for name in _HEADINGS if any(row[name] for row in rows)]
    printing.table(
        [_HEADINGS[name] for name in used], ([row[name] for name in used] for row in rows)
    )


def show_one(person: dict[str, Any]) -> None:
    """How somebody wants mail, line by line."""
    told = _told(person)
    printing.facts((heading, told[name] or "–") for name, heading in _HEADINGS.items())


def _told(person: dict[str, Any]) -> dict[str, str]:
    days = words.weekdays_in(LANGUAGE, map(int, person["digest_days"].split()))
    return {
        "name": person["name"],
        "email": person["email"],
        "role": titles.called(person["role"]),
        "digest": f"{person['digest_hour']}:00 {days}",
        "single_mails": "✓" if person["single_mails"] else "",
        "paused_until": person["paused_until"] or "",
        "away": ", ".join(f"{each['from']} – {each['to']}" for each in person.get("away", ())),
    }


def _found(session: Session, program: Program, email: str) -> Staff:
    number = colleague(session, program.library(session).id or 0, email)
    return session.get_one(Staff, number)


def _weekdays(text: str) -> tuple[int, ...]:
    digits = [sign for sign in text if sign not in " ,"]
    if not all(sign.isdigit() for sign in digits):
        raise FaultyValue(f"--days {text}", remedy="Write days as 1 (Monday) to 7 (Sunday).")
    return tuple(int(sign) for sign in digits)


def _person(person: Staff) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "language": person.language,
        "digest_hour": person.digest_hour,
        "digest_days": person.digest_days,
        "single_mails": person.single_mails,
        "paused_until": str(person.paused_until) if person.paused_until else None,
    }
