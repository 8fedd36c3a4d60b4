"""What happened around a case: who, when, old and new; newest first; in parts when it is long."""

from datetime import timedelta

from referrals import answering, case_changes, consent, undoing
from referrals.moves import Answers
from referrals.moving import move_cases
from storage.engine import transaction
from storage.tables import Message
from tests.looking import rows_of, the_case
from tests.web.cases_at_the_desk import moved, page_of
from tests.web.pages import Page
from tests.web.town import Town


def _lines(page: Page) -> list[str]:
    """What stands in the timeline, from top to bottom."""
    return [
        " ".join("".join(item.itertext()).split())
        for each in page.tree.iter("ul")
        if each.get("class") == "happened"
        for item in each
    ]


def _days(page: Page) -> list[str]:
    [part] = [each for each in page.tree.iter("section") if each.get("class") == "time"]
    return ["".join(each.itertext()) for each in part.iter("h3")]


def test_everything_stands_there_newest_first_by_day(town: Town) -> None:
    case = town.case("referred")
    town.later(days=1)
    with transaction(town.engine) as session:
        case_changes.add_note(session, case, "Belde terug.", by=town.jan, now=town.now)
    town.later(days=1)
    with transaction(town.engine) as session:
        answering.answer(session, case, "waiting", by=None, now=town.now, note="In mei.")
        case_changes.change_owner(session, case, town.jan, by=town.ann, now=town.now)
    page = town.signed_in().open(page_of(case))
    assert _days(page) == ["do 5 apr", "wo 4 apr", "di 3 apr"]
    lines = _lines(page)
    assert "Andere behandelaar Ann (verzonnen) → Jan (verzonnen) 11:00 · Ann (verzonnen)" in lines
    assert any(line.startswith("Op de wachtlijst Verwezen → Wachtlijst In mei.") for line in lines)
    assert "Verwijzing naar Taalhuis (verzonnen) verstuurd → op de wachtlijst" in " ".join(lines)
    assert "Opmerking Belde terug. 11:00 · Jan (verzonnen)" in lines
    assert lines[-1].startswith("Toestemming genoteerd")


def test_a_step_that_was_undone_is_marked_and_the_undo_stands_there(town: Town) -> None:
    case = town.case()
    moved(town, case, "know")
    town.later(minutes=1)
    with transaction(town.engine) as session:
        undoing.undo(session, case, by=town.jan, now=town.now)
    lines = _lines(town.signed_in().open(f"{page_of(case)}?kind=moves"))
    assert lines[0].startswith("Stap teruggedraaid: Kennismaken Vertrouwen → Contact")
    assert "Contact → Vertrouwen teruggedraaid" in lines[1]


def test_a_step_of_an_earlier_day_says_which(town: Town) -> None:
    case = town.case()
    town.later(days=3)
    moved(town, case, "know", date=town.now.date() - timedelta(days=2))
    lines = _lines(town.signed_in().open(page_of(case)))
    assert any("Dit was op wo 4 apr." in line for line in lines)


def test_one_kind_can_be_looked_at_alone(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        case_changes.add_note(session, case, "Belde terug.", by=town.jan, now=town.now)
    visitor = town.signed_in()
    page = visitor.open(page_of(case))
    assert page.link_to("Opmerkingen").startswith(f"{page_of(case)}?kind=notes")
    only = visitor.open(f"{page_of(case)}?kind=notes")
    assert _lines(only) == ["Opmerking Belde terug. 11:00 · Jan (verzonnen)"]
    # what there is none of, or what is no kind, shows everything
    for kind in ("mails", "x", "'\"><b>"):
        assert len(_lines(visitor.open(f"{page_of(case)}?kind={kind}"))) == len(_lines(page))


def test_mails_stand_there_with_what_became_of_them(town: Town) -> None:
    case = town.case("referred")
    with transaction(town.engine) as session:
        [mail] = rows_of(session, Message, case_id=case, kind="referral")
        mail.state, mail.sent_at = "sent", town.now
        session.add(mail)
    lines = _lines(town.signed_in().open(f"{page_of(case)}?kind=mails"))
    assert lines == ["Mail: een verwijzing verstuurd 11:00 · aan Els (verzonnen)"]


def test_a_long_story_comes_in_parts(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        for number in range(60):
            at = town.now + timedelta(minutes=number + 1)
            case_changes.add_note(session, case, f"Nummer {number}.", by=town.jan, now=at)
    visitor = town.signed_in()
    page, seen = visitor.open(f"{page_of(case)}?kind=notes"), []
    for _ in range(10):
        seen += _lines(page)
        older = [each for each in page.tree.iter("a") if "Toon eerdere" in "".join(each.itertext())]
        if not older:
            break
        page = visitor.open(older[0].attrib["href"].partition("#")[0])
    assert [line.split()[2] for line in seen] == [f"{number}." for number in range(59, -1, -1)]
    assert "Toon nieuwere" in page.text
    for start in ("-1", "x", "9999999", "99999"):
        assert visitor.open(f"{page_of(case)}?kind=notes&from={start}").status == 200


def test_consents_withdrawn_are_told(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        who = the_case(session, case).participant_id
        consent.withdraw_consent(session, who, by=town.jan, now=town.now + timedelta(minutes=1))
    lines = _lines(town.signed_in().open(page_of(case)))
    assert any(line.startswith("Toestemming ingetrokken") and "Jan" in line for line in lines)


def test_reasons_are_written_out(town: Town) -> None:
    case = town.case()
    with transaction(town.engine) as session:
        answers = Answers(reason="childcare", note="Tot september.")
        move_cases(session, [case], "postpone", by=town.jan, now=town.now, answers=answers)
    lines = _lines(town.signed_in().open(page_of(case)))
    assert any("Reden: Kinderopvang. Tot september." in line for line in lines)
