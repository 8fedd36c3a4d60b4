"""The page of a case and everything that moves one, in every state that people meet."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from playwright.sync_api import Page as Window

from referrals import answering, case_changes, consent, follow_ups
from storage.engine import transaction
from tests.looking import the_case
from tests.web.cases_at_the_desk import moved, page_of
from tests.web.town import Town

BSN = "123456782"


def _go(window: Window, town: Town, path: str) -> None:
    town.enter(window)
    window.goto(f"{town.base_url}{path}")


def fresh(window: Window, town: Town) -> None:
    _go(window, town, page_of(town.case()))


def without_consent(window: Window, town: Town) -> None:
    case = town.case(agrees=False)
    moved(town, case, "screen")
    _go(window, town, page_of(case))
    window.locator("#next-step summary").click()


def full(window: Window, town: Town) -> None:
    """Under way for weeks: late, with a referral, remarks, mails, somebody else's turn."""
    case = town.case("referred")
    town.later(days=8)
    with transaction(town.engine) as session:
        note = "Wil graag brieven van school kunnen lezen. Komt liever in de ochtend."
        case_changes.add_note(session, case, note, by=town.jan, now=town.now)
        answering.answer(session, case, "waiting", by=None, now=town.now, note="In mei.")
        follow_ups.plan_by_hand(
            session, case, "Bel over de dinsdaggroep", town.now.date() + timedelta(days=2),
            assignee_id=town.jan, by=town.ann, now=town.now,
        )  # fmt: skip
    town.later(days=40)
    _go(window, town, page_of(case))


def beside(window: Window, town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "postpone", reason="childcare")
    _go(window, town, page_of(case))


def closed(window: Window, town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "stop", reason="moved")
    _go(window, town, page_of(case))


def withdrawn(window: Window, town: Town) -> None:
    case = town.case("agreed")
    with transaction(town.engine) as session:
        who = the_case(session, case).participant_id
        consent.withdraw_consent(session, who, by=town.ann, now=town.now)
    _go(window, town, page_of(case))


def moved_on(window: Window, town: Town) -> None:
    fresh(window, town)
    window.get_by_role("button", name="Kennismaken").first.click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()


def undone(window: Window, town: Town) -> None:
    moved_on(window, town)
    window.get_by_role("button", name="Ongedaan maken").click()
    window.get_by_text("Teruggedraaid").first.wait_for()


def unfolded(window: Window, town: Town) -> None:
    """Every form of the page at once."""
    case = town.case("agreed")
    moved(town, case, "plan_intake", date=date(2018, 4, 12))
    _go(window, town, page_of(case))
    window.evaluate(
        "document.querySelectorAll('main details').forEach("
        "one => { one.removeAttribute('name'); one.open = true })"
    )


def faulty_note(window: Window, town: Town) -> None:
    fresh(window, town)
    window.get_by_label("Schrijf een opmerking").fill(f"Het nummer is {BSN}.")
    window.get_by_role("button", name="Bewaar de opmerking").click()
    window.get_by_role("alert").wait_for()


def moves(window: Window, town: Town) -> None:
    _go(window, town, f"{page_of(town.case('referred'))}/moves")


def asking(window: Window, town: Town) -> None:
    _go(window, town, f"{page_of(town.case('agreed'))}/moves/refer")


def asking_faulty(window: Window, town: Town) -> None:
    asking(window, town)
    window.locator("#main").get_by_role("button", name="Verwijzen").click()
    window.get_by_role("alert").wait_for()


def asking_consent(window: Window, town: Town) -> None:
    _go(window, town, f"{page_of(town.case(agrees=False))}/moves/agree")


def conflict(window: Window, town: Town) -> None:
    case = town.case("agreed")
    _go(window, town, f"{page_of(case)}/moves/stop")
    moved(town, case, "plan_intake")
    window.get_by_label("Waarom?").select_option("childcare")
    window.get_by_label("Opmerking").fill("Tot in september.")
    window.locator("#main").get_by_role("button", name="Stoppen").click()
    window.get_by_text("Iemand was je voor").wait_for()


def follow_up(window: Window, town: Town) -> None:
    case = town.case()
    town.later(days=9)
    number = town.follow_up(case, "first_call").id
    _go(window, town, f"{page_of(case)}/follow-ups/{number}")


def follow_up_faulty(window: Window, town: Town) -> None:
    follow_up(window, town)
    window.get_by_role("button", name="Zet op deze dag").click()
    window.get_by_role("alert").wait_for()


def follow_up_over(window: Window, town: Town) -> None:
    case = town.case()
    number = town.follow_up(case, "first_call").id
    moved(town, case, "screen")
    _go(window, town, f"{page_of(case)}/follow-ups/{number}")


DESK_STATES: Mapping[str, Callable[[Window, Town], None]] = {
    each.__name__: each
    for each in (
        fresh, without_consent, full, beside, closed, withdrawn, moved_on, undone, unfolded,
        faulty_note, moves, asking, asking_faulty, asking_consent, conflict, follow_up,
        follow_up_faulty, follow_up_over,
    )
}  # fmt: skip
