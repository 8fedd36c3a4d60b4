"""What a route is: stages, moves, follow-ups, referral answers and reasons, as checked values."""

import hashlib
from functools import cache, cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.words import LANGUAGES, Told, say
from workflows import periods
from workflows.periods import Moment, Period

#: how far somebody got, in order; comparable between routes
LEVELS = (
    "contacted",
    "known",
    "agreed",
    "referred",
    "in_intake",
    "started",
    "completed",
    "onward",
)
Level = Literal[
    "contacted", "known", "agreed", "referred", "in_intake", "started", "completed", "onward"
]
#: the place in `LEVELS` of whoever got to an intake: from there on somebody has come
ARRIVED = LEVELS.index("in_intake")
#: who can be asked to follow something up
Receiver = Literal["owner", "coordinator", "referrer", "provider"]
#: what a move can ask the person who makes it
QUESTIONS = ("note", "reason", "date", "course", "provider")
#: the rule that every stage with a norm time has, unless the route has one of this name itself
NORM = "norm"
#: characters in a name or title
LONGEST_NAME = 120


def _tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _period(value: object) -> object:
    return periods.period(value) if isinstance(value, str) else value


def _moment(value: object) -> object:
    return periods.moment(value) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
Length = Annotated[Period, BeforeValidator(_period)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class Titles(BaseModel):
    """A title in Dutch and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nl: Name
    en: Name

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.nl


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Stage(_Part):
    """Where a case can stand."""

    name: Name
    title: Titles
    #: how far somebody is who got here; none for stages beside the path
    level: Level | None = None
    #: a case that gets here is closed
    final: bool = False
    #: beside the path: stopped, unreachable, not now, returned
    aside: bool = False
    #: how long a case normally stays here
    norm: Length | None = None


class Move(_Part):
    """What takes a case from one stage to another."""

    name: Name
    title: Titles
    #: the stages it starts from; ``*``: every stage that is not final
    sources: Names = Field(alias="from")
    to: Name
    #: names of the guards that must all hold (`workflows.guards`)
    guard: Names = ()
    #: what the person is asked; with a question mark: may stay empty
    asks: Names = ()
    #: the route on which a linked case of the same participant is opened
    opens: Name | None = None

    @cached_property
    def questions(self) -> dict[str, bool]:
        """What is asked → whether it must be answered."""
        return {ask.rstrip("?"): not ask.endswith("?") for ask in self.asks}


class Escalation(_Part):
    """To whom a follow-up goes that nobody did, and after how long."""

    to: Receiver
    after: Length


class FollowUpRule(_Part):
    """Something that somebody must do, counted from a stage or a date of the case."""

    name: Name
    when: Annotated[Moment, BeforeValidator(_moment)]
    to: Receiver
    do: Titles
    #: for rules counted from a date: the stages in which they matter
    stages: Names = Field(default=(), alias="in")
    every: Length | None = None
    at_most: int = Field(default=1, ge=1, le=60)
    #: whether it comes again after it was done too, not only after it was tried in vain
    recurs: bool = False
    #: the move that is offered once the last attempt was in vain
    then: Name | None = None
    escalate: Escalation | None = None
    #: the moves that end it; none given: every move out of the stage
    ends: Names = ()

    @model_validator(mode="after")
    def _repeats_at_an_interval(self) -> Self:
        if self.at_most > 1 and self.every is None:
            raise ValueError("repeats but does not say how often. Add: every: 5 workdays.")
        if self.recurs and self.every is None:
            raise ValueError("repeats but does not say how often. Add: every: 5 workdays.")
        if self.every is not None and self.every.number < 1:
            raise ValueError("repeats without time in between. Write: every: 5 workdays.")
        return self


class Definition(_Part):
    """A whole route. Stages and moves keep the order of the file."""

    name: Name
    title: Titles
    #: stages a case may begin in; none given: the first stage
    start: tuple[str, ...]
    stages: dict[str, Stage]
    moves: dict[str, Move]
    follow_ups: dict[str, FollowUpRule] = {}
    #: the answer to a referral → the move it causes
    referral: dict[str, str] = {}
    #: code → title
    reasons: dict[str, Titles] = {}

    @cached_property
    def moves_from(self) -> dict[str, tuple[Move, ...]]:
        """The moves that start from each stage, in the order of the file."""
        return {
            stage.name: tuple(
                move
                for move in self.moves.values()
                if stage.name in move.sources or ("*" in move.sources and not stage.final)
            )
            for stage in self.stages.values()
        }

    @cached_property
    def rules_at(self) -> dict[str, tuple[FollowUpRule, ...]]:
        """The follow-ups to think of on entering each stage."""
        return {
            stage.name: (
                *(
                    rule
                    for rule in self.follow_ups.values()
                    if rule.when.anchor == stage.name
                    or (rule.when.from_date and stage.name in rule.stages)
                ),
                *self._norm_at(stage),
            )
            for stage in self.stages.values()
        }

    def _norm_at(self, stage: Stage) -> tuple[FollowUpRule, ...]:
        if stage.norm is None or NORM in self.follow_ups:
            return ()
        return (norm_rule().model_copy(update={"when": Moment(stage.name, stage.norm)}),)

    def rule(self, name: str | None) -> FollowUpRule | None:
        """The rule with this name, also the one that every stage with a norm has."""
        return self.follow_ups.get(name or "") or (norm_rule() if name == NORM else None)

    def counts_from(self, stage: str, date: str) -> bool:
        """Whether something must be done in a stage that counts from this date of a case."""
        return any(rule.when.anchor == date for rule in self.rules_at[stage])

    @cached_property
    def move_between(self) -> dict[tuple[str, str], str]:
        """(from, to) → the name of the first move that does it."""
        pairs: dict[tuple[str, str], str] = {}
        for stage, moves in self.moves_from.items():
            for move in moves:
                pairs.setdefault((stage, move.to), move.name)
        return pairs

    def level_of(self, stage: str) -> Level | None:
        """The reach level of a stage."""
        return self.stages[stage].level

    @cached_property
    def level_numbers(self) -> dict[str, int | None]:
        """Each stage → the place of its level in `LEVELS`, as reach entries keep it."""
        return {
            stage.name: LEVELS.index(stage.level) if stage.level else None
            for stage in self.stages.values()
        }


@cache
def norm_rule() -> FollowUpRule:
    """What is due when a case stands in a stage for longer than its norm."""
    text = Told("Find out what helps on: this case stands here longer than usual.")
    return FollowUpRule(
        name=NORM,
        when=Moment("", Period(0, "days")),
        to="owner",
        do=Titles(**{language: say(language, text) for language in LANGUAGES}),
        escalate=Escalation(to="coordinator", after=Period(5, "workdays")),
    )


def digest(text: str) -> str:
    """The fingerprint by which a published text is recognised (SHA-256, hexadecimal)."""
    return hashlib.sha256(text.encode()).hexdigest()
