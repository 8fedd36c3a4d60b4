"""The page of today: what waits for somebody, handled from its line, and taken back."""

from datetime import timedelta

from core.references import reference
from storage.engine import reading, transaction
from storage.tables import FollowUp, Introduction, Message, Referral
from tests.builders import TODAY, a_case, a_colleague, a_leave, a_library, an_introduction
from tests.looking import rows_of, the_case
from tests.web.cases_at_the_desk import counted
from tests.web.pages import Page
from tests.web.town import Town, Visitor


def _press(visitor: Visitor, page: Page, form: str, rest: str, **fields: str) -> Page:
    """A button of a line: it belongs to a form of the page, and leads to an address of its own."""
    [found] = [each for each in page.tree.iter("form") if each.attrib.get("id") == form]
    hidden = {
        each.attrib["name"]: each.attrib["value"]
        for each in found.iter("input")
        if each.attrib["type"] == "hidden"
    }
    reply = visitor.post(rest, {**hidden, **fields})
    assert reply.status_code == 303
    return visitor.open(reply.headers["location"])


def _late(town: Town) -> tuple[int, int]:
    """A case whose first call should have been made, and that follow-up."""
    case = town.case()
    row = town.follow_up(case, "first_call")
    town.later(days=9)
    return case, row.id or 0


def test_what_is_late_and_what_is_due_stand_apart(town: Town) -> None:
    _late(town)
    case = town.case()
    with transaction(town.engine) as session:
        row = rows_of(session, FollowUp, case_id=case)[0]
        row.due_on, row.due_at = TODAY + timedelta(days=9), town.now - timedelta(hours=1)
        session.add(row)
    page = town.signed_in().open("/")
    assert page.title == "Vandaag"
    headings = [" ".join("".join(each.itertext()).split()) for each in page.tree.iter("h2")]
    assert headings[:2] == ["Te laat 2", "Vandaag te doen 1"]
    assert "2 werkdagen te laat" in page.text


def test_done_is_one_click_and_taken_back_on_the_same_page(town: Town) -> None:
    case, task = _late(town)
    visitor = town.signed_in()
    page = visitor.open("/")
    path = f"/cases/{reference(case)}/follow-ups/{task}"
    done = _press(visitor, page, "task-done", path)
    assert done.path.startswith("/?done=")
    assert town.follow_up(case, "first_call").state == "done"
    back = visitor.send(done, of=_of(done))
    assert back.path.startswith("/?done=")
    assert town.follow_up(case, "first_call").state == "open"


def _of(page: Page) -> str:
    return next(
        each.attrib["value"] for each in page.tree.iter("input") if each.attrib.get("name") == "of"
    )


def test_a_line_is_put_off_and_handed_over(town: Town) -> None:
    case, task = _late(town)
    visitor = town.signed_in()
    path = f"/cases/{reference(case)}/follow-ups/{task}"
    put_off = _press(visitor, visitor.open("/"), "task-later", path, until="week")
    assert "Uitgesteld" in put_off.text
    ask = visitor.open(f"{path}?back=%2F")
    given = visitor.send(ask, to=str(town.jan))
    assert given.path.startswith("/?done=")
    assert "Jan (verzonnen)" in given.text
    assert town.follow_up(case, "first_call").assignee_id == town.jan


def test_a_referral_waits_until_its_answer_is_noted(town: Town) -> None:
    case = town.case("referred")
    town.later(minutes=1)
    visitor = town.signed_in()
    page = visitor.open("/")
    assert "Wacht op antwoord 1" in page.text
    with reading(town.engine) as session:
        [row] = rows_of(session, Referral)
    answered = visitor.send(page, button={"answer": "accepted"}, seen=str(row.version))
    assert "Wacht op antwoord" not in answered.text.partition("Vandaag dinsdag")[2]
    with reading(town.engine) as session:
        assert the_case(session, case).stage == "placed"


