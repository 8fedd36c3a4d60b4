"""Signing in: a few guesses for each account, a password, a code, and then a visit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.errors import Fault, FaultyValue, Refused
from core.words import Told
from referrals import journal, passwords, second_factor
from referrals.journal import Line
from storage.dialects import take_turn
from storage.queries import accounts, key_links, sign_in_tries, visits
from storage.queries.accounts import Account
from storage.queries.links import fingerprint

MINUTES = int(sign_in_tries.COUNTED.total_seconds()) // 60


@dataclass(frozen=True)
class Guess:
    """Somebody who says that they are somebody: with what is needed to look at their password."""

    #: SHA-256 of the address
    account: str
    #: SHA-256 of the cookie of a browser in which they signed in before; else empty
    device: str
    people: Sequence[Account]
    #: the number of the try; none: there were too many before it
    number: int | None


@dataclass(frozen=True)
class Entered:
    """Somebody who is signed in: what their browser keeps, and until it is closed or for long."""

    who: Account
    visit: str
    device: str


def take_up(session: Session, address: str, device: str | None, now: datetime) -> Guess:
    """Take up a try, counted before anything is known of it; asks nothing of the processor.

    Whether the address is anybody's makes no difference. A browser in which they signed in before
    is counted apart, so that others' guesses lock nobody out.
    """
    people = accounts.with_address(session, address)
    mark = fingerprint(device) if device else ""
    known = bool(mark) and accounts.knows_device(session, mark, [who.staff_id for who in people])
    account, counted = fingerprint(address), mark if known else ""
    return Guess(account, counted, people, _counted(session, account, counted, now))


def fitting(guess: Guess, password: str) -> list[Account]:
    """Of whom this is the password; for nobody it takes as long as for one. Raises `Busy`.

    Costs a tenth of a second of the processor: to be asked outside a transaction.
    """
    patient = bool(guess.device)
    if not guess.people:
        passwords.matches(None, password, patient=patient)
    return [
        who
        for who in guess.people
        if passwords.matches(who.password_hash, password, patient=patient)
    ]


def renewed(fits: Sequence[Account], password: str) -> list[tuple[Account, str]]:
    """The hashes that were made with other costs than those of today, made again."""
    return [
        (who, passwords.hashed(passwords.clean(password)))
        for who in fits
        if who.password_hash and passwords.is_outdated(who.password_hash)
    ]


def go_on(
    session: Session, guess: Guess, fits: Sequence[Account], device: str | None, now: datetime
) -> Entered | str:
    """After a right password: a visit, or what the browser keeps until the code or the choice."""
    sign_in_tries.forgive(session, guess.number or 0)
    if len(fits) == 1:
        return go_in(session, fits[0], device, now)
    return key_links.begin_steps(
        session, [(who.organisation_id, who.staff_id) for who in fits], now
    )


def go_in(session: Session, who: Account, device: str | None, now: datetime) -> Entered | str:
    """A visit for somebody who proved who they are, or what the browser keeps until the code."""
    if who.totp_since is None:
        return enter(session, who, device, now)
    return key_links.begin_steps(session, [(who.organisation_id, who.staff_id)], now)


def keep_renewed(session: Session, again: Sequence[tuple[Account, str]]) -> None:
    """Keep hashes that were made again."""
    for who, hashed in again:
        accounts.keep_rehashed(session, who.staff_id, who.password_hash or "", hashed)


def waiting(session: Session, token: str, now: datetime) -> list[Account]:
    """Of whom this browser gave the password a moment ago, by library."""
    found = (accounts.account(session, number) for number in key_links.steps(session, token, now))
    return sorted((who for who in found if who), key=lambda who: who.library)


def choose(session: Session, token: str, who: Account, now: datetime) -> str:
    """Of several libraries this one; what the browser keeps until the code."""
    key_links.end_steps(session, token)
    return key_links.begin_steps(session, [(who.organisation_id, who.staff_id)], now)


def try_code(session: Session, who: Account, code: str, now: datetime) -> bool:
    """Whether a code is right, which it is once; raises `Refused` after too many tries.

    A try that was wrong must be kept too, so its transaction is committed all the same.
    """
    account = fingerprint(f"code:{who.staff_id}")
    number = _counted(session, account, "", now)
    if number is None:
        raise too_many()
    row = accounts.secrets_of(session, who.staff_id)
    step = second_factor.step_of(row.totp_secret, code, now) if row and row.totp_secret else None
    if step is None or not accounts.use_step(session, who.staff_id, step):
        return False
    sign_in_tries.forgive(session, number)
    return True


def begin_again(session: Session, staff_id: int, now: datetime) -> int | None:
    """Count somebody's try to show that it is really them at their desk; none: too many."""
    return _counted(session, fingerprint(f"again:{staff_id}"), "", now)


def forgive(session: Session, number: int | None) -> None:
    """A try that was right, or that could not be looked at, counts for nothing."""
    if number is not None:
        sign_in_tries.forgive(session, number)


def enter(session: Session, who: Account, device: str | None, now: datetime) -> Entered:
    """Begin a visit: with a new cookie, whatever the browser had before."""
    token, known = secrets.token_urlsafe(32), device or secrets.token_urlsafe(32)
    visits.add(session, fingerprint(token), who.organisation_id, who.staff_id, now)
    accounts.keep_device(session, fingerprint(known), who, now)
    _write(session, who, "staff.signed_in", now)
    return Entered(who, token, known)


def sign_out_elsewhere(session: Session, who: Account, visit: str, now: datetime) -> int:
    """End every visit of somebody but this one, and know their other browsers no more."""
    ended = visits.end_all(session, who.staff_id, but=visit)
    accounts.drop_devices(session, who.staff_id)
    _write(session, who, "staff.signed_out", now)
    return ended


def too_many() -> Refused:
    """What is said after too many tries; to everybody, whether or not the address is known."""
    why = Told("There were too many tries with this address.")
    remedy = Told("Wait {minutes} minutes, or ask for a new password by mail.", minutes=MINUTES)
    return Refused(remedy=remedy, faults=(Fault("sign-in", why, remedy),))


def wrong() -> FaultyValue:
    """What is said when nobody has this address with this password."""
    why = Told("The address or the password is not right.")
    remedy = Told("Look whether you typed both as you meant, capitals too.")
    return FaultyValue("sign-in", remedy=remedy, faults=(Fault("sign-in", why, remedy),))


def _counted(session: Session, account: str, device: str, now: datetime) -> int | None:
    """Count a try, whose number it gives; none when there were too many before it."""
    # those that come at the same moment are counted one after another
    take_turn(session, f"sign_in:{account}")
    if sign_in_tries.many(session, account, device, now):
        return None
    return sign_in_tries.note(session, account, device, now)


def _write(session: Session, who: Account, what: str, now: datetime) -> None:
    line = Line(who.organisation_id, now, who.staff_id, what, "staff", who.staff_id)
    journal.write(session, [line])
