"""Follow-ups of a case at the desk: done, later, handed over, not reached, planned, and back."""

from datetime import date

import pytest

from referrals import case_changes, follow_ups
from storage.engine import transaction
from tests.builders import a_case, a_library
from tests.web.cases_at_the_desk import moved, page_of, stands, tasks, undo
from tests.web.town import Town


def _path(town: Town, case: int, rule: str = "first_call") -> str:
    return f"{page_of(case)}/follow-ups/{town.follow_up(case, rule).id}"


def test_it_is_done_with_one_click_and_back(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, button={"do": "done"})
    assert "Gedaan" in done.text
    row = tasks(town, case, state="done")[0]
    assert row.done_by == town.ann
    undo(visitor, done)
    assert tasks(town, case, id=row.id)[0].state == "open"


def test_how_it_went_is_kept(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(f"{_path(town, case)}?back=/")
    done = visitor.send(page, do="done", outcome="Wil leren mailen.", back="/")
    assert done.path.startswith("/?done=")
    assert town.follow_up(case, "first_call").outcome == "Wil leren mailen."
    assert "Wil leren mailen." in visitor.open(page_of(case)).text


def test_not_reached_plans_the_next_attempt(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    assert "Niet bereikt? Dan komt het nog 2 keer terug." in page.text
    done = visitor.send(page, button={"do": "not_reached"})
    assert "De volgende poging is op di 10 apr." in done.text
    assert [row.state for row in tasks(town, case, rule="first_call")] == ["missed", "open"]
    undo(visitor, done)
    assert [row.state for row in tasks(town, case, rule="first_call")] == ["open"]


def test_after_the_last_attempt_the_move_of_the_route_is_named(town: Town) -> None:
    case = town.case()
    for _ in range(2):
        town.later(minutes=1)
        [row] = tasks(town, case, rule="first_call", state="open")
        with transaction(town.engine) as session:
            follow_ups.try_in_vain(session, row.id or 0, by=town.ann, now=town.now)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    assert "Dit was de laatste poging: daarna “Niet bereikbaar”." in page.text
    done = visitor.send(page, button={"do": "not_reached"})
    assert "De route biedt nu aan: Niet bereikbaar." in done.text


@pytest.mark.parametrize(("button", "day"), [("tomorrow", None), ("week", date(2018, 4, 17))])
def test_later_with_one_button(town: Town, button: str, day: date | None) -> None:
    case, visitor = town.case(), town.signed_in()
    if button == "tomorrow":
        town.later(days=9)
        visitor, day = town.signed_in(), date(2018, 4, 13)
    page = visitor.open(_path(town, case))
    done = visitor.send(page, button={"until": button})
    assert "Uitgesteld" in done.text
    assert town.follow_up(case, "first_call").due_on == day
    assert "→" in visitor.open(f"{page_of(case)}?kind=tasks").text
    undo(visitor, done)
    assert town.follow_up(case, "first_call").due_on == date(2018, 4, 10)


@pytest.mark.parametrize("typed", ["", "2018-04-03", "31-02-2019", "9999-12-31"])
def test_days_that_cannot_be_are_refused(town: Town, typed: str) -> None:
    case, visitor = town.case(), town.signed_in()
    faulty = visitor.send(visitor.open(_path(town, case)), do="later", day=typed)
    assert faulty.status == 422
    assert town.follow_up(case, "first_call").due_on == date(2018, 4, 10)


def test_it_is_handed_over_and_back(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(_path(town, case))
    done = visitor.send(page, do="hand_over", to=str(town.jan))
    assert "Jan (verzonnen) heeft het nu." in done.text
    assert town.follow_up(case, "first_call").assignee_id == town.jan
    assert "Ann (verzonnen) → Jan (verzonnen)" in visitor.open(page_of(case)).text
    undo(visitor, done)
    assert town.follow_up(case, "first_call").assignee_id == town.ann


def test_it_goes_to_a_colleague_and_nobody_else(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    for to in ("", "0", "999999", "x"):
        faulty = visitor.send(visitor.open(_path(town, case)), do="hand_over", to=to)
        assert faulty.status == 422


def test_what_is_over_cannot_be_done_any_more(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(_path(town, case))
    moved(town, case, "screen")
    refused = visitor.send(page, do="done", outcome="Toch nog gebeld.")
    assert refused.status == 409
    assert "Hier hoeft niets meer te gebeuren" in refused.text


def test_something_is_planned_by_hand_and_dropped_again(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, what="Breng het boek mee", due="9-4-2018", who=str(town.jan))
    assert "Gepland voor ma 9 apr" in done.text
    [row] = tasks(town, case, what="Breng het boek mee")
    assert (row.due_on, row.assignee_id, row.state) == (date(2018, 4, 9), town.jan, "open")
    undo(visitor, done)
    assert tasks(town, case, id=row.id)[0].state == "ended"
    assert "Toch niet nodig: Breng het boek mee" in visitor.open(page_of(case)).text


@pytest.mark.parametrize(
    ("what", "due", "who", "fields"),
    [
        ("", "9-4-2018", "", {"what"}),
        ("Bel", "", "", {"due"}),
        ("Bel", "2018-04-02", "", {"due"}),
        ("123456782", "9-4-2018", "", {"what"}),
        ("x" * 201, "9-4-2018", "", {"what"}),
        ("Bel", "9-4-2018", "999999", {"who"}),
        ("", "", "x", {"what", "due", "who"}),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_fields(
    town: Town, what: str, due: str, who: str, fields: set[str]
) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    faulty = visitor.send(page, what=what, due=due, who=who or str(town.ann))
    assert faulty.status == 422
    wrong = {
        each.attrib["name"]
        for kind in ("input", "select")
        for each in faulty.tree.iter(kind)
        if each.get("aria-invalid")
    }
    assert wrong == fields
    assert [each for each in faulty.tree.iter("details") if "open" in each.attrib]
    assert len(tasks(town, case)) == 2


def test_a_follow_up_of_another_case_is_not_found(town: Town) -> None:
    case, other, visitor = town.case(), town.case(), town.signed_in()
    number = town.follow_up(other, "first_call").id
    assert visitor.open(f"{page_of(case)}/follow-ups/{number}").status == 404
    page = visitor.open(page_of(case))
    path, fields = page.form({}, {"do": "done"})
    elsewhere = f"{page_of(case)}/follow-ups/{number}"
    assert visitor.post(elsewhere, fields).status_code == 404
    with transaction(town.engine) as session:
        foreign = a_case(session, a_library(session, "elders"))
    assert visitor.post(f"{page_of(foreign)}/follow-ups/{number}", fields).status_code == 404
    assert town.follow_up(other, "first_call").state == "open"
    assert path


def test_an_undo_after_somebody_else_touched_it_is_refused(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    done = visitor.send(visitor.open(_path(town, case)), do="hand_over", to=str(town.jan))
    number = town.follow_up(case, "first_call").id or 0
    with transaction(town.engine) as session:
        follow_ups.put_off(session, number, date(2018, 5, 1), by=town.jan, now=town.now)
    assert "Ongedaan maken" not in visitor.open(done.path).buttons
    assert undo(visitor, done).status == 409


def test_a_case_that_changed_owner_keeps_its_page(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        case_changes.change_owner(session, case, town.jan, by=town.ann, now=town.now)
    assert "Jan (verzonnen)" in town.signed_in().open(page_of(case)).text
    assert stands(town, case).owner_id == town.jan
