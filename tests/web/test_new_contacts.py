"""New contacts and the tally: quick, careful with doubles, and taken back at once."""

from datetime import timedelta

from core.references import reference
from referrals.reach.counting import Question, count
from storage.engine import transaction
from storage.tables import Case, ContactTally, FollowUp, Introduction, Participant, Staff
from tests.builders import TODAY, a_route
from tests.looking import people_per, rows_of
from tests.web.test_people import BSN, someone
from tests.web.town import Town


def test_a_nameless_contact_opens_a_case_of_whoever_met_them(town: Town) -> None:
    ann = town.signed_in()
    page = ann.send(ann.open("/contacts/new"), channel="campaign", wishes="read letters")
    with transaction(town.engine) as session:
        [case] = rows_of(session, Case)
        [who] = rows_of(session, Participant)
    assert f"{reference(case.id or 0)} is geopend" in page.text
    assert (case.owner_id, case.channel, who.first_name) == (town.ann, "campaign", None)
    assert who.wish == "Lezen en schrijven, Brieven en formulieren"
    with transaction(town.engine) as session:
        assert rows_of(session, Staff, id=town.ann)[0].desk["way_in"] == "campaign"
    again = ann.open("/contacts/new")
    ticked = [e.attrib["value"] for e in again.tree.iter("input") if "checked" in e.attrib]
    assert ticked == ["campaign"]


def test_an_opened_case_is_taken_back_with_its_participant_and_its_count(town: Town) -> None:
    ann = town.signed_in()
    page = ann.send(ann.open("/contacts/new"), channel="self", first_name="Amira")
    with transaction(town.engine) as session:
        assert people_per(session) == {"contact": 1}
    town.later(days=1)
    ann = town.signed_in()
    undone = ann.send(ann.open(page.path), of=page.path.split("done=")[1])
    assert undone.status == 200
    with transaction(town.engine) as session:
        assert not rows_of(session, Case) and not rows_of(session, Participant)
        assert not rows_of(session, FollowUp) and people_per(session) == {}
        known = [Question(by="stage", as_known_on=TODAY + timedelta(days=n)) for n in (0, 1)]
        people = [[row.people for row in count(session, each).rows] for each in known]
        assert people == [[1], []]
    later = ann.send(ann.open("/contacts/new"), channel="self", first_name="Bo")
    assert "is geopend" in later.text
    with transaction(town.engine) as session:
        assert rows_of(session, Case)[0].id == 2


def test_a_case_to_which_something_happened_is_not_taken_back(town: Town) -> None:
    ann = town.signed_in()
    page = ann.send(ann.open("/contacts/new"), channel="self")
    assert "Ongedaan maken" in page.buttons
    with transaction(town.engine) as session:
        row = rows_of(session, Case)[0]
        row.version += 1
        session.add(row)
    assert "Ongedaan maken" not in ann.open(page.path).buttons


def test_a_double_is_shown_and_gets_the_case_instead(town: Town) -> None:
    who = someone(town, first_name="Fatima", last_name="Bouzid", phone="+31612345678")
    ann = town.signed_in()
    page = ann.send(ann.open("/contacts/new"), channel="self", phone="0612345678")
    assert page.status == 409 and "Fatima Bouzid" in page.text
    done = ann.send(page, button={"known": reference(who.id)})
    assert "Het hoort bij de deelnemer die al bekend was." in done.text
    with transaction(town.engine) as session:
        assert rows_of(session, Case)[0].participant_id == who.id
    again = ann.send(ann.open(f"/contacts/new?known={reference(who.id)}"), channel="self")
    assert again.status == 409 and "al een open traject" in again.text


def test_the_route_fits_how_somebody_was_met_unless_another_is_chosen(town: Town) -> None:
    with transaction(town.engine) as session:
        a_route(session, "parents")
    ann = town.signed_in()
    first = ann.send(ann.open("/contacts/new"), channel="school", partner=str(town.school))
    assert "is geopend" in first.text
    ann.send(ann.open("/contacts/new"), channel="school", route="open-door")
    with transaction(town.engine) as session:
        one, other = rows_of(session, Case)
        assert one.workflow_version_id != other.workflow_version_id
        [introduced] = rows_of(session, Introduction)
        assert (introduced.case_id, introduced.state) == (one.id, "taken_up")


def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(town: Town) -> None:
    ann = town.signed_in()
    page = ann.send(ann.open("/contacts/new"), first_name="Amira", note=f"bsn is {BSN}")
    assert page.status == 422 and "BSN" in page.text and "Amira" in page.reply.text
    assert "Hier is niets gekozen" in page.text
    odd = ann.send(ann.open("/contacts/new"), channel="self", route="nergens", partner="999")
    assert odd.status == 422
    with transaction(town.engine) as session:
        assert not rows_of(session, Participant)


def test_a_known_participant_of_another_library_is_not_there(town: Town) -> None:
    assert town.signed_in().open(f"/contacts/new?known={reference(99)}").status == 404


def test_each_tap_counts_one_contact_and_can_be_taken_back(town: Town) -> None:
    ann = town.signed_in()
    page = ann.open("/contacts/tally")
    for _ in range(3):
        page = ann.send(page, button={"channel": "campaign"})
    assert "Geteld: Kraam of campagne, vandaag 3" in page.text
    page = ann.send(page, of=page.path.split("done=")[1])
    with transaction(town.engine) as session:
        rows = rows_of(session, ContactTally)
        assert [row.contacts for row in rows] == [1, 1]
        assert people_per(session) == {}
    town.later(days=1)
    assert "0 vandaag" in town.signed_in().open("/contacts/tally").text


def test_staff_of_the_national_office_open_no_cases(town: Town) -> None:
    office = town.signed_in("national_office")
    for path in ("/contacts/new", "/contacts/tally", "/people", "/search?q=a"):
        assert office.open(path).status == 404
