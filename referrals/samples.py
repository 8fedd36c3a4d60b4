"""Invented people and an invented course to try Brug with, which can be taken away again.

They go the way of everybody, so that everything can be tried; only counting passes them over.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Table
from sqlmodel import Session

from core import clock
from core.errors import AlreadyThere, NothingToUndo
from core.words import Told, say
from referrals import consent, journal, opening, partners, routes
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.journal import Line
from referrals.moving import Answers, move_cases
from referrals.opening import NewCase
from referrals.participants import Newcomer, Registered, register
from storage.queries import pointers, referrals, samples
from storage.tables import Organisation, Participant, Partner

ROUTE = "open-door"
#: stands behind every name, so that nobody takes them for somebody
INVENTED = "(verzonnen)"
_PEOPLE: Table = Participant.__table__  # type: ignore[attr-defined]
_PARTNERS: Table = Partner.__table__  # type: ignore[attr-defined]
#: what may go with an invented organisation; whatever else points at it is real
_ITS_OWN = {"partner", "course", "contact_person", "message"}


@dataclass(frozen=True)
class Example:
    """Somebody invented, and how far they got."""

    first_name: str | None
    wish: Told
    moves: tuple[str, ...] = ()
    #: how long ago the first contact was
    days: int = 1


EXAMPLES = (
    Example("Fatima", Told("Reading letters from school"), days=9),
    Example("Jan", Told("Helping the children with homework"), ("know", "screen"), 6),
    Example("Mo", Told("Booking an appointment on the internet"), ("agree",), 4),
    Example("Anna", Told("Working with a tablet"), ("agree", "refer"), 4),
    Example(None, Told("Speaking with the doctor"), days=1),
)


@dataclass(frozen=True)
class Gone:
    """What goes when the examples are taken away, and what stays because it is in use."""

    people: int
    cases: int
    partners: int
    courses: int
    #: names of organisations that something real points at, or people made one with somebody real
    stays: int = 0


def there(session: Session, organisation_id: int) -> bool:
    """Whether a library has examples."""
    return bool(samples.marked(session, organisation_id))


def add(
    session: Session,
    library: Organisation,
    *,
    by: int,
    now: datetime,
    due_hour: int = 8,
    language: str = "nl",
) -> list[int]:
    """Add examples on the route of people who come by themselves; returns their cases.

    Raises `AlreadyThere` when a library has some, `NotFound` without that route.
    """
    organisation_id = library.id or 0
    if there(session, organisation_id):
        raise AlreadyThere(library.name, remedy="Take the examples away before you add new ones.")
    published = routes.newest(session, ROUTE)
    today = clock.local_day(now, library.zone)
    course = _course(session, library, today, now, language)
    people = _register(session, organisation_id, today, now, language)
    cases = []
    for example, person in zip(EXAMPLES, people, strict=True):
        at = now - timedelta(days=example.days)
        new = NewCase(person, channel="self", owner_id=by, reachable=True)
        [case] = opening.open_cases(
            session, organisation_id, published, [new], by=by, now=at, due_hour=due_hour
        )
        for move in example.moves:
            asked = Answers(provider=course[0], course=course[1]) if move == "refer" else Answers()
            # a library may have changed the route: an example that cannot go on stays where it is
            move_cases(session, [case], move, by=by, now=now, answers=asked, due_hour=due_hour)
        cases.append(case)
    _note(session, organisation_id, "samples.added", len(cases), by, now)
    return cases


def what_goes(session: Session, organisation_id: int) -> Gone:
    """What would go, without taking anything away."""
    return _looked(session, organisation_id)[0]


def remove(session: Session, organisation_id: int, *, by: int, now: datetime) -> Gone:
    """Take away exactly what was added, and what became of it since; the counts never knew it.

    Raises `NothingToUndo` when there is nothing.
    """
    gone, doomed = _looked(session, organisation_id)
    marked = samples.marked(session, organisation_id)
    if not marked:
        raise NothingToUndo("", remedy="There are no examples any more.")
    for each in doomed:
        pointers.remove(session, each)
    for kind, numbers in marked.items():
        samples.unmark(session, organisation_id, kind, numbers)
    _note(session, organisation_id, "samples.removed", gone.cases, by, now)
    return gone


def _course(
    session: Session, library: Organisation, today: date, now: datetime, language: str
) -> tuple[int, int]:
    """An invented provider with a course that begins in three weeks."""
    number = library.id or 0
    name = say(language, "Language school Example")
    provider = partners.add_partner(
        session, number, _free_name(session, number, name), "provider", now=now
    )
    course = partners.add_course(
        session, number, provider.id or 0, f"{say(language, 'First steps online')} {INVENTED}",
        subject="digital", place=library.name, starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=77), seats=8,
    )  # fmt: skip
    samples.mark(session, number, "partner", [provider.id or 0])
    samples.mark(session, number, "course", [course.id or 0])
    return provider.id or 0, course.id or 0


def _free_name(session: Session, organisation_id: int, name: str) -> str:
    wanted, number = f"{name} {INVENTED}", 1
    while referrals.partner(session, organisation_id, wanted):
        number += 1
        wanted = f"{name} {number} {INVENTED}"
    return wanted


def _register(
    session: Session, organisation_id: int, today: date, now: datetime, language: str
) -> list[Registered]:
    newcomers = [Newcomer(_person(each), wish=say(language, each.wish)) for each in EXAMPLES]
    people = register(session, organisation_id, newcomers, now=now)
    numbers = [each.id for each in people]
    samples.keep_from_counting(session, numbers)
    samples.mark(session, organisation_id, "participant", numbers)
    agreed = [
        (person.id, Agreement(given_on=today))
        for person, example in zip(people, EXAMPLES, strict=True)
        if "agree" in example.moves
    ]
    consent.note_consent(session, organisation_id, agreed, now=now)
    return [Registered(each.id, -each.person_key) for each in people]


def _person(example: Example) -> Person:
    # an address that no mail ever arrives at (RFC 2606), so that the step to a course is open
    name = example.first_name
    email = f"{name.lower()}@verzonnen.example" if name else None
    return Person(first_name=name, last_name=INVENTED, email=email)


Doomed = Mapping[Table, set[int]]


def _looked(session: Session, organisation_id: int) -> tuple[Gone, list[Doomed]]:
    """What goes and what stays, and the rows that go, in the order in which they can."""
    marked = samples.marked(session, organisation_id)
    real = samples.merged(session, marked.get("participant", ()))
    people = [number for number in marked.get("participant", ()) if number not in real]
    doomed: list[Doomed] = [pointers.pointing_at(session, _PEOPLE, people)]
    stays = len(real)
    for number in marked.get("partner", ()):
        found = pointers.pointing_at(session, _PARTNERS, [number])
        # what goes with the people does not keep an organisation
        left = {table: rows - doomed[0].get(table, set()) for table, rows in found.items()}
        if {table.name for table, rows in left.items() if rows} <= _ITS_OWN:
            doomed.append(found)
        else:
            stays += 1
    counts: Counter[str] = Counter()
    for each in doomed:
        counts.update({table.name: len(rows) for table, rows in each.items()})
    gone = Gone(counts["participant"], counts["cases"], counts["partner"], counts["course"], stays)
    return gone, doomed


def _note(
    session: Session, organisation_id: int, what: str, cases: int, by: int, now: datetime
) -> None:
    line = Line(organisation_id, now, by, what, "organisation", organisation_id, {"cases": cases})
    journal.write(session, [line])
