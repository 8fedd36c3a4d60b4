"""Builders: what a test needs, in one call each."""

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from referrals import consent, moving, opening, participants, routes
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.moving import Answers
from referrals.participants import Newcomer, Registered
from storage.queries import cases, workflows
from storage.tables import (
    ContactPerson,
    Course,
    Introduction,
    Leave,
    Organisation,
    Partner,
    Pilot,
    PilotLibrary,
    Staff,
)
from workflows.library import builtin

#: a Tuesday, summer time in the Netherlands
NOW = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)
TODAY = date(2018, 4, 3)
#: (stage, the moves that lead there from `contact`), on the open-door route
WAY_TO = {
    "contact": (),
    "trust": ("know",),
    "screened": ("know", "screen"),
    "agreed": ("agree",),
    "referred": ("agree", "refer"),
    "spoken": ("agree", "refer", "speak"),
    "intake": ("agree", "refer", "speak", "plan_intake"),
    "started": ("agree", "refer", "speak", "plan_intake", "start"),
    "completed": ("agree", "refer", "speak", "plan_intake", "start", "complete"),
    "stopped": ("stop",),
}


def a_library(session: Session, short_name: str = "de-voorbeeld") -> int:
    """A library with one coordinator, the built-in route open-door published."""
    library = Organisation(
        short_name=short_name, name=f"Bibliotheek {short_name}", invented=True, created_at=NOW
    )
    session.add(library)
    session.flush()
    assert library.id is not None
    a_colleague(session, library.id)
    if workflows.newest(session, "open-door") is None:
        a_route(session, "open-door")
    return library.id


def an_office(session: Session) -> int:
    """The national office, with nobody in it yet."""
    office = Organisation(
        short_name="landelijk", name="Landelijk bureau (verzonnen)", kind="national_office",
        invented=True, created_at=NOW,
    )  # fmt: skip
    session.add(office)
    session.flush()
    assert office.id is not None
    return office.id


def a_route(session: Session, name: str) -> routes.Published:
    """A built-in route, published."""
    return routes.publish(session, builtin(name), by="test", now=NOW)


def a_colleague(session: Session, library: int, email: str = "ann@voorbeeld.nl") -> int:
    """A coordinator of a library."""
    row = Staff(
        organisation_id=library, name="Ann (verzonnen)", email=email, role="coordinator",
        created_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_staff(session: Session, library: int, name: str, role: str = "staff", **wishes: Any) -> int:
    """Somebody who works at a library, with a role and with wishes about mail."""
    row = Staff(
        organisation_id=library, name=name, email=f"{name.lower()}@voorbeeld.nl", role=role,
        created_at=NOW, **wishes,
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_leave(
    session: Session, library: int, who: int, first: date, last: date, stand_in: int | None = None
) -> None:
    """Days on which somebody is away."""
    session.add(
        Leave(
            organisation_id=library, staff_id=who, first_day=first, last_day=last,
            stand_in_id=stand_in,
        )
    )  # fmt: skip
    session.flush()


def a_partner(session: Session, library: int, name: str, kind: str = "employer") -> int:
    """A partner that introduces people."""
    row = Partner(organisation_id=library, name=name, kind=kind, created_at=NOW)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_contact(
    session: Session, partner: int, email: str | None = "wim@aanbieder.example", **more: Any
) -> int:
    """A contact person at a partner."""
    library = session.get_one(Partner, partner).organisation_id
    name = more.pop("name", "Wim Bedacht")
    row = ContactPerson(
        organisation_id=library, partner_id=partner, name=name, email=email, **more
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def an_introduction(session: Session, case: int, partner: int, contact: int | None = None) -> int:
    """The introduction by a partner from which a case was opened."""
    [there] = cases.standing(session, [case])
    row = Introduction(
        organisation_id=there.organisation_id, partner_id=partner, contact_person_id=contact,
        participant_id=there.participant_id, case_id=case, channel="employer", received_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_provider(session: Session, library: int, name: str = "Taalhuis (verzonnen)") -> int:
    """A provider of courses."""
    row = Partner(organisation_id=library, name=name, kind="provider", created_at=NOW)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_course(session: Session, library: int, provider: int, seats: int | None = 8) -> int:
    """A course of a provider."""
    row = Course(
        organisation_id=library, provider_id=provider, title="Klik & Tik (verzonnen)", seats=seats,
        starts_on=date(2018, 5, 7), ends_on=date(2018, 7, 2),
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def a_pilot(session: Session, library: int, name: str = "Katwijk (verzonnen)") -> int:
    """A pilot in which a library takes part."""
    pilot = Pilot(name=name, focus="ouders", invented=True)
    session.add(pilot)
    session.flush()
    assert pilot.id is not None
    session.add(PilotLibrary(pilot_id=pilot.id, organisation_id=library))
    session.flush()
    return pilot.id


def a_participant(
    session: Session, library: int, *, agrees: bool = True, person: Person | None = None
) -> Registered:
    """A participant, who agreed to be referred unless told otherwise."""
    who = person or Person(first_name="Fatima", phone="+31612345678")
    [registered] = participants.register(session, library, [Newcomer(who)], now=NOW)
    if agrees:
        agreement = (registered.id, Agreement(given_on=TODAY))
        consent.note_consent(session, library, [agreement], now=NOW)
    return registered


def a_case(
    session: Session,
    library: int,
    stage: str = "contact",
    *,
    route: str = "open-door",
    participant: Registered | None = None,
    owner: int | None = None,
    pilot: int | None = None,
    partner: int | None = None,
    channel: str = "self",
    municipality: str | None = None,
    agrees: bool = True,
    now: datetime = NOW,
) -> int:
    """A case that was moved to a stage, step by step."""
    who = participant or a_participant(session, library, agrees=agrees)
    new = opening.NewCase(
        who, channel=channel, owner_id=owner, pilot_id=pilot, partner_id=partner,
        municipality_code=municipality, reachable=True,
    )  # fmt: skip
    [case] = opening.open_cases(
        session, library, routes.newest(session, route), [new], by=owner, now=now
    )
    for move in WAY_TO[stage]:
        answers = Answers()
        if move == "refer":
            provider = a_provider(session, library, f"Taalhuis {case} (verzonnen)")
            answers = Answers(provider=provider)
        if move == "stop":
            answers = Answers(reason="moved")
        moving.move_cases(session, [case], move, by=owner, now=now, answers=answers).raise_refusal()
    return case
