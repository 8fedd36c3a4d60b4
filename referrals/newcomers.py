"""Somebody new at a stall or a desk: the little that is known, and a case at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.errors import AlreadyThere, NotFound
from core.references import reference
from referrals import opening, participants, routes
from referrals.doubles import Person, compare
from referrals.finding import LEAST_LETTERS
from referrals.opening import NewCase
from referrals.participants import NOBODY, Newcomer, Registered
from referrals.search_words import asked_words
from storage.queries import cases, merges, search, staff
from storage.tables import Introduction

#: the way in → the route on which people who come that way usually start
ROUTES = {
    "school": "parents",
    "employer": "employers",
    "digital_desk": "digital-to-language",
    "language_course": "language-to-digital",
}
OTHERWISE = "open-door"
#: people who are suggested at most
_SUGGESTED = 4
#: people with such a name from which it says too little
_TOO_COMMON = 12


@dataclass(frozen=True)
class Contact:
    """Somebody whom we met."""

    #: of `storage.tables.partner.CHANNELS`
    channel: str
    person: Person = NOBODY
    wish: str | None = None
    note: str | None = None
    #: none: the one that fits the way in
    route: str | None = None
    pilot_id: int | None = None
    campaign_id: int | None = None
    #: who introduced the participant
    partner_id: int | None = None
    #: somebody who is known already
    participant_id: int | None = None


@dataclass(frozen=True)
class Welcomed:
    """The case that was opened."""

    case_id: int
    participant_id: int
    #: whether the participant came with it
    new: bool


def usual_route(channel: str, published: Iterable[str]) -> str:
    """The route for a way in among those that are published; raises `NotFound` for none."""
    there = list(published)
    for name in (ROUTES.get(channel, OTHERWISE), OTHERWISE, *there):
        if name in there:
            return name
    raise NotFound("route", remedy="Run: brug init")


def welcome(
    session: Session,
    organisation_id: int,
    contact: Contact,
    *,
    by: int,
    now: datetime,
    due_hour: int = 8,
) -> Welcomed:
    """Register somebody and open a case that is owned by whoever met them.

    Raises `BsnFound`; `AlreadyThere` when the participant has an open case on the route.
    """
    library = staff.organisation_by_number(session, organisation_id)
    published = routes.newest(session, contact.route or _usual(session, contact.channel))
    who = _participant(session, organisation_id, contact, library.municipality_code, now)
    open_case = cases.open_on_route(session, [who.id], published.name).get(who.id)
    if open_case is not None:
        remedy = "The participant has an open case on this route. Go on with that one."
        raise AlreadyThere(reference(open_case), remedy=remedy)
    new = NewCase(
        who, channel=contact.channel, owner_id=by, pilot_id=contact.pilot_id,
        campaign_id=contact.campaign_id, partner_id=contact.partner_id,
        municipality_code=library.municipality_code,
        reachable=bool(contact.person.phone or contact.person.email or contact.partner_id),
        note=contact.note,
    )  # fmt: skip
    [case] = opening.open_cases(
        session, organisation_id, published, [new], by=by, now=now, due_hour=due_hour
    )
    if contact.partner_id is not None:
        _introduce(session, organisation_id, contact, who, case, now)
    return Welcomed(case, who.id, contact.participant_id is None)


def _usual(session: Session, channel: str) -> str:
    return usual_route(channel, routes.names(session))


def _participant(
    session: Session, organisation_id: int, contact: Contact, code: str | None, now: datetime
) -> Registered:
    if contact.participant_id is None:
        newcomer = Newcomer(contact.person, code, wish=contact.wish)
        [registered] = participants.register(session, organisation_id, [newcomer], now=now)
        return registered
    rows = merges.locked(session, organisation_id, [contact.participant_id])
    if not rows or rows[0].merged_into_id or rows[0].anonymised_at:
        raise NotFound(reference(contact.participant_id))
    return Registered(contact.participant_id, rows[0].person_key)


def _introduce(
    session: Session,
    organisation_id: int,
    contact: Contact,
    who: Registered,
    case: int,
    now: datetime,
) -> None:
    """Keep who introduced somebody; whoever met them took it up at once."""
    session.add(
        Introduction(
            organisation_id=organisation_id, partner_id=contact.partner_id,
            participant_id=who.id, case_id=case, channel=contact.channel, state="taken_up",
            wish=contact.wish, received_at=now,
        )
    )  # fmt: skip
    session.flush()


def may_be(
    session: Session, organisation_id: int, person: Person, *, sees: int | None
) -> list[search.PersonLine]:
    """Participants who may be this person, the likeliest first; for whoever types a name.

    The same phone or e-mail, or a name that fits and is not that of too many.
    """
    known: list[int] = []
    if person.phone:
        known += search.with_phone(session, organisation_id, person.phone, sees=sees, limit=8)
    if person.email:
        known += search.with_email(session, organisation_id, person.email, sees=sees, limit=8)
    words = asked_words(f"{person.first_name or ''} {person.last_name or ''}")
    if words and len(words[0]) >= LEAST_LETTERS:
        most = _TOO_COMMON + 1
        named = search.with_words(session, organisation_id, words, sees=sees, limit=most)
        known += named if len(named) < most else []
    found = search.people(session, list(dict.fromkeys(known))) if known else []
    return sorted(found, key=lambda row: _unlike(person, row))[:_SUGGESTED]


def _unlike(person: Person, row: search.PersonLine) -> int:
    other = Person(
        row.first_name, row.last_name, row.birth_year, row.phone, row.email, row.postcode
    )
    verdict = compare(person, other)
    return 2 if verdict is None else int(verdict[0] != "certain")