def test_an_introduction_is_taken_up_and_given_back(town: Town) -> None:
    with transaction(town.engine) as session:
        case = a_case(session, town.library)
        number = an_introduction(session, case, town.school)
    visitor = town.signed_in()
    page = visitor.open("/")
    assert "Nieuw aangemeld 1" in page.text
    taken = visitor.send(page, button={"introduction": str(number)})
    assert f"{reference(case)} is opgepakt" in taken.text
    with reading(town.engine) as session:
        assert the_case(session, case).owner_id == town.ann
        assert rows_of(session, Introduction)[0].state == "taken_up"
    visitor.send(taken, of=_of(taken))
    with reading(town.engine) as session:
        assert the_case(session, case).owner_id is None
        assert rows_of(session, Introduction)[0].state == "new"


def test_an_introduction_that_a_colleague_took_is_told(town: Town) -> None:
    with transaction(town.engine) as session:
        number = an_introduction(session, a_case(session, town.library), town.school)
    ann, jan = town.signed_in(), town.signed_in(staff_id=town.jan)
    early, late = ann.open("/"), jan.open("/")
    ann.send(early, button={"introduction": str(number)})
    refused = jan.send(late, button={"introduction": str(number)})
    assert refused.status in (404, 409)


def test_a_case_without_a_next_step_is_not_lost(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        for row in rows_of(session, FollowUp, case_id=case):
            row.state = "ended"
            session.add(row)
    page = town.signed_in().open("/")
    assert "Mijn trajecten zonder volgende stap 1" in page.text
    assert reference(case) in page.text


def test_what_is_nobodys_is_for_coordinators(town: Town) -> None:
    with transaction(town.engine) as session:
        a_case(session, town.library)
    town.later(days=9)
    assert "Te laat" in town.signed_in().open("/").text.partition("Vandaag donderdag")[2]
    assert "Er wacht vandaag niets op je" in town.signed_in(staff_id=town.jan).open("/").text


def test_whoever_stands_in_sees_the_work_of_who_is_away(town: Town) -> None:
    _late(town)
    day = town.now.date()
    with transaction(town.engine) as session:
        a_leave(session, town.library, town.ann, day, day, town.jan)
    page = town.signed_in(staff_id=town.jan).open("/")
    assert "Te laat 1" in page.text or "Te laat 2" in page.text
    assert "Ann (verzonnen)" in page.text


def test_other_libraries_are_nowhere(town: Town) -> None:
    with transaction(town.engine) as session:
        there = a_library(session, "elders")
        owner = a_colleague(session, there, "bo@elders.nl")
        a_case(session, there, owner=owner)
    town.later(days=30)
    assert "Er wacht vandaag niets op je" in town.signed_in().open("/").text


def test_mail_that_cannot_get_out_is_told_to_coordinators(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        for number, state in enumerate(("failed", "pending")):
            session.add(
                Message(
                    organisation_id=town.library, key=f"k{number}", kind="digest", state=state,
                    staff_id=town.ann, next_at=town.now, created_at=town.now, case_id=case,
                    fault="unreachable",
                )
            )  # fmt: skip
    page = town.signed_in().open("/")
    assert "De mailserver is niet bereikbaar" in page.text
    assert "1 mail kon niet worden bezorgd" in page.text
    assert "mailserver" not in town.signed_in(staff_id=town.jan).open("/").text


def test_the_national_office_sees_no_person(town: Town) -> None:
    town.case()
    page = town.signed_in("national_office").open("/")
    assert page.status == 200
    assert "Hier komen bereik en pilots" in page.text


def test_the_page_asks_as_much_of_many_cases_as_of_few(town: Town) -> None:
    visitor = town.signed_in()
    asked = []
    for more in (4, 30):
        for _ in range(more):
            town.case("referred")
        town.later(days=9)
        visitor.open("/")
        with counted(town.engine) as questions:
            page = visitor.open(f"/?again={more}")
        asked.append(len(questions))
        assert len(page.reply.text) < 60_000
    assert asked[0] == asked[1] <= 12
