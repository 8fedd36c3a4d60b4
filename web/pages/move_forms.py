"""A move as pages offer it: what its button says, what it asks, why it is off; and the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from core.words import Told, say, short_day_in
from referrals import moving
from referrals.moves import Answers
from storage.queries import offers
from storage.queries.offers import Offer
from web.forms import Sent
from web.members import Member
from web.pages.case_scene import Scene
from workflows.case_path import Option, next_sensible
from workflows.definition import LEVELS, Definition, Move
from workflows.guards import GUARDS

#: providers and courses are asked together
PLACE = "place"
TOO_EARLY_REMEDY = "Fill in the day of that step or a later one."


@dataclass(frozen=True)
class OfferedMove:
    """A move from where a case stands."""

    name: str
    title: str
    #: the title of the stage that it leads to
    to: str
    #: how far somebody is there; none: beside the path
    level: int | None
    aside: bool
    #: what its button sends: ``REFERENCE:name:version``
    value: str
    #: where it is asked on a page of its own
    path: str
    allowed: bool
    #: (why it is off, what to do about it), in the language of the member
    why: tuple[tuple[str, str], ...]
    #: what is asked → whether it must be answered
    asks: Mapping[str, bool]
    #: only the consent of the participant is in its way: it can be noted with the move
    wants_consent: bool
    #: whether the day that is asked is that of an appointment
    appointment: bool
    #: whether a case on another route is opened with it
    opens: bool

    @property
    def reference(self) -> str:
        """Of which case it is."""
        return self.value.partition(":")[0]

    @property
    def in_place(self) -> bool:
        """Whether its form unfolds where it stands, because more than a remark is asked."""
        return self.wants_consent or any(self.asks.values()) or bool({"date", PLACE} & {*self.asks})

    @property
    def possible(self) -> bool:
        """Whether it can be made now, if need be with the consent that is noted with it."""
        return self.allowed or self.wants_consent


@dataclass(frozen=True)
class OfferedMoves:
    """All that can be done with a case now, and what the forms of its moves have in common."""

    #: none: what can be done lies beside the path
    primary: OfferedMove | None
    along: tuple[OfferedMove, ...]
    beside: tuple[OfferedMove, ...]
    #: code → title
    reasons: Mapping[str, str]
    #: (provider, its choices as (value, title)), for a move that refers
    places: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    first_day: date
    last_day: date

    @property
    def every(self) -> tuple[OfferedMove, ...]:
        """Each of them, the first one first."""
        return (*((self.primary,) if self.primary else ()), *self.along, *self.beside)

    def named(self, name: str) -> OfferedMove | None:
        """One of them."""
        return next((each for each in self.every if each.name == name), None)


def offered(session: Session, there: Scene) -> OfferedMoves:
    """The moves of a case, ready to be shown; asks for the courses only where one refers."""
    first = next_sensible(there.options)
    shown = {each.move.name: _shown(there, each) for each in there.options}
    rest = [each for each in there.options if each is not first]
    language, definition = there.member.language, there.definition
    refers = any(PLACE in each.asks and each.possible for each in shown.values())
    return OfferedMoves(
        primary=shown[first.move.name] if first else None,
        along=tuple(shown[each.move.name] for each in rest if not each.aside),
        beside=tuple(shown[each.move.name] for each in rest if each.aside),
        reasons={code: titles[language] for code, titles in definition.reasons.items()},
        places=places_of(session, there.member) if refers else (),
        first_day=there.head.stage_day,
        last_day=there.furthest,
    )


def _shown(there: Scene, option: Option) -> OfferedMove:
    move, definition, language = option.move, there.definition, there.member.language
    stage = definition.stages[move.to]
    return OfferedMove(
        name=move.name,
        title=move.title[language],
        to=stage.title[language],
        level=LEVELS.index(stage.level) if stage.level else None,
        aside=option.aside,
        value=f"{there.reference}:{move.name}:{there.head.version}",
        path=f"/cases/{there.reference}/moves/{move.name}",
        allowed=option.allowed,
        why=tuple(
            (say(language, GUARDS[name].why), say(language, GUARDS[name].remedy))
            for name in option.unmet
        ),
        asks=asks(move, definition),
        wants_consent=option.wants_consent,
        appointment=definition.counts_from(move.to, "appointment"),
        opens=move.opens is not None,
    )


def asks(move: Move, definition: Definition) -> dict[str, bool]:
    """What a page asks with a move → whether it must be answered.

    A course is asked together with its provider; where a move asks for a course alone and could do
    without, the one that the participant was referred to stays.
    """
    found = {
        name: needed
        for name, needed in move.questions.items()
        if name not in ("course", "provider")
    }
    course, provider = move.questions.get("course"), move.questions.get("provider")
    if provider is not None or course:
        found = {PLACE: bool(provider or course), **found}
    return found


def places_of(session: Session, member: Member) -> list[tuple[str, list[tuple[str, str]]]]:
    """(provider, its choices as (value, title)), for whoever refers."""
    found: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for row in offers.offer(session, member.organisation_id, member.today):
        _, choices = found.setdefault(row.provider_id, (row.provider, []))
        if not choices:
            without = say(member.language, "{provider}, no course yet", provider=row.provider)
            choices.append((f"provider:{row.provider_id}", without))
        if row.course_id is not None:
            choices.append((f"course:{row.provider_id}:{row.course_id}", _course(member, row)))
    return list(found.values())


def _course(member: Member, row: Offer) -> str:
    language, title = member.language, row.title or ""
    parts = [title]
    if row.starts_on:
        day = short_day_in(language, row.starts_on, year=row.starts_on.year != member.today.year)
        parts.append(say(language, "starts {day}", day=day))
    if row.seats_left is not None:
        left = max(0, row.seats_left)
        seats = Told("1 seat") if left == 1 else Told("{number} seats", number=left)
        parts.append(say(language, seats if left else "full"))
    return " · ".join(parts)


class Place(NamedTuple):
    """Where somebody is referred."""

    provider: int | None = None
    course: int | None = None


def answers(session: Session, sent: Sent, there: Scene, move: Move) -> Answers:
    """What was answered to a move; what is wrong or missing is a fault of the form."""
    asked = asks(move, there.definition)
    note = sent.text("note") if "note" in asked else ""
    if asked.get("note") and not note and "note" not in sent.faults:
        sent.refuse("note", "This has not been filled in.", "Fill it in.")
    place = place_in(session, sent, there.member, asked[PLACE]) if PLACE in asked else Place()
    return Answers(
        note=note or None,
        reason=_reason(sent, there.definition, asked["reason"]) if "reason" in asked else None,
        date=_day(sent, there, asked["date"]) if "date" in asked else None,
        provider=place.provider,
        course=place.course,
        warm_handover=sent["warm"] == "yes" and PLACE in asked,
    )


def _reason(sent: Sent, definition: Definition, needed: bool) -> str | None:
    if not sent["reason"].strip() and not needed:
        return None
    if definition.reasons:
        return sent.one_of("reason", definition.reasons) or None
    return sent.line("reason", needed=needed) or None


def _day(sent: Sent, there: Scene, needed: bool) -> date | None:
    if not sent["date"].strip() and not needed:
        return None
    day = sent.day("date", date.min, there.furthest)
    if day is not None and day < there.head.stage_day:
        sent.refuse("date", moving.TOO_EARLY, TOO_EARLY_REMEDY)
    return day


def place_in(session: Session, sent: Sent, member: Member, needed: bool) -> Place:
    """Where somebody is referred, as it was chosen; nothing chosen is a fault when needed."""
    kind, *numbers = sent[PLACE].split(":")
    digits = all(each.isascii() and each.isdecimal() and len(each) < 12 for each in numbers)
    if digits and len(numbers) == {"provider": 1, "course": 2}.get(kind):
        wanted = Place(*map(int, numbers))
        there = offers.offer(session, member.organisation_id, member.today)
        known = {(row.provider_id, row.course_id if kind == "course" else None) for row in there}
        if (wanted.provider, wanted.course) in known:
            return wanted
    if needed or sent[PLACE]:
        sent.refuse(PLACE, "Nothing is chosen here.", "Choose one of the answers.")
    return Place()
