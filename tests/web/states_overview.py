"""Today, board, list, many at once and saved views in every state, as people reach them."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from playwright.sync_api import Page as Window

from core.references import reference
from referrals.moving import Answers, move_cases
from storage.engine import transaction
from storage.tables import FollowUp
from tests.builders import a_case, an_introduction
from tests.looking import rows_of
from tests.web.town import Town


def _go(window: Window, town: Town, path: str, role: str = "coordinator") -> None:
    town.enter(window, role)
    window.goto(f"{town.base_url}{path}")


def _busy(town: Town) -> list[int]:
    """A morning with some of everything."""
    cases = [town.case(stage) for stage in ("contact", "contact", "agreed", "referred")]
    with transaction(town.engine) as session:
        new = a_case(session, town.library)
        an_introduction(session, new, town.school)
        idle = a_case(session, town.library, owner=town.ann)
        for row in rows_of(session, FollowUp, case_id=idle):
            row.state = "ended"
            session.add(row)
        later = a_case(session, town.library, owner=town.jan)
        move_cases(
            session, [later], "postpone", by=town.ann, now=town.now, answers=Answers(reason="moved")
        ).raise_refusal()
    town.later(days=9)
    return cases


def nothing_today(window: Window, town: Town) -> None:
    _go(window, town, "/")


def today(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, "/")


def today_unfolded(window: Window, town: Town) -> None:
    today(window, town)
    window.locator("details.drop summary").first.click()


def today_done(window: Window, town: Town) -> None:
    today(window, town)
    window.locator(".lines").get_by_role("button", name="Gedaan").first.click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()


def national_office(window: Window, town: Town) -> None:
    _go(window, town, "/", "national_office")


def board(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, "/board/open-door")


def board_filtered(window: Window, town: Town) -> None:
    board(window, town)
    window.get_by_text("Filter", exact=True).click()


def board_moved(window: Window, town: Town) -> None:
    board(window, town)
    window.get_by_role("button", name="Kennismaken").first.click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()


def board_empty(window: Window, town: Town) -> None:
    _go(window, town, "/board/open-door")


def case_list(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, "/cases")


def case_list_empty(window: Window, town: Town) -> None:
    _go(window, town, "/cases?owner=mine")


def case_list_columns(window: Window, town: Town) -> None:
    case_list(window, town)
    window.get_by_text("Kolommen", exact=True).click()


def views(window: Window, town: Town) -> None:
    case_list(window, town)
    window.get_by_text("Weergaven", exact=True).click()
    window.get_by_label("Bewaar wat je nu ziet als").fill("Mijn ochtend")
    window.get_by_role("button", name="Bewaar deze weergave").click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()
    _go(window, town, "/views")


def views_faulty(window: Window, town: Town) -> None:
    case_list(window, town)
    window.get_by_text("Weergaven", exact=True).click()
    window.get_by_role("button", name="Bewaar deze weergave").click()
    window.get_by_role("alert").wait_for()


def _ticked(window: Window, town: Town, what: str) -> None:
    cases = _busy(town)
    _go(window, town, "/cases")
    for case in cases:
        window.get_by_label(reference(case), exact=True).check()
    window.get_by_role("button", name=what).click()
    window.get_by_role("button", name="Bekijk wat er zou gebeuren").wait_for()


def many_move(window: Window, town: Town) -> None:
    _ticked(window, town, "Stap zetten")
    window.get_by_label("Welke stap?").select_option("refer")
    window.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    window.get_by_label("Naar welke aanbieder of cursus?").wait_for()


def many_faulty(window: Window, town: Town) -> None:
    many_move(window, town)
    window.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    window.get_by_role("alert").wait_for()


def many_seen(window: Window, town: Town) -> None:
    many_move(window, town)
    window.get_by_label("Naar welke aanbieder of cursus?").select_option(
        f"provider:{town.provider}"
    )
    window.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    window.get_by_text("Dit zou er gebeuren").wait_for()


def many_done(window: Window, town: Town) -> None:
    many_seen(window, town)
    window.get_by_role("button", name="Doe dit voor 1 traject").click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()


def many_follow_up(window: Window, town: Town) -> None:
    _ticked(window, town, "Plan een opvolging")
    window.get_by_label("Wat moet er gebeuren?").fill("Bel over de nieuwe cursus")
    day = town.now.date() + timedelta(days=5)
    window.get_by_label("Uiterlijk op welke dag?").fill(day.isoformat())
    window.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    window.get_by_text("Dit zou er gebeuren").wait_for()


def many_owner(window: Window, town: Town) -> None:
    _ticked(window, town, "Behandelaar wijzigen")


def many_nothing(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, "/cases")
    window.get_by_role("button", name="Stap zetten").click()
    window.get_by_text("Er is niets aangevinkt").wait_for()


DESK_STATES: Mapping[str, Callable[[Window, Town], None]] = {
    each.__name__: each
    for each in (
        nothing_today, today, today_unfolded, today_done, national_office, board,
        board_filtered, board_moved, board_empty, case_list, case_list_empty, case_list_columns,
        views, views_faulty, many_move, many_faulty, many_seen, many_done, many_follow_up,
        many_owner, many_nothing,
    )
}  # fmt: skip
