"""Moves from the desk: one click, what they ask, why they are off, done once, and undone."""

from datetime import timedelta

import pytest

from core.references import reference
from storage.engine import transaction
from storage.tables import Case, Message, Referral, StageEntry
from tests.builders import a_case, a_route
from tests.looking import rows_of
from tests.web.cases_at_the_desk import asked, moved, page_of, pressed, stands, undo, wanted
from tests.web.town import Town


def test_a_move_that_asks_nothing_is_one_click(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, move=wanted(town, case, "know"))
    assert done.status == 200
    assert "De stap is gezet" in done.text
    assert "nu in: Vertrouwen" in done.text or "Vertrouwen" in done.text
    assert stands(town, case).stage == "trust"
    with transaction(town.engine) as session:
        assert rows_of(session, StageEntry, case_id=case)[-1].by_staff_id == town.ann


def test_after_a_move_one_is_back_where_one_came_from(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    path, fields = page.form({"move": wanted(town, case, "know")}, {})
    reply = visitor.post(path, {**fields, "back": "/board/open-door?owner=me"})
    assert reply.headers["location"].startswith("/board/open-door?owner=me&done=")
    for away in ("https://elders.example/", "//elders.example", "/\\elders.example"):
        other = town.case()
        fresh = visitor.open(page_of(other))
        path, fields = fresh.form({"move": wanted(town, other, "know")}, {})
        reply = visitor.post(path, {**fields, "back": away})
        assert reply.headers["location"].startswith(page_of(other))


@pytest.mark.parametrize(
    ("stage", "move"),
    [("agreed", "refer"), ("contact", "postpone"), ("contact", "stop")],
)
def test_a_button_alone_leads_to_the_page_that_asks_and_changes_nothing(
    town: Town, stage: str, move: str
) -> None:
    case, visitor = town.case(stage), town.signed_in()
    page = pressed(town, visitor, case, move, back="/cases?stage=agreed")
    assert page.path.startswith(f"{page_of(case)}/moves/{move}")
    assert page.link_to("Laat het zoals het is") == "/cases?stage=agreed"
    assert stands(town, case).stage == stage


def test_a_move_that_is_off_says_why(town: Town) -> None:
    """Once the consent of a referred participant is gone, only asking again helps."""
    case = town.case("referred")
    with transaction(town.engine) as session:
        row = rows_of(session, Referral, case_id=case)[0]
        row.state = "draft"
        session.add(row)
    page = town.signed_in().open(page_of(case))
    [off] = [each for each in page.tree.iter("button") if each.get("aria-disabled")]
    assert "".join(off.itertext()).strip() == "Contact gelegd"
    [why] = [each for each in page.tree.iter("p") if each.get("id") == off.get("aria-describedby")]
    assert "Er is geen open verwijzing." in "".join(why.itertext())
    assert off.get("type") == "button"


def test_a_move_that_is_off_is_refused_all_the_same(town: Town) -> None:
    case, visitor = town.case("referred"), town.signed_in()
    with transaction(town.engine) as session:
        row = rows_of(session, Referral, case_id=case)[0]
        row.state = "draft"
        session.add(row)
    refused = pressed(town, visitor, case, "speak")
    assert refused.status == 409
    assert "Er is geen open verwijzing." in refused.text
    assert stands(town, case).stage == "referred"


def test_a_move_is_undone_from_the_page_that_follows(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, move=wanted(town, case, "know"))
    back = undo(visitor, done)
    assert stands(town, case).stage == "contact"
    assert back.path.startswith(page_of(case))


def test_nothing_is_undone_once_somebody_made_another_step(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    done = visitor.send(page, move=wanted(town, case, "know"))
    moved(town, case, "screen")
    refused = undo(visitor, done)
    assert refused.status == 409
    assert stands(town, case).stage == "screened"
    assert "Ongedaan maken" not in visitor.open(done.path).buttons


def test_the_same_form_twice_is_one_step(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    path, fields = visitor.open(page_of(case)).form({"move": wanted(town, case, "know")}, {})
    first, second = visitor.post(path, fields), visitor.post(path, fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert stands(town, case).seq == 2


def test_a_move_that_opens_a_linked_case_names_it(town: Town) -> None:
    case, visitor = town.case("referred"), town.signed_in()
    with transaction(town.engine) as session:
        a_route(session, "language-to-digital")
    for move in ("start", "attend"):
        town.later(minutes=1)
        moved(town, case, move)
    page = visitor.open(page_of(case))
    assert "en een traject op een andere route" in page.text
    done = visitor.send(page, move=wanted(town, case, "cross"))
    with transaction(town.engine) as session:
        [linked] = rows_of(session, Case, linked_case_id=case)
    assert reference(linked.id or 0) in done.text
    assert "geopend vanuit dit traject" in done.text


@pytest.mark.parametrize(
    "move", ["", "x", "7K3F-9Q:know", "7K3F-9Q:know:x", ":know:1", "::", "a:b:c"]
)
def test_nonsense_instead_of_a_move_is_not_found(town: Town, move: str) -> None:
    case, visitor = town.case(), town.signed_in()
    path, fields = visitor.open(page_of(case)).form({"move": wanted(town, case, "know")}, {})
    assert visitor.post(path, {**fields, "move": move}).status_code == 404


def test_a_move_that_the_route_does_not_know_is_refused(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    assert visitor.open(f"{page_of(case)}/moves/fly").status == 404
    refused = pressed(town, visitor, case, "fly")
    assert refused.status == 409


def test_staff_move_their_own_cases_and_no_others(town: Town) -> None:
    hers, visitor = town.case(), town.signed_in(staff_id=town.jan)
    with transaction(town.engine) as session:
        his = a_case(session, town.library, owner=town.jan)
    page = visitor.open(page_of(his))
    path, fields = page.form({"move": wanted(town, his, "know")}, {})
    forged = visitor.post(path, {**fields, "move": wanted(town, hers, "know")})
    assert forged.status_code == 404
    assert stands(town, hers).stage == "contact"
    assert visitor.post(path, fields).status_code == 303


def test_all_moves_stand_on_a_page_of_their_own(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(f"{page_of(case)}/moves?back=/board")
    assert page.buttons[-6:] != []
    done = visitor.send(page, move=wanted(town, case, "know"), back="/board")
    assert done.path.startswith("/board")


def test_a_waiting_list_is_no_plan(town: Town) -> None:
    """From an intake somebody is placed; that there is a waiting list comes second."""
    case = town.case("agreed")
    moved(town, case, "plan_intake", date=town.now.date() + timedelta(days=3))
    page = town.signed_in().open(page_of(case))
    first = next(each for each in page.buttons if each in ("Plaatsen", "Op de wachtlijst"))
    assert first == "Plaatsen"


def test_undoing_a_move_says_that_a_mail_which_went_out_stays(town: Town) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    page = asked(town, visitor, case, "refer")
    place = f"provider:{town.provider}"
    done = visitor.send(page, move=wanted(town, case, "refer"), place=place)
    with transaction(town.engine) as session:
        for mail in rows_of(session, Message, case_id=case):
            mail.state, mail.sent_at = "sent", town.now
            session.add(mail)
    back = undo(visitor, done)
    assert "Een mail die erover is verstuurd, blijft waar die is." in back.text
    assert town.referral(case).state == "withdrawn"
