"""What people fill in: refused at the field and above it, kept on the page, never half written."""

from datetime import date

import pytest

from core.errors import FaultyValue
from tests.web.town import Town, Visitor
from web.forms import NotFilledIn, Sent

#: nine digits that pass the eleven-test; nobody's
BSN = "123456782"
ODD = {
    "emoji": "👍🏽 🎉",
    "right to left": "مرحبا فاطمة",
    "a script": "<script>alert(1)</script>",
    "a quote": "\"'><img src=x onerror=alert(1)>",
    "a placeholder": "{{ 7*7 }} {0} %s",
    "an end of line": "een\r\ntwee",
    "a long word": "x" * 1000,
}


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD.keys())
def test_odd_remarks_are_kept_as_they_are_and_shown_harmlessly(
    town: Town, visitor: Visitor, typed: str
) -> None:
    case, link = town.to_referral()
    done = visitor.send(visitor.open(link), do="accepted", note=typed)
    assert done.status == 200
    assert (town.referral(case).note or "").splitlines() == typed.splitlines()
    assert "<script>alert" not in visitor.open(link).reply.text


def test_signs_that_turn_a_text_around_are_left_out(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    visitor.send(visitor.open(link), do="done", outcome="goed\u202egdeog\u0000\u200b")
    assert town.follow_up(case, "first_call").outcome == "goedgdeog"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (f"Het nummer is {BSN}.", "Dit lijkt een BSN"),
        ("x" * 10_000, "Deze tekst is te lang"),
        ("Kanarie <b>" + "x" * 1000, "Deze tekst is te lang"),
    ],
)
def test_what_cannot_be_kept_is_said_twice_and_stays_in_the_field(
    town: Town, visitor: Visitor, typed: str, why: str
) -> None:
    case, link = town.to_follow_up()
    page = visitor.send(visitor.open(link), do="done", outcome=typed)
    assert page.status == 422
    assert page.text.count(why) == 2
    [summary] = [each for each in page.tree.iter("div") if each.get("role") == "alert"]
    assert "autofocus" in summary.attrib
    [field] = [each for each in page.tree.iter("textarea") if each.get("aria-invalid")]
    assert (field.text or "").removeprefix("\n") == typed
    assert [each.attrib["href"] for each in summary.iter("a")] == [f"#{field.attrib['id']}"]
    assert field.attrib["aria-describedby"].endswith("-fault")
    assert page.tree.find("head/title").text.startswith("Fout: ")  # type: ignore[union-attr]
    assert town.follow_up(case, "first_call").state == "open"
    # the same form with something better in it goes through
    assert visitor.send(page, do="done", outcome="Goed gegaan.").title == "Gedaan"


@pytest.mark.parametrize(
    "typed",
    [
        "31-02-2019",
        "2018-04-03",
        "2018-04-01",
        "0000-01-01",
        "9999-12-31",
        "morgen",
        "",
        "2019-13-1",
    ],
)
def test_days_that_cannot_be_are_refused(town: Town, visitor: Visitor, typed: str) -> None:
    case, link = town.to_follow_up()
    page = visitor.send(visitor.open(link), do="later", day=typed)
    assert page.status == 422
    assert town.follow_up(case, "first_call").due_on == date(2018, 4, 10)
    [field] = [each for each in page.tree.iter("input") if each.get("type") == "date"]
    assert field.attrib["value"] == typed
    [opened] = [each for each in page.tree.iter("details") if "open" in each.attrib]
    assert opened.attrib["id"] == "later"


@pytest.mark.parametrize(
    "typed", ["2018-05-01", "1-5-2018", "01/05/2018", "1.5.2018", " 1-5-2018 "]
)
def test_days_are_read_as_people_write_them(typed: str) -> None:
    sent = Sent({"day": typed})
    assert sent.day("day", date(2018, 4, 4), date(2019, 4, 3)) == date(2018, 5, 1)
    sent.check()


def test_everything_that_is_wrong_is_said_at_once() -> None:
    sent = Sent({"note": "x" * 5000})
    sent.text("note")
    sent.day("day", date(2018, 4, 4), date(2019, 4, 3))
    sent.one_of("language", ("nl", "en"))
    with pytest.raises(NotFilledIn):
        sent.check()
    assert list(sent.faults) == ["note", "day", "language"]


def test_the_first_fault_of_a_field_counts() -> None:
    sent = Sent({})
    sent.refuse("day", "No day is filled in.", "Choose a day.")
    sent.refused("day", FaultyValue("day", remedy="Choose an earlier day."))
    assert sent.faults["day"].remedy == "Choose a day."


def test_an_answer_that_is_none_of_the_buttons_is_refused(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    path, fields = visitor.open(link).form({"do": "done"}, {})
    for do in ("", "DONE", "delete", "yes", "accepted"):
        reply = visitor.post(path, {**fields, "do": do})
        assert reply.status_code == 422
        assert "Hier is niets gekozen." in reply.text
    assert town.follow_up(case, "first_call").state == "open"
