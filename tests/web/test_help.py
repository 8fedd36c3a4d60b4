"""The guide: the same in both languages, with every key that does something."""

import re
from pathlib import Path

import pytest

from storage.engine import transaction
from storage.tables import Staff
from tests.web.pages import Page
from tests.web.town import Town

KEYS = Path(__file__).parents[2] / "web" / "static" / "desk.js"


def _guide(town: Town, language: str) -> Page:
    with transaction(town.engine) as session:
        ann = session.get_one(Staff, town.ann)
        ann.language = language
        session.add(ann)
    return town.signed_in(staff_id=town.ann).open("/help")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_task_is_there_and_every_link_leads_somewhere(town: Town, language: str) -> None:
    page = _guide(town, language)
    ids = {each.attrib["id"] for each in page.tree.iter() if "id" in each.attrib}
    inside = [a.attrib["href"] for a in page.tree.iter("a") if a.attrib["href"].startswith("#")]
    assert {href[1:] for href in inside} <= ids
    assert {"contact", "moving", "following", "many", "undo", "consent", "privacy", "keys"} <= ids
    ann = town.signed_in(staff_id=town.ann)
    for path in ("/settings/mails", "/settings/leave", "/account"):
        assert path in page.reply.text and ann.open(path).status == 200


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_guide_names_the_keys_that_do_something(town: Town, language: str) -> None:
    shown = {"".join(each.itertext()) for each in _guide(town, language).tree.iter("kbd")}
    table = KEYS.read_text().partition("const keys = {")[2].partition("};")[0]
    assert shown == set(re.findall(r'^ {2}"?([^\s":]+)"?: ', table, re.MULTILINE))


def test_both_languages_say_as_much(town: Town) -> None:
    dutch, english = (_guide(town, language) for language in ("nl", "en"))
    for tag in ("h2", "li", "tr", "p"):
        assert len(list(dutch.tree.iter(tag))) == len(list(english.tree.iter(tag))), tag
