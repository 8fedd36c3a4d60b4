"""Partners at the desk: who works there, what came through them, and addresses to mend."""

import pytest

from referrals import undoing
from storage.engine import transaction
from storage.queries import refused_addresses
from storage.tables import ContactPerson, HandledRequest, Partner
from tests.builders import a_case, a_partner, an_introduction
from tests.looking import rows_of
from tests.web.cases_at_the_desk import counted, undo
from tests.web.town import SECRET, Town, Visitor


@pytest.fixture
def ann(town: Town) -> Visitor:
    """Ann, who coordinates."""
    return town.signed_in()


def _introduced(town: Town) -> int:
    case = town.case("agreed")
    with transaction(town.engine) as session:
        an_introduction(session, case, town.school, town.referrer)
    return case


def _refuse(town: Town) -> str:
    address = f"post-{town.provider}@voorbeeld.nl"
    with transaction(town.engine) as session:
        refused_addresses.mark(
            session, town.library, address, reason="550 bestaat niet", message_id=None, now=town.now
        )
    return address


def _teacher(town: Town) -> ContactPerson:
    with transaction(town.engine) as session:
        return rows_of(session, ContactPerson, id=town.teacher)[0]


def test_the_list_shows_what_came_of_each_partner(town: Town, ann: Visitor) -> None:
    _introduced(town)
    town.case("referred")
    _refuse(town)
    text = ann.open("/partners").text
    assert "De Brede School (verzonnen) School 1 contactpersoon 2 trajecten, 2 open" in text
    assert "1 contactpersoon adres geweigerd" in text
    assert "1 cursus · 1 zonder antwoord" in text


def test_a_kind_is_chosen_in_the_address_and_a_closed_partner_only_on_request(
    town: Town, ann: Visitor
) -> None:
    with transaction(town.engine) as session:
        closed = session.get_one(Partner, a_partner(session, town.library, "Voorbij", "school"))
        closed.active = False
        session.add(closed)
    schools = ann.open("/partners?kind=school")
    assert "De Brede School" in schools.text and "Taalhuis" not in schools.text
    assert "Voorbij" not in schools.text
    assert "Voorbij gesloten" in ann.open("/partners?kind=school&gone=1").text
    assert "Geen partner van deze soort" in ann.open("/partners?kind=welfare").text
    assert "Taalhuis" in ann.open("/partners?kind=<script>&after=nu").text


def test_a_partner_shows_people_per_level_and_who_was_introduced(town: Town, ann: Visitor) -> None:
    _introduced(town)
    page = ann.open(f"/partners/{town.school}")
    assert "contact 1" in page.text and "akkoord 1" in page.text
    assert SECRET in page.text and "Akkoord" in page.text and "door Bo (verzonnen)" in page.text


def test_a_step_that_was_undone_is_in_no_number(town: Town, ann: Visitor) -> None:
    case = _introduced(town)
    with transaction(town.engine) as session:
        undoing.undo(session, case, by=town.ann, now=town.now)
    text = ann.open(f"/partners/{town.school}").text
    assert "contact 1" in text and "akkoord 1" not in text


def test_staff_see_introductions_of_their_own_and_of_others_a_number(town: Town) -> None:
    _introduced(town)
    jan = town.signed_in(staff_id=town.jan)
    page = jan.open(f"/partners/{town.school}")
    assert SECRET not in page.text and "En nog 1 van een collega." in page.text
    assert jan.client.get(f"/partners/{town.school}/change").status_code == 404


def test_a_provider_shows_how_many_days_referrals_wait(town: Town, ann: Visitor) -> None:
    town.case("referred")
    town.later(days=9)
    page = town.signed_in().open(f"/partners/{town.provider}")
    assert "Wacht op antwoord" in page.text and "9 dagen" in page.text
    jan = town.signed_in(staff_id=town.jan).open(f"/partners/{town.provider}")
    assert SECRET not in jan.text and "En nog 1 van een collega." in jan.text


def test_a_partner_is_added_changed_and_taken_back(town: Town, ann: Visitor) -> None:
    done = ann.send(
        ann.open("/partners/new?kind=employer"), name=" Het  Bedrijf ", municipality="Almere"
    )
    assert done.title == "Het Bedrijf" and "Werkgever · Almere" in done.text
    number = done.path.split("?")[0]
    changed = ann.send(ann.open(f"{number}/change"), name="Het Bedrijf BV", active="no")
    assert "De partner is veranderd" in changed.text and "gesloten" in changed.text
    assert undo(ann, changed).title == "Het Bedrijf"
    undo(ann, done)
    with transaction(town.engine) as session:
        assert [row.name for row in rows_of(session, Partner, name="Het Bedrijf")] == []


