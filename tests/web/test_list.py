"""The list of cases: orders, filters, pages, columns, views; and what it costs."""

import pytest
from sqlmodel import Session

from core.references import reference
from referrals.doubles import Person
from storage.engine import reading, transaction
from storage.tables import SavedView, Staff
from tests.builders import a_case, a_colleague, a_library, a_participant
from tests.looking import rows_of, the_case
from tests.web.cases_at_the_desk import counted
from tests.web.pages import Page
from tests.web.town import Town, Visitor
from web.pages.list_views import COLUMNS


def _references(page: Page) -> list[str]:
    """The lines, by reference, in the order in which they stand there."""
    return [
        "".join(each.itertext()).strip()
        for each in page.tree.iter("th")
        if each.attrib.get("scope") == "row"
    ]


def _some(town: Town, number: int) -> list[int]:
    """Cases of everybody and nobody, some without a name, at two stages."""
    with transaction(town.engine) as session:
        return [_case(session, town, each) for each in range(number)]


def _case(session: Session, town: Town, each: int) -> int:
    name = f"N{each % 7}" if each % 4 else None
    who = a_participant(session, town.library, person=Person(first_name=name))
    return a_case(
        session, town.library, ("contact", "agreed")[each % 2], participant=who,
        owner=(town.ann, town.jan, None)[each % 3],
    )  # fmt: skip


@pytest.mark.parametrize("sort", ["since", "name", "stage", "owner", "next", "opened"])
def test_pages_in_any_order_hold_every_case_once(town: Town, sort: str) -> None:
    cases = _some(town, 120)
    visitor = town.signed_in()
    for asked in (sort, f"-{sort}"):
        page, seen = visitor.open(f"/cases?sort={asked}"), []
        seen += _references(page)
        while 'rel="next"' in page.reply.text:
            page = visitor.open("/cases" + page.link_to("Verder"))
            seen += _references(page)
        assert sorted(seen) == sorted(map(reference, cases)), asked
        assert "120 trajecten" in page.text


def test_an_order_is_that_of_the_column(town: Town) -> None:
    cases = _some(town, 12)
    visitor = town.signed_in()
    opened = _references(visitor.open("/cases?sort=-opened"))
    assert opened == [reference(case) for case in reversed(cases)]
    page = visitor.open("/cases?sort=owner")
    owners = ["Ann" in line or "Jan" in line for line in _lines(page)]
    assert owners == sorted(owners, reverse=True)


def _lines(page: Page) -> list[str]:
    [body] = page.tree.iter("tbody")
    return [" ".join(" ".join(row.itertext()).split()) for row in body.iter("tr")]


def test_filters_leave_what_they_say(town: Town) -> None:
    mine, agreed = town.case(), town.case("agreed")
    with transaction(town.engine) as session:
        nobodys = a_case(session, town.library, channel="self")
        stopped = a_case(session, town.library, "stopped", owner=town.ann)
    visitor = town.signed_in()
    every = {mine, agreed, nobodys, stopped}
    for query, left in {
        "": {mine, agreed, nobodys},
        "state=closed": {stopped},
        "state=all": every,
        "stage=agreed": {agreed},
        "owner=mine": {mine, agreed},
        "owner=nobody": {nobodys},
        f"owner={town.jan}": set(),
        f"partner={town.school}": {mine, agreed},
        "way=school&stage=contact": {mine},
        "route=open-door": {mine, agreed, nobodys},
        "route=nothing": set(),
        "due=late": set(),
        "due=none": set(),
        "due=asked": set(),
    }.items():
        page = visitor.open(f"/cases?{query}")
        assert set(_references(page)) == {reference(case) for case in left}, query


@pytest.mark.parametrize(
    "query",
    ["sort=nothing", "after=x", "after=1 x&sort=since", "sort=--", "after=%00", "owner=999999999999"
     "&state=q", "after=5&sort=name", "stage=%F0%9F%98%80", "partner=99999999999"],
)  # fmt: skip
def test_what_means_nothing_in_an_address_does_no_harm(town: Town, query: str) -> None:
    town.case()
    assert town.signed_in().open(f"/cases?{query}").status == 200


def test_staff_see_their_own_and_nobodys_and_nobody_sees_other_libraries(town: Town) -> None:
    anns = town.case()
    with transaction(town.engine) as session:
        jans, nobodys = a_case(session, town.library, owner=town.jan), a_case(session, town.library)
        there = a_library(session, "elders")
        other = a_case(session, there, owner=a_colleague(session, there, "bo@elders.nl"))
    seen = _references(town.signed_in(staff_id=town.jan).open("/cases"))
    assert set(seen) == {reference(jans), reference(nobodys)}
    seen = _references(town.signed_in().open("/cases?state=all&owner="))
    assert set(seen) == {reference(case) for case in (anns, jans, nobodys)}
    assert reference(other) not in seen


