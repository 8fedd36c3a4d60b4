"""Two people at one case: the second sees both versions and chooses; nothing typed is lost."""

from core.references import reference
from referrals import case_changes
from storage.engine import transaction
from tests.web.cases_at_the_desk import moved, page_of, stands, wanted
from tests.web.town import Town


def test_who_comes_second_sees_both_versions(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    town.later(minutes=5)
    value = wanted(town, case, "know")
    moved(town, case, "screen")
    conflict = visitor.send(page, move=value)
    assert conflict.status == 409
    assert conflict.title == "Iemand was je voor"
    assert "Wat jij zag Contact" in conflict.text
    assert "Gescreend" in conflict.text
    assert "Stap gezet: Contact → Gescreend Jan (verzonnen) , di 3 apr, 11:05" in conflict.text
    assert "kan niet vanuit de fase waarin het traject nu is" in conflict.text
    assert stands(town, case).stage == "screened"


def test_it_can_be_done_after_all_with_what_was_typed(town: Town) -> None:
    case, visitor = town.case("agreed"), town.signed_in()
    page = visitor.open(f"{page_of(case)}/moves/stop?back=/cases")
    value = wanted(town, case, "stop")
    moved(town, case, "plan_intake")
    conflict = visitor.send(page, move=value, reason="childcare", note="Tot in september.")
    assert conflict.status == 409
    assert "Toch doen?" in conflict.text
    assert "Tot in september." in conflict.reply.text
    assert conflict.link_to("Laat het zoals het nu is") == "/cases"
    done = visitor.send(conflict, move=wanted(town, case, "stop"))
    assert done.path.startswith("/cases?done=")
    assert stands(town, case).stage == "stopped"


def test_it_can_be_left_as_it_is(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    value = wanted(town, case, "know")
    moved(town, case, "screen")
    conflict = visitor.send(page, move=value)
    assert conflict.link_to("Laat het zoals het nu is") == page_of(case)
    assert conflict.link_to("Open het traject") == page_of(case)
    assert stands(town, case).seq == 2


def test_another_owner_is_a_change_too(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    value = wanted(town, case, "know")
    with transaction(town.engine) as session:
        case_changes.change_owner(session, case, town.jan, by=town.jan, now=town.now)
    conflict = visitor.send(page, move=value)
    assert conflict.status == 409
    assert "Andere behandelaar: Ann (verzonnen) → Jan (verzonnen)" in conflict.text
    visitor.send(conflict, move=wanted(town, case, "know"))
    assert stands(town, case).stage == "trust"


def test_a_second_conflict_is_a_conflict_again(town: Town) -> None:
    case, visitor = town.case(), town.signed_in()
    page = visitor.open(page_of(case))
    first = wanted(town, case, "know")
    with transaction(town.engine) as session:
        case_changes.change_owner(session, case, None, by=town.jan, now=town.now)
    conflict = visitor.send(page, move=first)
    second = wanted(town, case, "know")
    moved(town, case, "screen")
    again = visitor.send(conflict, move=second)
    assert again.status == 409
    assert stands(town, case).stage == "screened"


def test_a_case_that_went_to_a_colleague_is_not_there_for_staff(town: Town) -> None:
    case, visitor = town.case(), town.signed_in(staff_id=town.jan)
    with transaction(town.engine) as session:
        case_changes.change_owner(session, case, town.jan, by=None, now=town.now)
    page = visitor.open(page_of(case))
    value = wanted(town, case, "know")
    with transaction(town.engine) as session:
        case_changes.change_owner(session, case, town.ann, by=town.ann, now=town.now)
    gone = visitor.send(page, move=value)
    assert gone.status == 404
    assert reference(case) not in gone.text
