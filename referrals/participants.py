"""Participants: people, who may be nameless; registered once, found again by phone or name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from core.errors import NothingToUndo
from core.references import reference
from referrals import bsn, journal
from referrals.doubles import Person
from referrals.journal import Line
from referrals.search_words import words_of
from storage.dialects import append, reserve_numbers
from storage.keys import new_keys
from storage.queries import merges, search, withdrawals
from storage.queries.cases import PEOPLE

#: somebody of whom nothing is known
NOBODY = Person()
_COLUMNS = (
    "id", "organisation_id", "person_key", "first_name", "last_name", "birth_year", "phone",
    "email", "postcode", "municipality_code", "mother_tongue", "wish", "best_moment", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Newcomer:
    """Somebody to register; everything may be unknown."""

    person: Person = NOBODY
    municipality_code: str | None = None
    #: ``nt1`` or ``nt2``
    mother_tongue: str | None = None
    wish: str | None = None
    best_moment: str | None = None


class Registered(NamedTuple):
    """A participant by number and by the key that counting knows."""

    id: int
    person_key: int


def register(
    session: Session, organisation_id: int, newcomers: Sequence[Newcomer], *, now: datetime
) -> list[Registered]:
    """Register people, each as somebody new, in this order; raises `BsnFound`."""
    for newcomer in newcomers:
        bsn.refuse(newcomer.wish, "wish")
        bsn.refuse(newcomer.best_moment, "best_moment")
    numbers = reserve_numbers(session, PEOPLE, len(newcomers))
    registered = [
        Registered(number, key)
        for number, key in zip(numbers, new_keys(len(newcomers), now), strict=True)
    ]
    append(
        session,
        PEOPLE,
        _COLUMNS,
        (
            _row(organisation_id, known, newcomer, now)
            for known, newcomer in zip(registered, newcomers, strict=True)
        ),
    )
    search.keep_words(
        session,
        (
            (organisation_id, word, known.id)
            for known, newcomer in zip(registered, newcomers, strict=True)
            for word in _words(newcomer.person)
        ),
    )
    return registered


def take_back(
    session: Session, organisation_id: int, participant_id: int, *, by: int | None, now: datetime
) -> None:
    """Delete somebody who was just registered; raises `NothingToUndo` once anything is known."""
    rows = merges.locked(session, organisation_id, [participant_id])
    if not rows or not withdrawals.unknown_since(session, participant_id):
        remedy = "Something was noted of the participant since."
        raise NothingToUndo(reference(participant_id), remedy=remedy)
    withdrawals.forget_person(session, participant_id)
    done = "participant.taken_back"
    journal.write(session, [Line(organisation_id, now, by, done, "participant", participant_id)])


def _words(person: Person) -> tuple[str, ...]:
    return words_of(person.first_name, person.last_name, person.phone)


def _row(
    organisation_id: int, known: Registered, newcomer: Newcomer, now: datetime
) -> tuple[object, ...]:
    person = newcomer.person
    return (
        known.id, organisation_id, known.person_key, person.first_name, person.last_name,
        person.birth_year, person.phone, person.email, person.postcode,
        newcomer.municipality_code, newcomer.mother_tongue, newcomer.wish, newcomer.best_moment,
        now,
    )  # fmt: skip
