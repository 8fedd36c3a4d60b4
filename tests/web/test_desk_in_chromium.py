"""The desk in a real browser, page by page: for every eye, at 320 pixels, as valid HTML."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.web.desk_states import DESK_STATES
from tests.web.pages import parsed
from tests.web.town import Town

#: bytes of a page, as it is sent unpacked
MOST = 60_000


@pytest.mark.parametrize("state", DESK_STATES)
def test_every_state_of_the_desk_is_sound(window: Window, served: Town, state: str) -> None:
    """Nothing blocked, nothing from outside, no mistake that axe knows, in light and in dark."""
    said: list[str] = []
    asked: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.on("pageerror", lambda error: said.append(str(error)))
    window.on("request", lambda request: asked.append(request.url))
    DESK_STATES[state](window, served)
    expect(window.get_by_role("heading", level=1).first).to_be_visible()
    assert all(url.startswith(served.base_url) for url in asked)
    assert not [each for each in said if "status of 4" not in each]
    for scheme in ("light", "dark"):
        window.emulate_media(color_scheme=scheme)
        found = Axe().run(window)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    _is_small_and_valid(window)
    window.set_viewport_size({"width": 320, "height": 640})
    if window.evaluate("document.documentElement.scrollWidth") > 320:
        pytest.fail(f"sticks out: {window.evaluate(_TOO_WIDE)}")
    small = window.evaluate(_TOO_SMALL)
    assert not small


def _is_small_and_valid(window: Window) -> None:
    """As it is sent, before any script ran."""
    body = window.request.get(window.url).text()
    assert len(body.encode()) <= MOST
    tree = parsed(body)
    assert len(list(tree.iter("h1"))) == 1
    ids = [each.attrib["id"] for each in tree.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids)), sorted({each for each in ids if ids.count(each) > 1})


#: what sticks out at the side
_TOO_WIDE = """
[...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > 321 && !one.closest(".scroll"))
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))
"""
#: what is smaller than a target may be, unless it stands within a sentence (WCAG 2.5.8)
_TOO_SMALL = """
[...document.querySelectorAll("button, .button, summary, select, textarea, input")]
  .filter((one) => one.checkVisibility() && !one.closest(".search"))
  .filter((one) => {
    const box = (one.closest("label") || one).getBoundingClientRect();
    return box.height < 24 || box.width < 24;
  })
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))
"""
