"""A referral answered by the provider: what is possible, what moves, and taken back."""

from datetime import timedelta

import pytest

from referrals import answering, consent, referring
from referrals.moving import move_cases
from storage.engine import transaction
from storage.tables import Referral, ReferralAnswer
from tests.looking import rows_of, the_case
from tests.web.town import SECRET, Town, Visitor
from workflows.lifecycles import REFERRAL


def _stage(town: Town, case: int) -> str:
    with transaction(town.engine) as session:
        return the_case(session, case).stage


def test_the_page_is_neutral_and_says_what_was_sent_when(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    page = visitor.open(link)
    assert page.title == "Een verwijzing wacht op uw antwoord"
    assert SECRET not in page.reply.text and "+31" not in page.reply.text
    assert "Klik & Tik (verzonnen)" in page.text
    assert "Verstuurd op dinsdag 3 april 2018" in page.text


@pytest.mark.parametrize("state", [each for each in REFERRAL.states if each != "draft"])
def test_only_what_is_possible_is_offered(town: Town, visitor: Visitor, state: str) -> None:
    case, link = town.to_referral()
    with transaction(town.engine) as session:
        [row] = rows_of(session, Referral, case_id=case)
        row.state = state
        session.add(row)
    offered = {each.attrib["id"] for each in visitor.open(link).tree.iter("details")}
    possible = {
        answer
        for answer, event in referring.EVENTS.items()
        if state in REFERRAL.events[event][0] and answer not in ("sent", "withdrawn")
    }
    assert offered == possible
    assert bool(offered) == (state in ("sent", "accepted", "waiting", "started"))


def test_accepted_moves_the_case_and_is_taken_back_with_it(town: Town, visitor: Visitor) -> None:
    case, link = town.to_referral()
    done = visitor.send(visitor.open(link), do="accepted", note="Kom maandag.")
    assert done.title == "Uw antwoord is opgeslagen"
    assert "aangenomen" in done.text
    row = town.referral(case)
    assert (row.state, row.note, _stage(town, case)) == ("accepted", "Kom maandag.", "placed")
    with transaction(town.engine) as session:
        [kept] = rows_of(session, ReferralAnswer)
    assert kept.by_staff_id is None
    assert "halen we niet terug" in done.text
    undone = visitor.send(done, of=done.path.rpartition("/")[2])
    assert undone.title == "Teruggedraaid"
    assert (town.referral(case).state, _stage(town, case)) == ("sent", "referred")
    assert "We accept" not in visitor.open(done.path).text
    again = visitor.send(visitor.open(link), do="declined", reason="offer_does_not_fit", note="")
    assert again.status == 200
    assert (town.referral(case).state, _stage(town, case)) == ("declined", "agreed")


def test_an_answer_without_a_step_is_taken_back_alone(town: Town, visitor: Visitor) -> None:
    """The case is elsewhere by then, and stays there."""
    case, link = town.to_referral()
    with transaction(town.engine) as session:
        move_cases(session, [case], "start", by=town.ann, now=town.now).raise_refusal()
        move_cases(session, [case], "attend", by=town.ann, now=town.later(days=1)).raise_refusal()
    done = visitor.send(visitor.open(link), do="finished", note="")
    assert _stage(town, case) == "completed"
    visitor.send(done, of=done.path.rpartition("/")[2])
    assert (town.referral(case).state, _stage(town, case)) == ("started", "attending")


def test_an_answer_stands_when_the_course_is_full(town: Town, visitor: Visitor) -> None:
    from storage.tables import Course

    case, link = town.to_referral()
    with transaction(town.engine) as session:
        [course] = rows_of(session, Course)
        course.seats = 0
        session.add(course)
    done = visitor.send(visitor.open(link), do="accepted", note="")
    assert done.status == 200
    assert (town.referral(case).state, _stage(town, case)) == ("accepted", "referred")
    undone = visitor.send(done, of=done.path.rpartition("/")[2])
    assert undone.title == "Teruggedraaid"
    assert town.referral(case).state == "sent"


def test_somebody_who_answers_an_older_page_is_told_what_is_true_now(
    town: Town, visitor: Visitor
) -> None:
    case, link = town.to_referral()
    page = visitor.open(link)
    with transaction(town.engine) as session:
        answering.answer(session, case, "waiting", by=town.ann, now=town.now)
    late = visitor.send(page, do="accepted", note="")
    assert late.status == 409
    assert "Kijk hoe het nu staat" in late.text and "op de wachtlijst" in late.text
    assert town.referral(case).state == "waiting"
    assert visitor.send(late, do="accepted", note="").status == 200


def test_an_answer_that_is_impossible_by_now_changes_nothing(town: Town, visitor: Visitor) -> None:
    case, link = town.to_referral()
    page = visitor.open(link)
    with transaction(town.engine) as session:
        answering.answer(session, case, "declined", by=town.ann, now=town.now)
    late = visitor.send(page, do="accepted", note="")
    assert late.status == 409
    assert "Hier hoeft niets meer te gebeuren" in late.text
    assert town.referral(case).state == "declined"


def test_an_undo_comes_too_late_when_the_library_has_gone_on(town: Town, visitor: Visitor) -> None:
    case, link = town.to_referral()
    done = visitor.send(visitor.open(link), do="accepted", note="")
    with transaction(town.engine) as session:
        move_cases(session, [case], "start", by=town.ann, now=town.later(days=1)).raise_refusal()
    assert "Ongedaan maken" not in visitor.open(done.path).buttons
    refused = visitor.send(done, of=done.path.rpartition("/")[2])
    assert refused.status == 409
    assert "De bibliotheek is al verder gegaan." in refused.text
    assert _stage(town, case) == "started"


def test_a_referral_of_another_provider_is_not_there(town: Town, visitor: Visitor) -> None:
    case, _ = town.to_referral()
    number = town.referral(case).id or 0
    assert visitor.open(town.link("referral", number, contact=town.referrer)).status == 404


def test_who_it_is_about_is_offered_only_while_the_consent_holds(
    town: Town, visitor: Visitor
) -> None:
    case, link = town.to_referral()
    page = visitor.open(link)
    assert "Stuur mij een code" in page.buttons
    with transaction(town.engine) as session:
        number = the_case(session, case).participant_id
        consent.withdraw_consent(session, number, by=town.ann, now=town.now)
    after = visitor.open(link)
    assert "Stuur mij een code" not in after.buttons
    assert "We mogen nu niets over de deelnemer delen." in after.text
    _, fields = page.form({}, {})
    assert visitor.post(f"{link}/code", fields).status_code == 404
    assert visitor.post(f"{link}/read", {**fields, "code": "123456"}).status_code == 404


def test_a_link_of_half_a_year_is_too_old(town: Town, visitor: Visitor) -> None:
    case, _ = town.to_referral()
    number = town.referral(case).id or 0
    link = town.link("referral", number, contact=town.teacher, lasts=timedelta(days=1))
    town.later(days=1)
    page = visitor.open(link)
    assert page.status == 410
    assert page.buttons == ["Stuur een nieuwe link"]
