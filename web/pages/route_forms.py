"""What is filled in about a route: norms, titles of reasons, and where cases go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.exceptions import HTTPException

from web.forms import Sent
from web.pages.route_words import UNITS
from workflows.definition import LONGEST_NAME, Definition, Titles
from workflows.periods import Period, Unit


def _named(name: str) -> str:
    """404 for what can be no name of a route; PostgreSQL takes no text with a null character."""
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise HTTPException(404)
    return name


#: the part ``{name}`` of an address
RouteName = Annotated[str, Depends(_named)]
#: the longest norm that can be filled in, whatever its unit
LONGEST_NORM = 365


@dataclass(frozen=True)
class Norm:
    """A norm as its fields show it."""

    stage: str
    title: str
    number: str
    unit: str


@dataclass(frozen=True)
class Reason:
    """A reason as its fields show it."""

    code: str
    nl: str
    en: str


def shown_norms(definition: Definition, language: str, sent: Sent | None) -> tuple[Norm, ...]:
    """The norm of every stage that a case can stay in, as it is or as it was typed."""
    found = []
    for stage in definition.stages.values():
        if stage.final:
            continue
        number = str(stage.norm.number) if stage.norm else ""
        unit: str = stage.norm.unit if stage.norm else "workdays"
        if sent is not None:
            number, unit = sent[f"norm-{stage.name}"], sent[f"unit-{stage.name}"]
        found.append(Norm(stage.name, stage.title[language], number, unit))
    return tuple(found)


def shown_reasons(definition: Definition, sent: Sent | None) -> tuple[Reason, ...]:
    """The titles of every reason, as they are or as they were typed."""
    return tuple(
        Reason(
            code,
            titles.nl if sent is None else sent[f"nl-{code}"],
            titles.en if sent is None else sent[f"en-{code}"],
        )
        for code, titles in definition.reasons.items()
    )


def norms(sent: Sent, definition: Definition) -> dict[str, Period | None]:
    """The norms that were filled in; an empty number takes a norm away."""
    found: dict[str, Period | None] = {}
    for stage in definition.stages.values():
        field = f"norm-{stage.name}"
        if stage.final or field not in sent.fields:
            continue
        number, unit = sent.number(field, 1, LONGEST_NORM), sent[f"unit-{stage.name}"]
        found[stage.name] = None
        if number is not None:
            known = unit if unit in UNITS else "workdays"
            found[stage.name] = Period(number, cast(Unit, known))
    return found


def reasons(sent: Sent, definition: Definition) -> dict[str, Titles]:
    """The titles that were filled in; none may be empty."""
    found = {}
    for code in definition.reasons:
        if f"nl-{code}" not in sent.fields:
            continue
        nl = sent.line(f"nl-{code}", LONGEST_NAME, needed=True)
        en = sent.line(f"en-{code}", LONGEST_NAME, needed=True)
        if nl and en:
            found[code] = Titles(nl=nl, en=en)
    return found


@dataclass(frozen=True)
class Choice:
    """Which cases go over, and where to from stages without a counterpart."""

    #: all, none, or the number of a pilot
    who: str
    mapping: Mapping[str, str]

    @property
    def pilot_id(self) -> int | None:
        """The pilot whose cases go over, when it is one."""
        return int(self.who) if self.who.isdecimal() else None


def choice(fields: Mapping[str, str], pilots: Sequence[int]) -> Choice:
    """What was chosen; whatever else stands there means all cases, with nothing chosen for them."""
    who = fields.get("who", "all")
    known = {"all", "none", *(str(number) for number in pilots)}
    mapping = {
        name.removeprefix("to-"): stage
        for name, stage in fields.items()
        if name.startswith("to-") and stage
    }
    return Choice(who if who in known else "all", mapping)
