"""Cases as lists show them: ready words for each line, one question for each kind of thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from sqlmodel import Session

from core.references import reference
from core.words import Told, say, short_day_in
from referrals import facts, next_moves, routes
from referrals.facts import Considered, Needs
from referrals.next_moves import Possible
from storage.queries import next_steps, staff
from storage.queries.next_steps import NextStep
from web.members import Member
from workflows import ages
from workflows.ages import Age
from workflows.definition import LEVELS, Definition, Stage
from workflows.workdays import Calendar, calendar, closed_days


class Shown(Considered, Protocol):
    """What a query must find of a case for it to be shown in a line."""

    @property
    def version(self) -> int: ...
    @property
    def workflow_version_id(self) -> int: ...
    @property
    def stage(self) -> str: ...
    @property
    def stage_day(self) -> date: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def first_name(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a line or on a card."""

    number: int
    reference: str
    #: none: somebody without a name
    name: str | None
    version: int
    stage: str
    title: str
    #: the place of the reach level of the stage; none: it has none
    level: int | None
    aside: bool
    #: what its mark is called: the level, or that it has none
    mark: str
    #: how long it stands in its stage, in words
    age: str
    late: bool
    owner: str
    initials: str
    #: what must be done next, when, and whether that is over
    step: str
    step_day: str
    step_late: bool
    #: what the button of the next sensible move sends, and says
    move: str
    move_title: str
    #: the moves that can be made, with where they lead
    moves: str


@dataclass(frozen=True)
class Known:
    """What all lines of a page have in common."""

    member: Member
    names: Mapping[int, str]
    steps: Mapping[int, NextStep]
    possible: Mapping[int, Possible]
    definitions: Mapping[int, Definition]
    #: the local day
    today: date
    days: Calendar


def days_of(member: Member) -> Calendar:
    """The days on which somebody's library works."""
    return calendar(member.zone, closed_days(member.library.closed_days))


def know(
    session: Session,
    member: Member,
    cases: Sequence[Shown],
    *,
    names: Mapping[int, str] | None = None,
    steps: bool = True,
) -> Known:
    """Ask for what lines say of these cases: four questions at most, however many there are.

    `names`: of the staff, when they are known already. `steps`: also the next thing to do.
    """
    versions = {
        number: routes.pinned(session, number)
        for number in {each.workflow_version_id for each in cases}
    }
    known = facts.of_cases(session, cases, Needs(), member.today) if cases else {}
    possible = {
        each.id: next_moves.possible(versions[each.workflow_version_id], each.stage, known[each.id])
        for each in cases
    }
    return Known(
        member,
        staff.names_of(session, member.organisation_id) if names is None else names,
        next_steps.of_cases(session, [each.id for each in cases]) if steps and cases else {},
        possible,
        {number: version.definition for number, version in versions.items()},
        member.today,
        days_of(member),
    )


def line(known: Known, case: Shown) -> CaseLine:
    """One line."""
    language = known.member.language
    definition = known.definitions[case.workflow_version_id]
    stage = definition.stages[case.stage]
    aged = ages.age(known.days, case.stage_day, known.today, stage.norm)
    step, possible = known.steps.get(case.id), known.possible[case.id]
    name, owner = reference(case.id), known.names.get(case.owner_id or 0, "")
    return CaseLine(
        number=case.id,
        reference=name,
        name=case.first_name,
        version=case.version,
        stage=case.stage,
        title=stage.title[language],
        level=level_of(stage),
        aside=stage.aside,
        mark=mark_of(stage),
        age=age_in_words(language, aged),
        late=aged.late,
        owner=owner,
        initials=initials(owner),
        step=step_in_words(definition, step.rule, step.what, language) if step else "",
        step_day=day_in_table(language, step.due_on, known.today) if step else "",
        step_late=step is not None and step.due_on < known.today,
        move=f"{name}:{possible.next}:{case.version}" if possible.next else "",
        move_title=possible.title.get(language, ""),
        moves=possible.moves,
    )


def level_of(stage: Stage) -> int | None:
    """The place of the reach level of a stage."""
    return LEVELS.index(stage.level) if stage.level else None


def mark_of(stage: Stage) -> str:
    """What the mark of a stage is called."""
    level = level_of(stage)
    return "aside" if stage.aside or level is None else str(level)


def step_in_words(definition: Definition, rule: str | None, what: str | None, language: str) -> str:
    """What must be done, by the route or as somebody planned it."""
    named = definition.rule(rule)
    return named.do[language] if named else what or ""


@lru_cache(maxsize=8192)
def age_in_words(language: str, aged: Age) -> str:
    """How long something stands in a stage, against the norm."""
    number, norm = aged.workdays, aged.norm
    if norm is None:
        one = number == 1
        return say(language, "1 workday" if one else Told("{number} workdays", number=number))
    if aged.late:
        return say(
            language, Told("too long: {number} of {norm} workdays", number=number, norm=norm)
        )
    return say(language, Told("{number} of {norm} workdays", number=number, norm=norm))


@lru_cache(maxsize=8192)
def day_in_table(language: str, day: date, today: date) -> str:
    """A day as tables have it, such as "di 3 apr", with the year when it is another; or today."""
    if day == today:
        return say(language, "today")
    return short_day_in(language, day, year=day.year != today.year)


@lru_cache(maxsize=8192)
def initials(name: str) -> str:
    """The first letters of a name, two at most: "Ann (verzonnen)" is "A"."""
    words = [word for word in name.split() if word[0].isalpha()]
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in ends)
