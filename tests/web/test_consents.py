"""Consent on the page of a case: noted with how and until when, withdrawn at once, and back."""

from datetime import date

import pytest

from storage.engine import transaction
from storage.tables import Consent
from tests.looking import rows_of
from tests.web.cases_at_the_desk import page_of, tasks, undo
from tests.web.pages import Page
from tests.web.town import Town


def _consents(town: Town) -> list[Consent]:
    with transaction(town.engine) as session:
        return rows_of(session, Consent)


def test_a_consent_is_noted_and_taken_back(town: Town) -> None:
    case, visitor = town.case(agrees=False), town.signed_in()
    done = visitor.send(
        visitor.open(page_of(case)), part="consent", purposes="refer follow_up",
        consent_form="written", consent_language="ar", consent_until="1-10-2018",
    )  # fmt: skip
    assert "De toestemming is genoteerd" in done.text
    [row] = _consents(town)
    assert (row.purposes, row.form, row.language) == (["refer", "follow_up"], "written", "ar")
    assert (row.given_on, row.expires_on) == (date(2018, 4, 3), date(2018, 10, 1))
    assert row.explained_by == town.ann
    undo(visitor, done)
    assert _consents(town) == []


def test_a_withdrawal_stops_what_partners_were_to_do_and_can_be_taken_back(town: Town) -> None:
    case = town.case("referred")
    town.later(minutes=1)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    path, fields = _withdrawing(page)
    done = visitor.open(visitor.post(path, fields).headers["location"])
    assert "De toestemming is ingetrokken" in done.text
    assert all(row.withdrawn_at for row in _consents(town))
    assert tasks(town, case, rule="contact_made", state="open") == []
    undo(visitor, done)
    assert not any(row.withdrawn_at for row in _consents(town))
    assert len(tasks(town, case, rule="contact_made", state="open")) == 1


def _withdrawing(page: Page) -> tuple[str, dict[str, str]]:
    [form] = [
        each for each in page.tree.iter("form") if each.attrib["action"].endswith("/withdraw")
    ]
    fields = {each.attrib["name"]: each.attrib["value"] for each in form.iter("input")}
    return form.attrib["action"], fields


def test_there_is_nothing_to_withdraw_twice(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    path, fields = _withdrawing(page)
    visitor.post(path, fields)
    again = {**fields, "key": "k" * 24}
    assert visitor.post(path, again).status_code == 404
    forms = visitor.open(page_of(case)).tree.iter("form")
    assert not any("/withdraw" in each.get("action", "") for each in forms)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purposes", ""),
        ("purposes", "everything"),
        ("consent_form", "sung"),
        ("consent_language", "xx"),
        ("consent_until", "2018-04-03"),
        ("consent_until", "31-02-2019"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(town: Town, field: str, value: str) -> None:
    case, visitor = town.case(agrees=False), town.signed_in()
    page = visitor.open(page_of(case))
    whole = {"purposes": "refer", "consent_form": "spoken", "consent_language": "nl"}
    path, fields = page.form({"part": "consent", **whole, field: value}, {})
    faulty = Page(path, visitor.post(path, fields))
    assert faulty.status == 422
    [summary] = [each for each in faulty.tree.iter("div") if each.get("role") == "alert"]
    [link] = summary.iter("a")
    target = link.attrib["href"].removeprefix("#")
    assert target == f"consent-{field}"
    assert [each for each in faulty.tree.iter() if each.get("id") == target]
    assert _consents(town) == []
