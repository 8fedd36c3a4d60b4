"""Whatever is asked of the desk by whoever is signed in: an answer in words, and soon."""

import os
import re
import shutil
import string
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.references import reference
from storage.engine import open_engine, transaction
from storage.tables import Case, Participant
from tests.laws.test_the_pages import _routes
from tests.looking import rows_of
from tests.web.crawling import forms, pages
from tests.web.town import Town, Visitor
from web.rules import RULES

#: `BRUG_TEST_REQUESTS=100000` for the long form
REQUESTS = int(os.environ.get("BRUG_TEST_REQUESTS", "400"))
#: seconds after which an answer is no answer; a busy machine gets more
LONGEST = 5.0 if os.environ.get("CI") else 2.0
ROUTES = [route for route in _routes() if RULES[route.name].roles and route.name != "sign_out"]
_LETTERS = string.printable + "é\u202e👍\x00\ufffd"
_TEXTS = st.text(_LETTERS, max_size=40) | st.sampled_from(
    ["0", "-1", "99999999999999999999", "2018-02-30", "0001-01-01", "nan", "%", "mine", "nobody",
     "late", "-since", "name", "open-door", "agreed", "yes", "//elders.example", "/cases"]
)  # fmt: skip
_QUERIES = st.dictionaries(
    st.sampled_from(
        ["owner", "route", "stage", "state", "due", "sort", "after", "q", "done", "back", "kind",
         "from", "pilot", "way", "partner", "subject", "provider", "to", "page", "version"]
    ),
    _TEXTS,
    max_size=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def busy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that everything is thrown at."""
    path = tmp_path_factory.mktemp("desk") / "brug.sqlite"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    town = Town(engine)
    for stage in ("contact", "agreed", "referred", "started"):
        town.case(stage)
    town.to_referral()
    yield town
    engine.dispose()


@pytest.fixture(scope="module")
def visitors(busy: Town) -> list[Visitor]:
    """Somebody of each role."""
    return [busy.signed_in(role) for role in ("coordinator", "administrator", "staff")]


@pytest.fixture(scope="module")
def known(busy: Town) -> Mapping[str, list[str]]:
    """The names of fields that forms have, and parts of addresses that lead somewhere."""
    names = {"back", "seen", "part"}
    for page in pages(busy.signed_in("administrator")):
        for form in forms(page):
            names |= form.fields.keys()
    with transaction(busy.engine) as session:
        numbers = [row.id for row in rows_of(session, Case)]
        numbers += [row.id for row in rows_of(session, Participant)]
    parts = [*map(reference, filter(None, numbers)), "1", "2", "3", "open-door", "agree", "nl"]
    return {"names": sorted(names - {"form", "key"}), "parts": parts}


@given(data=st.data())
@settings(max_examples=REQUESTS, suppress_health_check=list(HealthCheck))
def test_any_request_gets_an_answer(
    visitors: list[Visitor], known: Mapping[str, list[str]], data: st.DataObject
) -> None:
    route = data.draw(st.sampled_from(ROUTES))
    visitor = data.draw(st.sampled_from(visitors))
    odd = st.text(string.ascii_letters + string.digits + "-_.~%", min_size=1, max_size=12)
    part = st.sampled_from(known["parts"]) | odd
    path = re.sub(r"{\w+}", lambda _: data.draw(part), route.path)
    began = time.perf_counter()
    if "POST" in (route.methods or ()):
        fields = data.draw(st.dictionaries(st.sampled_from(known["names"]), _TEXTS, max_size=6))
        own = visitor.own_form()
        told_apart = zlib.crc32(repr((path, fields)).encode())
        reply = visitor.post(path, {**fields, **own, "key": f"{own['key'][:8]}-{told_apart:010}"})
    else:
        reply = visitor.client.get(path, params=data.draw(_QUERIES))
    assert reply.status_code < 500, path
    assert time.perf_counter() - began < LONGEST, path
    if reply.is_redirect:
        # nobody is led away from the pages
        assert re.match(r"/(?![/\\])", reply.headers["location"]), reply.headers["location"]
