"""Participants at the desk: found, added, changed, merged, and what they agreed to."""

import pytest
from sqlalchemy import event

from core.references import reference
from referrals import profiles
from referrals.doubles import Person
from referrals.participants import Newcomer, Registered, register
from storage.engine import transaction
from storage.tables import Case, Consent, JournalEntry, Participant
from tests.builders import NOW, a_case, a_colleague, a_library, a_participant
from tests.looking import rows_of
from tests.web.pages import Page
from tests.web.town import Town

BSN = "123456782"


def someone(town: Town, library: int | None = None, **known: object) -> Registered:
    """A participant of whom this is known."""
    person = Person(**known)  # type: ignore[arg-type]
    with transaction(town.engine) as session:
        [who] = register(session, library or town.library, [Newcomer(person)], now=NOW)
    return who


def page_of(who: Registered) -> str:
    return f"/people/{reference(who.id)}"


def kept(town: Town, who: Registered) -> Participant:
    with transaction(town.engine) as session:
        return rows_of(session, Participant, id=who.id)[0]


def test_a_single_hit_opens_the_case_and_several_are_a_list(town: Town) -> None:
    case = town.case()
    other = someone(town, first_name="Kanariet")
    ann = town.signed_in()
    assert ann.open(f"/search?q={reference(case)}").path == f"/cases/{reference(case)}"
    assert ann.client.get("/search?q=vogel").headers["location"] == f"/cases/{reference(case)}"
    assert ann.open("/search?q=06-1234 5678").path == f"/cases/{reference(case)}"
    found = ann.open("/search?q=kanarie")
    assert found.status == 200 and reference(case) in found.text
    assert ann.client.get(f"/search?q={page_of(other)}").headers["location"] == page_of(other)


def test_nothing_found_says_how_to_look(town: Town) -> None:
    ann = town.signed_in()
    assert "Er is niemand gevonden" in ann.open("/search?q=zzz").text
    assert "laatste vier cijfers" in ann.open("/search").text
    assert "lijkt op een BSN" in ann.open(f"/search?q={BSN}").text


def test_staff_find_their_own_and_unassigned_people_only(town: Town) -> None:
    town.case()
    free = someone(town, first_name="Kanariet")
    with transaction(town.engine) as session:
        case = rows_of(session, Case)[0]
        whose = case.participant_id
    jan = town.signed_in(staff_id=town.jan)
    assert jan.client.get("/search?q=kanarie").headers["location"] == page_of(free)
    assert jan.open(f"/people/{reference(whose)}").status == 404
    assert jan.open(f"/people/{reference(free.id)}/merge").status == 404


def test_people_of_another_library_are_as_unknown_as_none(town: Town) -> None:
    with transaction(town.engine) as session:
        other = a_library(session, "elders")
    stranger = someone(town, other, first_name="Vreemd")
    ann = town.signed_in()
    assert ann.open(page_of(stranger)).status == 404
    assert "niemand gevonden" in ann.open("/search?q=vreemd").text
    assert ann.open(f"/people/{reference(999_999)}").status == 404
    assert ann.open("/people/nonsens").status == 404


def test_somebody_is_added_and_taken_back(town: Town) -> None:
    ann = town.signed_in()
    form = ann.open("/people/new")
    page = ann.send(form, first_name="Amira", last_name="van den Berg", phone="06 87654321")
    assert "De deelnemer is toegevoegd" in page.text and page.title == "Amira van den Berg"
    assert ann.open("/search?q=amira").path.startswith("/people/")
    undone = ann.send(page, of=page.path.split("done=")[1])
    assert undone.status == 404
    with transaction(town.engine) as session:
        assert not rows_of(session, Participant)


def test_a_double_is_shown_first_and_added_anyway(town: Town) -> None:
    someone(town, first_name="Fatima", last_name="Bouzid", phone="+31612345678")
    ann = town.signed_in()
    page = ann.send(ann.open("/people/new"), first_name="Fatima", phone="+31 6 12345678")
    assert page.status == 409 and "Fatima Bouzid" in page.text
    assert "Iemand anders: toch toevoegen" in page.buttons
    done = ann.send(page, button={"sure": "1"})
    assert "De deelnemer is toegevoegd" in done.text


def test_doubles_are_told_while_somebody_types(town: Town) -> None:
    someone(town, first_name="Fatima", last_name="Bouzid", phone="+31612345678")
    ann = town.signed_in()
    _, fields = ann.open("/people/new").form({"first_name": "Fati"}, {})
    reply = ann.post("/people/doubles", fields)
    assert reply.status_code == 200 and "Fatima Bouzid" in reply.text
    nobody = ann.post("/people/doubles", {**fields, "first_name": "Zed"})
    assert "Fatima" not in nobody.text and 'id="doubles"' in nobody.text


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("wish", f"bsn {BSN}", "BSN"),
        ("first_name", "x" * 10_000, "te lang"),
        ("phone", "bel maar", "telefoonnummer"),
        ("email", "geen@adres", "e-mailadres"),
        ("birth_year", "1850", "geboortejaar"),
        ("postcode", "12", "postcode"),
        ("municipality_code", "Atlantis", "gemeente"),
        ("last_name", "😀", "letter"),
    ],
)
def test_what_cannot_be_kept_is_told_at_the_field_and_nothing_is_kept(
    town: Town, field: str, typed: str, told: str
) -> None:
    ann = town.signed_in()
    form = ann.open("/people/new").form({"best_moment": "ochtend", field: typed}, {})
    page = Page("/people/new", ann.post(*form))
    assert page.status == 422 and told in page.text
    assert any(each.attrib.get("value") == "ochtend" for each in page.tree.iter("input"))
    with transaction(town.engine) as session:
        assert not rows_of(session, Participant)


