"""The ten pilots of 2018 with invented goals, the campaigns beside them, and who takes part.

Names and focus follow the list that was published on 7 February 2018; which libraries take part,
the routes, the goals and every result are made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from cli.demo.days import Days, Season
from cli.demo.paths import Effect
from storage.tables import Campaign, Pilot, PilotLibrary, Target

STARTS_ON, ENDS_ON = date(2018, 2, 7), date(2019, 12, 31)
#: of the people of a library that takes part in a pilot, those who came through it
SHARE = 0.3
#: about how many of a pilot's people start a course
_START = 0.3


@dataclass(frozen=True)
class Idea:
    """A pilot as it is made up."""

    name: str
    focus: str
    route: str
    #: names of `cli.demo.places.PLACES`
    libraries: tuple[str, ...]
    effect: Effect
    #: its goal beside what may be expected of it
    ambition: float = 1.0


IDEAS = (
    Idea("Waterland", "Vrijwilligers die zelf later leerden lezen en schrijven", "open-door",
         ("Waterland",), Effect(0.62, 0.75), 1.1),
    Idea("West-Achterhoek", "Ouderen op het platteland", "open-door",
         ("West-Achterhoek", "Winterswijk"), Effect(1.15, 0.8), 1.3),
    Idea("Flevomeer", "Educatiewiel", "open-door",
         ("Flevomeer", "Almere"), Effect(0.95, 0.9), 1.2),
    Idea("Mar en Fean", "Aansluiten bij bestaande materialen", "language-to-digital",
         ("Mar en Fean",), Effect(0.9, 1.0)),
    Idea("Kennemerwaard", "Vrijwilligers en wijkteams", "open-door",
         ("Kennemerwaard", "West-Friesland"), Effect(0.78, 0.95), 0.9),
    Idea("Schunck Heerlen", "Senioren", "digital-to-language",
         ("Heerlen", "Sittard"), Effect(1.05, 0.7)),
    Idea("De Kempen", "Werkgevers", "employers",
         ("De Kempen", "Helmond"), Effect(0.85, 0.6), 1.4),
    Idea("Den Haag", "Vrouwen die later Nederlands leerden, met een website", "open-door",
         ("Den Haag",), Effect(1.3, 1.1), 1.5),
    Idea("Katwijk", "Ouders", "parents",
         ("Katwijk", "Leiden"), Effect(0.55, 0.85), 0.8),
    Idea("Drenthe", "De hele provincie", "digital-to-language",
         ("Emmen", "Assen", "Hoogeveen", "Meppel"), Effect(0.9, 1.2), 1.1),
)  # fmt: skip
_TARGET_GROUPS = (
    (2_500_000, date(2018, 1, 1), "Aankondiging van de tien pilots, KB, januari 2018"),
    (3_000_000, date(2025, 1, 1), "Kamerbrief 2025: mensen van 16 tot en met 75 jaar"),
)
#: what a campaign is called, its first and last month and day
_CAMPAIGNS = (
    ("Voorjaarsactie", (3, 12), (4, 30)),
    ("Week van Lezen en Schrijven", (8, 27), (10, 6)),
)


@dataclass(frozen=True)
class Running:
    """A pilot at work: its number, and the days on which its people come."""

    id: int
    idea: Idea
    season: Season | None


def write_pilots(session: Session, days: Days, expected: Mapping[str, float]) -> list[Running]:
    """Write the pilots with their goals, and the target groups of the whole country.

    `expected`: how many people come through each pilot, by its name.
    """
    running = []
    for idea in IDEAS:
        pilot = Pilot(
            name=f"{idea.name} (verzonnen)", focus=idea.focus, route=idea.route,
            starts_on=STARTS_ON, ends_on=ENDS_ON, invented=True,
        )  # fmt: skip
        session.add(pilot)
        session.flush()
        assert pilot.id is not None
        goal = max(5, 5 * round(expected[idea.name] * _START * idea.ambition / 5))
        session.add(
            Target(
                pilot_id=pilot.id, kind="goal", level="started", people=goal, dated=STARTS_ON,
                due_on=ENDS_ON, source="Verzonnen doel, voor dit voorbeeld",
            )
        )  # fmt: skip
        running.append(Running(pilot.id, idea, _season(days)))
    for people, dated, source in _TARGET_GROUPS:
        session.add(Target(kind="target_group", people=people, dated=dated, source=source))
    session.flush()
    return running


def let_take_part(session: Session, running: Running, library: int) -> None:
    """A library takes part in a pilot."""
    session.add(PilotLibrary(pilot_id=running.id, organisation_id=library))
    session.flush()


def write_campaigns(session: Session, days: Days) -> list[int | None]:
    """Write two campaigns a year; returns for each day the campaign that runs."""
    runs: list[int | None] = [None] * len(days.dates)
    for year in range(days.dates[0].year, days.today_date.year + 1):
        for name, first, last in _CAMPAIGNS:
            starts_on, ends_on = date(year, *first), date(year, *last)
            if starts_on < days.dates[0] or starts_on >= days.today_date:
                continue
            campaign = Campaign(
                name=f"{name} {year} (verzonnen)", starts_on=starts_on, ends_on=ends_on
            )
            session.add(campaign)
            session.flush()
            length = (ends_on - starts_on).days + 1
            begin = (starts_on - days.dates[0]).days
            runs[begin : begin + length] = [campaign.id] * length
    return runs


def _season(days: Days) -> Season | None:
    """None before the pilots begin: then nobody can come through one."""
    if days.today_date <= STARTS_ON:
        return None
    season = days.busy(days.number_of(STARTS_ON), days.number_of(ENDS_ON))
    return season if season.numbers else None
