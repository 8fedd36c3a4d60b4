"""Finds out whom rows are about: somebody known, somebody in another row, or somebody new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from core.references import reference
from referrals import participants
from referrals.doubles import CERTAIN, Double, KnownPeople, Person
from referrals.exchange.report import FoundDouble, ImportReport
from referrals.participants import Newcomer, Registered
from storage.queries import cases, imports


class Row(Protocol):
    """A row about a person."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def person(self) -> Person: ...


@dataclass(frozen=True)
class _New:
    """Somebody whom the first row about them makes known."""

    place: int


_Key = Registered | _New


def people_of(
    session: Session,
    organisation_id: int,
    rows: Sequence[Row],
    newcomers: Sequence[Newcomer],
    report: ImportReport,
    *,
    accept_doubles: bool,
    now: datetime,
) -> list[Registered]:
    """The participant of each row; whoever is new is registered, doubles go to the report."""
    known: KnownPeople[_Key] = KnownPeople()
    for number, person_key, values in imports.people(session, organisation_id):
        known.add(Registered(number, person_key), Person(**values))  # type: ignore[arg-type]
    keys: list[_Key] = []
    found: list[tuple[Row, Double[_Key], bool]] = []
    for place, row in enumerate(rows):
        double = next(iter(known.doubles_of(row.person)), None)
        same = double is not None and (double.sureness == CERTAIN or accept_doubles)
        key: _Key = double.key if double is not None and same else _New(place)
        if double is not None:
            found.append((row, double, same))
        known.add(key, row.person)
        keys.append(key)
    new = sorted({key.place for key in keys if isinstance(key, _New)})
    registered = participants.register(
        session, organisation_id, [newcomers[place] for place in new], now=now
    )
    by_place = dict(zip(new, registered, strict=True))
    people = [key if isinstance(key, Registered) else by_place[key.place] for key in keys]
    report.people += len(set(people))
    report.doubles += _found(session, rows, found)
    return people


def _found(
    session: Session, rows: Sequence[Row], found: Sequence[tuple[Row, Double[_Key], bool]]
) -> Iterator[FoundDouble]:
    """Each double with where the other stands: an earlier row, or a case known before."""
    known = [double.key.id for _, double, _ in found if isinstance(double.key, Registered)]
    newest = cases.newest_of(session, known)
    for row, double, merged in found:
        if isinstance(double.key, _New):
            first = rows[double.key.place]
            same_as = f"{first.sheet} {first.row}"
        else:
            case = newest.get(double.key.id)
            same_as = reference(case) if case else ""
        yield FoundDouble(row.sheet, row.row, same_as, double.why, merged)
