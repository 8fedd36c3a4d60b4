"""Whatever is pressed on the pages of a case, in whatever order, everything stays whole."""

import shutil
import tempfile
from pathlib import Path
from xml.etree.ElementTree import Element

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import open_engine, transaction
from tests.looking import assert_counted_whole, assert_whole
from tests.web.cases_at_the_desk import page_of
from tests.web.town import Town, Visitor

#: forms that lead away from the case
ELSEWHERE = ("/sign-out", "/search")
#: what can follow a form: done, not filled in right, not possible now, no longer there
ANSWERS = (200, 404, 409, 422)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choices=st.lists(st.integers(0, 10**6), min_size=4, max_size=18))
def test_whatever_is_pressed_in_whatever_order_everything_stays_whole(
    sqlite_template: Path, choices: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "brug.sqlite"
        shutil.copy(sqlite_template, path)
        engine = open_engine(f"sqlite:///{path}")
        journey = _Journey(Town(engine))
        for choice in choices:
            journey.step(choice)
        journey.end()
        engine.dispose()


class _Journey:
    """Somebody who presses whatever there is on the pages of two cases."""

    def __init__(self, town: Town):
        self.town = town
        self.cases = [town.case("agreed"), town.case("contact", agrees=False)]
        self.pages = {case: page_of(case) for case in self.cases}

    def step(self, choice: int) -> None:
        """One form of one page, filled in somehow."""
        self.town.later(hours=choice % 40 + 1)
        case = self.cases[choice % 2]
        visitor = self.town.signed_in("coordinator", staff_id=self.town.ann)
        page = visitor.open(self._address(visitor, case, choice))
        forms = [each for each in page.tree.iter("form") if _ours(each)]
        if not forms:
            return
        form = forms[choice // 7 % len(forms)]
        reply = visitor.post(form.attrib["action"], _filled(form, choice))
        if reply.is_redirect:
            self.pages[case] = reply.headers["location"]
            assert visitor.open(reply.headers["location"]).status in (200, 404)
        else:
            assert reply.status_code in ANSWERS, reply.text
        with transaction(self.town.engine) as session:
            for each in self.cases:
                assert_whole(session, each)

    def _address(self, visitor: Visitor, case: int, choice: int) -> str:
        """The page of the case, the one that followed the last form, or one that it leads to."""
        if choice % 5 == 0 and self.pages[case].startswith(page_of(case)):
            return self.pages[case]
        page = visitor.open(page_of(case))
        deeper = [
            each.attrib["href"] for each in page.tree.iter("a") if "data-dialog" in each.attrib
        ]
        if choice % 3 == 0 and deeper:
            return deeper[choice // 3 % len(deeper)]
        return page_of(case)

    def end(self) -> None:
        """What is counted is what the steps that hold say."""
        with transaction(self.town.engine) as session:
            assert_counted_whole(session)
            for each in self.cases:
                assert_whole(session, each)


def _ours(form: Element) -> bool:
    return form.get("method") == "post" and form.attrib["action"] not in ELSEWHERE


def _filled(form: Element, choice: int) -> dict[str, str]:
    """Every field with something in it, as a person in a hurry would."""
    fields: dict[str, str] = {}
    for each in form.iter():
        name, kind = each.get("name", ""), each.get("type", "")
        if not name:
            continue
        if each.tag == "select":
            options = [one.get("value", "") for one in each.iter("option")]
            fields[name] = options[choice // 11 % len(options)] if options else ""
        elif each.tag == "textarea":
            fields[name] = ("", "Een opmerking.", "Ünïcödé 🙂")[choice % 3]
        elif kind == "hidden":
            fields[name] = each.get("value", "")
        elif kind in ("radio", "checkbox"):
            if "checked" in each.attrib or choice // 13 % 2:
                value = each.get("value", "")
                ticked = kind == "checkbox" and name in fields
                fields[name] = f"{fields[name]} {value}" if ticked else value
        elif kind == "date":
            fields[name] = ("", each.get("min", ""), each.get("max", ""))[choice // 17 % 3]
        elif each.tag == "input":
            fields[name] = ("Bel nog eens", "")[choice // 19 % 2]
        elif each.tag == "button" and choice // 23 % 2:
            fields.setdefault(name, each.get("value", ""))
    return fields


def test_the_journey_presses_forms_of_every_kind(sqlite_template: Path, tmp_path: Path) -> None:
    """So that the test above is about more than one button."""
    shutil.copy(sqlite_template, tmp_path / "brug.sqlite")
    town = Town(open_engine(f"sqlite:///{tmp_path / 'brug.sqlite'}"))
    page = town.signed_in().open(page_of(town.case("referred")))
    kinds = {_kind(form) for form in page.tree.iter("form") if _ours(form)}
    assert kinds >= {
        "move", "notes", "owner", "appointment", "follow-ups", "referrals", "consent", "withdraw",
    }  # fmt: skip


def _kind(form: Element) -> str:
    last, *before = reversed(form.attrib["action"].split("/"))
    return before[0] if last.isdecimal() else last