def test_what_is_known_is_changed_and_the_journal_names_the_fields(town: Town) -> None:
    who = someone(town, first_name="Fatima")
    ann = town.signed_in()
    page = ann.send(ann.open(page_of(who)), last_name="<script>", postcode="1234 AB")
    assert "Nieuw is: achternaam, postcode." in page.text
    assert (kept(town, who).last_name, kept(town, who).postcode) == ("<script>", "1234")
    assert "<script>alert" not in page.reply.text and "&lt;script&gt;" in page.reply.text
    with transaction(town.engine) as session:
        [line] = rows_of(session, JournalEntry, what="participant.changed")
        assert line.detail == {"fields": ["last_name", "postcode"]}


def test_two_who_change_one_field_see_both_versions_and_choose(town: Town) -> None:
    who = someone(town, first_name="Fatima")
    ann = town.signed_in()
    form = ann.open(page_of(who))
    with transaction(town.engine) as session:
        profiles.change(
            session, town.library, who.id, {"first_name": "Fatiha", "postcode": "1111"},
            {"first_name": profiles.mark_of("Fatima"), "postcode": profiles.mark_of(None)},
            by=town.jan, now=NOW,
        )  # fmt: skip
    page = ann.send(form, first_name="Fatma", last_name="Bouzid")
    assert page.status == 409 and "Jan (verzonnen)" in page.text
    assert "Fatiha" in page.text and "Fatma" in page.reply.text
    ann.send(page, choose_first_name="theirs", last_name="Bouzid")
    row = kept(town, who)
    assert (row.first_name, row.last_name, row.postcode) == ("Fatiha", "Bouzid", "1111")


def test_my_version_wins_when_i_choose_it(town: Town) -> None:
    who = someone(town, first_name="Fatima")
    ann = town.signed_in()
    form = ann.open(page_of(who))
    with transaction(town.engine) as session:
        seen = {"first_name": profiles.mark_of("Fatima")}
        mine = {"first_name": "Fatiha"}
        profiles.change(session, town.library, who.id, mine, seen, by=town.jan, now=NOW)
    page = ann.send(form, first_name="Fatma")
    ann.send(page, choose_first_name="mine", first_name="Fatma")
    assert kept(town, who).first_name == "Fatma"


def test_consent_is_noted_and_withdrawn_at_once(town: Town) -> None:
    who = someone(town, first_name="Fatima")
    ann = town.signed_in()
    page = ann.send(ann.open(page_of(who)), purposes="refer follow_up", consent_form="spoken")
    assert "geldt" in page.text
    with transaction(town.engine) as session:
        [row] = rows_of(session, Consent)
        assert row.purposes == ["refer", "follow_up"] and row.explained_by == town.ann
    withdrawn = [form for form in page.tree.iter("form") if "withdraw" in form.attrib["action"]]
    fields = {e.attrib["name"]: e.attrib["value"] for e in withdrawn[0].iter("input")}
    reply = ann.post(withdrawn[0].attrib["action"], fields)
    assert reply.status_code == 303
    with transaction(town.engine) as session:
        assert rows_of(session, Consent)[0].withdrawn_at is not None


def test_two_are_merged_side_by_side_and_taken_apart(town: Town) -> None:
    one = someone(town, first_name="Fatima", last_name="Bouzid", phone="+31612345678")
    two = someone(town, first_name="Fatima", phone="+31612345678", postcode="1234")
    with transaction(town.engine) as session:
        a_case(session, town.library, participant=two)
    ann = town.signed_in()
    page = ann.open(page_of(one))
    assert "Dit kan dezelfde persoon zijn" in page.text
    both = ann.open(page.link_to("Leg naast elkaar"))
    merged = ann.send(both, other=reference(two.id))
    assert (
        "De twee zijn nu één deelnemer" in merged.text and "Er kwam één traject mee." in merged.text
    )
    assert kept(town, one).postcode == "1234"
    assert ann.open(page_of(two)).path == page_of(one)
    ann.send(merged, of=merged.path.split("done=")[1])
    assert kept(town, two).merged_into_id is None and kept(town, one).postcode is None


def test_pages_ask_few_questions_however_many_people_there_are(town: Town) -> None:
    with transaction(town.engine) as session:
        owner = a_colleague(session, town.library, "veel@voorbeeld.nl")
        for _ in range(30):
            who = a_participant(session, town.library)
            a_case(session, town.library, participant=who, owner=owner)
    ann = town.signed_in()
    asked: list[str] = []
    event.listen(town.engine, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
    for path in ("/people", "/search?q=fatima", f"/people/{reference(who.id)}", "/contacts/new"):
        asked.clear()
        page = ann.open(path)
        assert page.status == 200
        assert len([each for each in asked if each.startswith("SELECT")]) <= 12, path
        assert len(page.reply.content) < 60_000
