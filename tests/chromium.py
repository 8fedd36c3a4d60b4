"""Debian's browser, for tests and pictures: the one place that starts it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

#: where Debian puts it; `BRUG_TEST_CHROMIUM` names another
CHROMIUM = Path(os.environ.get("BRUG_TEST_CHROMIUM", "/usr/bin/chromium"))
INSTALL = "Install it with: apt-get install chromium"


@contextmanager
def opened() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        # as root, as in a container, it starts only without its sandbox
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
