"""Takes the pictures of the README from an invented database: `make pictures`."""

import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser
from sqlalchemy import Engine, text

from cli.demo import fill
from cli.serve_work import server
from core import clock
from core.references import reference
from core.settings import Settings
from storage.engine import open_engine, transaction
from storage.migrations import migrate
from storage.queries.links import fingerprint
from storage.tables import Visit
from tests.chromium import opened
from web.security import visit_cookie
from web.site import Site

#: width and height
DESK, PHONE = (1280, 860), (390, 780)
PEOPLE, SEED = 40_000, 2018


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False


PICTURES = (
    Picture("today", "/"),
    Picture("board", "/board"),
    Picture("case", "/cases/{case}"),
    Picture("route", "/routes/open-door"),
    Picture("list-dark", "/cases", dark=True),
    Picture("new-contact", "/contacts/new", PHONE),
)


def take(folder: Path) -> None:
    """Write a PNG for each; the people on them are invented."""
    folder.mkdir(parents=True, exist_ok=True)
    with _filled() as engine, _served(engine) as address, opened() as browser:
        visit, case = _signed_in(engine)
        for picture in PICTURES:
            target = f"{address}{picture.path.format(case=case)}"
            _take(browser, picture, target, visit, folder)


def _take(browser: Browser, picture: Picture, target: str, visit: str, folder: Path) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.dark else "light",
        locale="nl-NL",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": visit_cookie(Site(target)), "value": visit, "url": target}])
    page = context.new_page()
    reply = page.goto(target)
    assert reply and reply.ok, target
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


@contextmanager
def _filled() -> Iterator[Engine]:
    folder = tempfile.mkdtemp(prefix="brug-pictures-")
    engine = open_engine(f"sqlite:///{folder}/brug.sqlite")
    migrate(engine)
    fill(engine, people=PEOPLE, seed=SEED, now=clock.now())
    yield engine
    engine.dispose()
    shutil.rmtree(folder)


@contextmanager
def _served(engine: Engine) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://localhost:{listening.getsockname()[1]}"
        serving = server(Settings(base_url=address), engine, clock.now, host="127.0.0.1", port=8000)
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        while not serving.started:
            time.sleep(0.01)
        yield address
        serving.should_exit = True
        thread.join()


def _signed_in(engine: Engine) -> tuple[str, str]:
    """The coordinator with the most people under way, and one of them."""
    visit = "picture" + "-" * 36
    with transaction(engine) as session:
        busiest = text(
            "SELECT c.organisation_id, c.owner_id FROM cases c JOIN staff s ON s.id = c.owner_id"
            " WHERE s.role = 'coordinator' AND c.closed_at IS NULL"
            " GROUP BY c.organisation_id, c.owner_id ORDER BY count(*) DESC, c.owner_id LIMIT 1"
        )
        [(library, staff_id)] = session.connection().execute(busiest)
        named = text(
            "SELECT c.id FROM cases c JOIN participant p ON p.id = c.participant_id"
            " WHERE c.owner_id = :owner AND c.closed_at IS NULL AND p.first_name IS NOT NULL"
            " ORDER BY c.stage NOT IN ('spoken', 'intake', 'placed'), c.id DESC LIMIT 1"
        )
        [(case,)] = session.connection().execute(named, {"owner": staff_id})
        now = clock.now()
        row = Visit(
            hash=fingerprint(visit), organisation_id=library, staff_id=staff_id, created_at=now,
            seen_at=now,
        )  # fmt: skip
        session.add(row)
    return visit, reference(case)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
