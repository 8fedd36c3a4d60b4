"""Drafts of invented people with their cases, before anything is written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from sqlmodel import Session

from cli.demo.courses import Courses, Seat, referral_state
from cli.demo.days import Days
from cli.demo.libraries import Library
from cli.demo.paths import STARTS, Effect, Paths
from cli.demo.people import People
from cli.demo.pilots import SHARE, Running
from cli.demo.urns import Urn
from referrals.histories import PastStep
from referrals.participants import Newcomer
from referrals.routes import Published

#: how many people take each route
_ROUTES = Urn({
    "open-door": 34, "digital-to-language": 22, "parents": 19, "language-to-digital": 14,
    "employers": 11,
})  # fmt: skip
#: how people are found for each route
_CHANNELS = {
    "parents": Urn({"school": 84, "acquaintance": 10, "partner": 6}),
    "employers": Urn({"employer": 92, "self": 8}),
    "digital-to-language": Urn({"digital_desk": 88, "partner": 12}),
    "language-to-digital": Urn({"language_course": 80, "self": 20}),
    "open-door": Urn({"self": 40, "acquaintance": 24, "campaign": 20, "partner": 16}),
}
#: of a pilot's people, those who take its own route
_OWN_ROUTE = 0.85
#: routes from which people go on to another, and the channel by which they are found there
_CROSSINGS = {
    "digital-to-language": ("language-to-digital", "digital_desk"),
    "open-door": ("language-to-digital", "language_course"),
    "language-to-digital": ("digital-to-language", "digital_desk"),
}
#: of those who get as far as a course there; about 6% of all people have two cases
_CROSS = 0.5
#: reasons from the route for leaving or waiting
_LEAVING = ("stopped", "not_now")
#: of closed cases, those whose referral is written too
_CLOSED_REFERRALS = 0.12


@dataclass(slots=True)
class Draft:
    """A case to write."""

    route: str
    stages: list[str]
    steps: list[PastStep]
    channel: str
    owner: int
    home: str
    partner: int | None = None
    campaign: int | None = None
    pilot: int | None = None
    #: the day from which follow-ups are planned; none for a closed case
    plan_from: date | None = None
    #: what follow-ups can be counted from
    dates: dict[str, date] = field(default_factory=dict)
    referral: str | None = None
    seat: Seat | None = None


@dataclass(slots=True)
class Drafted:
    """Somebody with one case or two."""

    newcomer: Newcomer
    first: Draft
    second: Draft | None = None
    #: the day of the consent, if there was one
    agreed_on: date | None = None


class Drafting:
    """Makes up the people of the country."""

    def __init__(
        self,
        dice: Random,
        days: Days,
        routes: dict[str, Published],
        campaigns: list[int | None],
    ):
        self.dice = dice
        self.days = days
        self.routes = routes
        self.campaigns = campaigns
        self.season = days.busy(0, days.yesterday)
        self._people = People(dice, days.today_date.year)
        self._paths: dict[tuple[str, Effect], Paths] = {}
        self._starts = {route: days.starts(months) for route, months in STARTS.items()}
        self._reasons = {
            name: Urn({code: 1 / (n + 2) for n, code in enumerate(route.definition.reasons)})
            for name, route in routes.items()
        }
        self._final = {
            name: {stage.name for stage in route.definition.stages.values() if stage.final}
            for name, route in routes.items()
        }

    def person(self, session: Session, library: Library, courses: Courses) -> Drafted:
        """Somebody of a library, with what became of them up to yesterday."""
        dice = self.dice
        pilot = library.pilot if dice.random() < SHARE else None
        if pilot is not None and pilot.season is None:
            pilot = None
        own = pilot is not None and dice.random() < _OWN_ROUTE
        route = pilot.idea.route if pilot is not None and own else _ROUTES.draw(dice)
        season = pilot.season if pilot is not None and pilot.season else self.season
        day, home = season.draw(dice), library.homes.draw(dice)
        walked = self._paths_on(route, pilot).walk(dice, day)
        first = self._draft(session, library, courses, route, walked, home.code)
        self._found(first, library, day, pilot)
        agreed_on = next((step.day for step in first.steps if step.stage == "agreed"), None)
        newcomer = self._people.newcomer(route, home, agreed=agreed_on is not None)
        drafted = Drafted(newcomer, first, None, agreed_on)
        self._cross(session, library, courses, drafted, walked)
        return drafted

    def _paths_on(self, route: str, pilot: Running | None) -> Paths:
        effect = pilot.idea.effect if pilot is not None else Effect()
        paths = self._paths.get((route, effect))
        if paths is None:
            paths = Paths(self.routes[route].definition, self.days, effect)
            self._paths[route, effect] = paths
        return paths

    def _found(self, draft: Draft, library: Library, day: int, pilot: Running | None) -> None:
        """How somebody was found: through which channel, partner, campaign and pilot."""
        dice = self.dice
        draft.channel = _CHANNELS[draft.route].draw(dice)
        if draft.channel == "campaign":
            draft.campaign = self.campaigns[day]
            draft.channel = "campaign" if draft.campaign else "self"
        partners = library.partners.get(draft.channel)
        draft.partner = partners[int(dice.random() * len(partners))] if partners else None
        draft.pilot = pilot.id if pilot is not None else None

    def _cross(
        self,
        session: Session,
        library: Library,
        courses: Courses,
        drafted: Drafted,
        walked: list[tuple[str, int]],
    ) -> None:
        """Some who do well go on to another route: a second case of the same person."""
        first, (stage, day) = drafted.first, walked[-1]
        if first.route not in _CROSSINGS or stage not in ("attending", "completed", "next_step"):
            return
        begin = self.days.workday[day + 7]
        if self.dice.random() >= _CROSS or begin > self.days.yesterday:
            return
        route, channel = _CROSSINGS[first.route]
        path = self._paths_on(route, None).walk(self.dice, begin)
        second = self._draft(session, library, courses, route, path, first.home)
        second.channel, second.owner, second.pilot = channel, first.owner, first.pilot
        drafted.second = second

    def _draft(
        self,
        session: Session,
        library: Library,
        courses: Courses,
        route: str,
        walked: list[tuple[str, int]],
        home: str,
    ) -> Draft:
        dice, stages = self.dice, [stage for stage, _ in walked]
        owners = library.owners
        draft = Draft(
            route, stages, self._steps(route, walked), "", owners[int(dice.random() * len(owners))],
            home,
        )  # fmt: skip
        is_open = stages[-1] not in self._final[route]
        if is_open or dice.random() < _CLOSED_REFERRALS:
            draft.referral = referral_state(stages)
        if draft.referral not in (None, "declined", "withdrawn"):
            starts = [day for stage, day in walked if stage == "started"]
            start = starts[-1] if starts else self._starts[route][self.days.yesterday + 1]
            draft.seat = courses.seat(session, route, start)
        if is_open:
            self._plan(draft)
        return draft

    def _steps(self, route: str, walked: list[tuple[str, int]]) -> list[PastStep]:
        dates, moments = self.days.dates, self.days.moments
        steps = []
        for place, (stage, day) in enumerate(walked):
            reason = self._reasons[route].draw(self.dice) if stage in _LEAVING else None
            at = moments[day][place if place < 3 else 3]
            steps.append(PastStep(stage, at, dates[day], "day", reason))
        return steps

    def _plan(self, draft: Draft) -> None:
        """An open case was last looked after some days ago, so that little is overdue by much."""
        days, stage = self.days, draft.stages[-1]
        looked_after = days.yesterday - int(self.dice.random() * 11)
        draft.plan_from = max(draft.steps[-1].day, days.dates[looked_after])
        if stage == "intake":
            soon = days.workday[days.yesterday + 1 + int(self.dice.random() * 12)]
            draft.dates["appointment"] = days.dates[soon]
        if draft.seat is not None and stage == "placed":
            draft.dates["course_start"] = draft.seat.starts_on
        if draft.seat is not None and draft.seat.ends_on >= days.dates[days.yesterday - 10]:
            draft.dates["course_end"] = draft.seat.ends_on


def moment_of(draft: Draft, stage: str) -> datetime | None:
    """When a case last got to a stage."""
    return next((step.at for step in reversed(draft.steps) if step.stage == stage), None)
