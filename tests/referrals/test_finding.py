"""People are found by any spelling of a name, a phone number, an e-mail address or a reference."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.references import reference
from referrals import finding, names
from referrals.doubles import Person
from referrals.participants import Newcomer, Registered, register
from referrals.search_words import words_of
from storage.queries import search
from tests.builders import NOW, a_case, a_library, a_participant, a_staff
from tests.looking import savepoint

_ANYWHERE = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _known(session: Session, library: int, **known: str) -> int:
    [who] = register(session, library, [Newcomer(Person(**known))], now=NOW)  # type: ignore[arg-type]
    return who.id


def _found(session: Session, library: int, text: str, sees: int | None = None) -> list[int]:
    hits = finding.find(session, library, text, sees=sees).hits
    return [hit.participant_id for hit in hits]


@pytest.mark.parametrize(
    "text",
    [
        "fatima", "FATIMA", "fat", "fa", "Fátima", "el idrissi", "idrissi", "fat idr",
        "idrissi fatima", "Fatima El-Idrissi", "  fatima   el ", "van den fatima",
    ],
)  # fmt: skip
def test_a_name_is_found_by_the_beginning_of_any_part_in_any_order(
    session: Session, text: str
) -> None:
    library = a_library(session)
    fatima = _known(session, library, first_name="Fatima", last_name="El Idrissi")
    _known(session, library, first_name="Jan", last_name="van den Berg")
    assert _found(session, library, text) == [fatima]


@pytest.mark.parametrize(
    "text", ["f", "zfatima", "atima", "fatimaa", "fatima jansen", "", "  ", "%", "_"]
)
def test_what_does_not_begin_a_part_finds_nobody(session: Session, text: str) -> None:
    library = a_library(session)
    _known(session, library, first_name="Fatima", last_name="El Idrissi")
    assert _found(session, library, text) == []


def test_what_stands_before_a_last_name_is_left_out_unless_it_is_all_there_is(
    session: Session,
) -> None:
    library = a_library(session)
    berg = _known(session, library, first_name="Jan", last_name="van den Berg")
    di = _known(session, library, first_name="Di", last_name="Al")
    assert _found(session, library, "van den berg") == _found(session, library, "berg") == [berg]
    assert _found(session, library, "di") == _found(session, library, "al di") == [di]


@pytest.mark.parametrize(
    "text",
    [
        "0612345678", "06-12345678", "06 12 34 56 78", "(06) 1234 5678", "+31612345678",
        "+31 (0)6 12345678", "0031612345678", "612345678", "5678", "45 678", "06 123", "+31 61",
        "31612345678", "06.12.34.56.78", "06/12345678",
    ],
)  # fmt: skip
def test_a_phone_number_is_found_in_any_spelling_and_by_either_end(
    session: Session, text: str
) -> None:
    library = a_library(session)
    who = _known(session, library, phone="+31612345678")
    _known(session, library, phone="+31687654321")
    assert _found(session, library, text) == [who]


@pytest.mark.parametrize("text", ["678", "06", "1234", "+32612345678", "0699", "061234567 9"])
def test_too_few_or_other_digits_find_nobody(session: Session, text: str) -> None:
    library = a_library(session)
    _known(session, library, phone="+31612345678")
    assert _found(session, library, text) == []


def test_an_address_is_found_as_a_whole(session: Session) -> None:
    library = a_library(session)
    who = _known(session, library, email="fatima@voorbeeld.nl")
    assert _found(session, library, " Fatima@Voorbeeld.NL ") == [who]
    assert _found(session, library, "fatima@") == []


def test_a_reference_finds_its_case_and_the_address_of_a_page_too(session: Session) -> None:
    library = a_library(session)
    a_participant(session, library)
    case = a_case(session, library)
    text = reference(case)
    for spelled in (text, text.lower(), text.replace("-", ""), text.replace("-", " "), f" {text} "):
        assert finding.find(session, library, spelled, sees=None).case_id == case
    found = finding.find(session, library, f"https://brug.example/cases/{text}?x=1", sees=None)
    assert found.case_id == case and len(found.hits) == 1
    person = finding.find(session, library, f"/people/{text}", sees=None)
    assert person.case_id is None and [hit.participant_id for hit in person.hits] == [case]


def test_staff_find_nobodys_people_and_their_own(session: Session) -> None:
    library = a_library(session)
    jan, other = (a_staff(session, library, name) for name in ("Jan", "Piet"))
    fatima = {"first_name": "Fatima", "phone": "+31612345678"}
    people = [_known(session, library, **fatima) for _ in range(4)]
    for number, owner in zip(people[:3], (jan, None, other), strict=True):
        a_case(session, library, participant=Registered(number, 1_000 + number), owner=owner)
    assert _found(session, library, "fatima", sees=jan) == [people[0], people[1], people[3]]
    assert _found(session, library, "5678", sees=jan) == [people[0], people[1], people[3]]
    assert _found(session, library, "0612345678", sees=other) == people[1:]


def test_another_library_is_not_looked_in(session: Session) -> None:
    library, other = a_library(session), a_library(session, "elders")
    _known(session, other, first_name="Fatima", phone="+31612345678", email="f@voorbeeld.nl")
    for text in ("fatima", "0612345678", "5678", "f@voorbeeld.nl", reference(1)):
        assert _found(session, library, text) == []


def test_a_common_name_says_that_there_are_more(session: Session) -> None:
    library = a_library(session)
    many = [Newcomer(Person(first_name="Jan", last_name=f"Jansen{n}")) for n in range(60)]
    register(session, library, many, now=NOW)
    found = finding.find(session, library, "jan", sees=None)
    assert len(found.hits) == finding.MOST and found.more
    assert len({hit.participant_id for hit in found.hits}) == finding.MOST


@_ANYWHERE
@given(first=st.text(max_size=30), last=st.text(max_size=30), cut=st.integers(1, 8))
def test_whatever_a_name_is_each_of_its_parts_finds_it(
    session: Session, first: str, last: str, cut: int
) -> None:
    with savepoint(session) as inner:
        library = a_library(session, "eigenschap")
        first, last = names.clean(first), names.clean(last)
        who = _known(session, library, first_name=first, last_name=last)
        for word in words_of(first, last, None):
            found = search.with_words(
                session, library, (word[:cut],), sees=None, limit=finding.MOST
            )
            assert who in found
        inner.rollback()
    session.expunge_all()


@_ANYWHERE
@given(
    digits=st.text("0123456789", min_size=8, max_size=8),
    gaps=st.lists(st.sampled_from(["", " ", "-", ".", "  "]), min_size=10, max_size=10),
    lead=st.sampled_from(["06", "+316", "00316", "+31 (0)6"]),
)
def test_every_spelling_of_a_number_finds_it(
    session: Session, digits: str, gaps: list[str], lead: str
) -> None:
    with savepoint(session) as inner:
        library = a_library(session, "eigenschap")
        who = _known(session, library, phone=f"+316{digits}")
        spelled = lead + "".join(gap + digit for gap, digit in zip(gaps, digits, strict=False))
        assert _found(session, library, spelled)[0] == who
        assert who in _found(session, library, digits[-4:])
        inner.rollback()
    session.expunge_all()


@_ANYWHERE
@given(text=st.text(max_size=120))
def test_whatever_is_typed_gets_an_answer(session: Session, text: str) -> None:
    assert finding.find(session, 1, text, sees=None).hits == ()