def test_a_name_that_is_taken_and_a_place_that_is_not_there_are_told(
    town: Town, ann: Visitor
) -> None:
    wrong = ann.send(ann.open("/partners/new"), name="taalhuis (VERZONNEN)", kind="provider")
    assert wrong.status == 422 and "Er is al een partner met deze naam." in wrong.text
    wrong = ann.send(ann.open("/partners/new"), name="X", kind="kerk", municipality="Xyzdam")
    assert wrong.status == 422
    assert "Deze gemeente is niet bekend." in wrong.text and "niets gekozen" in wrong.text


def test_somebody_is_added_and_taken_back(town: Town, ann: Visitor) -> None:
    page = ann.open(f"/partners/{town.provider}/people/new")
    done = ann.send(page, name="Wim (verzonnen)", phone="06 1234 5678", mails="no", language="en")
    assert "De contactpersoon is toegevoegd" in done.text
    assert "0612345678 · wil geen mails" in done.text
    undo(ann, done)
    with transaction(town.engine) as session:
        assert rows_of(session, ContactPerson, name="Wim (verzonnen)") == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "", "email": "wim@voorbeeld.nl"}, "niet ingevuld"),
        ({"name": "Wim"}, "Deze persoon is niet te bereiken."),
        ({"name": "Wim", "email": "wim@"}, "Dit is geen e-mailadres."),
        ({"name": "Wim", "phone": "bel maar"}, "telefoonnummer"),
        ({"name": "Wim", "phone": "123456782"}, "BSN"),
        ({"name": "Wim 123456782", "email": "w@voorbeeld.nl"}, "BSN"),
    ],
)
def test_who_cannot_be_reached_is_not_kept(
    town: Town, ann: Visitor, fields: dict[str, str], told: str
) -> None:
    page = ann.open(f"/partners/{town.provider}/people/new")
    wrong = ann.send(page, button=None, **fields)
    assert wrong.status == 422 and told in wrong.text
    with transaction(town.engine) as session:
        assert len(rows_of(session, ContactPerson)) == 2


def _person(town: Town) -> str:
    return f"/partners/{town.provider}/people/{town.teacher}"


def test_mails_and_leaving_can_be_taken_back(town: Town, ann: Visitor) -> None:
    done = ann.send(ann.open(_person(town)), name="Els (verzonnen)", mails="no", active="no")
    assert "vertrokken" in done.text and not _teacher(town).mails
    undo(ann, done)
    assert _teacher(town).mails and _teacher(town).active


def test_a_receipt_holds_no_name_or_address_so_a_new_one_cannot_be_taken_back(
    town: Town, ann: Visitor
) -> None:
    done = ann.send(ann.open(_person(town)), name="Elske", email="elske@voorbeeld.nl")
    assert "Ongedaan maken" not in done.text and _teacher(town).name == "Elske"
    with transaction(town.engine) as session:
        said = " ".join(row.outcome for row in rows_of(session, HandledRequest))
    assert "Els" not in said and "voorbeeld" not in said


def test_a_refused_address_is_mended(town: Town, ann: Visitor) -> None:
    address = _refuse(town)
    page = ann.open(_person(town))
    assert "550 bestaat niet" in page.text and "dinsdag 3 april 2018" in page.text
    assert ann.send(page, right="goed@").status == 422
    done = ann.send(page, right="goed@voorbeeld.nl")
    assert "Het adres is verbeterd" in done.text and "adres geweigerd" not in done.text
    assert _teacher(town).email == "goed@voorbeeld.nl" != address


def test_somebody_at_another_partner_is_not_found_here(town: Town, ann: Visitor) -> None:
    assert ann.open(f"/partners/{town.school}/people/{town.teacher}").status == 404
    assert ann.open(f"/partners/{town.school}/people/x").status == 404
    assert ann.open("/partners/1e3").status == 404


def test_pages_ask_few_questions_however_much_there_is(town: Town, ann: Visitor) -> None:
    with transaction(town.engine) as session:
        for number in range(40):
            partner = a_partner(session, town.library, f"Bedrijf {number}")
            an_introduction(session, a_case(session, town.library, partner=partner), partner)
        for _ in range(30):
            case = a_case(session, town.library, partner=town.school)
            an_introduction(session, case, town.school)
    town.case("referred")
    for path in ("/partners", f"/partners/{town.school}", f"/partners/{town.provider}"):
        with counted(town.engine) as asked:
            page = ann.open(path)
        assert page.status == 200 and len(asked) <= 12, (path, len(asked))
        assert len(page.reply.content) < 60_000


def test_a_long_list_goes_on(town: Town, ann: Visitor) -> None:
    with transaction(town.engine) as session:
        for number in range(61):
            a_partner(session, town.library, f"Bedrijf {number:02}")
    onward = ann.open(ann.open("/partners?kind=employer").link_to("De volgende partners"))
    assert "Bedrijf 60" in onward.text and "Bedrijf 59" not in onward.text
