"""Mails as a browser shows them: on a narrow phone, in the dark, to whoever cannot see them."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from notifications import previews
from notifications.kinds import KINDS

LANGUAGES = ("nl", "en")


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


def shown(browser: Browser, html: str, *, scheme: str = "light", width: int = 320) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 640},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page.set_content(html)
    return page


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_fits_a_narrow_phone(browser: Browser, kind: str) -> None:
    for language in LANGUAGES:
        page = shown(browser, previews.mail(kind, language).html)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_has_no_barrier(browser: Browser, kind: str, scheme: str) -> None:
    for language in LANGUAGES:
        page = shown(browser, previews.mail(kind, language).html, scheme=scheme)
        results = Axe().run(page)
        assert not results.violations_count, results.generate_report()
        page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_tapped_is_large_enough(browser: Browser, kind: str) -> None:
    page = shown(browser, previews.mail(kind, "nl").html)
    for link in page.locator("a").all():
        box = link.bounding_box()
        assert box is not None
        least = 24 if link.evaluate("each => !!each.closest('[role=contentinfo]')") else 44
        assert box["height"] >= least, link.inner_text()
    page.close()


def test_a_mail_loads_nothing_from_outside(browser: Browser) -> None:
    for kind in KINDS:
        html = previews.mail(kind, "nl").html
        assert "src=" not in html and "url(" not in html and "@import" not in html


def test_dark_is_dark(browser: Browser) -> None:
    page = shown(browser, previews.mail("digest", "nl").html, scheme="dark")
    colour = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert colour == "rgb(34, 31, 28)"
    page.close()
