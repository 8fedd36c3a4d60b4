"""What `brug staff invite`, `brug staff password` and `brug init` do to let somebody in."""

from typing import Any

from sqlmodel import Session

from cli.case_finding import colleague
from cli.composition import Program
from core.errors import AlreadyThere
from referrals import colleagues, invitations, staffing
from storage.queries import accounts, staff
from storage.tables import Organisation, Staff


def invite(program: Program, email: str, *, link: bool) -> dict[str, Any]:
    """Queue the mail for a first password, or make a link for where no mail can go out."""
    with program.writing() as session:
        person = _found(session, program, email)
        row = accounts.secrets_of(session, person.id or 0)
        if row and row.password_hash:
            raise AlreadyThere(person.email, remedy="For another password: brug staff password")
        if not link:
            invitations.invite(session, person, by=None, now=program.now)
        return _said(program, session, person, link=link)


def new_password(program: Program, email: str, *, link: bool, codes: bool) -> dict[str, Any]:
    """Queue the mail for a new password, or make a link; without codes from then on if asked."""
    with program.writing() as session:
        person = _found(session, program, email)
        if not codes:
            staffing.stop_codes(session, person, by=None, now=program.now)
        if not link:
            invitations.send_reset(session, person, by=None, now=program.now)
        return _said(program, session, person, link=link)


def first_administrator(program: Program, short_name: str, email: str) -> dict[str, Any]:
    """Add the administrator of a library and make a link with which they choose a password."""
    with program.writing() as session:
        library = program.named(session, short_name)
        person = _administrator(session, program, library, email)
        return _said(program, session, person, link=True)


def _administrator(session: Session, program: Program, library: Organisation, email: str) -> Staff:
    there = staff.with_address(session, library.id or 0, email.strip().lower())
    if there is not None:
        if there.role != "administrator":
            staffing.change_role(session, there, "administrator", by=None, now=program.now)
        return there
    name = email.partition("@")[0].replace(".", " ").title()
    return colleagues.add(
        session, library.id or 0, name, email, role="administrator", by=None, now=program.now
    )


def _said(program: Program, session: Session, person: Staff, *, link: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"name": person.name, "email": person.email}
    if link:
        purpose, token = invitations.link_for(session, person, by=None, now=program.now)
        said["link"] = f"{program.settings.base_url.rstrip('/')}/{purpose}/{token}"
    return said


def _found(session: Session, program: Program, email: str) -> Staff:
    number = colleague(session, program.library(session).id or 0, email)
    return session.get_one(Staff, number)
