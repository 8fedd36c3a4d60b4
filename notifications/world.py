"""The world of a simulation: cases that move on, work that comes due, and the mails it makes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from statistics import median

from notifications.rules import next_in_line
from workflows import planning
from workflows.definition import LEVELS, NORM, Definition, Move
from workflows.planning import Planned
from workflows.workdays import Calendar

#: the day of the weekly overview
_MONDAY = 1
#: receivers who work at a partner
PARTNERS = ("referrer", "provider")
#: days from a step until what it leads to, for rules that count from a date; from practice
#: (three starts a year, courses of twelve weeks, a consent of a year)
DATES = {"appointment": 7, "course_start": 28, "course_end": 112, "consent_expiry": 365}


@dataclass(frozen=True)
class Habits:
    """How people are assumed to work."""

    #: workdays in which half of what is due gets done
    done_within: int = 2
    #: the share of calls in vain
    in_vain: float = 0.3
    #: how long a case stays in a stage, as a share of its norm
    pace: float = 0.8
    #: the share of steps that leave the path: not now, out of reach, stopped
    drop_out: float = 0.1
    #: new introductions that come by mail at once, as a share of new cases
    introduced: float = 0.5


@dataclass(frozen=True)
class Start:
    """A case as it stands when the simulation begins."""

    route: str
    stage: str
    since: date
    #: a number that stands for the owner; none: the coordinators
    owner: int | None
    #: whether somebody introduced it who can be asked
    introduced: bool


@dataclass(frozen=True)
class Person:
    """What one person got."""

    name: str
    mails: int
    #: of the workdays on which something came
    median: float
    worst: int
    worst_day: date | None
    #: workdays without any mail
    quiet: int


@dataclass
class Year:
    """What came of a simulation."""

    first_day: date
    last_day: date
    workdays: int = 0
    people: list[Person] = field(default_factory=list)
    #: rule → how often it made somebody do something
    by_rule: Counter[str] = field(default_factory=Counter)
    #: mails to people at partners
    to_partners: int = 0
    cases: int = 0
    #: how many things a digest names: the median and the most
    longest: int = 0
    usual: float = 0.0


@dataclass(eq=False)
class _Case:
    route: Definition
    owner: int | None
    introduced: bool
    stage: str = ""
    leaves_on: date = date.max
    #: counts its steps: what was planned for an earlier one is not due any more
    step: int = 0


@dataclass(eq=False)
class _Thing:
    """What somebody must do, shared by all to whom it came up: done once, it is done."""

    done: bool = False


@dataclass(eq=False)
class _Task:
    case: _Case
    step: int
    planned: Planned
    thing: _Thing = field(default_factory=_Thing)

    @property
    def open(self) -> bool:
        return not self.thing.done and self.step == self.case.step


def _named(hand: Collection[_Task]) -> int:
    """How many things a digest names: each once, that a case stands still when nothing else is."""
    busy = {task.case for task in hand if task.planned.rule != NORM}
    things = {(task.case, task.planned.rule) for task in hand}
    return sum(rule != NORM or case not in busy for case, rule in things)


class World:
    """The cases, what is due for whom, and the mails that this makes, day after day."""

    def __init__(
        self,
        year: Year,
        routes: Mapping[str, Definition],
        people: Mapping[int, str],
        coordinators: Sequence[int],
        calendar: Calendar,
        habits: Habits,
        dice: Random,
    ):
        self.year = year
        self.routes, self.people, self.calendar = routes, people, calendar
        self.coordinators = list(coordinators) or list(people)[:1]
        self.habits, self.dice = habits, dice
        self.leaving: dict[date, list[_Case]] = defaultdict(list)
        self.due: dict[date, list[_Task]] = defaultdict(list)
        self.rising: dict[date, list[_Task]] = defaultdict(list)
        self.doing: dict[date, list[_Task]] = defaultdict(list)
        self.at_hand: dict[int, set[_Task]] = {number: set() for number in people}
        self.singles: Counter[int] = Counter()
        self.mails: dict[int, Counter[date]] = {number: Counter() for number in people}
        self.lengths: list[int] = []

    def place(self, start: Start, today: date) -> None:
        """Let a case stand where it stands."""
        case = _Case(self.routes[start.route], start.owner, start.introduced)
        self._enter(case, start.stage, start.since, today)

    def live(self, day: date, new_per_week: Mapping[str, float]) -> None:
        """One day: what came due at night, the mails of the morning, what people did, who moved."""
        self._take_up(day)
        if not self.calendar.is_workday(day):
            return
        self.year.workdays += 1
        self._arrive(day, new_per_week)
        self._mail(day)
        for task in self.doing.pop(day, []):
            self._do(task, day)
        for case in self.leaving.pop(day, []):
            self._leave(case, day)

    def _take_up(self, day: date) -> None:
        for task in self.due.pop(day, []):
            if task.open:
                self._hand(task, day)
        for task in self.rising.pop(day, []):
            if task.open:
                self._rise(task, day)

    def _hand(self, task: _Task, day: date) -> None:
        """Somebody has it in their digest from today; people at partners get one mail about it."""
        self.year.by_rule[task.planned.rule] += 1
        if task.planned.receiver in PARTNERS:
            self.year.to_partners += 1
        else:
            for number in self._takers(task):
                self.at_hand[number].add(task)
        wait = round(self.dice.expovariate(0.69 / max(self.habits.done_within, 0.1)))
        # what is done today is not in the digest of tomorrow
        done_on = self._workday_after(day, wait) if wait else self.calendar.on_or_after(day)
        self.doing[done_on].append(task)
        if task.planned.escalates_on:
            self.rising[max(task.planned.escalates_on, day + timedelta(days=1))].append(task)

    def _takers(self, task: _Task) -> Sequence[int]:
        owner = task.case.owner if task.planned.receiver == "owner" else None
        return [owner] if owner in self.at_hand else self.coordinators

    def _rise(self, task: _Task, day: date) -> None:
        rule = task.case.route.rule(task.planned.rule)
        to = next_in_line(rule, task.planned.receiver) if rule else None
        if rule is None or to is None:
            return
        again = rule.escalate if next_in_line(rule, to) else None
        further = self.calendar.after(day, again.after) if again else None
        higher = replace(task.planned, due_on=day, receiver=to, escalates_on=further)
        self._hand(_Task(task.case, task.step, higher, task.thing), day)

    def _do(self, task: _Task, day: date) -> None:
        still = task.open
        task.thing.done = True
        rule = task.case.route.rule(task.planned.rule)
        if not still or rule is None:
            return
        if rule.recurs or self.dice.random() < self.habits.in_vain:
            again = planning.next_attempt(rule, task.planned.occurrence, day, self.calendar)
            if again is not None:
                self.due[again.due_on].append(_Task(task.case, task.step, again))

    def _arrive(self, day: date, new_per_week: Mapping[str, float]) -> None:
        for route, rate in new_per_week.items():
            for _ in range(self._poisson(rate / 5)):
                owner = self.dice.choice(list(self.people))
                introduced = self.dice.random() < self.habits.introduced
                case = _Case(self.routes[route], owner, introduced)
                if introduced:
                    for number in self.coordinators:
                        self.singles[number] += 1
                self._enter(case, self.routes[route].start[0], day, day)

    def _poisson(self, mean: float) -> int:
        number, left = 0, self.dice.expovariate(1.0)
        while left < mean:
            number, left = number + 1, left + self.dice.expovariate(1.0)
        return number

    def _enter(self, case: _Case, stage: str, since: date, today: date) -> None:
        case.stage, case.step = stage, case.step + 1
        self.year.cases += case.step == 1
        dates = {name: since + timedelta(days=number) for name, number in DATES.items()}
        for planned in planning.plan(case.route, stage, since, dates, self.calendar):
            if planned.receiver == "referrer" and not case.introduced:
                continue
            self.due[max(planned.due_on, today)].append(_Task(case, case.step, planned))
        norm = case.route.stages[stage].norm
        if norm is not None:
            usual = (self.calendar.after(since, norm) - since).days * self.habits.pace
            stays = max(1, round(self.dice.lognormvariate(0, 0.6) * usual))
            case.leaves_on = self._workday_after(max(since, today), stays * 5 // 7)
            self.leaving[case.leaves_on].append(case)

    def _leave(self, case: _Case, day: date) -> None:
        ways = case.route.moves_from[case.stage]
        on = [move for move in ways if self._goes_on(case, move)]
        off = [move for move in ways if case.route.stages[move.to].aside]
        dropping = off and (not on or self.dice.random() < self.habits.drop_out)
        move = self.dice.choice(off if dropping else on) if on or off else None
        if move is not None:
            self._enter(case, move.to, day, day)

    @staticmethod
    def _goes_on(case: _Case, move: Move) -> bool:
        there = case.route.level_of(move.to)
        here = case.route.level_of(case.stage)
        if there is None or move.to == case.stage:
            return False
        return here is None or LEVELS.index(there) >= LEVELS.index(here)

    def _workday_after(self, day: date, number: int) -> date:
        for _ in range(max(number, 1)):
            day = self.calendar.on_or_after(day + timedelta(days=1))
        return day

    def _mail(self, day: date) -> None:
        overview = day.isoweekday() == _MONDAY and bool(self.year.cases)
        for number, hand in self.at_hand.items():
            hand -= {task for task in hand if not task.open}
            mails = bool(hand) + self.singles[number]
            mails += overview and number in self.coordinators
            if hand:
                self.lengths.append(_named(hand))
            if mails:
                self.mails[number][day] = mails
        self.singles.clear()

    def told(self) -> Year:
        """What came of the days so far."""
        self.year.people = list(self._people())
        if self.lengths:
            self.year.longest, self.year.usual = max(self.lengths), median(self.lengths)
        return self.year

    def _people(self) -> Iterator[Person]:
        for number, name in self.people.items():
            days = self.mails[number]
            worst = max(days, key=lambda day: (days[day], -day.toordinal()), default=None)
            yield Person(
                name=name,
                mails=days.total(),
                median=median(days.values()) if days else 0.0,
                worst=days[worst] if worst else 0,
                worst_day=worst,
                quiet=self.year.workdays - len(days),
            )
