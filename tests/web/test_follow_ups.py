"""A follow-up answered from the mail: done, later, handed over, not reached; and taken back."""

from datetime import date, timedelta

from referrals.moving import move_cases
from storage.engine import transaction
from storage.tables import FollowUp, Link
from tests.looking import rows_of, the_case
from tests.web.town import SECRET, Town, Visitor


def _row(town: Town, case: int, rule: str = "first_call") -> FollowUp:
    return town.follow_up(case, rule)


def test_the_page_says_what_must_be_done_for_whom_and_by_when(town: Town, visitor: Visitor) -> None:
    _, link = town.to_follow_up()
    page = visitor.open(link)
    assert page.status == 200
    assert page.title == "Bel de deelnemer en vraag wat die wil leren."
    assert SECRET in page.text and "Vogel" not in page.text
    assert "dinsdag 10 april 2018" in page.text
    assert "Bibliotheek de-voorbeeld" in page.text


def test_what_is_late_says_how_late(town: Town, visitor: Visitor) -> None:
    _, link = town.to_follow_up()
    town.later(days=8)
    assert "1 werkdag te laat" in visitor.open(link).text
    town.later(days=1)
    assert "2 werkdagen te laat" in visitor.open(link).text


def test_done_with_a_remark_and_taken_back(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    done = visitor.send(visitor.open(link), do="done", outcome="Wil leren lezen.")
    assert done.title == "Gedaan"
    row = _row(town, case)
    assert (row.state, row.outcome, row.done_by) == ("done", "Wil leren lezen.", town.ann)
    assert "Ann (verzonnen) heeft dit gedaan" in visitor.open(link).text
    undone = visitor.send(done, of=done.path.rpartition("/")[2])
    assert undone.title == "Teruggedraaid"
    assert _row(town, case).state == "open"
    assert visitor.open(done.path).buttons == []


def test_put_off_to_tomorrow_a_week_and_a_day(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    town.later(days=7)
    page = visitor.open(link)
    visitor.send(page, do="later", button={"until": "tomorrow"})
    assert _row(town, case).due_on == date(2018, 4, 11)
    visitor.send(visitor.open(link), do="later", button={"until": "week"})
    assert _row(town, case).due_on == date(2018, 4, 18)
    put_off = visitor.send(visitor.open(link), do="later", day="2018-05-01")
    assert "dinsdag 1 mei 2018" in put_off.text
    assert _row(town, case).due_on == date(2018, 5, 1)
    visitor.send(put_off, of=put_off.path.rpartition("/")[2])
    assert _row(town, case).due_on == date(2018, 4, 18)


def test_tomorrow_is_the_next_workday(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    # a Friday
    town.later(days=10)
    page = visitor.open(link)
    assert "Volgende werkdag maandag 16 april 2018" in page.text
    visitor.send(page, do="later", button={"until": "tomorrow"})
    assert _row(town, case).due_on == date(2018, 4, 16)


def test_handed_over_and_back(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    given = visitor.send(visitor.open(link), do="hand_over", to=str(town.jan))
    assert "Jan (verzonnen) heeft het nu" in given.text
    assert _row(town, case).assignee_id == town.jan
    assert "Bij Jan (verzonnen)" in visitor.open(link).text
    visitor.send(given, of=given.path.rpartition("/")[2])
    assert _row(town, case).assignee_id == town.ann


def test_nothing_is_handed_to_somebody_of_another_library(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    page = visitor.send(visitor.open(link), do="hand_over", to="9999")
    assert page.status == 422
    assert "Hier is niets gekozen." in page.text
    assert _row(town, case).assignee_id == town.ann


def test_not_reached_plans_the_next_attempt_and_offers_a_step_after_the_last(
    town: Town, visitor: Visitor
) -> None:
    case, link = town.to_follow_up()
    for attempt in (1, 2):
        tried = visitor.send(visitor.open(link), do="not_reached")
        row = _row(town, case)
        assert (row.state, row.occurrence) == ("open", attempt + 1)
        assert "De volgende poging is op" in tried.text
        link = town.link("follow_up", row.id or 0, staff=town.ann)
    assert "Dit was de laatste poging" in visitor.open(link).text
    last = visitor.send(visitor.open(link), do="not_reached")
    assert "Niet bereikbaar" in last.buttons
    moved = visitor.send(last, do="move")
    assert "staat nu op: Niet bereikbaar" in moved.text
    with transaction(town.engine) as session:
        assert the_case(session, case).stage == "unreachable"
    visitor.send(moved, of=moved.path.rpartition("/")[2])
    with transaction(town.engine) as session:
        assert the_case(session, case).stage == "contact"


def test_an_attempt_in_vain_is_taken_back_with_the_next_one(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    tried = visitor.send(visitor.open(link), do="not_reached")
    visitor.send(tried, of=tried.path.rpartition("/")[2])
    with transaction(town.engine) as session:
        [row] = rows_of(session, FollowUp, case_id=case, rule="first_call")
    assert (row.state, row.occurrence) == ("open", 1)


def test_a_follow_up_without_further_attempts_can_only_be_put_off(
    town: Town, visitor: Visitor
) -> None:
    """Nobody is lost because one call was not answered."""
    case = town.case()
    with transaction(town.engine) as session:
        move_cases(session, [case], "screen", by=town.ann, now=town.now).raise_refusal()
    row = _row(town, case, "tell_the_result")
    page = visitor.open(town.link("follow_up", row.id or 0, staff=town.ann))
    assert "Niet bereikt" not in page.text
    path, fields = page.form({"do": "done"}, {})
    assert visitor.post(path, {**fields, "do": "not_reached"}).status_code == 422


def test_a_case_that_moved_on_says_so(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    page = visitor.open(link)
    with transaction(town.engine) as session:
        move_cases(session, [case], "agree", by=town.ann, now=town.now).raise_refusal()
    told = visitor.open(link)
    assert "Hier hoeft niets meer te gebeuren" in told.text
    assert "Het staat nu op: Akkoord" in told.text
    assert told.buttons == []
    late = visitor.send(page, do="done", outcome="")
    assert late.status == 409
    assert "Hier hoeft niets meer te gebeuren" in late.text
    assert _row(town, case).state == "ended"


def test_a_case_that_changed_but_still_needs_it_says_where_it_stands(
    town: Town, visitor: Visitor
) -> None:
    case = town.case()
    row = _row(town, case)
    link = town.link("follow_up", row.id or 0, staff=town.ann, version=99)
    page = visitor.open(link)
    assert "Het traject is veranderd sinds deze mail. Het staat nu op: Contact." in page.text
    assert "Gedaan" in page.buttons


def test_what_a_mail_chose_is_only_opened(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    page = visitor.open(f"{link}?do=later")
    [opened] = [each for each in page.tree.iter("details") if "open" in each.attrib]
    assert opened.attrib["id"] == "later"
    assert _row(town, case).state == "open"
    assert visitor.open(f"{link}?do=%3Cscript%3E").status == 200


def test_looking_uses_nothing_up(town: Town, visitor: Visitor) -> None:
    """Scanners open every link, and often."""
    case, link = town.to_follow_up()
    for _ in range(50):
        visitor.client.head(link)
        visitor.open(f"{link}?do=done")
    with transaction(town.engine) as session:
        [kept] = rows_of(session, Link)
    assert kept.used_at is None
    assert _row(town, case).state == "open"
    visitor.send(visitor.open(link), do="done", outcome="")
    with transaction(town.engine) as session:
        [kept] = rows_of(session, Link)
    assert kept.used_at == town.now


def test_an_undo_does_not_undo_what_somebody_else_did_since(town: Town, visitor: Visitor) -> None:
    case, link = town.to_follow_up()
    put_off = visitor.send(visitor.open(link), do="later", day="2018-05-01")
    row = _row(town, case)
    other = town.visitor()
    theirs = town.link("follow_up", row.id or 0, staff=town.jan)
    other.send(other.open(theirs), do="done", outcome="")
    assert visitor.open(put_off.path).buttons == []
    refused = visitor.send(put_off, of=put_off.path.rpartition("/")[2])
    assert refused.status == 409
    assert _row(town, case).state == "done"


#
# Somebody at a partner
#


def test_the_referrer_says_yes_without_seeing_a_name(town: Town, visitor: Visitor) -> None:
    case, link = town.to_question()
    page = visitor.open(link)
    assert page.title == "Is er contact geweest?"
    assert SECRET not in page.text
    done = visitor.send(page, do="yes", outcome="Volgende week weer.")
    assert "U hoeft hier niets meer voor te doen." in done.text
    row = _row(town, case, "contact_made")
    assert (row.state, row.done_by) == ("done", None)
    assert row.outcome == "De verwijzer zegt: er is contact geweest. Volgende week weer."


def test_not_yet_and_unknown_are_asked_again(town: Town, visitor: Visitor) -> None:
    case, link = town.to_question()
    asked = visitor.send(visitor.open(link), do="unknown")
    assert "We vragen het u opnieuw op" in asked.text
    row = _row(town, case, "contact_made")
    assert (row.state, row.occurrence) == ("open", 2)
    assert "We vragen het u opnieuw op" in visitor.open(link).text


def test_after_the_last_not_yet_the_library_takes_over(town: Town, visitor: Visitor) -> None:
    case, link = town.to_question()
    for _ in range(2):
        visitor.send(visitor.open(link), do="not_yet")
        number = _row(town, case, "contact_made").id or 0
        link = town.link("follow_up", number, contact=town.referrer)
    asked = visitor.send(visitor.open(link), do="not_yet")
    assert "De bibliotheek neemt het over." in asked.text
    with transaction(town.engine) as session:
        [mine] = [row for row in rows_of(session, FollowUp, case_id=case) if row.rule is None]
    assert (mine.assignee_id, mine.state) == (town.ann, "open")
    assert mine.due_on == town.now.date() + timedelta(days=1)


def test_somebody_at_a_partner_cannot_do_what_staff_can(town: Town, visitor: Visitor) -> None:
    case, link = town.to_question()
    path, fields = visitor.open(link).form({"do": "yes"}, {})
    for do in ("done", "later", "hand_over", "not_reached", "move"):
        reply = visitor.post(path, {**fields, "do": do, "to": str(town.jan), "until": "week"})
        assert reply.status_code == 422
    assert _row(town, case, "contact_made").state == "open"
