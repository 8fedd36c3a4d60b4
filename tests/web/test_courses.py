"""The offer at the desk: which courses there are, who goes there, and how they change."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from core.references import reference
from referrals.moving import move_cases
from storage.engine import transaction
from storage.tables import Course, HandledRequest
from tests.builders import a_provider
from tests.looking import open_rules, rows_of
from tests.web.cases_at_the_desk import counted, undo
from tests.web.pages import Page
from tests.web.town import SECRET, Town, Visitor


@pytest.fixture
def ann(town: Town) -> Visitor:
    """Ann, who coordinates."""
    return town.signed_in()


def _course(town: Town, **values: Any) -> int:
    with transaction(town.engine) as session:
        row = Course(
            organisation_id=town.library, provider_id=town.provider,
            **{"title": "Digisterker", "subject": "digital", **values},
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id or 0


def _kept(town: Town) -> Course:
    with transaction(town.engine) as session:
        return rows_of(session, Course, id=town.course)[0]


def _going(town: Town, move: str = "place") -> int:
    case = town.case("referred")
    with transaction(town.engine) as session:
        move_cases(session, [case], move, by=town.ann, now=town.now).raise_refusal()
    return case


def test_a_list_says_how_full_courses_are_and_who_waits(town: Town, ann: Visitor) -> None:
    _going(town), _going(town, "wait"), town.case("referred")
    page = ann.open("/courses")
    assert "1 van 8 bezet" in page.text
    assert "1 op de wachtlijst 1 zonder antwoord" in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Klik", "Later", "Vol"}),
        ("subject=digital", {"Later"}),
        ("soon=1", {"Klik"}),
        ("free=1", {"Klik", "Later"}),
        ("over=1", {"Klik", "Later", "Vol", "Oud", "Dicht"}),
        ("provider=999", {"Klik", "Later", "Vol"}),
        ("subject=<script>&after=x", {"Klik", "Later", "Vol"}),
    ],
)
def test_filters_stand_in_the_address(
    town: Town, ann: Visitor, query: str, shown: set[str]
) -> None:
    _course(town, title="Later", starts_on=date(2018, 9, 1))
    _course(town, title="Vol", subject="numeracy", seats=0)
    _course(town, title="Oud", subject="language", ends_on=date(2018, 4, 2))
    _course(town, title="Dicht", subject="language", active=False)
    page = ann.open(f"/courses?{query}")
    rows = [each for each in page.tree.iter("tr") if "data-line" in each.attrib]
    assert {" ".join(row.itertext()).split()[0] for row in rows} == shown


def test_a_course_shows_who_goes_there_and_who_waits_in_order(town: Town, ann: Visitor) -> None:
    first = _going(town, "wait")
    town.later(minutes=9)
    second = _going(town, "wait")
    page = ann.open(f"/courses/{town.course}")
    assert SECRET in page.text and "op de wachtlijst" not in page.text
    waiting = [each for each in page.tree.iter("ol") if "lines" in each.attrib.get("class", "")]
    hrefs = [a.attrib["href"] for a in waiting[0].iter("a")]
    assert hrefs == [f"/cases/{reference(first)}", f"/cases/{reference(second)}"]


def test_staff_see_their_own_people_and_of_others_a_number(town: Town) -> None:
    _going(town)
    jan = town.signed_in(staff_id=town.jan)
    page = jan.open(f"/courses/{town.course}")
    assert SECRET not in page.text and "En nog 1 van een collega." in page.text
    assert jan.client.get(f"/courses/{town.course}/change").status_code == 404


def _change(ann: Visitor, town: Town, **fields: str) -> Page:
    return ann.send(ann.open(f"/courses/{town.course}/change"), button=None, **fields)


def test_a_course_changes_and_comes_back(town: Town, ann: Visitor) -> None:
    done = _change(ann, town, title="Nieuwe naam", seats="", place="Zaal 2")
    assert "De cursus is veranderd" in done.text and done.title == "Nieuwe naam"
    assert (_kept(town).title, _kept(town).seats) == ("Nieuwe naam", None)
    after = undo(ann, done)
    assert "Teruggedraaid" in after.text
    assert (_kept(town).title, _kept(town).seats) == ("Klik & Tik (verzonnen)", 8)


def test_another_day_shows_first_which_follow_ups_move_and_changes_nothing_yet(
    town: Town, ann: Visitor
) -> None:
    case = _going(town)
    look = _change(ann, town, starts_on="2018-06-04")
    assert look.status == 200 and "Er is nog niets veranderd." in look.text
    assert "wo 2 mei" in look.text and "wo 30 mei" in look.text
    assert _kept(town).starts_on == date(2018, 5, 7)
    done = ann.send(look, sure="yes")
    assert "Eén opvolging kreeg een andere dag." in done.text
    with transaction(town.engine) as session:
        assert open_rules(session, case)["before_start"] == "2018-05-30"
    undo(ann, done)
    with transaction(town.engine) as session:
        assert open_rules(session, case)["before_start"] == "2018-05-02"


def test_a_day_that_moves_nothing_is_changed_at_once(town: Town, ann: Visitor) -> None:
    assert "De cursus is veranderd" in _change(ann, town, starts_on="2018-06-04").text


def test_what_a_colleague_changed_meanwhile_is_shown_beside_it(town: Town, ann: Visitor) -> None:
    page = ann.open(f"/courses/{town.course}/change")
    _change(town.signed_in(), town, seats="12")
    both = ann.send(page, seats="10", place="Zaal 2")
    assert both.status == 409
    rows = [" ".join(" ".join(row.itertext()).split()) for row in both.tree.iter("tr")]
    assert "Aantal plaatsen 12 10" in " | ".join(rows)
    assert _kept(town).seats == 12
    ann.send(both, seats="10")
    assert (_kept(town).seats, _kept(town).place) == (10, "Zaal 2")


def test_a_mistake_is_told_at_the_field_and_above(town: Town, ann: Visitor) -> None:
    wrong = _change(ann, town, title="", starts_on="2018-06-04", ends_on="2018-06-01", seats="veel")
    assert wrong.status == 422
    assert {"title", "ends_on", "seats"} <= {
        each.attrib["href"].removeprefix("#") for each in wrong.tree.iter("a")
        if each.attrib["href"].startswith("#")
    }  # fmt: skip
    assert 'value="veel"' in wrong.reply.text
    assert _kept(town).title == "Klik & Tik (verzonnen)"


def test_a_course_is_added_at_a_provider_of_the_library_and_taken_back(
    town: Town, ann: Visitor
) -> None:
    page = ann.open(f"/courses/new?at={town.provider}")
    done = ann.send(page, title="Taal aan het werk", starts_on="3-9-2018")
    assert done.title == "Taal aan het werk" and "maandag 3 september 2018" in done.text
    undo(ann, done)
    with transaction(town.engine) as session:
        assert len(rows_of(session, Course)) == 1


def test_a_course_of_nobody_is_not_added(town: Town, ann: Visitor) -> None:
    page = ann.open("/courses/new")
    for provider in ("", "999", str(town.school)):
        wrong = ann.send(page, title="Taal", provider=provider)
        assert wrong.status == 422 and "Hier is niets gekozen." in wrong.text


def test_a_course_where_somebody_went_meanwhile_is_not_taken_back(town: Town, ann: Visitor) -> None:
    done = ann.send(ann.open("/courses/new"), title="Taal", provider=str(town.provider))
    number = int(done.path.split("?")[0].rpartition("/")[2])
    town.course = number
    town.case("referred")
    assert "Ongedaan maken" not in ann.open(done.path).text


def test_a_receipt_holds_no_names(town: Town, ann: Visitor) -> None:
    _going(town)
    look = _change(ann, town, starts_on="2018-06-04")
    ann.send(look, sure="yes")
    with transaction(town.engine) as session:
        [row] = rows_of(session, HandledRequest)
    assert SECRET not in row.outcome and json.loads(row.outcome)["moved"] == 1


def test_pages_ask_few_questions_however_much_there_is(town: Town, ann: Visitor) -> None:
    for number in range(30):
        _course(town, title=f"Cursus {number}", starts_on=town.now.date() + timedelta(days=number))
    with transaction(town.engine) as session:
        a_provider(session, town.library, "Nog een")
    for _ in range(8):
        _going(town, "wait")
    for path in ("/courses", f"/courses/{town.course}", f"/courses/{town.course}/change"):
        with counted(town.engine) as asked:
            page = ann.open(path)
        assert page.status == 200 and len(asked) <= 12, (path, len(asked))
        assert len(page.reply.content) < 60_000


def test_a_long_list_goes_on_with_its_filters(town: Town, ann: Visitor) -> None:
    for number in range(61):
        _course(town, title=f"Cursus {number:02}", starts_on=date(2018, 9, 1))
    page = ann.open("/courses?subject=digital")
    onward = ann.open(page.link_to("De volgende cursussen"))
    assert "Cursus 60" in onward.text and "Cursus 59" not in onward.text
