"""Many cases at once: what is seen beforehand is what happens, once, and it is taken back whole."""

from collections import Counter

from core.references import reference
from referrals.case_changes import change_owner
from referrals.moving import move_cases
from storage.engine import reading, transaction
from storage.tables import Case, FollowUp, JournalEntry, Message
from tests.builders import a_case
from tests.looking import assert_whole, rows_of, the_case
from tests.web.pages import Page
from tests.web.town import Town, Visitor


def _chosen(visitor: Visitor, what: str, *cases: int, **filled: str) -> Page:
    """The page that comes after ticking cases in the list and choosing what to do with them."""
    page = visitor.open("/cases")
    _, fields = page.form({}, {"what": what})
    fields |= {"cases": " ".join(map(reference, cases)), **filled}
    return Page("/cases/many", visitor.post("/cases/many", fields))


def _looked(visitor: Visitor, page: Page, **filled: str) -> Page:
    """The same page once more, with what was filled in."""
    return visitor.send(page, button={}, looked="yes", **filled)


def _done(visitor: Visitor, page: Page) -> Page:
    """What follows when it is done as it was seen."""
    return visitor.send(page, seen=_hidden(page, "seen"))


def _stages(town: Town, *cases: int) -> list[str]:
    with reading(town.engine) as session:
        return [the_case(session, case).stage for case in cases]


def test_what_is_seen_is_what_happens(town: Town) -> None:
    """Referring three of four: the stages, the mails and the reason why not are told before."""
    ready = [town.case("agreed") for _ in range(3)]
    early = town.case("contact")
    visitor = town.signed_in()
    page = _chosen(visitor, "move", *ready, early)
    assert page.title == "4 trajecten gekozen"
    page = _looked(visitor, page, step="refer")
    assert page.status == 200
    assert _looked(visitor, page, step="refer").status == 422
    seen = _looked(visitor, page, step="refer", place=f"provider:{town.provider}")
    assert seen.status == 200
    assert "3 van Akkoord naar Verwezen" in seen.text
    assert "3 × een verwijzing" in seen.text
    assert "1: Deze stap begint niet in de fase Contact." in seen.text
    assert reference(early) in seen.text
    assert _stages(town, *ready, early) == ["agreed"] * 3 + ["contact"]
    with reading(town.engine) as session:
        assert not rows_of(session, Message)
    done = _done(visitor, seen)
    assert "Verwijzen. Aantal trajecten: 3" in done.text
    assert f"Blijft zoals het is: {reference(early)}" in done.text
    assert _stages(town, *ready, early) == ["referred"] * 3 + ["contact"]
    with reading(town.engine) as session:
        assert Counter(row.kind for row in rows_of(session, Message)) == {"referral": 3}


def test_the_whole_is_taken_back_but_for_what_went_on(town: Town) -> None:
    cases = [town.case("agreed") for _ in range(3)]
    visitor = town.signed_in()
    # no two steps of a case are made at one moment
    town.later(minutes=1)
    page = _looked(visitor, _chosen(visitor, "move", *cases), step="postpone")
    done = _done(visitor, _looked(visitor, page, step="postpone", reason="moved"))
    town.later(minutes=10)
    with transaction(town.engine) as session:
        move_cases(session, cases[:1], "return", by=town.ann, now=town.now).raise_refusal()
    back = visitor.send(done, of=_hidden(done, "of"))
    assert f"Ging intussen verder en blijft zoals het is: {reference(cases[0])}" in back.text
    assert _stages(town, *cases) == ["returned", "agreed", "agreed"]
    with reading(town.engine) as session:
        for case in cases:
            assert_whole(session, case)


def _hidden(page: Page, name: str) -> str:
    """What stands in the only hidden field of this name."""
    [value] = {
        each.attrib["value"] for each in page.tree.iter("input") if each.attrib.get("name") == name
    }
    return value


def test_the_same_form_twice_does_it_once(town: Town) -> None:
    cases = [town.case("agreed") for _ in range(2)]
    visitor = town.signed_in()
    filled = {"task": "Bel over de nieuwe cursus", "day": "2018-04-10", "who": "owner"}
    page = _looked(visitor, _chosen(visitor, "follow_up", *cases), **filled)
    assert "Krijgt deze opvolging: 2" in page.text
    action, fields = page.form({"seen": _hidden(page, "seen")}, {})
    for _ in range(2):
        assert visitor.post(action, fields).status_code == 303
    with reading(town.engine) as session:
        rows = [row for row in rows_of(session, FollowUp) if row.rule is None]
        assert [(row.case_id, row.assignee_id) for row in rows] == [(c, town.ann) for c in cases]
        lines = rows_of(session, JournalEntry, what="follow_up.planned")
        assert len(lines) == 2


