"""Board and list in a real browser: dragging, ticking many, and the same without script."""

from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from core.references import reference
from storage.engine import transaction
from tests.looking import the_case
from tests.web.town import Town

UNDO = "Ongedaan maken"


def _stage(town: Town, case: int) -> str:
    with transaction(town.engine) as session:
        return the_case(session, case).stage


def test_a_card_is_dragged_to_a_stage_that_it_may_go_to(window: Window, served: Town) -> None:
    case = served.case()
    served.enter(window)
    window.goto(f"{served.base_url}/board/open-door")
    card = window.locator(f".card[data-case='{reference(case)}:1']")
    card.drag_to(window.locator("[data-stage=trust]"))
    window.get_by_role("button", name=UNDO).click()
    expect(window.locator("[data-stage=contact] .card")).to_have_count(1)
    assert _stage(served, case) == "contact"


def test_a_stage_that_a_card_cannot_go_to_says_so(window: Window, served: Town) -> None:
    case = served.case()
    served.case("referred")
    served.enter(window)
    window.set_viewport_size({"width": 1900, "height": 900})
    window.goto(f"{served.base_url}/board/open-door")
    window.locator(f".card[data-case='{reference(case)}:1']").drag_to(
        window.locator("[data-stage=referred]")
    )
    expect(window.locator("#board-said")).to_have_text(
        f"{reference(case)} kan van hier niet naar Verwezen"
    )
    assert _stage(served, case) == "contact"


def test_many_are_moved_and_brought_back_without_script(plain: Window, served: Town) -> None:
    cases = [served.case("agreed") for _ in range(3)]
    served.enter(plain)
    plain.goto(f"{served.base_url}/cases?stage=agreed")
    for case in cases:
        plain.get_by_label(reference(case), exact=True).check()
    plain.get_by_role("button", name="Stap zetten").click()
    plain.get_by_label("Welke stap?").select_option("postpone")
    plain.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    plain.get_by_label("Waarom?").select_option("moved")
    plain.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    expect(plain.get_by_text("3 van Akkoord naar Nu niet")).to_be_visible()
    plain.get_by_role("button", name="Doe dit voor 3 trajecten").click()
    assert {_stage(served, case) for case in cases} == {"not_now"}
    assert "stage=agreed" in plain.url
    plain.get_by_role("button", name=UNDO).click()
    assert {_stage(served, case) for case in cases} == {"agreed"}


def test_a_line_of_today_is_done_and_taken_back(window: Window, served: Town) -> None:
    case = served.case()
    served.later(days=9)
    served.enter(window)
    window.goto(served.base_url)
    window.locator(".lines").get_by_role("button", name="Gedaan").first.click()
    window.get_by_role("button", name=UNDO).click()
    expect(window.get_by_text("Teruggedraaid")).to_be_visible()
    assert served.follow_up(case, "first_call").state == "open"
