"""A flood of sign-ins: others go on working, and the one it is aimed at comes in (goal 24)."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2

from storage.engine import transaction
from storage.tables import SignInTry
from tests.looking import rows_of
from tests.web.entering import ANN, PASSWORD, form_to, signs_in, with_password
from tests.web.pages import Page
from tests.web.town import Town, Visitor

#: browsers that guess at the same time, and seconds
GUESSING, LONG = 24, 4.0
#: seconds in which 19 of 20 pages of others must be there
OTHERS = 0.5


def _guess(town: Town, over: threading.Event, number: int, said: "Counter[int]") -> None:
    """Guess as fast as it goes: one in four at Ann, the others at addresses of their own."""
    with httpx2.Client(base_url=town.base_url) as browser:
        fields = form_to(Page("/sign-in", browser.get("/sign-in")), "/sign-in")
        turn = 0
        while not over.is_set():
            turn += 1
            email = ANN if number % 4 == 0 else f"n{number}-{turn}@voorbeeld.nl"
            filled = {**fields, "email": email, "password": f"gok {number} {turn} van veel"}
            said[browser.post("/sign-in", data=filled).status_code] += 1


def _times(browser: httpx2.Client, over: threading.Event) -> list[float]:
    """How long pages of somebody who is signed in take meanwhile."""
    found: list[float] = []
    while not over.is_set():
        began = time.perf_counter()
        reply = browser.get("/account", params={"page": len(found)})
        found.append(time.perf_counter() - began)
        assert reply.status_code == 200
        time.sleep(0.02)
    return found


def _browser_of(visitor: Visitor, town: Town, *names: str) -> httpx2.Client:
    kept = {name: visitor.client.cookies.get(name) or "" for name in names}
    return httpx2.Client(base_url=town.base_url, cookies=kept)


def test_a_flood_of_guesses_stops_nobody_else_and_guesses_little(served: Town) -> None:
    with_password(served)
    ann = served.visitor()
    signs_in(ann)
    over, said = threading.Event(), Counter[int]()
    with (
        _browser_of(served.signed_in("staff"), served, "brug") as other,
        _browser_of(ann, served, "brug-device") as known,
        ThreadPoolExecutor(GUESSING + 1) as crowd,
    ):
        fields = form_to(Page("/sign-in", known.get("/sign-in")), "/sign-in")
        for number in range(GUESSING):
            crowd.submit(_guess, served, over, number, said)
        times = crowd.submit(_times, other, over)
        time.sleep(LONG / 2)
        began = time.perf_counter()
        entered = known.post(
            "/sign-in", data={**fields, "email": ANN, "password": PASSWORD, "to": "/account"}
        )
        took = time.perf_counter() - began
        time.sleep(LONG / 2)
        over.set()
    # whoever it is aimed at comes in, in a browser that was used before
    assert entered.status_code == 303 and entered.headers["location"] == "/account"
    assert took < 5
    with transaction(served.engine) as session:
        account = [row for row in rows_of(session, SignInTry) if not row.device]
    per_account = Counter(row.account for row in account)
    assert max(per_account.values()) == 10
    assert set(said) <= {422, 429, 503} and said[429] and said[503]
    waited = sorted(times.result())
    assert waited[int(len(waited) * 0.95)] <= OTHERS, waited[-5:]
