"""The same person is found again, and two people stay two."""

import time

import pytest

from referrals.doubles import KnownPeople, Person, compare, doubles_of

RIA = Person("Ria", "van den Berg", 1970, "+31612345678", "ria@voorbeeld.nl", "7811")


def _sureness(other: Person, one: Person = RIA) -> str | None:
    verdict, mirrored = compare(one, other), compare(other, one)
    assert verdict == mirrored
    return verdict[0] if verdict else None


@pytest.mark.parametrize(
    "again",
    [
        Person("ria", "BERG", 1970, "+31612345678"),
        Person("R.", "van den Berg", None, "+31612345678"),
        Person("Ria", None, None, "+31612345678"),
        Person("Ria", "van der Berg", 1970, None, "ria@voorbeeld.nl"),
        Person("Ria", "van den Berg", 1970, "+31687654321", "ria@voorbeeld.nl"),
        Person("Berg", "Ria", 1970, "+31612345678"),
        Person("Ria Maria", "van den Berg", 1970, "+31612345678"),
    ],
)
def test_one_phone_or_address_and_a_fitting_name_is_certain(again: Person) -> None:
    assert _sureness(again) == "certain"


def test_a_slip_of_the_pen_in_the_last_name_still_fits() -> None:
    one, other = (Person("Ria", name, None, "+31612345678") for name in ("Hendriks", "Hendricks"))
    assert _sureness(other, one) == "certain"


def test_another_last_name_with_one_phone_first_name_and_year_is_suggested() -> None:
    assert _sureness(Person("Ria", "Dekker", 1970, "+31612345678")) == "suggested"


@pytest.mark.parametrize(
    "other",
    [
        Person("Henk", "van den Berg", None, "+31612345678"),
        Person("Fatima", "van den Berg", 1970, "+31612345678"),
        Person("Ria", "van den Berg", 1999, "+31612345678"),
        Person("H.", "van den Berg", None, "+31612345678"),
        Person("Ria", "Dekker", None, "+31612345678"),
    ],
)
def test_a_family_that_shares_a_phone_is_not_one_person(other: Person) -> None:
    assert _sureness(other) is None


def test_brother_and_sister_with_names_alike_are_only_suggested() -> None:
    samir, samira = (Person(name, "Benali", None, "+31612345678") for name in ("Samir", "Samira"))
    assert _sureness(samir, samira) == "suggested"


def test_one_name_and_birth_year_is_suggested_unless_the_phones_differ() -> None:
    assert _sureness(Person("Ria", "van den Berg", 1970)) == "suggested"
    assert _sureness(Person("Ria", "van den Berg", 1970, "+31600000000")) is None
    assert _sureness(Person("Ria", "van den Berg", None)) is None


def test_a_likely_name_needs_birth_year_and_postcode() -> None:
    assert _sureness(Person("R.", "van den Berg", 1970, postcode="7811")) == "suggested"
    assert _sureness(Person("R.", "van den Berg", 1970, postcode="2526")) is None


def test_names_that_changed_places_are_found_by_birth_year_and_postcode() -> None:
    swapped = Person("Berg", "Ria", 1970, postcode="7811")
    known = [(1, Person("Ria", "Berg", 1970, postcode="7811"))]
    assert [double.sureness for double in doubles_of(swapped, known)] == ["suggested"]


def test_people_of_whom_nothing_is_known_are_nobody_in_particular() -> None:
    assert _sureness(Person(), Person()) is None
    assert doubles_of(Person(), [(1, Person()), (2, RIA)]) == []


def test_certain_doubles_come_first_and_each_once() -> None:
    known = [(1, Person("Ria", "van den Berg", 1970)), (2, RIA)]
    found = doubles_of(RIA, known)
    assert [(double.key, double.sureness) for double in found] == [(2, "certain"), (1, "suggested")]


def test_an_office_number_that_everybody_has_proves_nothing() -> None:
    known = KnownPeople((n, Person("Ria", f"Naam{n}", None, "+31201234567")) for n in range(60))
    assert known.doubles_of(Person("Ria", None, None, "+31201234567")) == []


def test_among_many_thousands_one_is_found_at_once() -> None:
    people = [
        Person(f"Voornaam{n % 100}", f"Naam{n % 997}", 1940 + n % 60, f"+316{n:08d}", None, "7811")
        for n in range(20_000)
    ]
    known = KnownPeople(enumerate(people))
    started = time.process_time()
    found = [known.doubles_of(person) for person in people[::20]]
    assert all(double[0].key == 20 * at for at, double in enumerate(found))
    # 1,000 of them, all in one postcode; comparing with everybody would take 20 seconds
    assert time.process_time() - started < 1
