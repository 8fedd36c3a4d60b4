"""The board: columns of a route, the cards that come first, and what can be done from them."""

from core.references import reference
from referrals import routes
from referrals.follow_ups import do
from referrals.moving import Answers, move_cases
from storage.engine import reading, transaction
from storage.tables import FollowUp
from tests.builders import a_case, a_colleague, a_library, a_pilot, a_route
from tests.looking import rows_of, the_case
from tests.web.cases_at_the_desk import counted
from tests.web.pages import Page
from tests.web.town import Town
from workflows.library import builtin

BOARD = "/board/open-door"


def _columns(page: Page) -> dict[str, str]:
    """The name of each column → what stands in it."""
    return {
        each.attrib["data-stage"]: " ".join(" ".join(each.itertext()).split())
        for each in page.tree.iter("section")
        if "data-stage" in each.attrib
    }


def test_a_card_says_who_how_long_and_what_comes_next(town: Town) -> None:
    case = town.case("agreed")
    town.later(days=3)
    page = town.signed_in().open(BOARD)
    card = _columns(page)["agreed"]
    for words in (reference(case), "Kanarie", "3 van 5 werkdagen", "Verwijzen", "Verplaats naar…"):
        assert words in card
    assert "Ann (verzonnen)" in page.reply.text


def test_what_is_over_the_norm_comes_first_and_is_said_in_words(town: Town) -> None:
    young, old = town.case(), town.case()
    with transaction(town.engine) as session:
        row = the_case(session, old)
        row.stage_day = row.stage_day.replace(month=1)
        session.add(row)
    town.later(days=1)
    column = _columns(town.signed_in().open(BOARD))["contact"]
    assert column.index(reference(old)) < column.index(reference(young))
    assert "1 te lang" in column
    assert "te lang: " in column


def test_the_main_path_is_there_and_what_lies_beside_it_only_when_somebody_is(town: Town) -> None:
    visitor = town.signed_in()
    before = _columns(visitor.open(BOARD))
    assert {"contact", "agreed", "completed"} <= before.keys()
    assert "not_now" not in before
    town.case("agreed")
    with transaction(town.engine) as session:
        case = a_case(session, town.library, owner=town.ann)
        move_cases(
            session, [case], "postpone", by=town.ann, now=town.now, answers=Answers(reason="moved")
        ).raise_refusal()
    assert "not_now" in _columns(visitor.open(BOARD + "?more"))


def test_a_stage_that_a_newer_version_lacks_is_still_shown(town: Town) -> None:
    case = town.case("agreed")
    text = builtin("open-door").replace("agreed", "consenting")
    text = text.replace("level: consenting", "level: agreed")
    with transaction(town.engine) as session:
        routes.publish(session, text, by="test", now=town.now)
    columns = _columns(town.signed_in().open(BOARD))
    assert reference(case) in columns["agreed"]
    assert "consenting" in columns


def test_a_move_is_one_click_and_stays_on_the_board(town: Town) -> None:
    case = town.case()
    visitor = town.signed_in()
    page = visitor.open(f"{BOARD}?owner=mine")
    moved = visitor.send(page, button={"move": f"{reference(case)}:know:1"})
    assert moved.path.startswith(f"{BOARD}?owner=mine&done=")
    with reading(town.engine) as session:
        assert the_case(session, case).stage == "trust"
    assert "Ongedaan maken" in moved.buttons


def test_a_card_carries_the_moves_that_it_may_make(town: Town) -> None:
    town.case("agreed")
    page = town.signed_in().open(BOARD)
    [column] = [each for each in page.tree.iter("section") if each.get("data-stage") == "agreed"]
    moves = column.attrib["data-moves"].split()
    assert "refer:referred" in moves
    assert not any(each.endswith(":started") for each in moves)


def test_filters_stand_in_the_address(town: Town) -> None:
    mine = town.case()
    with transaction(town.engine) as session:
        nobodys = a_case(session, town.library)
        pilot = a_pilot(session, town.library)
        piloted = a_case(session, town.library, owner=town.jan, pilot=pilot, channel="school")
    visitor = town.signed_in()
    found = {
        query: {case for case in (mine, nobodys, piloted)
                if reference(case) in visitor.open(f"{BOARD}?{query}").text}
        for query in ("", "owner=mine", "owner=nobody", f"pilot={pilot}", "way=self", "due=late")
    }  # fmt: skip
    assert found == {
        "": {mine, nobodys, piloted}, "owner=mine": {mine}, "owner=nobody": {nobodys},
        f"pilot={pilot}": {piloted}, "way=self": {nobodys}, "due=late": set(),
    }  # fmt: skip
    for nonsense in ("owner=x&pilot=y&way=z&due=q", "pilot=99999999999999", "owner=%00"):
        assert visitor.open(f"{BOARD}?{nonsense}").status == 200


def test_staff_see_their_own_and_nobodys(town: Town) -> None:
    anns = town.case()
    with transaction(town.engine) as session:
        nobodys, jans = a_case(session, town.library), a_case(session, town.library, owner=town.jan)
    text = town.signed_in(staff_id=town.jan).open(BOARD).text
    assert reference(nobodys) in text and reference(jans) in text
    assert reference(anns) not in text
    assert "2 open trajecten" in text


def test_other_libraries_are_nowhere(town: Town) -> None:
    with transaction(town.engine) as session:
        there = a_library(session, "elders")
        case = a_case(session, there, owner=a_colleague(session, there, "bo@elders.nl"))
    text = town.signed_in().open(BOARD).text
    assert reference(case) not in text
    assert "0 open trajecten" in text


def test_the_board_leads_to_the_route_that_is_used_most(town: Town) -> None:
    visitor = town.signed_in()
    with transaction(town.engine) as session:
        a_route(session, "employers")
        a_case(session, town.library, route="employers")
    assert visitor.open("/board").path == "/board/employers"
    there = visitor.open("/board?route=open-door&owner=mine")
    assert there.path == "/board/open-door?owner=mine"
    assert visitor.open("/board/nothing").status == 404


def test_a_case_without_a_next_step_says_so(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        for row in rows_of(session, FollowUp, case_id=case, state="open"):
            do(session, row.id or 0, by=town.ann, now=town.now)
    assert "geen volgende stap" in town.signed_in().open(BOARD).text


def test_the_page_asks_as_much_of_many_cases_as_of_few(town: Town) -> None:
    visitor, asked = town.signed_in(), []
    for more in (20, 380):
        with transaction(town.engine) as session:
            for _ in range(more):
                a_case(session, town.library, owner=town.ann)
        visitor.open(BOARD)
        with counted(town.engine) as questions:
            page = visitor.open(f"{BOARD}?owner=mine&again={more}")
        asked.append(len(questions))
        assert len(page.reply.text) < 60_000
    assert asked[0] == asked[1] <= 12
    assert "als lijst" in page.text
