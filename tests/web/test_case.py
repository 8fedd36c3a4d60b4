"""The page of a case: what stands on it, for whom it is there, and what it costs."""

from datetime import timedelta

from core.references import reference
from referrals import case_changes, follow_ups
from referrals.consent import Agreement, note_consent
from referrals.doubles import Person
from storage.engine import transaction
from tests.builders import a_case, a_library, a_participant, a_pilot, a_staff
from tests.looking import the_case
from tests.web.cases_at_the_desk import counted, moved, page_of
from tests.web.town import SECRET, Town

#: questions that a page may put to the database, and bytes of a page
MOST_QUESTIONS, MOST_BYTES = 12, 60_000


def test_a_case_says_who_where_and_how_long(town: Town) -> None:
    case = town.case("agreed")
    town.later(days=3)
    page = town.signed_in().open(page_of(case))
    assert page.status == 200
    assert page.title == f"{SECRET} Vogel"
    for words in (
        reference(case), "Zelf gekomen", "Akkoord al 3 werkdagen; normaal is 5",
        "Ann (verzonnen)", "De Brede School (verzonnen)", "School",
    ):  # fmt: skip
        assert words in page.text


def test_what_is_known_of_the_participant_stands_beside_it(town: Town) -> None:
    page = town.signed_in().open(page_of(town.case()))
    assert "na vijf uur" in page.text
    assert "Brieven lezen" in page.text
    assert page.link_to("0612345678") == "tel:+31612345678"
    assert page.link_to("Alles over deze deelnemer").startswith("/people/")


def test_somebody_may_have_no_name(town: Town) -> None:
    with transaction(town.engine) as session:
        who = a_participant(session, town.library, person=Person())
        case = a_case(session, town.library, participant=who)
    assert town.signed_in().open(page_of(case)).title == "naamloos"


def test_the_path_shows_what_was_passed_where_it_stands_and_what_is_ahead(town: Town) -> None:
    case = town.case("agreed")
    town.later(days=1)
    page = town.signed_in().open(page_of(case))
    [path] = [each for each in page.tree.iter("ol") if each.get("class") == "path"]
    steps = {"".join(each.find("span").itertext()): each for each in path}  # type: ignore[union-attr]
    assert list(steps) == [
        "Contact", "Akkoord", "Verwezen", "Contact gelegd", "Intake", "Geplaatst", "Gestart",
        "Doet mee", "Afgerond", "Vervolg",
    ]  # fmt: skip
    assert steps["Contact"].get("class") == "passed"
    assert steps["Akkoord"].get("aria-current") == "step"
    assert "di 3 apr" in "".join(steps["Akkoord"].itertext())
    assert steps["Intake"].get("class") == "ahead"


def test_a_case_beside_the_path_shows_that(town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "postpone", reason="childcare")
    page = town.signed_in().open(page_of(case))
    [path] = [each for each in page.tree.iter("ol") if each.get("class") == "path"]
    [here] = [each for each in path if each.get("aria-current")]
    assert "Nu niet" in "".join(here.itertext())
    assert "beside" in here.get("class", "")


def test_what_comes_when_nothing_happens_names_the_day_and_who_hears_of_it(town: Town) -> None:
    page = town.signed_in().open(page_of(town.case()))
    assert "di 10 apr Bel de deelnemer en vraag wat die wil leren (jij)" in page.text
    assert "dan gaat dit naar de coördinator" in page.text


def test_a_closed_case_says_so(town: Town) -> None:
    case = town.case("agreed")
    moved(town, case, "stop", reason="moved")
    page = town.signed_in().open(page_of(case))
    assert "Gestopt sinds dinsdag 3 april 2018" in page.text
    # the way back stays open
    assert "Terug" in page.buttons


def test_a_case_of_another_library_is_as_if_it_were_not_there(town: Town) -> None:
    with transaction(town.engine) as session:
        foreign = a_case(session, a_library(session, "elders"))
    visitor = town.signed_in()
    unknown = visitor.open(page_of(10**6))
    for path in (page_of(foreign), f"{page_of(foreign)}/moves", f"{page_of(foreign)}/moves/agree"):
        page = visitor.open(path)
        assert (page.status, page.text) == (404, unknown.text)


