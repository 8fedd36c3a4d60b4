"""What a provider said, noted by the library: the case follows, and both go back together."""

import pytest

from referrals import answering
from storage.engine import transaction
from storage.tables import ReferralAnswer
from tests.looking import rows_of
from tests.web.cases_at_the_desk import moved, page_of, stands, undo
from tests.web.town import Town


def _part(town: Town, case: int) -> str:
    return f"referral-{town.referral(case).id}"


@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        ("accepted", "placed"),
        ("waiting", "waiting"),
        ("declined", "agreed"),
        ("started", "started"),
        ("no_show", "agreed"),
    ],
)
def test_an_answer_moves_the_case_and_is_taken_back_with_it(
    town: Town, answer: str, stage: str
) -> None:
    case = town.case("referred")
    town.later(minutes=1)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, part=_part(town, case), answer=answer, answer_note="Aan de telefoon.")
    assert "Het antwoord is genoteerd" in done.text
    assert (town.referral(case).state, stands(town, case).stage) == (answer, stage)
    assert "Aan de telefoon." in done.text
    town.later(minutes=1)
    undo(visitor, done)
    assert (town.referral(case).state, stands(town, case).stage) == ("sent", "referred")


def test_a_referral_can_be_withdrawn(town: Town) -> None:
    case = town.case("referred")
    town.later(minutes=1)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    visitor.send(page, part=_part(town, case), answer="withdrawn")
    assert town.referral(case).state == "withdrawn"


def test_only_what_is_possible_is_offered_and_taken(town: Town) -> None:
    case = town.case("referred")
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    [choices] = [each for each in page.tree.iter("select") if each.get("name") == "answer"]
    assert [each.get("value") for each in choices] == [
        "", "accepted", "waiting", "declined", "started", "no_show", "withdrawn",
    ]  # fmt: skip
    for answer in ("", "finished", "sent", "x"):
        faulty = visitor.send(page, part=_part(town, case), answer=answer)
        assert faulty.status == 422
    assert town.referral(case).state == "sent"


def test_two_answers_at_once_are_told(town: Town) -> None:
    case = town.case("referred")
    town.later(minutes=1)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    with transaction(town.engine) as session:
        answering.answer(session, case, "waiting", by=None, now=town.now)
    refused = visitor.send(page, part=_part(town, case), answer="accepted")
    assert refused.status == 409
    assert town.referral(case).state == "waiting"


def test_an_answer_is_not_taken_back_when_the_case_went_on(town: Town) -> None:
    case = town.case("referred")
    town.later(minutes=1)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, part=_part(town, case), answer="accepted")
    town.later(minutes=1)
    moved(town, case, "start")
    assert undo(visitor, done).status == 409
    assert stands(town, case).stage == "started"


def test_a_referral_of_another_case_is_not_found(town: Town) -> None:
    case = town.case("referred")
    other = town.case("contact")
    visitor = town.signed_in()
    path, fields = visitor.open(page_of(case)).form({"part": _part(town, case)}, {})
    elsewhere = path.replace(page_of(case), page_of(other))
    assert visitor.post(elsewhere, {**fields, "answer": "accepted"}).status_code == 404
    with transaction(town.engine) as session:
        assert rows_of(session, ReferralAnswer) == []
