"""Recognition: rows about one person become one participant, in one file and over the years."""

from dataclasses import dataclass

from sqlmodel import Session

from core.references import reference
from referrals.doubles import Person
from referrals.exchange.recognition import people_of
from referrals.exchange.report import ImportReport
from referrals.participants import Newcomer, Registered
from storage.tables import Participant
from tests.builders import NOW, a_case, a_library, a_participant
from tests.looking import rows_of


@dataclass(frozen=True)
class _Row:
    person: Person
    row: int = 2
    sheet: str = "B"


FATIMA = Person("Fatima", "Çelik", 1981, "+31612345678")
SAME = Person("F.", "Celik", None, "+31612345678")
LIKE = Person("Fatima", "Celik", 1981)
OTHER = Person("Ali", "Bakker", 1970, "+31612345679")


def _recognise(
    session: Session, library: int, *people: Person, accept: bool = False
) -> tuple[list[Registered], ImportReport]:
    rows = [_Row(person, number) for number, person in enumerate(people, 2)]
    newcomers = [Newcomer(person) for person in people]
    report = ImportReport()
    found = people_of(session, library, rows, newcomers, report, accept_doubles=accept, now=NOW)
    return found, report


def test_rows_about_one_person_are_one_participant(session: Session) -> None:
    library = a_library(session)
    found, report = _recognise(session, library, FATIMA, OTHER, SAME)
    assert found[0] == found[2] != found[1]
    assert (report.people, report.doubles_merged) == (2, 1)
    [double] = report.doubles
    assert (double.row, double.same_as, double.merged) == (4, "B 2", True)
    assert len(rows_of(session, Participant)) == 2


def test_somebody_known_is_recognised_and_named_by_their_case(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, person=FATIMA)
    case = a_case(session, library, participant=who)
    found, report = _recognise(session, library, SAME)
    assert found == [who]
    assert report.doubles[0].same_as == reference(case)
    assert len(rows_of(session, Participant)) == 1


def test_what_is_less_certain_is_suggested_and_taken_when_told_to(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, person=FATIMA)
    found, report = _recognise(session, library, LIKE)
    assert found != [who]
    assert (report.doubles_suggested, report.doubles_merged) == (1, 0)
    elsewhere = a_library(session, "elders")
    who = a_participant(session, elsewhere, person=FATIMA)
    found, report = _recognise(session, elsewhere, LIKE, accept=True)
    assert found == [who]
    assert (report.doubles_suggested, report.doubles_merged) == (0, 1)


def test_nameless_people_are_each_somebody_new(session: Session) -> None:
    library = a_library(session)
    found, report = _recognise(session, library, Person(), Person(), accept=True)
    assert len(set(found)) == 2 and report.doubles == []


def test_a_library_does_not_know_the_people_of_another(session: Session) -> None:
    mine, theirs = a_library(session), a_library(session, "elders")
    a_participant(session, theirs, person=FATIMA)
    found, report = _recognise(session, mine, FATIMA, accept=True)
    assert report.doubles == [] and len(found) == 1


def test_whoever_was_anonymised_is_not_recognised(session: Session) -> None:
    library = a_library(session)
    who = a_participant(session, library, person=FATIMA)
    row = session.get_one(Participant, who.id)
    row.anonymised_at = NOW
    session.flush()
    found, report = _recognise(session, library, FATIMA)
    assert found != [who] and report.doubles == []
