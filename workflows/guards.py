"""Questions that must be answered yes before a move: pure, over the facts of a case.

The same questions refuse a move and tell beforehand why its button is off.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.errors import Fault
from core.words import Told
from workflows.definition import Move


@dataclass(frozen=True)
class Facts:
    """What is known about a case when a move is considered; days are local."""

    #: purposes the participant agreed to and has not withdrawn or let expire
    purposes: frozenset[str] = frozenset()
    #: there is a phone number, an address or a partner to reach the participant through
    reachable: bool = False
    #: a referral is on its way or accepted
    referral_open: bool = False
    #: the provider said yes
    referral_accepted: bool = False
    #: the course chosen for the referral, if any
    course: int | None = None
    #: seats left on that course; nothing when it has no limit
    seats_left: int | None = None
    course_start: date | None = None
    course_end: date | None = None
    appointment: date | None = None
    consent_expiry: date | None = None


@dataclass(frozen=True)
class Guard:
    """A question, what people read when the answer is no, and what they can do about it."""

    holds: Callable[[Facts], bool]
    why: str
    remedy: str


GUARDS: Mapping[str, Guard] = {
    "consent_to_refer": Guard(
        lambda facts: "refer" in facts.purposes,
        "The participant has not agreed to be referred.",
        "Ask for consent and note it on the case.",
    ),
    "reachable": Guard(
        lambda facts: facts.reachable,
        "There is no way to reach the participant.",
        "Add a phone number, an e-mail address or a contact person.",
    ),
    "referral_made": Guard(
        lambda facts: facts.referral_open,
        "There is no open referral.",
        "Make a referral first.",
    ),
    "referral_accepted": Guard(
        lambda facts: facts.referral_accepted,
        "The provider has not accepted the referral yet.",
        "Note the answer of the provider on the referral.",
    ),
    "seat_free": Guard(
        lambda facts: facts.seats_left is None or facts.seats_left > 0,
        "The course is full.",
        "Choose another course or the waiting list.",
    ),
}


def unmet(move: Move, facts: Facts) -> tuple[Fault, ...]:
    """Every guard of the move that does not hold."""
    return tuple(
        Fault(name, GUARDS[name].why, GUARDS[name].remedy)
        for name in move.guard
        if not GUARDS[name].holds(facts)
    )


def unanswered(move: Move, answers: Mapping[str, object], reasons: Iterable[str]) -> list[Fault]:
    """Every question of the move without an answer, and a reason code that is not the route's."""
    faults = [
        Fault(question, "This has not been filled in.", "Fill it in.")
        for question, needed in move.questions.items()
        if needed and answers.get(question) in (None, "")
    ]
    reason = answers.get("reason")
    codes = tuple(reasons)
    if reason and codes and reason not in codes:
        remedy = Told("Choose one of: {names}.", names=", ".join(codes))
        faults.append(Fault("reason", "This reason is not one of the route.", remedy))
    return faults
