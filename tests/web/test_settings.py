"""What is set at the desk: the library, one's own mails, leave, examples; and who may set it."""

from datetime import date, timedelta

import pytest

from referrals import samples
from referrals.samples import EXAMPLES
from storage.engine import transaction
from storage.queries import staff
from storage.tables import Case, HandledRequest, Leave, Organisation, Participant, Staff
from tests.builders import TODAY, a_leave, a_staff
from tests.looking import people_per, rows_of
from tests.web.cases_at_the_desk import counted, undo
from tests.web.town import Town, Visitor


@pytest.fixture
def ann(town: Town) -> Visitor:
    """Ann, who coordinates."""
    return town.signed_in()


def _library(town: Town) -> Organisation:
    with transaction(town.engine) as session:
        return staff.organisation_by_number(session, town.library)


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("administrator", ("Bibliotheek", "Voorbeeldgegevens", "Verlof"), ()),
        ("coordinator", ("Teksten in mails", "Verlof"), ("Voorbeeldgegevens",)),
        ("staff", ("Mijn mails", "Verlof"), ("Teksten in mails", "Voorbeeldgegevens")),
        ("national_office", ("Mijn mails",), ("Verlof", "Teksten in mails")),
    ],
)
def test_everybody_finds_what_they_may_set(
    town: Town, role: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    page = town.signed_in(role).open("/settings")
    links = ["".join(each.itertext()) for each in page.tree.iter("a")]
    assert set(shown) <= set(links) and not set(hidden) & set(links)
    assert "08:00" in page.text


def test_a_library_sets_its_name_hours_and_closed_days_and_takes_it_back(
    town: Town, ann: Visitor
) -> None:
    done = ann.send(
        ann.open("/settings/library"), name="De Boekerij", mail_address="Post@voorbeeld.nl",
        quiet_from="21", quiet_to="9", closed_days="24-12-2018\n\n2018-12-31\n24-12-2018",
        zone="America/Kralendijk",
    )  # fmt: skip
    assert "De instellingen zijn bewaard" in done.text
    row = _library(town)
    assert (row.name, row.mail_address, row.quiet_from, row.quiet_to, row.zone) == (
        "De Boekerij", "post@voorbeeld.nl", 21, 9, "America/Kralendijk",
    )  # fmt: skip
    assert row.closed_days == "2018-12-24 2018-12-31"
    undo(ann, done)
    row = _library(town)
    assert (row.name, row.mail_address, row.closed_days) == ("Bibliotheek de-voorbeeld", None, "")


def test_a_closed_day_that_does_not_exist_is_told_with_its_line(town: Town, ann: Visitor) -> None:
    page = ann.open("/settings/library")
    wrong = ann.send(page, closed_days="24-12-2018\n31-2-2018\nmorgen", mail_address="post@")
    assert wrong.status == 422 and "Regel 2: Deze dag bestaat niet." in wrong.text
    assert "Dit is geen e-mailadres." in wrong.text and "31-2-2018" in wrong.reply.text
    many = ann.send(page, closed_days="24-12-2018\n" * 201)
    assert many.status == 422 and "Dit zijn te veel dagen." in many.text
    assert _library(town).closed_days == ""


def test_holidays_of_the_coming_year_are_shown(ann: Visitor) -> None:
    text = ann.open("/settings/library").text
    assert "vrijdag 27 april 2018 Koningsdag" in text
    assert "dinsdag 1 januari 2019 Nieuwjaarsdag" in text


def test_settings_that_a_colleague_changed_since_are_not_put_back(town: Town, ann: Visitor) -> None:
    done = ann.send(ann.open("/settings/library"), name="De Boekerij")
    ann.send(ann.open("/settings/library"), name="De Bieb")
    assert "Ongedaan maken" not in ann.open(done.path).text


def test_own_mails_are_chosen_with_the_form_of_the_link_in_a_mail(town: Town, ann: Visitor) -> None:
    behind = ann.open(town.to_preferences())
    here = ann.open("/settings/mails")
    assert set(behind.form({"hour": "8"}, {})[1]) == set(here.form({"hour": "8"}, {})[1])
    done = ann.send(here, hour="16", days="1 3", single="no", pause="week", language="en")
    assert "Kept" in done.text
    with transaction(town.engine) as session:
        [row] = rows_of(session, Staff, id=town.ann)
    assert (row.digest_hour, row.digest_days, row.language) == (16, "1 3", "en")
    assert row.paused_until == TODAY + timedelta(days=7)
    undo(ann, done)
    with transaction(town.engine) as session:
        [row] = rows_of(session, Staff, id=town.ann)
    assert (row.digest_hour, row.paused_until, row.language) == (8, None, "nl")


def test_mails_without_a_day_are_told_at_the_field(ann: Visitor) -> None:
    wrong = ann.send(ann.open("/settings/mails"), days="", pause="until", day="31-2-2018")
    assert wrong.status == 422 and "geen dag gekozen" in wrong.text


def _leaves(town: Town) -> list[Leave]:
    with transaction(town.engine) as session:
        return rows_of(session, Leave)


def test_leave_is_noted_with_who_stands_in_and_taken_back(town: Town, ann: Visitor) -> None:
    done = ann.send(
        ann.open("/settings/leave"), who=str(town.jan), first_day="2018-05-07",
        last_day="2018-05-11", stand_in=str(town.ann),
    )  # fmt: skip
    assert "vrijdag 11 mei 2018" in done.text and "vervanger: Ann (verzonnen)" in done.text
    [row] = _leaves(town)
    assert (row.staff_id, row.stand_in_id) == (town.jan, town.ann)
    undo(ann, done)
    assert _leaves(town) == []


def test_leave_that_is_taken_off_comes_back(town: Town, ann: Visitor) -> None:
    with transaction(town.engine) as session:
        a_leave(session, town.library, town.jan, TODAY, date(2018, 4, 9), town.ann)
    before = [row.model_dump(exclude={"id"}) for row in _leaves(town)]
    page = ann.open("/settings/leave")
    assert "nu weg" in page.text
    [action] = [
        each.attrib["action"] for each in page.tree.iter("form")
        if each.attrib.get("action", "").endswith("/end")
    ]  # fmt: skip
    reply = ann.post(action, ann.own_form())
    done = ann.open(reply.headers["location"])
    assert "Het verlof is weggehaald" in done.text and _leaves(town) == []
    undo(ann, done)
    assert [row.model_dump(exclude={"id"}) for row in _leaves(town)] == before


@pytest.mark.parametrize(
    "fields",
    [
        {"first_day": "2018-05-07", "last_day": ""},
        {"first_day": "2018-05-07", "last_day": "2018-05-01"},
        {"first_day": "31-2-2018", "last_day": "2018-05-01"},
        {"first_day": "2018-05-07", "last_day": "2018-05-09", "who": "999"},
        {"first_day": "2018-05-07", "last_day": "2018-05-09", "stand_in": "999"},
        {"first_day": "2018-05-07", "last_day": "2018-05-09", "stand_in": "self"},
    ],
)
def test_days_away_that_cannot_be_are_told(
    town: Town, ann: Visitor, fields: dict[str, str]
) -> None:
    said = {name: str(town.ann) if value == "self" else value for name, value in fields.items()}
    wrong = ann.send(ann.open("/settings/leave"), button=None, **said)
    assert wrong.status == 422 and "Dit klopt nog niet" in wrong.text
    assert _leaves(town) == []


def test_staff_note_and_take_off_their_own_leave_only(town: Town) -> None:
    with transaction(town.engine) as session:
        a_leave(session, town.library, town.ann, TODAY, TODAY)
        anns = rows_of(session, Leave)[0].id
    jan = town.signed_in(staff_id=town.jan)
    page = jan.open("/settings/leave")
    assert "/end" not in page.reply.text
    assert jan.post(f"/settings/leave/{anns}/end", jan.own_form()).status_code == 404
    jan = town.signed_in(staff_id=town.jan)
    own = {**jan.own_form(), "who": str(town.ann), "first_day": "2018-05-07"}
    jan.post("/settings/leave", {**own, "last_day": "2018-05-07"})
    assert [row.staff_id for row in _leaves(town)] == [town.ann, town.jan]


def test_reasons_and_norms_lead_to_their_routes(ann: Visitor) -> None:
    page = ann.open("/settings/reasons")
    assert page.link_to("Zelf gekomen") == "/routes/open-door"


def test_examples_are_added_and_all_of_them_taken_away_with_a_look_first(town: Town) -> None:
    boss = town.signed_in("administrator")
    town.case("agreed")
    with transaction(town.engine) as session:
        before = people_per(session)
    added = boss.send(boss.open("/settings/examples"), button={"do": "add"})
    assert f"{len(EXAMPLES)} verzonnen trajecten" in added.text
    assert "Wat er weggaat als je ze weghaalt" in added.text
    with transaction(town.engine) as session:
        assert people_per(session) == before
        assert len(rows_of(session, Case)) == 1 + len(EXAMPLES)
    gone = boss.send(added, button={"do": "remove"})
    assert "De voorbeelden zijn weg" in gone.text and "Ongedaan maken" not in gone.text
    with transaction(town.engine) as session:
        assert len(rows_of(session, Case)) == len(rows_of(session, Participant)) == 1
        assert people_per(session) == before


def test_adding_examples_can_be_taken_back_at_once(town: Town) -> None:
    boss = town.signed_in("administrator")
    added = boss.send(boss.open("/settings/examples"), button={"do": "add"})
    undo(boss, added)
    with transaction(town.engine) as session:
        assert not samples.there(session, town.library)


def test_a_receipt_holds_no_names(town: Town, ann: Visitor) -> None:
    with transaction(town.engine) as session:
        a_staff(session, town.library, "Geheim")
    ann.send(ann.open("/settings/mails"), hour="9")
    ann.send(ann.open("/settings/leave"), first_day="2018-05-07", last_day="2018-05-08")
    with transaction(town.engine) as session:
        said = " ".join(row.outcome for row in rows_of(session, HandledRequest))
    assert "verzonnen" not in said and "Geheim" not in said


def test_pages_ask_few_questions(town: Town) -> None:
    boss = town.signed_in("administrator")
    with transaction(town.engine) as session:
        for number in range(30):
            who = a_staff(session, town.library, f"Collega {number}")
            a_leave(session, town.library, who, TODAY, TODAY, town.ann)
    for path in (
        "/settings", "/settings/library", "/settings/mails", "/settings/leave",
        "/settings/texts", "/settings/texts/referral/nl", "/settings/reasons",
        "/settings/examples", "/help",
    ):  # fmt: skip
        with counted(town.engine) as asked:
            page = boss.open(path)
        assert page.status == 200 and len(asked) <= 12, (path, len(asked))
        assert len(page.reply.content) < 60_000