def test_a_move_is_one_click_and_keeps_the_filters(town: Town) -> None:
    case = town.case()
    visitor = town.signed_in()
    page = visitor.open("/cases?owner=mine&sort=-since")
    moved = visitor.send(page, button={"move": f"{reference(case)}:know:1"})
    assert moved.path.startswith("/cases?owner=mine&sort=-since&done=")
    with reading(town.engine) as session:
        assert the_case(session, case).stage == "trust"


def test_columns_are_remembered_and_put_back(town: Town) -> None:
    town.case()
    visitor = town.signed_in()
    page = visitor.send(visitor.open("/cases"), columns="name partner way")
    assert "De Brede School" in page.text
    with reading(town.engine) as session:
        [ann] = rows_of(session, Staff, id=town.ann)
        assert ann.desk["list_columns"] == ["name", "way", "partner"]
    back = visitor.send(page, of=_of(page))
    assert "De Brede School" not in " ".join(_lines(back))


def _of(page: Page) -> str:
    return next(
        each.attrib["value"] for each in page.tree.iter("input") if each.attrib.get("name") == "of"
    )


def _saved(visitor: Visitor, title: str, team: str = "") -> Page:
    page = visitor.open("/cases?stage=agreed")
    return visitor.send(page, query="stage=agreed", title=title, team=team)


def test_a_view_is_saved_for_oneself_or_for_the_team(town: Town) -> None:
    ann, jan = town.signed_in(), town.signed_in(staff_id=town.jan)
    _saved(ann, "Wacht op verwijzing")
    page = _saved(ann, "Van ons allemaal", team="yes")
    assert page.link_to("Wacht op verwijzing") == "/cases?stage=agreed"
    seen = jan.open("/cases").text
    assert "Van ons allemaal" in seen and "Wacht op verwijzing" not in seen


def test_a_view_is_renamed_and_removed_and_both_are_taken_back(town: Town) -> None:
    visitor = town.signed_in()
    _saved(visitor, "Eerst")
    renamed = visitor.send(visitor.open("/views"), button={"do": "rename"}, title="Later")
    assert "Later" in renamed.text
    visitor.send(renamed, of=_of(renamed))
    removed = visitor.send(visitor.open("/views"), button={"do": "remove"}, title="Eerst")
    assert "Er zijn nog geen weergaven bewaard" in removed.text
    visitor.send(removed, of=_of(removed))
    with reading(town.engine) as session:
        assert [row.title for row in rows_of(session, SavedView)] == ["Eerst"]


def test_a_view_of_a_colleague_is_not_there(town: Town) -> None:
    _saved(town.signed_in(), "Van Ann")
    with reading(town.engine) as session:
        [row] = rows_of(session, SavedView)
    jan = town.signed_in(staff_id=town.jan)
    assert "Van Ann" not in jan.open("/views").text
    _saved(jan, "Van Jan")
    page = jan.open("/views")
    _, fields = page.form({"title": "Mijn"}, {"do": "remove"})
    reply = jan.post(f"/views/{row.id}", fields)
    assert reply.status_code == 404
    with reading(town.engine) as session:
        assert len(rows_of(session, SavedView)) == 2


def test_two_views_with_one_name_are_refused_and_what_was_typed_is_kept(town: Town) -> None:
    visitor = town.signed_in()
    _saved(visitor, "Eerst")
    again = _saved(visitor, "eerst")
    assert again.status == 409
    assert "Kies een andere naam" in again.text
    assert _saved(visitor, "").status == 422


def test_nothing_found_says_why(town: Town) -> None:
    visitor = town.signed_in()
    assert "Er zijn nog geen open trajecten" in visitor.open("/cases").text
    assert "Geen traject past bij deze filters" in visitor.open("/cases?owner=mine").text


def test_the_page_asks_as_much_of_many_cases_as_of_few(town: Town) -> None:
    visitor, asked = town.signed_in(), []
    for more in (20, 380):
        _some(town, more)
        visitor.open("/cases")
        with counted(town.engine) as questions:
            page = visitor.open(f"/cases?again={more}")
        asked.append(len(questions))
        assert len(page.reply.text) < 60_000
    assert asked[0] == asked[1] <= 12
    assert "400 trajecten" in page.text


def test_with_every_column_the_page_stays_small(town: Town) -> None:
    _some(town, 60)
    visitor = town.signed_in()
    page = visitor.send(visitor.open("/cases"), columns=" ".join(COLUMNS))
    assert len(page.reply.text) < 60_000
    with counted(town.engine) as questions:
        visitor.open("/cases?again")
    assert len(questions) <= 12
