"""What moves ask and how answers are read: where to, why, when, a remark, the consent itself."""

from datetime import date

import pytest

from referrals.participants import Registered
from storage.engine import transaction
from storage.tables import Case, Consent, Participant, Referral, StageEntry
from tests.builders import a_case, a_library, a_provider
from tests.looking import rows_of
from tests.web.cases_at_the_desk import asked, page_of, pressed, stands, undo, wanted
from tests.web.town import Town


def test_a_referral_asks_where_to_and_whether_somebody_goes_along(town: Town) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    page = asked(town, visitor, case, "refer")
    assert "Klik & Tik (verzonnen) · start ma 7 mei · 8 plaatsen" in page.text
    done = visitor.send(
        page,
        move=wanted(town, case, "refer"),
        place=f"course:{town.provider}:{town.course}",
        warm="yes",
        note="Gaat samen met Jan.",
    )
    assert "De stap is gezet" in done.text
    row = town.referral(case)
    assert (row.provider_id, row.course_id, row.warm_handover) == (
        town.provider,
        town.course,
        True,
    )


def test_a_provider_without_a_course_is_enough(town: Town) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    page = asked(town, visitor, case, "refer")
    place = f"provider:{town.provider}"
    visitor.send(page, move=wanted(town, case, "refer"), place=place)
    assert town.referral(case).course_id is None


@pytest.mark.parametrize("place", ["", "course:1", "provider:999999", "course:1:2:3", "x:1", "🙂"])
def test_where_to_must_be_one_of_the_choices(town: Town, place: str) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    page = asked(town, visitor, case, "refer")
    faulty = visitor.send(page, move=wanted(town, case, "refer"), place=place, note="Let op.")
    assert faulty.status == 422
    assert faulty.text.count("Hier is niets gekozen.") == 2
    assert "Let op." in faulty.reply.text
    assert stands(town, case).stage == "agreed"


def test_a_provider_of_another_library_is_none_of_the_choices(town: Town) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    with transaction(town.engine) as session:
        foreign = a_provider(session, a_library(session, "elders"))
    page = asked(town, visitor, case, "refer")
    refused = visitor.send(page, move=wanted(town, case, "refer"), place=f"provider:{foreign}")
    assert refused.status == 422
    with transaction(town.engine) as session:
        assert rows_of(session, Referral) == []


def test_nobody_is_referred_twice_to_a_course(town: Town) -> None:
    first, visitor = town.case("referred"), town.signed_in()
    with transaction(town.engine) as session:
        who = rows_of(session, Case, id=first)[0]
        person = session.get_one(Participant, who.participant_id)
        second = a_case(
            session,
            town.library,
            "agreed",
            participant=Registered(person.id or 0, person.person_key),
        )
    page = asked(town, visitor, second, "refer")
    refused = visitor.send(
        page,
        move=wanted(town, second, "refer"),
        place=f"course:{town.provider}:{town.course}",
        note="Nog eens.",
    )
    assert refused.status == 409
    assert "Dit is er al." in refused.text
    assert "Nog eens." in refused.reply.text