def test_nonsense_is_no_case(town: Town) -> None:
    visitor = town.signed_in()
    for text in ("moves", "7K3F-9X", "x" * 300, "%00", "1"):
        assert visitor.open(f"/cases/{text}").status == 404


def test_staff_see_their_own_cases_and_those_of_nobody(town: Town) -> None:
    hers = town.case()
    with transaction(town.engine) as session:
        case_changes.change_owner(session, hers, town.ann, by=None, now=town.now)
        his = a_case(session, town.library, owner=town.jan)
        nobodys = a_case(session, town.library)
    visitor = town.signed_in(staff_id=town.jan)
    assert visitor.open(page_of(hers)).status == 404
    assert visitor.open(page_of(his)).status == 200
    assert visitor.open(page_of(nobodys)).status == 200


def test_the_national_office_sees_no_case(town: Town) -> None:
    case = town.case()
    assert town.signed_in("national_office").open(page_of(case)).status == 404


def test_other_cases_of_the_participant_are_there_and_those_of_colleagues_counted(
    town: Town,
) -> None:
    with transaction(town.engine) as session:
        who = a_participant(session, town.library)
        first = a_case(session, town.library, participant=who, owner=town.jan)
        second = a_case(session, town.library, participant=who, owner=town.ann)
    page = town.signed_in().open(page_of(first))
    assert page.link_to(reference(second)) == page_of(second)
    seen = town.signed_in(staff_id=town.jan).open(page_of(first))
    assert reference(second) not in seen.text
    assert "En één traject van een collega." in seen.text


def test_a_pilot_is_named(town: Town) -> None:
    with transaction(town.engine) as session:
        pilot = a_pilot(session, town.library)
        case = a_case(session, town.library, pilot=pilot)
    assert "Katwijk (verzonnen)" in town.signed_in().open(page_of(case)).text


def test_a_page_costs_the_same_whatever_its_length(town: Town) -> None:
    case = town.case("referred")
    visitor = town.signed_in()
    address = page_of(case)
    visitor.open(address)
    with counted(town.engine) as short:
        small = visitor.open(f"{address}?kind=moves")
    with transaction(town.engine) as session:
        for number in range(60):
            now = town.now + timedelta(minutes=number)
            text = f"Opmerking {number}. " + "Woorden genoeg. " * 40
            case_changes.add_note(session, case, text, by=town.ann, now=now)
            follow_ups.plan_by_hand(
                session,
                case,
                f"Bel {number}",
                now.date(),
                assignee_id=town.jan,
                by=town.ann,
                now=now,
            )
            a_staff(session, town.library, f"Collega {number} (verzonnen)")
    with counted(town.engine) as long:
        large = visitor.open(address)
    assert small.status == large.status == 200
    assert len(long) <= len(short) <= MOST_QUESTIONS
    assert len(large.reply.content) <= MOST_BYTES


def test_a_page_after_a_deed_asks_no_more_than_it_may(town: Town) -> None:
    visitor = town.signed_in()
    page = visitor.open(page_of(town.case()))
    done = visitor.send(page, move=_value(page, "know"))
    with counted(town.engine) as asked:
        visitor.open(done.path)
    assert len(asked) <= MOST_QUESTIONS


def _value(page: object, move: str) -> str:
    for each in page.tree.iter("input"):  # type: ignore[attr-defined]
        if each.get("name") == "move" and f":{move}:" in each.get("value", ""):
            return str(each.get("value"))
    raise AssertionError(move)


def test_consents_that_were_noted_elsewhere_show(town: Town) -> None:
    case = town.case(agrees=False)
    with transaction(town.engine) as session:
        agreement = Agreement(given_on=town.now.date(), language="ar", explained_by=town.jan)
        who = the_case(session, case).participant_id
        note_consent(session, town.library, [(who, agreement)], now=town.now)
    page = town.signed_in().open(page_of(case))
    assert "Mondeling, op di 3 apr, uitgelegd door Jan (verzonnen) (Arabisch)" in page.text
