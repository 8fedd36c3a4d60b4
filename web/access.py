"""Who may use which page: one table, and the question that every request is asked by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException

from core import clock
from storage.queries import doors, links, staff
from storage.tables import Link, Organisation
from web.site import House

#: what a link about answers is for, and a link about mails
ANSWERS = ("follow_up", "referral")
PREFERENCES = ("preferences", "contact_preferences")


@dataclass(frozen=True)
class Rule:
    """Who may use a route."""

    #: the links that open it; none: anybody may
    links: tuple[str, ...] = ()
    #: also with a link that is too old, to ask for a new one
    expired: bool = False
    #: a form must come from a page of ours, in the same browser
    own_form: bool = True


ANYBODY = Rule()
#: the name of a route → who may use it. A route without a rule answers nobody.
RULES: Mapping[str, Rule] = {
    "live": ANYBODY,
    "ready": ANYBODY,
    "static": ANYBODY,
    "show_answer": Rule(ANSWERS, expired=True),
    "answer": Rule(ANSWERS),
    "answered": Rule(ANSWERS),
    "undo_answer": Rule(ANSWERS),
    "ask_code": Rule(("referral",)),
    "ask_for_code": Rule(("referral",)),
    "read": Rule(("referral",)),
    "renew_answer": Rule(ANSWERS, expired=True),
    "show_preferences": Rule(PREFERENCES, expired=True),
    "save_preferences": Rule(PREFERENCES),
    "saved": Rule(PREFERENCES, expired=True),
    "undo_preferences": Rule(PREFERENCES),
    "show_off": Rule(PREFERENCES, expired=True),
    # a mail program posts it on a click, without ever having seen a page (RFC 8058)
    "turn_off": Rule(PREFERENCES, expired=True, own_form=False),
    "renew_preferences": Rule(PREFERENCES, expired=True),
}


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


def admit(request: Request) -> Door | None:
    """Let somebody in by the link in the address; asked for every request, before its page.

    Whatever is wrong with a link, the answer is the same 404: unknown, of another library's
    making, for other pages, of somebody who left.
    """
    rule = rule_of(request)
    if not rule.links:
        return None
    with house(request).reading() as session:
        door = _opened(session, request.path_params.get("token", ""), house(request).now())
    if door is None or door.link.purpose not in rule.links:
        raise HTTPException(404)
    if door.expired and not rule.expired:
        raise HTTPException(404)
    return door


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


def known(door: Annotated[Door | None, Depends(admit)]) -> Door:
    """The holder of the link, for pages that nobody opens without one."""
    if door is None:
        raise HTTPException(404)
    return door


AtDoor = Annotated[Door, Depends(known)]
InHouse = Annotated[House, Depends(house)]