def test_a_reason_is_asked_from_the_list_of_the_route(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = asked(town, visitor, case, "stop")
    faulty = visitor.send(page, move=wanted(town, case, "stop"), reason="zin")
    assert faulty.status == 422
    visitor.send(page, move=wanted(town, case, "stop"), reason="childcare", note="Later weer.")
    assert stands(town, case).stage == "stopped"
    with transaction(town.engine) as session:
        entry = rows_of(session, StageEntry, case_id=case)[-1]
    assert (entry.reason, entry.note) == ("childcare", "Later weer.")


def test_a_day_to_come_is_that_of_the_appointment(town: Town) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    page = asked(town, visitor, case, "plan_intake")
    assert "Dag van de afspraak" in page.text
    visitor.send(page, move=wanted(town, case, "plan_intake"), date="12-4-2018")
    assert stands(town, case).appointment_on == date(2018, 4, 12)


def test_a_day_that_has_passed_is_that_of_the_step(town: Town) -> None:
    case, visitor = town.case("referred"), town.signed_in()
    town.later(days=3)
    visitor = town.signed_in()
    page = asked(town, visitor, case, "start")
    visitor.send(page, move=wanted(town, case, "start"), date="2018-04-04")
    assert stands(town, case).stage_day == date(2018, 4, 4)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2018-03-01", "Deze dag ligt vóór de laatste stap."),
        ("31-02-2018", "Deze dag bestaat niet."),
        ("morgen", "Deze dag bestaat niet."),
        ("9999-12-31", "Deze dag is te ver weg."),
    ],
)
def test_days_that_cannot_be_are_refused_at_the_field(town: Town, typed: str, why: str) -> None:
    case, visitor = town.case("referred"), town.signed_in()
    page = asked(town, visitor, case, "start")
    faulty = visitor.send(page, move=wanted(town, case, "start"), date=typed)
    assert faulty.status == 422
    assert faulty.text.count(why) == 2
    assert stands(town, case).stage == "referred"


@pytest.mark.parametrize("note", ["123456782 is het nummer", "x" * 4001], ids=["a BSN", "too long"])
def test_a_remark_that_may_not_be_kept_is_refused(town: Town, note: str) -> None:
    case, visitor = town.case(), town.signed_in()
    page = asked(town, visitor, case, "know")
    faulty = visitor.send(page, move=wanted(town, case, "know"), note=note)
    assert faulty.status == 422
    assert note[:20] in faulty.reply.text
    assert stands(town, case).stage == "contact"


def test_the_consent_is_noted_with_the_move_that_needs_it(town: Town) -> None:
    case, visitor = town.case(agrees=False), town.signed_in()
    page = pressed(town, visitor, case, "agree")
    assert "De deelnemer heeft hier nog geen toestemming voor gegeven." in page.text
    done = visitor.send(
        page,
        move=wanted(town, case, "agree"),
        purposes="refer message",
        consent_form="written",
        consent_language="tr",
    )
    assert "De stap is gezet" in done.text
    assert stands(town, case).stage == "agreed"
    with transaction(town.engine) as session:
        [consent] = rows_of(session, Consent)
    assert (consent.purposes, consent.form, consent.language, consent.explained_by) == (
        ["refer", "message"],
        "written",
        "tr",
        town.ann,
    )


def test_a_consent_that_is_too_small_is_not_noted(town: Town) -> None:
    case, visitor = town.case(agrees=False), town.signed_in()
    page = asked(town, visitor, case, "agree")
    for purposes, why in (("", "Hier is niets gekozen."), ("message", "Voor deze stap is meer")):
        faulty = visitor.send(page, move=wanted(town, case, "agree"), purposes=purposes)
        assert faulty.status == 422
        assert why in faulty.text
    assert stands(town, case).stage == "contact"
    with transaction(town.engine) as session:
        assert rows_of(session, Consent) == []


def test_undoing_a_move_says_that_the_consent_stays(town: Town) -> None:
    case, visitor = town.case(agrees=False), town.signed_in()
    page = asked(town, visitor, case, "agree")
    done = visitor.send(page, move=wanted(town, case, "agree"), purposes="refer")
    back = undo(visitor, done)
    assert "Teruggedraaid" in back.text
    assert "toestemming" in back.text
    assert stands(town, case).stage == "contact"


def test_what_is_typed_for_one_case_never_comes_back_at_another(town: Town) -> None:
    """Drafts are kept by the address and the id of a form, and all moves have one address."""
    visitor = town.signed_in()
    kept = []
    for case in (town.case("agreed"), town.case("agreed")):
        page = visitor.open(page_of(case))
        kept.append(
            {
                (form.get("id"), form.attrib["action"])
                for form in page.tree.iter("form")
                if "data-draft" in form.attrib
            }
        )
    first, second = kept
    assert len(first) >= 4
    assert not first & second
