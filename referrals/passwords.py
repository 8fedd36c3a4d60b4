"""Passwords: which of them will do, kept as argon2id, and checked a few at a time."""

import base64
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from core.errors import Busy, Fault, FaultyValue
from referrals.names import folded

#: signs; no other rule about what stands in it (NIST SP 800-63B, 5.1.1)
SHORTEST, LONGEST = 12, 200
#: KiB and passes: the first that OWASP names, about 100 ms of one processor
_MEMORY, _PASSES = 46 * 1024, 1
_HASHER = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY, parallelism=1)
#: so many are checked at the same time; so many more wait for their turn, without those of known
#: browsers, and others are asked to come back
_AT_ONCE, _WAITING = 2, 6
#: what nobody's password makes: checking against it takes as long as against a real one
_NOTHING = base64.b64encode(bytes(32)).decode().rstrip("=")
_NOBODYS = f"$argon2id$v=19$m={_MEMORY},t={_PASSES},p=1${_NOTHING[:22]}${_NOTHING}"
#: different signs that it takes to be no row of the same
_FEWEST_SIGNS = 5
#: what remains of a password without the names that everybody knows
_FEWEST_OWN = 6
#: words that stand in the name of every library, or on every page
_KNOWN = ("bibliotheek", "wachtwoord", "password", "welkom", "welcome", "brug")


class _Turns:
    """Lets a few through at the same time, and lets only so many wait."""

    def __init__(self, at_once: int, waiting: int):
        self._free = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._most = at_once + waiting
        self._here = 0

    @contextmanager
    def taken(self, *, patient: bool) -> Iterator[None]:
        """One turn; raises `Busy` when too many wait, but never for whoever is `patient`."""
        with self._lock:
            if self._here >= self._most and not patient:
                raise Busy(remedy="Try again in a minute.")
            self._here += 1
        try:
            with self._free:
                yield
        finally:
            with self._lock:
                self._here -= 1


_turns = _Turns(_AT_ONCE, _WAITING)


def clean(given: str) -> str:
    """A password as it is compared: the same letters typed on another keyboard are the same."""
    return unicodedata.normalize("NFC", given)


def check(given: str, about: Iterable[str] = (), *, name: str = "password") -> str:
    """A new password, cleaned; raises `FaultyValue` when it is short, long, or easily guessed.

    `about`: what others know of the person: name, address, library.
    """
    password = clean(given)
    if len(password) < SHORTEST:
        raise _faulty(name, "This is too short.", "Write at least 12 signs: a sentence is fine.")
    if len(password) > LONGEST:
        raise _faulty(name, "This is too long.", "Write at most 200 signs.")
    if len(set(password)) < _FEWEST_SIGNS or len(_own(password, about)) < _FEWEST_OWN:
        remedy = "Write a few words that have nothing to do with each other or with you."
        raise _faulty(name, "This is easily guessed.", remedy)
    return password


def hashed(password: str, *, patient: bool = True) -> str:
    """What is kept of a cleaned password; raises `Busy`."""
    with _turns.taken(patient=patient):
        return _HASHER.hash(password)


def matches(kept: str | None, given: str, *, patient: bool = False) -> bool:
    """Whether a password is the one that was kept; it takes as long when there is none.

    Raises `Busy` when too many others wait, unless `patient`.
    """
    password = clean(given[: LONGEST + 1])
    with _turns.taken(patient=patient):
        try:
            return _HASHER.verify(kept or _NOBODYS, password) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other costs than are used now."""
    return _HASHER.check_needs_rehash(kept)


def _own(password: str, about: Iterable[str]) -> str:
    """What is left of a password without the words that others know."""
    left = folded(password).replace(" ", "")
    words = {word for text in (*about, *_KNOWN) for word in folded(text).split()}
    for word in sorted((word for word in words if len(word) > 2), key=len, reverse=True):
        left = left.replace(word, "")
    return left.strip("0123456789")


def _faulty(name: str, why: str, remedy: str) -> FaultyValue:
    return FaultyValue(name, remedy=remedy, faults=(Fault(name, why, remedy),))
