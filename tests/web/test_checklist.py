"""What a library does first: shown to whoever sets it up, ticked off by itself, put away."""

from sqlmodel import Session

from referrals import samples
from storage.engine import reading, transaction
from storage.queries import staff
from storage.tables import Organisation, Staff
from tests.builders import NOW, a_library
from tests.looking import rows_of
from tests.web.cases_at_the_desk import undo
from tests.web.town import Town, Visitor
from web.members import Member
from web.pages import checklist
from web.pages.checklist import Checklist
from web.rules import may_use


def _member(session: Session, number: int, role: str = "administrator") -> Member:
    person = session.get_one(Staff, number)
    library = staff.organisation_by_number(session, person.organisation_id)
    return Member("", number, "Ann", role, "nl", library, person.desk or {}, NOW, may_use)


def _of(town: Town, number: int, role: str = "administrator") -> Checklist | None:
    with reading(town.engine) as session:
        return checklist.of(session, _member(session, number, role))


def _new_library(town: Town) -> int:
    with transaction(town.engine) as session:
        library = a_library(session, "de-nieuwe")
        return rows_of(session, Staff, organisation_id=library)[0].id or 0


def test_a_new_library_has_everything_to_do(town: Town) -> None:
    found = _of(town, _new_library(town))
    assert found and (found.done, len(found.steps), found.examples) == (0, 5, True)
    assert [step.path for step in found.steps] == [
        "/settings/library", "/settings/staff", "/partners/new?kind=provider",
        "/routes/open-door", "/contacts/new",
    ]  # fmt: skip


def test_what_is_there_is_ticked_and_examples_are_no_beginning(town: Town) -> None:
    ann = _new_library(town)
    with transaction(town.engine) as session:
        library = session.get_one(Organisation, session.get_one(Staff, ann).organisation_id)
        samples.add(session, library, by=ann, now=NOW)
    found = _of(town, ann)
    assert found and found.done == 0
    town.case()
    there = _of(town, town.ann)
    assert there and [step.done for step in there.steps] == [False, True, True, False, True]
    assert not there.examples


def test_only_whoever_sets_a_library_up_sees_it(town: Town) -> None:
    assert _of(town, town.ann, "coordinator") is not None
    assert _of(town, town.jan, "staff") is None


def _post(visitor: Visitor, do: str) -> str:
    reply = visitor.post("/checklist", {**visitor.own_form(), "do": do})
    assert reply.status_code == 303
    return str(reply.headers["location"])


def test_a_route_is_ticked_off_by_hand_and_everything_done_is_the_end(town: Town) -> None:
    ann = town.signed_in()
    town.case()
    page = ann.open(_post(ann, "read"))
    assert "Afgevinkt" in page.text
    found = _of(town, town.ann)
    assert found and found.done == 4
    with transaction(town.engine) as session:
        library = session.get_one(Organisation, town.library)
        library.mail_address = "post@voorbeeld.nl"
        session.add(library)
    assert _of(town, town.ann) is None
    undo(ann, page)


def test_it_is_put_away_and_comes_back(town: Town) -> None:
    ann = town.signed_in()
    assert "Om te beginnen" in ann.open("/").text
    page = ann.open(_post(ann, "away"))
    assert "De lijst is weggelegd" in page.text and "Om te beginnen" not in page.text
    assert "Om te beginnen" in undo(ann, page).text
    other = town.signed_in()
    assert other.post("/checklist", {**other.own_form(), "do": "all"}).status_code == 400