def test_follow_ups_are_taken_back(town: Town) -> None:
    case = town.case()
    visitor = town.signed_in()
    filled = {"task": "Bel", "day": "2018-04-10", "who": str(town.jan)}
    done = _done(visitor, _looked(visitor, _chosen(visitor, "follow_up", case), **filled))
    visitor.send(done, of=_hidden(done, "of"))
    with reading(town.engine) as session:
        [row] = [row for row in rows_of(session, FollowUp, case_id=case) if row.rule is None]
        assert (row.state, row.assignee_id) == ("ended", town.jan)


def test_another_owner_takes_what_is_to_be_done_along_and_gives_it_back(town: Town) -> None:
    cases = [town.case("agreed") for _ in range(2)]
    visitor = town.signed_in()
    page = _looked(visitor, _chosen(visitor, "owner", *cases), owner=str(town.jan))
    assert "2 van Ann (verzonnen) naar Jan (verzonnen)" in page.text
    done = _done(visitor, page)
    with reading(town.engine) as session:
        assert {the_case(session, case).owner_id for case in cases} == {town.jan}
        assert town.follow_up(cases[0], "find_a_place").assignee_id == town.jan
    visitor.send(done, of=_hidden(done, "of"))
    with reading(town.engine) as session:
        assert {row.owner_id for row in rows_of(session, Case)} == {town.ann}
    assert town.follow_up(cases[0], "find_a_place").assignee_id == town.ann


def test_a_case_that_got_yet_another_owner_keeps_it(town: Town) -> None:
    cases = [town.case("agreed") for _ in range(2)]
    visitor = town.signed_in()
    page = _looked(visitor, _chosen(visitor, "owner", *cases), owner=str(town.jan))
    done = _done(visitor, page)
    with transaction(town.engine) as session:
        change_owner(session, cases[0], None, by=town.jan, now=town.now)
    back = visitor.send(done, of=_hidden(done, "of"))
    assert f"blijft zoals het is: {reference(cases[0])}" in back.text
    with reading(town.engine) as session:
        assert [the_case(session, case).owner_id for case in cases] == [None, town.ann]


def test_what_changed_since_it_was_seen_is_shown_once_more(town: Town) -> None:
    case, other = town.case("agreed"), town.case("agreed")
    visitor = town.signed_in()
    page = _looked(visitor, _chosen(visitor, "owner", case, other), owner="nobody")
    with transaction(town.engine) as session:
        move_cases(session, [other], "plan_intake", by=town.ann, now=town.now).raise_refusal()
    again = _done(visitor, page)
    assert again.status == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in again.text
    with reading(town.engine) as session:
        assert the_case(session, case).owner_id == town.ann
    _done(visitor, again)
    with reading(town.engine) as session:
        assert the_case(session, case).owner_id is None


def test_owners_are_mailed_about_their_cases_once(town: Town) -> None:
    anns = [town.case() for _ in range(2)]
    with transaction(town.engine) as session:
        jans, nobodys = a_case(session, town.library, owner=town.jan), a_case(session, town.library)
    visitor = town.signed_in(staff_id=town.ann)
    page = _looked(visitor, _chosen(visitor, "mail", *anns, jans, nobodys))
    assert "Jan (verzonnen), aantal trajecten: 1" in page.text
    assert "Van jou of van niemand, dus zonder mail: 3" in page.text
    assert "1 × een vraag over trajecten" in page.text
    done = _done(visitor, page)
    assert "Mails aan behandelaars: 1" in done.text
    with reading(town.engine) as session:
        [mail] = rows_of(session, Message, kind="about_cases")
        assert (mail.staff_id, mail.detail["cases"]) == (town.jan, [jans])


def test_all_that_the_filters_leave_can_be_chosen(town: Town) -> None:
    cases = [town.case("agreed") for _ in range(3)]
    town.case("contact")
    visitor = town.signed_in()
    page = _chosen(visitor, "owner", all="yes", query="stage=agreed")
    assert page.title == "3 trajecten gekozen"
    _done(visitor, _looked(visitor, page, owner=str(town.jan)))
    with reading(town.engine) as session:
        assert [row.id for row in rows_of(session, Case, owner_id=town.jan)] == cases


def test_nothing_ticked_is_said(town: Town) -> None:
    town.case()
    page = _chosen(town.signed_in(), "move")
    assert "Er is niets aangevinkt" in page.text


def test_somebody_elses_cases_cannot_be_chosen(town: Town) -> None:
    """Staff see their own and nobody's; a case of Ann is left out as if it were not there."""
    theirs = town.case("agreed")
    with transaction(town.engine) as session:
        nobodys = a_case(session, town.library)
    page = _chosen(town.signed_in("staff"), "owner", theirs, nobodys)
    assert page.title == "1 traject gekozen"
