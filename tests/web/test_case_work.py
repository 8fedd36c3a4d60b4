"""Remarks, owner and appointment of a case: changed in place, told, and taken back."""

from datetime import date

import pytest

from referrals import case_changes
from storage.engine import transaction
from storage.tables import JournalEntry, Message
from tests.builders import a_case
from tests.looking import rows_of
from tests.web.cases_at_the_desk import moved, notes, page_of, stands, tasks, undo
from tests.web.town import Town


def test_a_remark_is_kept_and_taken_back(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    done = visitor.send(visitor.open(page_of(case)), part="note", note="Komt liever in de ochtend.")
    assert "De opmerking is bewaard" in done.text
    assert notes(town, case) == ["Komt liever in de ochtend."]
    back = undo(visitor, done)
    assert notes(town, case) == []
    assert "Een opmerking is teruggedraaid" in back.text


@pytest.mark.parametrize("typed", ["", "   ", "123456782", "x" * 4001])
def test_a_remark_that_cannot_be_kept_is_refused(town: Town, typed: str) -> None:
    case, visitor = town.case(), town.signed_in()
    faulty = visitor.send(visitor.open(page_of(case)), part="note", note=typed)
    assert faulty.status == 422
    [field] = [each for each in faulty.tree.iter("textarea") if each.get("aria-invalid")]
    assert (field.text or "").removeprefix("\n") == typed
    assert notes(town, case) == []


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "🙂 \u202eomgekeerd", "Ünïcödé", "مرحبا"]
)
def test_whatever_is_written_is_shown_as_it_was_meant(town: Town, typed: str) -> None:
    case, visitor = town.case(), town.signed_in()
    done = visitor.send(visitor.open(page_of(case)), part="note", note=typed)
    assert done.status == 200
    assert typed.replace("\u202e", "") in done.text
    assert "<script>alert" not in done.reply.text


def test_the_owner_is_changed_and_back(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    done = visitor.send(visitor.open(page_of(case)), owner=str(town.jan))
    assert "Jan (verzonnen) heeft nu" in done.text
    assert stands(town, case).owner_id == town.jan
    # what the owner had to do goes along
    assert {row.assignee_id for row in tasks(town, case, state="open")} == {town.jan}
    undo(visitor, done)
    assert stands(town, case).owner_id == town.ann


def test_a_case_can_be_nobodys(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    done = visitor.send(visitor.open(page_of(case)), owner="nobody")
    assert "is nu van niemand" in done.text
    assert stands(town, case).owner_id is None


def test_an_owner_is_somebody_who_works_here(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    for typed in ("", "0", "999999", "x"):
        assert visitor.send(visitor.open(page_of(case)), owner=typed).status == 422
    assert stands(town, case).owner_id == town.ann


def test_staff_give_away_their_own_case_and_are_led_to_the_list(town: Town) -> None:
    with transaction(town.engine) as session:
        case = a_case(session, town.library, owner=town.jan)
    visitor = town.signed_in(staff_id=town.jan)
    path, fields = visitor.open(page_of(case)).form({"owner": str(town.ann)}, {})
    reply = visitor.post(path, fields)
    assert reply.headers["location"].startswith("/cases?done=")
    assert visitor.open(page_of(case)).status == 404


def test_staff_cannot_change_the_owner_of_a_colleagues_case(town: Town) -> None:
    hers = town.case()
    with transaction(town.engine) as session:
        his = a_case(session, town.library, owner=town.jan)
    visitor = town.signed_in(staff_id=town.jan)
    path, fields = visitor.open(page_of(his)).form({"owner": str(town.jan)}, {})
    assert path == f"{page_of(his)}/owner"
    assert visitor.post(f"{page_of(hers)}/owner", fields).status_code == 404
    assert stands(town, hers).owner_id == town.ann


def test_two_who_change_the_owner_at_once_are_told(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    with transaction(town.engine) as session:
        case_changes.change_owner(session, case, None, by=town.jan, now=town.now)
    refused = visitor.send(page, owner=str(town.jan))
    assert refused.status == 409
    assert "Iemand anders heeft dit intussen gewijzigd." in refused.text
    assert stands(town, case).owner_id is None


def test_an_appointment_is_moved_with_what_counts_from_it(town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "plan_intake", date=date(2018, 4, 12))
    visitor = town.signed_in()
    done = visitor.send(visitor.open(page_of(case)), appointment="19-4-2018")
    assert "De afspraak is op donderdag 19 april 2018" in done.text
    assert stands(town, case).appointment_on == date(2018, 4, 19)
    [call] = tasks(town, case, rule="before_intake", state="open")
    assert call.due_on == date(2018, 4, 18)
    assert "do 12 apr → do 19 apr" in done.text
    undo(visitor, done)
    assert stands(town, case).appointment_on == date(2018, 4, 12)
    [call] = tasks(town, case, rule="before_intake", state="open")
    assert call.due_on == date(2018, 4, 11)


def test_an_appointment_is_taken_away(town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "plan_intake", date=date(2018, 4, 12))
    visitor = town.signed_in()
    visitor.send(visitor.open(page_of(case)), appointment="")
    assert stands(town, case).appointment_on is None
    assert tasks(town, case, rule="before_intake", state="open") == []


def test_a_participant_hears_of_the_new_day(town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "plan_intake", date=date(2018, 4, 12))
    visitor = town.signed_in()
    visitor.send(visitor.open(page_of(case)), appointment="2018-04-19")
    with transaction(town.engine) as session:
        mails = rows_of(session, Message, kind="appointment", case_id=case)
    assert [mail.detail["day"] for mail in mails] == ["2018-04-12", "2018-04-19"]


@pytest.mark.parametrize("typed", ["2018-04-02", "31-2-2019", "9999-01-01", "straks"])
def test_an_appointment_on_a_day_that_cannot_be_is_refused(town: Town, typed: str) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    faulty = visitor.send(visitor.open(page_of(case)), appointment=typed)
    assert faulty.status == 422
    assert stands(town, case).appointment_on is None
    with transaction(town.engine) as session:
        assert rows_of(session, JournalEntry, what="case.appointment") == []


def test_a_closed_case_gets_no_appointment(town: Town) -> None:
    """Whoever has the page open from before is told, and nothing changes."""
    case, visitor = town.case("agreed"), town.signed_in()
    page = visitor.open(page_of(case))
    moved(town, case, "stop", reason="moved")
    refused = visitor.send(page, appointment="2018-04-19")
    assert refused.status == 409
    assert "Dit traject is afgesloten." in refused.text
    assert stands(town, case).appointment_on is None
