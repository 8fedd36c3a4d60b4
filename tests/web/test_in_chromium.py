"""The pages in a real browser: journeys from a mail to done, without script, for every eye."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Error, Request, expect
from playwright.sync_api import Page as Window

from storage.engine import transaction
from storage.queries import links, reading_codes
from storage.tables import FollowUp, HandledRequest, Link, Staff
from tests.looking import rows_of, the_case
from tests.web import states
from tests.web.states import STATES
from tests.web.town import SECRET, Town


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_sound(window: Window, served: Town, state: str) -> None:
    """Nothing blocked, nothing from outside, no mistake that axe knows, in light and in dark."""
    said: list[str] = []
    asked: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.on("request", lambda request: asked.append(request.url))
    STATES[state](window, served)
    expect(window.get_by_role("heading", level=1)).to_be_visible()
    assert all(url.startswith(served.base_url) for url in asked)
    # a page that says no is an error to the console, and to nobody else
    assert not [each for each in said if "status of 4" not in each]
    for scheme in ("light", "dark"):
        window.emulate_media(color_scheme=scheme)
        found = Axe().run(window)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    _fits_a_small_telephone_and_a_fingertip(window)


def _fits_a_small_telephone_and_a_fingertip(window: Window) -> None:
    """At 320 pixels, which is also a desk at 400%."""
    window.set_viewport_size({"width": 320, "height": 640})
    assert window.evaluate("document.documentElement.scrollWidth") <= 320
    ticks = "input[type=radio], input[type=checkbox]"
    for height in _heights(
        window, f"button, .button, summary, select, textarea, label:has({ticks})"
    ):
        assert height >= 44
    for height in _heights(window, ticks):
        assert height >= 24


def _heights(window: Window, selector: str) -> list[float]:
    found: list[float] = window.eval_on_selector_all(
        selector,
        "all => all.filter(one => one.checkVisibility())"
        ".map(one => one.getBoundingClientRect().height)",
    )
    return found


@pytest.mark.parametrize(
    "state", [states.follow_up_faulty, states.preferences_faulty, states.code_wrong],
    ids=lambda state: state.__name__,
)  # fmt: skip
def test_what_is_wrong_takes_the_focus_and_leads_to_the_field(
    window: Window, served: Town, state: Callable[[Window, Town], None]
) -> None:
    state(window, served)
    summary = window.get_by_role("alert")
    expect(summary).to_be_focused()
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    target = window.url.partition("#")[2]
    assert window.locator(f"[id='{target}']").evaluate(
        "one => one.contains(document.activeElement) || one.matches(':target')"
    )


def test_from_a_mail_to_done_and_back(window: Window, served: Town) -> None:
    case, link = served.to_follow_up()
    window.goto(f"{served.base_url}{link}?do=done")
    window.get_by_label("Opmerking").first.fill("Wil leren lezen.")
    window.get_by_role("button", name="Gedaan").click()
    expect(window.get_by_role("heading", name="Gedaan")).to_be_visible()
    assert served.follow_up(case, "first_call").state == "done"
    window.reload()
    window.get_by_role("button", name="Ongedaan maken").click()
    expect(window.get_by_role("heading", name="Teruggedraaid")).to_be_visible()
    assert served.follow_up(case, "first_call").state == "open"


def test_a_referral_is_accepted_without_script(plain: Window, served: Town) -> None:
    case, link = served.to_referral()
    plain.goto(f"{served.base_url}{link}")
    # a part unfolds by itself; only one is open
    plain.locator("#waiting summary").click()
    plain.locator("#accepted summary").click()
    expect(plain.locator("#waiting textarea")).to_be_hidden()
    plain.locator("#accepted textarea").fill("Kom maandag om 10 uur.")
    plain.get_by_role("button", name="Aangenomen").click()
    expect(plain.get_by_role("heading", name="Uw antwoord is opgeslagen")).to_be_visible()
    with transaction(served.engine) as session:
        assert the_case(session, case).stage == "placed"
    plain.get_by_role("button", name="Ongedaan maken").click()
    with transaction(served.engine) as session:
        assert the_case(session, case).stage == "referred"


def test_a_code_shows_who_it_is_about_and_leaves_nothing_behind(
    plain: Window, served: Town
) -> None:
    _, link = served.to_referral()
    plain.goto(f"{served.base_url}{link}")
    plain.get_by_role("button", name="Stuur mij een code").click()
    with transaction(served.engine) as session:
        code = reading_codes.fresh(session, links.fingerprint(link[3:]), served.now)
    plain.get_by_label("Code van zes cijfers").fill(code)
    plain.get_by_role("button", name="Toon over wie het gaat").click()
    expect(plain.get_by_role("heading", name=SECRET)).to_be_visible()
    plain.get_by_role("link", name="Terug naar de verwijzing").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(
        "Een verwijzing wacht op uw antwoord"
    )
    assert SECRET not in plain.content()
    # the browser kept nothing, and would have to send the code once more
    with pytest.raises(Error, match="CACHE_MISS"):
        plain.go_back()


def test_preferences_are_kept_without_script(plain: Window, served: Town) -> None:
    plain.goto(f"{served.base_url}{served.to_preferences()}")
    plain.get_by_label("Uur van het dagoverzicht").select_option("16")
    plain.get_by_label("woensdag").uncheck()
    plain.get_by_label("In het dagoverzicht").check()
    plain.get_by_label("Tot en met een dag").check()
    plain.get_by_label("Laatste dag zonder mail").fill("2018-05-01")
    plain.get_by_role("button", name="Bewaren").click()
    expect(plain.get_by_role("heading", name="Bewaard")).to_be_visible()
    with transaction(served.engine) as session:
        [ann] = rows_of(session, Staff, id=served.ann)
    assert (ann.digest_hour, ann.digest_days, ann.single_mails) == (16, "1 2 4 5", False)
    assert ann.paused_until and ann.paused_until.isoformat() == "2018-05-01"


def test_everything_is_done_with_the_keyboard(window: Window, served: Town) -> None:
    case, link = served.to_follow_up()
    window.goto(f"{served.base_url}{link}")
    window.keyboard.press("Tab")
    expect(window.get_by_role("link", name="Direct naar de pagina")).to_be_focused()
    window.keyboard.press("Enter")
    for _ in range(20):
        window.keyboard.press("Tab")
        if window.evaluate("document.activeElement.textContent.trim()") == "Later":
            break
    outline = window.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    window.keyboard.press("Enter")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", name="Uitgesteld")).to_be_visible()
    assert served.follow_up(case, "first_call").due_on.isoformat() == "2018-04-17"


def test_a_scanner_with_scripts_that_follows_every_link_changes_nothing(
    chromium: Browser, served: Town
) -> None:
    """It opens each link fifty times in a browser of its own, and every link on the pages."""
    case, follow_up = served.to_follow_up()
    _, referral = served.to_referral()
    doors = (follow_up, referral, f"{follow_up}?do=done", f"{served.to_preferences()}/off")
    sent: list[str] = []
    for door in doors:
        context = chromium.new_context()
        bot = context.new_page()
        bot.on("request", lambda request: sent.append(_method(request)))
        for _ in range(50 if door == follow_up else 5):
            bot.goto(f"{served.base_url}{door}", wait_until="commit")
        for target in bot.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
            bot.goto(target)
        context.close()
    assert set(sent) == {"GET"}
    assert served.follow_up(case, "first_call").state == "open"
    with transaction(served.engine) as session:
        assert rows_of(session, HandledRequest) == []
        assert not [link for link in rows_of(session, Link) if link.used_at]
        assert rows_of(session, Staff, id=served.ann)[0].paused_until is None


def _method(request: Request) -> str:
    return request.method


def test_what_people_wrote_does_nothing_in_a_browser(window: Window, served: Town) -> None:
    """Canaries in every text that a page shows."""
    canary = (
        "<img src=x onerror=document.title='gekraakt'><script>document.title='gekraakt'</script>"
    )
    case, link = served.to_follow_up()
    with transaction(served.engine) as session:
        for row in rows_of(session, Staff):
            row.name = f"{row.name}{canary}"
            session.add(row)
        [follow_up] = rows_of(session, FollowUp, case_id=case, rule="first_call")
        follow_up.rule, follow_up.what = None, canary
        session.add(follow_up)
    window.goto(f"{served.base_url}{link}?do={canary}")
    window.get_by_label("Opmerking").first.fill(canary + "9" * 2000)
    window.locator("#done button").click()
    window.wait_for_load_state("networkidle")
    assert "gekraakt" not in window.title().partition("<img")[0]
    assert window.locator("img").count() == 0
    assert re.search(r"&lt;img", window.content())
