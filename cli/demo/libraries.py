"""The invented libraries: their staff, the partners they work with, and whom they know there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlmodel import Session

from cli.demo.pilots import Running
from cli.demo.places import PLACES, Place
from cli.demo.urns import Urn
from core import municipalities
from core.municipalities import Municipality
from storage.tables import ContactPerson, Organisation, Partner, Staff

#: a coordinator has about so many cases in hand
_IN_HAND = 40
#: of all people, those whose case is open now
_OPEN = 0.05
_FIRST_NAMES = (
    "Anneke", "Bram", "Carla", "Driss", "Els", "Frank", "Gonul", "Hans", "Ingrid", "Joost",
    "Karin", "Leo", "Marloes", "Nadia", "Otto", "Paula", "Quirine", "Rob", "Sanne", "Tariq",
)  # fmt: skip
#: kind → what partners are called, and through which channel they introduce people
_PARTNERS: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
    ("school", "school", ("Basisschool De Vlieger", "Basisschool Het Kompas")),
    ("childcare", "school", ("Kinderopvang Klavertje",)),
    ("employer", "employer", ("Schoonmaakbedrijf Helder", "Zorggroep De Linde", "Metaal Noord")),
    ("help_desk", "digital_desk", ("Informatiepunt Digitale Overheid",)),
    ("welfare", "partner", ("Buurtteam", "Voedselbank")),
    ("municipality", None, ("Gemeente",)),
    ("provider", "language_course", ("Taalhuis",)),
    ("provider", None, ("ROC", "Vrijwilligers van de bibliotheek")),
)
#: which provider gives the courses of a route
PROVIDERS = {
    "parents": "Taalhuis",
    "employers": "ROC",
    "open-door": "Taalhuis",
    "digital-to-language": "ROC",
    "language-to-digital": "Vrijwilligers van de bibliotheek",
}


@dataclass
class Library:
    """A library at work."""

    id: int
    place: Place
    #: how many people to make up for it
    people: int
    homes: Urn[Municipality]
    owners: list[int] = field(default_factory=list)
    #: channel → partners that introduce people through it
    partners: dict[str, list[int]] = field(default_factory=dict)
    #: route → who gives its courses
    providers: dict[str, int] = field(default_factory=dict)
    pilot: Running | None = None


def shares(people: int) -> dict[str, int]:
    """How many people each library gets, by the name of its place; together exactly `people`."""
    total, given, reached = sum(place.weight for place in PLACES), 0, 0.0
    answer = {}
    for place in PLACES:
        reached += place.weight
        upto = round(people * reached / total)
        answer[place.name], given = upto - given, upto
    return answer


def write_libraries(session: Session, people: int, dice: Random, now: datetime) -> list[Library]:
    """Write the national office and the libraries with staff and partners, all invented."""
    known = {each.name: each for each in municipalities.municipalities()}
    _write_national_office(session, now)
    rows = [
        Organisation(
            short_name=place.short_name, name=f"Bibliotheek {place.name} (verzonnen)",
            municipality_code=known[place.municipalities[0]].code, invented=True, created_at=now,
        )
        for place in PLACES
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    shared = shares(people)
    libraries = [
        Library(row.id or 0, place, shared[place.name], _homes(place, known))
        for row, place in zip(rows, PLACES, strict=True)
    ]
    _write_staff(session, libraries, dice, now)
    _write_partners(session, libraries, dice, now)
    return libraries


def _homes(place: Place, known: Mapping[str, Municipality]) -> Urn[Municipality]:
    """Most people live in the municipality where the library has its seat."""
    return Urn({known[name]: 1 / (n + 1) for n, name in enumerate(place.municipalities)})


def _write_national_office(session: Session, now: datetime) -> None:
    office = Organisation(
        short_name="landelijk-bureau", name="Landelijk bureau (verzonnen)",
        kind="national_office", invented=True, created_at=now,
    )  # fmt: skip
    session.add(office)
    session.flush()
    assert office.id is not None
    session.add(
        Staff(
            organisation_id=office.id, name="Lotte (verzonnen)",
            email="landelijk@voorbeeld.example", role="national_office", created_at=now,
        )
    )  # fmt: skip


def _write_staff(
    session: Session, libraries: Sequence[Library], dice: Random, now: datetime
) -> None:
    """As many people as the open cases ask for; every eighth of them coordinates."""
    rows = []
    for library in libraries:
        for number in range(max(3, 1 + round(library.people * _OPEN / _IN_HAND))):
            name = _FIRST_NAMES[int(dice.random() * len(_FIRST_NAMES))]
            local_part = f"{name.lower()}{number + 1}.{library.place.short_name}"
            rows.append(
                Staff(
                    organisation_id=library.id, name=f"{name} (verzonnen)",
                    email=f"{_ascii(local_part)}@voorbeeld.example",
                    role="staff" if number % 8 else "coordinator", created_at=now,
                )
            )  # fmt: skip
    session.add_all(rows)
    session.flush()
    by_id = {library.id: library for library in libraries}
    for row in rows:
        by_id[row.organisation_id].owners.append(row.id or 0)


def _write_partners(
    session: Session, libraries: Sequence[Library], dice: Random, now: datetime
) -> None:
    rows = [
        (library, channel, name, Partner(
            organisation_id=library.id, name=f"{name} {library.place.name} (verzonnen)",
            kind=kind, municipality_code=library.homes.tickets[0].code, created_at=now,
        ))
        for library in libraries
        for kind, channel, names in _PARTNERS
        for name in names
    ]  # fmt: skip
    session.add_all(row for *_, row in rows)
    session.flush()
    for library, channel, name, row in rows:
        assert row.id is not None
        if channel:
            library.partners.setdefault(channel, []).append(row.id)
        for route, provider in PROVIDERS.items():
            if provider == name:
                library.providers[route] = row.id
        session.add(_contact(row, dice))
    session.flush()


def _contact(partner: Partner, dice: Random) -> ContactPerson:
    name = _FIRST_NAMES[int(dice.random() * len(_FIRST_NAMES))]
    assert partner.id is not None
    return ContactPerson(
        organisation_id=partner.organisation_id, partner_id=partner.id,
        name=f"{name} (verzonnen)", email=f"{name.lower()}.partner{partner.id}@voorbeeld.example",
    )  # fmt: skip


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()
