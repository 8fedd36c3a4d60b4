"""Passwords: which will do, and that checking them takes few turns and tells nothing."""

import threading
import time
import unicodedata

import pytest

from core.errors import Busy, FaultyValue
from referrals import passwords
from referrals.passwords import _Turns

ABOUT = ("Fatima van den Berg", "fatima@taalhuis.example", "Bibliotheek De Brink")


@pytest.mark.parametrize(
    "given",
    [
        "een paarse fiets op zolder",
        "twaalf teken",
        "ééń ☂ naast zeven 🦆",
        "fatima eet graag peren",
        " spaties vooraan en achteraan ",
        "x" * 190 + "abcdefghij",
    ],
)
def test_any_sentence_will_do(given: str) -> None:
    assert passwords.check(given, ABOUT) == unicodedata.normalize("NFC", given)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "short"),
        ("elf tekens!", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaaaa", "guessed"),
        ("121212121212", "guessed"),
        ("123456789012", "guessed"),
        ("fatimavandenberg", "guessed"),
        ("Berg, Fatima van den 2018", "guessed"),
        ("fatima@taalhuis.example", "guessed"),
        ("Bibliotheek-De-Brink!", "guessed"),
        ("Welkom2018Welkom2018", "guessed"),
        ("Taalhuis1234", "guessed"),
    ],
)
def test_what_others_know_or_guess_will_not_do(given: str, why: str) -> None:
    with pytest.raises(FaultyValue) as refused:
        passwords.check(given, ABOUT)
    assert why in refused.value.faults[0].why


def test_a_password_is_kept_as_argon2id_and_never_twice_the_same() -> None:
    first, second = passwords.hashed("een paarse fiets"), passwords.hashed("een paarse fiets")
    assert first.startswith("$argon2id$v=19$m=47104,t=1,p=1$") and first != second
    assert passwords.matches(first, "een paarse fiets")
    assert not passwords.matches(first, "een paarse fiet")
    assert not passwords.is_outdated(first)
    assert passwords.is_outdated(first.replace("t=1", "t=2"))


def test_the_same_letters_typed_in_another_way_are_the_same() -> None:
    kept = passwords.hashed(passwords.check("cafe\u0301s zijn open", ()))
    assert passwords.matches(kept, "caf\u00e9s zijn open")


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_what_is_no_hash_matches_nothing(kept: str | None) -> None:
    for given in ("", "\0", "een paarse fiets", "x" * 100_000):
        assert not passwords.matches(kept, given)


def test_it_takes_as_long_when_there_is_no_password() -> None:
    kept = passwords.hashed("een paarse fiets")

    def fastest(of: str | None) -> float:
        times = []
        for _ in range(5):
            began = time.perf_counter()
            passwords.matches(of, "iets heel anders")
            times.append(time.perf_counter() - began)
        return min(times)

    assert 0.5 < fastest(None) / fastest(kept) < 2


def test_a_few_go_at_once_a_few_wait_and_others_are_sent_away() -> None:
    turns, go, inside, most = _Turns(2, 3), threading.Event(), [0], [0]
    lock = threading.Lock()
    sent_away = []

    def take(*, patient: bool) -> None:
        try:
            with turns.taken(patient=patient):
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                go.wait(5)
                with lock:
                    inside[0] -= 1
        except Busy:
            sent_away.append(patient)

    def begin(count: int, *, patient: bool) -> list[threading.Thread]:
        threads = [threading.Thread(target=take, kwargs={"patient": patient}) for _ in range(count)]
        for each in threads:
            each.start()
        return threads

    hurried = begin(9, patient=False)
    while len(sent_away) < 4:
        time.sleep(0.001)
    known = begin(3, patient=True)
    go.set()
    for each in (*hurried, *known):
        each.join()
    assert (most[0], sent_away) == (2, [False] * 4)
    # afterwards there is room again
    with turns.taken(patient=False):
        pass
