"""Cases to walk with, and a walk that each can make again and again: four moves that write all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from referrals import consent, opening, participants, routes
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.moving import NO_ANSWERS, Answers
from referrals.opening import NewCase
from referrals.participants import Newcomer
from storage.engine import transaction
from storage.tables import Organisation, Staff
from workflows import planning
from workflows.definition import LEVELS
from workflows.library import builtin
from workflows.workdays import calendar, moment

#: a Tuesday, summer time in the Netherlands
START = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)
TODAY = date(2018, 4, 3)
ZONE = "Europe/Amsterdam"
ROUTE = "open-door"


@dataclass(frozen=True)
class Step:
    """A move that a case makes: it ends follow-ups and plans others."""

    move: str
    to_stage: str
    level: int | None
    answers: Answers
    #: whether a consent to refer is asked for
    needs_consent: bool
    #: the follow-ups that are planned, for the owner
    due: tuple["Due", ...]


@dataclass(frozen=True)
class Due:
    """A follow-up as a step plans it."""

    rule: str
    due_on: date
    due_at: datetime
    escalates_at: datetime | None


@dataclass(frozen=True)
class Ground:
    """A library with an owner and cases at the first stage."""

    organisation_id: int
    owner_id: int
    cases: list[int]
    walk: tuple[Step, ...]


def lay_ground(engine: Engine, count: int) -> Ground:
    """Put a library with `count` cases, whose participants all consented, into a database."""
    with transaction(engine) as session:
        library = Organisation(
            short_name="meting", name="Bibliotheek Meting (verzonnen)", created_at=START
        )
        session.add(library)
        session.flush()
        assert library.id is not None
        owner = Staff(
            organisation_id=library.id, name="Ann (verzonnen)", email="ann@voorbeeld.nl",
            role="coordinator", created_at=START,
        )  # fmt: skip
        session.add(owner)
        session.flush()
        assert owner.id is not None
        published = routes.publish(session, builtin(ROUTE), by="bench", now=START)
        newcomers = [
            Newcomer(Person(first_name="Fatima", phone=f"+316{n:08}")) for n in range(count)
        ]
        people = participants.register(session, library.id, newcomers, now=START)
        agreements = [(person.id, Agreement(given_on=TODAY)) for person in people]
        consent.note_consent(session, library.id, agreements, now=START)
        new = [NewCase(who, "self", owner_id=owner.id, reachable=True) for who in people]
        cases = opening.open_cases(session, library.id, published, new, by=owner.id, now=START)
        return Ground(library.id, owner.id, cases, _walk(published))


def _walk(published: routes.Published) -> tuple[Step, ...]:
    """Screened, agreed, not now, back again: from the last step the first can be made anew."""
    definition = published.definition
    steps = []
    for name in ("screen", "agree", "postpone", "return"):
        move = definition.moves[name]
        level = definition.level_of(move.to)
        steps.append(
            Step(
                name,
                move.to,
                LEVELS.index(level) if level else None,
                Answers(reason="moved") if "reason" in move.questions else NO_ANSWERS,
                "consent_to_refer" in move.guard,
                tuple(map(_due, planning.plan(definition, move.to, TODAY, {}, calendar(ZONE)))),
            )
        )
    return tuple(steps)


def _due(planned: planning.Planned) -> Due:
    later = planned.escalates_on
    return Due(
        planned.rule,
        planned.due_on,
        moment(planned.due_on, 8, ZONE),
        moment(later, 8, ZONE) if later else None,
    )


def moments() -> Iterator[datetime]:
    """A millisecond later each time, all on one day."""
    now = START
    while True:
        now += timedelta(milliseconds=1)
        yield now
