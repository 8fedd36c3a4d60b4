"""Undo at the desk: only for whoever may still do it, of what is still theirs, and once."""

from datetime import date

from core.references import reference
from referrals import consent, follow_ups
from referrals.consent import Agreement, note_consent
from storage.engine import reading, transaction
from storage.tables import Case, Consent, Leave, Note, Staff
from tests.builders import TODAY
from tests.looking import rows_of, the_case
from tests.web.pages import Page
from tests.web.town import Town, Visitor


def _undo(visitor: Visitor, page: Page) -> int:
    key = page.path.partition("done=")[2].partition("&")[0]
    fields = {**visitor.own_form(), "of": key, "back": "/help"}
    return visitor.post("/undo", fields).status_code


def _give(town: Town, case: int, owner: int) -> None:
    with transaction(town.engine) as session:
        session.get_one(Case, case).owner_id = owner
        session.flush()


def test_whoever_lost_the_right_cannot_take_back_what_it_allowed(town: Town) -> None:
    boss = town.signed_in("administrator")
    page = boss.open(f"/settings/staff/{town.jan}")
    done = boss.send(page, role="coordinator")
    with transaction(town.engine) as session:
        [me] = [row for row in rows_of(session, Staff) if row.role == "administrator"]
        me.role = "staff"
        session.flush()
    assert _undo(boss, done) == 404
    with reading(town.engine) as session:
        assert session.get_one(Staff, town.jan).role == "coordinator"


def test_a_remark_on_a_case_that_is_a_colleagues_by_now_stays(town: Town) -> None:
    case = town.case()
    _give(town, case, town.jan)
    visitor = town.signed_in(staff_id=town.jan)
    path = f"/cases/{reference(case)}/notes"
    left = visitor.post(path, {**visitor.own_form(), "note": "Belde terug"}).headers["location"]
    done = visitor.open(left)
    _give(town, case, town.ann)
    assert _undo(visitor, done) == 404
    with reading(town.engine) as session:
        assert len(rows_of(session, Note)) == 1


def test_a_withdrawal_that_was_followed_by_another_stays(town: Town) -> None:
    case = town.case()
    visitor = town.signed_in()
    own = visitor.own_form()
    path = f"/cases/{reference(case)}/consent/withdraw"
    first = Page(path, visitor.client.get(visitor.post(path, own).headers["location"]))
    first.path = f"?done={own['key']}"
    town.later(minutes=1)
    with transaction(town.engine) as session:
        participant = the_case(session, case).participant_id
        note_consent(
            session, town.library, [(participant, Agreement(given_on=TODAY))], now=town.now
        )
    town.later(minutes=1)
    with transaction(town.engine) as session:
        consent.withdraw_consent(session, participant, by=town.ann, now=town.now)
    assert _undo(visitor, first) == 409
    with reading(town.engine) as session:
        assert all(row.withdrawn_at for row in rows_of(session, Consent))


def test_days_away_of_somebody_else_under_the_same_number_stay(town: Town) -> None:
    visitor = town.signed_in(staff_id=town.jan)
    page = visitor.open("/settings/leave")
    done = visitor.send(page, first_day="2018-05-01", last_day="2018-05-04")
    with transaction(town.engine) as session:
        [row] = rows_of(session, Leave)
        number = row.id
        session.delete(row)
        session.flush()
        row = Leave(
            id=number, organisation_id=town.library, staff_id=town.ann,
            first_day=date(2018, 6, 1), last_day=date(2018, 6, 2),
        )  # fmt: skip
        session.add(row)
    assert _undo(visitor, done) == 409
    with reading(town.engine) as session:
        assert [row.staff_id for row in rows_of(session, Leave)] == [town.ann]


def test_the_last_step_is_undone_from_the_case_whenever_it_was_made(town: Town) -> None:
    case = town.case("agreed")
    town.later(days=3)
    visitor = town.signed_in()
    page = visitor.open(f"/cases/{reference(case)}")
    assert "Laatste stap ongedaan maken: Akkoord noteren" in page.buttons
    with reading(town.engine) as session:
        version = the_case(session, case).version
    fields = {**visitor.own_form(), "seen": str(version)}
    path = f"/cases/{reference(case)}/undo"
    back = visitor.post(path, fields)
    assert back.status_code == 303
    assert "De laatste stap is teruggedraaid" in visitor.open(back.headers["location"]).text
    with reading(town.engine) as session:
        assert the_case(session, case).stage == "contact"
    stale = visitor.post(path, {**visitor.own_form(), "seen": str(version)})
    assert stale.status_code == 409


def test_a_name_that_looks_like_a_reference_is_searched_for(town: Town) -> None:
    visitor = town.signed_in()
    for typed in ("Fatima Abdelaziz", "Anneke van der Berg", "9" * 40, "A" * 30):
        assert visitor.open(f"/search?q={typed}").status == 200
    assert visitor.open(f"/cases/{'A' * 20}").status == 404
    boss = town.signed_in("administrator")
    assert boss.open(f"/settings/staff/{'9' * 20}").status == 404
    assert boss.open("/settings/staff/jan").status == 404


def test_what_was_handed_over_to_somebody_can_be_done_by_them(town: Town) -> None:
    case = town.case()
    visitor, path = town.signed_in(staff_id=town.jan), f"/cases/{reference(case)}"
    assert visitor.open(path).status == 404
    task = town.follow_up(case, "first_call")
    with transaction(town.engine) as session:
        follow_ups.hand_over(session, task.id or 0, town.jan, by=town.ann, now=town.now)
    assert visitor.open(path).status == 200
    done = {**visitor.own_form(), "do": "done", "back": "/"}
    assert visitor.post(f"{path}/follow-ups/{task.id}", done).status_code == 303
    assert town.follow_up(case, "first_call").state == "done"
    assert visitor.open(path).status == 404
