"""Who is the same person: decided from names, birth years and ways to reach, without a database."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, TypeVar

from rapidfuzz.fuzz import ratio

from referrals.names import PARTICLES, folded

CERTAIN: Literal["certain"] = "certain"
SUGGESTED: Literal["suggested"] = "suggested"
Sureness = Literal["certain", "suggested"]

#: out of 100, by rapidfuzz: one slip of the pen in a name of ten letters
ALIKE = 90
#: a number that more people have than this is an office's, not a person's, and proves nothing
MOST_SHARERS = 50

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Person:
    """What is known of somebody; all of it may be unknown."""

    first_name: str | None = None
    last_name: str | None = None
    birth_year: int | None = None
    #: E.164
    phone: str | None = None
    #: in lower case
    email: str | None = None
    #: four digits
    postcode: str | None = None

    @cached_property
    def first(self) -> str:
        """The first name, as it is compared."""
        return folded(self.first_name or "")

    @cached_property
    def last(self) -> str:
        """The last name without "van den", as it is compared."""
        words = folded(self.last_name or "").split()
        return " ".join([word for word in words if word not in PARTICLES] or words)


@dataclass(frozen=True)
class Double(Generic[K]):
    """Somebody known who is the candidate, or may be."""

    #: what the known person goes by
    key: K
    sureness: Sureness
    #: a sentence that says why
    why: str


class KnownPeople(Generic[K]):
    """Many people, found again by phone, e-mail, name and birth year without comparing them all."""

    def __init__(self, people: Iterable[tuple[K, Person]] = ()):
        self._people: dict[K, Person] = {}
        self._by_reach: defaultdict[str, list[K]] = defaultdict(list)
        self._by_name: defaultdict[tuple[object, ...], list[K]] = defaultdict(list)
        for key, person in people:
            self.add(key, person)

    def __len__(self) -> int:
        return len(self._people)

    def add(self, key: K, person: Person) -> None:
        """Remember somebody; a key that is known already is a second way to know that person."""
        self._people[key] = person
        for reach in _reaches(person):
            self._by_reach[reach].append(key)
        for name in _names(person):
            self._by_name[name].append(key)

    def doubles_of(self, candidate: Person) -> list[Double[K]]:
        """Those who are the candidate, certain ones first, each once."""
        found = {}
        for key in self._near(candidate):
            verdict = compare(candidate, self._people[key])
            if verdict is not None:
                found[key] = Double(key, *verdict)
        return sorted(found.values(), key=lambda double: double.sureness != CERTAIN)

    def _near(self, candidate: Person) -> Iterator[K]:
        near: dict[K, None] = {}
        for reach in _reaches(candidate):
            sharers = self._by_reach.get(reach, ())
            if len(sharers) <= MOST_SHARERS:
                near.update(dict.fromkeys(sharers))
        for name in _names(candidate, swapped=True):
            near.update(dict.fromkeys(self._by_name.get(name, ())))
        yield from near


def doubles_of(candidate: Person, known: Iterable[tuple[K, Person]]) -> list[Double[K]]:
    """Those among the known who are the candidate, certain ones first."""
    return KnownPeople(known).doubles_of(candidate)


def compare(one: Person, other: Person) -> tuple[Sureness, str] | None:
    """Whether two are the same person, how sure that is and why; None when they are two people."""
    if one.birth_year and other.birth_year and one.birth_year != other.birth_year:
        return None
    same_year = one.birth_year is not None and one.birth_year == other.birth_year
    if _same(one.phone, other.phone) or _same(one.email, other.email):
        return _compare_sharers(one, other, same_year)
    if not same_year or _contradict(one.phone, other.phone) or _contradict(one.email, other.email):
        return None
    return _compare_strangers(one, other)


def _compare_sharers(one: Person, other: Person, same_year: bool) -> tuple[Sureness, str] | None:
    """Two with one phone or e-mail: themselves, or members of one family."""
    if not (one.first and other.first):
        return (SUGGESTED, "The same phone or e-mail, and a name is missing.")
    first = _first_fit(one.first, other.first)
    if first and _last_fits(one.last, other.last):
        # brothers and sisters share a phone and may be called Samir and Samira
        if first == "fits" or same_year:
            return (CERTAIN, "The same phone or e-mail, and a fitting name.")
        return (SUGGESTED, "The same phone or e-mail, and a name that is nearly the same.")
    if _swapped(one, other):
        return (CERTAIN, "The same phone or e-mail, and first and last name changed places.")
    if first and same_year:
        return (SUGGESTED, "The same phone or e-mail, first name and birth year.")
    return None


def _compare_strangers(one: Person, other: Person) -> tuple[Sureness, str] | None:
    """Two of one birth year who don't share a phone or e-mail, and don't differ in them either."""
    if not (one.first and one.last and other.first and other.last):
        return None
    if one.first == other.first and one.last == other.last:
        return (SUGGESTED, "The same name and birth year.")
    alike = _first_fit(one.first, other.first) and _last_fits(one.last, other.last)
    if _same(one.postcode, other.postcode) and (alike or _swapped(one, other)):
        return (SUGGESTED, "The same birth year and postcode, and a fitting name.")
    return None


def _first_fit(one: str, other: str) -> Literal["fits", "alike"] | None:
    """Equal, an initial ("r" for "ria"), or more names of one person ("jan", "jan willem")."""
    mine, yours = one.split(), other.split()
    if len(mine[0]) == 1 or len(yours[0]) == 1:
        return "fits" if mine[0][0] == yours[0][0] else None
    if mine[0] == yours[0]:
        return "fits"
    return "alike" if ratio(one, other) >= ALIKE else None


def _last_fits(one: str, other: str) -> bool:
    return not one or not other or one == other or ratio(one, other) >= ALIKE


def _swapped(one: Person, other: Person) -> bool:
    return bool(one.last) and one.first == other.last and one.last == other.first


def _same(one: str | None, other: str | None) -> bool:
    return bool(one) and one == other


def _contradict(one: str | None, other: str | None) -> bool:
    return bool(one) and bool(other) and one != other


def _reaches(person: Person) -> list[str]:
    return [reach for reach in (person.phone, person.email) if reach]


def _names(person: Person, *, swapped: bool = False) -> list[tuple[object, ...]]:
    """Under what a person is found without a phone: a whole name, or an initial and a postcode.

    With `swapped` also under the names in the other order, for somebody who is looked up.
    """
    if person.birth_year is None or not (person.first and person.last):
        return []
    names: list[tuple[object, ...]] = [(person.birth_year, person.first, person.last)]
    if person.postcode:
        initials = {person.first[0], person.last[0]} if swapped else {person.first[0]}
        names += [(person.birth_year, person.postcode, initial) for initial in initials]
    return names
