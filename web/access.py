"""Lets people in: by the link in a mail, or by the visit that signing in began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException

from core import clock
from storage.queries import doors, links, staff, visits
from storage.tables import Link, Organisation
from web import security
from web.members import Member
from web.rules import ANSWERS, RULES, Rule, may_use
from web.site import House

#: how often it is written down that somebody is still there
_SEEN = timedelta(minutes=1)


class NotSignedIn(Exception):
    """Somebody must sign in first, or again."""


@dataclass(frozen=True)
class Door:
    """Somebody at a page, let in by the link in a mail that was for them."""

    token: str
    link: Link
    library: Organisation
    name: str
    language: str
    #: where the holder works when that is not the library
    partner_id: int | None
    partner: str | None
    now: datetime

    @property
    def is_staff(self) -> bool:
        """Whether the holder works at the library."""
        return self.link.staff_id is not None

    @property
    def by(self) -> int | None:
        """Who acts, for the history of a case: nobody of the library when it is a partner."""
        return self.link.staff_id

    @property
    def organisation_id(self) -> int:
        """The library that the link belongs to."""
        return self.link.organisation_id

    @property
    def zone(self) -> str:
        """The zone by which days and hours are shown."""
        return self.library.zone

    @property
    def today(self) -> date:
        """The present local day of the library."""
        return clock.local_day(self.now, self.zone)

    @property
    def expired(self) -> bool:
        """Whether the link is too old to do anything with but ask for a new one."""
        return self.link.expires_at <= self.now

    @property
    def wing(self) -> str:
        """The first part of the address of its pages."""
        return "a" if self.link.purpose in ANSWERS else "m"

    @property
    def actor(self) -> str:
        """Who sends a form, for doing it once."""
        return self.link.hash

    @property
    def form_subject(self) -> str:
        """What forms on its pages are tied to."""
        return self.link.hash


#: whoever was let in
Holder = Door | Member


def house(request: Request) -> House:
    """The site that a request is for."""
    found: House = request.app.state.house
    return found


def rule_of(request: Request) -> Rule:
    """The rule of the route that was asked for; without one it is as if it were not there."""
    rule = RULES.get(request.scope["route"].name)
    if rule is None:
        raise HTTPException(404)
    return rule


def admit(request: Request) -> Holder | None:
    """Let somebody in; asked for every request, before its page.

    Whatever is wrong with a link, the answer is the same 404: unknown, of another library's
    making, for other pages, of somebody who left. So it is for a page that is not for the role of
    whoever is signed in. Raises `NotSignedIn`.
    """
    rule = rule_of(request)
    if rule.links:
        return _at_door(request, rule)
    if rule.roles:
        return _at_desk(request, rule)
    return None


def _at_door(request: Request, rule: Rule) -> Door:
    with house(request).reading() as session:
        door = _opened(session, request.path_params.get("token", ""), house(request).now())
    if door is None or door.link.purpose not in rule.links:
        raise HTTPException(404)
    if door.expired and not rule.expired:
        raise HTTPException(404)
    return door


def _at_desk(request: Request, rule: Rule) -> Member:
    member = visitor(request)
    if member is None:
        raise NotSignedIn
    if member.role not in rule.roles:
        raise HTTPException(404)
    return member


def visitor(request: Request) -> Member | None:
    """Whoever is signed in, also on pages that are for anybody."""
    place, now = house(request), house(request).now()
    token = security.visit_of(request, place.site)
    if token is None:
        return None
    visit = links.fingerprint(token)
    with place.reading() as session:
        row = visits.found(session, visit, now)
    if row is None:
        return None
    here, person, library = row
    if now - here.seen_at > _SEEN:
        # a page waits for nobody who writes at length, such as a bulk change
        with place.marking() as session:
            if session is not None:
                visits.mark_seen(session, visit, now)
    choices: Mapping[str, Any] = person.desk or {}
    return Member(
        visit, person.id or 0, person.name, person.role, person.language, library, choices, now,
        may_use,
    )  # fmt: skip


def _opened(session: Session, token: str, now: datetime) -> Door | None:
    link = links.found(session, token) if token.isascii() else None
    if link is None:
        return None
    library = staff.organisation_by_number(session, link.organisation_id)
    if link.staff_id is not None:
        colleague = doors.colleague(session, link.organisation_id, link.staff_id)
        if colleague is None:
            return None
        return Door(token, link, library, colleague.name, colleague.language, None, None, now)
    person = doors.contact_person(session, link.organisation_id, link.contact_person_id or 0)
    partner = person and doors.partner(session, link.organisation_id, person.partner_id)
    if person is None or partner is None:
        return None
    return Door(token, link, library, person.name, person.language, partner.id, partner.name, now)


def at_door(holder: Annotated[Holder | None, Depends(admit)]) -> Door:
    """The holder of the link, for pages that nobody opens without one."""
    if not isinstance(holder, Door):
        raise HTTPException(404)
    return holder


def at_desk(holder: Annotated[Holder | None, Depends(admit)]) -> Member:
    """Whoever is signed in, for pages that nobody opens without."""
    if not isinstance(holder, Member):
        raise HTTPException(404)
    return holder


AtDoor = Annotated[Door, Depends(at_door)]
AtDesk = Annotated[Member, Depends(at_desk)]
InHouse = Annotated[House, Depends(house)]
