"""What nobody did in time goes on to somebody else, once; partners are asked some times again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import Session

from notifications import digest, rules
from notifications.rules import definition_of, next_in_line
from referrals import case_changes, follow_ups, moving, routes
from storage.queries import due_work
from storage.tables import FollowUp
from tests.builders import NOW, a_case, a_contact, a_library, a_partner, a_staff
from tests.looking import rows_of
from workflows.definition import Escalation, FollowUpRule, Titles
from workflows.library import builtin
from workflows.periods import Moment, Period

CALL, ASK = "first_call", "contact_made"


def on(day: int, hour: int = 6, month: int = 4) -> datetime:
    """A moment in April 2018, in UTC: six is eight o'clock in the Netherlands."""
    return datetime(2018, month, day, hour, tzinfo=UTC)


def plan(session: Session, now: datetime) -> int:
    return rules.plan(session, now, due_hour=8)


def ladder(session: Session, case: int, rule: str) -> list[tuple[int, str, str, str]]:
    """(how-manieth time, for whom, state, local day) of everything planned by a rule."""
    rows = sorted(rows_of(session, FollowUp, case_id=case, rule=rule), key=lambda row: row.id or 0)
    return [(row.occurrence, row.receiver, row.state, f"{row.due_on:%d-%m}") for row in rows]


def the(session: Session, case: int, rule: str, receiver: str, occurrence: int = 1) -> FollowUp:
    """One rung of a ladder."""
    [row] = rows_of(
        session, FollowUp, case_id=case, rule=rule, receiver=receiver, occurrence=occurrence
    )
    return row


def test_what_the_owner_did_not_do_goes_to_the_coordinator(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    case = a_case(session, library, owner=bas)
    # five workdays after it was due on the tenth
    assert plan(session, on(17, 5)) == 0
    assert plan(session, on(17)) == 2
    assert ladder(session, case, CALL) == [
        (1, "owner", "open", "10-04"), (1, "coordinator", "open", "17-04"),
    ]  # fmt: skip
    higher = the(session, case, CALL, "coordinator")
    assert (higher.assignee_id, higher.due_at, higher.escalates_at) == (None, on(17), None)
    assert (higher.seq, higher.created_at) == (1, on(17))
    assert the(session, case, CALL, "owner").escalates_at is None


def test_a_tick_that_comes_again_plans_nothing_twice(session: Session) -> None:
    case = a_case(session, a_library(session))
    plan(session, on(17))
    before = ladder(session, case, CALL), ladder(session, case, "norm")
    for moment in (on(17), on(18), on(28, month=12)):
        assert plan(session, moment) == 0
    assert (ladder(session, case, CALL), ladder(session, case, "norm")) == before


def test_what_a_partner_did_not_tell_goes_to_the_owner_and_then_to_the_coordinator(
    session: Session,
) -> None:
    library = a_library(session)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    case = a_case(session, library, "referred", owner=bas)
    plan(session, on(17))
    owner = the(session, case, ASK, "owner")
    assert (owner.assignee_id, owner.escalates_at) == (bas, on(24))
    case_changes.change_owner(session, case, cas, by=None, now=on(18))
    plan(session, on(24))
    assert ladder(session, case, ASK) == [
        (1, "referrer", "open", "10-04"), (1, "owner", "open", "17-04"),
        (1, "coordinator", "open", "24-04"),
    ]  # fmt: skip
    assert the(session, case, ASK, "coordinator").escalates_at is None
    assert plan(session, on(28, month=12)) == 0
    assert len(ladder(session, case, ASK)) == 3


def test_the_owner_who_hears_of_it_is_the_one_of_that_day(session: Session) -> None:
    library = a_library(session)
    bas, cas = a_staff(session, library, "Bas"), a_staff(session, library, "Cas")
    case = a_case(session, library, "referred", owner=bas)
    case_changes.change_owner(session, case, cas, by=None, now=on(11))
    plan(session, on(17))
    assert the(session, case, ASK, "owner").assignee_id == cas


def test_a_rung_that_falls_on_a_day_off_waits_for_a_workday(session: Session) -> None:
    # due on the twentieth, so five workdays later is past King's Day on the 27th
    case = a_case(session, a_library(session), now=on(13))
    assert plan(session, on(27)) == 0
    assert plan(session, on(30)) == 2
    assert the(session, case, CALL, "coordinator").due_on == date(2018, 4, 30)


@pytest.mark.parametrize("receiver", ["referrer", "owner", "coordinator"])
def test_whoever_does_it_does_it_for_all(session: Session, receiver: str) -> None:
    case = a_case(session, a_library(session), "referred")
    plan(session, on(17))
    plan(session, on(24))
    done = the(session, case, ASK, receiver)
    follow_ups.do(session, done.id or 0, by=None, now=on(25))
    states = {name: state for _, name, state, _ in ladder(session, case, ASK)}
    assert states == {"referrer": "ended", "owner": "ended", "coordinator": "ended"} | {
        receiver: "done"
    }
    follow_ups.undo(session, done.id or 0, by=None, now=on(25, 7))
    assert {state for _, _, state, _ in ladder(session, case, ASK)} == {"open"}


def test_what_was_done_or_whose_case_moved_on_goes_nowhere(session: Session) -> None:
    library = a_library(session)
    moved, done = a_case(session, library), a_case(session, library)
    moving.move_cases(session, [moved], "know", by=None, now=on(4))
    for row in rows_of(session, FollowUp, case_id=done):
        follow_ups.do(session, row.id or 0, by=None, now=on(11))
    assert plan(session, on(17)) == 0
    assert ladder(session, done, CALL) == [(1, "owner", "done", "10-04")]


def _asked_case(session: Session, stage: str = "referred") -> int:
    """A case about which somebody at a partner can be mailed."""
    library = a_library(session)
    partner = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
    a_contact(session, partner)
    return a_case(session, library, stage, owner=a_staff(session, library, "Bas"), partner=partner)


def test_partners_are_asked_again_until_the_last_time_and_then_no_more(session: Session) -> None:
    case = _asked_case(session)
    asked = []
    for day in (NOW + timedelta(days=number) for number in range(120)):
        plan(session, day)
        if digest.ask_partners(session, day, due_hour=8):
            asked.append(f"{day:%d-%m}")
    # ten workdays apart, without King's Day, Ascension Day and Whit Monday
    assert asked == ["10-04", "24-04", "09-05"]
    mine = [each for each in ladder(session, case, ASK) if each[1] == "referrer"]
    assert mine == [
        (1, "referrer", "missed", "10-04"), (2, "referrer", "missed", "24-04"),
        (3, "referrer", "open", "09-05"),
    ]  # fmt: skip
    assert the(session, case, ASK, "referrer", 3).repeats_at is None


def test_nobody_is_asked_again_while_the_first_mail_did_not_go(session: Session) -> None:
    case = a_case(session, a_library(session), "referred")
    for number in range(60):
        plan(session, NOW + timedelta(days=number))
    assert [each[:3] for each in ladder(session, case, ASK)] == [
        (1, "referrer", "open"), (1, "owner", "open"), (1, "coordinator", "open"),
    ]  # fmt: skip


def test_an_answer_in_time_stops_the_asking(session: Session) -> None:
    case = _asked_case(session)
    digest.ask_partners(session, on(10, 9), due_hour=8)
    follow_ups.do(session, the(session, case, ASK, "referrer").id or 0, by=None, now=on(12))
    plan(session, on(24))
    assert [each[:3] for each in ladder(session, case, ASK)] == [(1, "referrer", "done")]


def _asked_twice(session: Session) -> int:
    """The owner should see to it, and the partner was asked once more meanwhile."""
    case = _asked_case(session)
    for day in (on(10), on(17), on(24)):
        plan(session, day)
        digest.ask_partners(session, day, due_hour=8)
    assert [each[:3] for each in ladder(session, case, ASK)] == [
        (1, "referrer", "missed"), (1, "owner", "open"), (1, "coordinator", "open"),
        (2, "referrer", "open"),
    ]  # fmt: skip
    return case


def test_what_the_owner_did_the_partner_is_not_asked_once_more(session: Session) -> None:
    case = _asked_twice(session)
    owner = the(session, case, ASK, "owner").id or 0
    follow_ups.do(session, owner, by=None, now=on(25))
    states = [each[2] for each in ladder(session, case, ASK)]
    assert states == ["missed", "done", "ended", "ended"]
    follow_ups.undo(session, owner, by=None, now=on(25, 7))
    assert [each[2] for each in ladder(session, case, ASK)] == ["missed", "open", "open", "open"]


def test_what_the_owner_tried_in_vain_counts_as_the_times_that_were(session: Session) -> None:
    case = _asked_twice(session)
    owner = the(session, case, ASK, "owner").id or 0
    tried = follow_ups.try_in_vain(session, owner, by=None, now=on(25))
    assert tried.next_on == date(2018, 5, 11)
    assert ladder(session, case, ASK)[1:] == [
        (1, "owner", "missed", "17-04"), (1, "coordinator", "ended", "24-04"),
        (2, "referrer", "ended", "24-04"), (3, "referrer", "open", "11-05"),
    ]  # fmt: skip
    follow_ups.undo(session, owner, by=None, now=on(25, 7))
    assert [each[2] for each in ladder(session, case, ASK)] == ["missed", "open", "open", "open"]


def test_a_batch_leaves_the_rest_for_the_next_one(session: Session) -> None:
    library = a_library(session)
    for _ in range(3):
        a_case(session, library)
    done = [rules.plan(session, on(17), 8, limit=4) for _ in range(3)]
    assert done == [4, 2, 0]
    assert len(rows_of(session, FollowUp, receiver="coordinator")) == 6


def test_what_is_due_longest_goes_first(session: Session) -> None:
    library = a_library(session)
    late, early = a_case(session, library, now=on(4)), a_case(session, library)
    waiting = due_work.to_escalate(session, on(28, month=12), 9)
    assert [row.case_id for row in waiting] == [early, early, late, late]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("to_escalate", "ix_follow_up_escalates"),
        ("to_repeat", "ix_follow_up_repeats"),
        ("of_partners", "ix_follow_up_to_ask"),
    ],
)
def test_a_tick_looks_only_at_what_is_due(session: Session, question: str, index: str) -> None:
    """Each question has an index of its own, so that what is not due yet costs nothing."""
    looked = _looked_up(session, question)
    assert index in looked
    assert "SCAN follow_up" not in looked


def _looked_up(session: Session, question: str) -> str:
    """How the database looks it up; PostgreSQL is told that reading all of a table is dear."""
    connection = session.connection()
    plans: list[Any] = []
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")

    def explain(_: Connection, __: Any, statement: str, values: Any, *___: Any) -> None:
        if not statement.startswith("EXPLAIN"):
            word = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
            plans.extend(connection.exec_driver_sql(f"{word} {statement}", values))

    event.listen(connection, "before_cursor_execute", explain)
    if question == "of_partners":
        due_work.of_partners(session, NOW)
    else:
        getattr(due_work, question)(session, NOW, 10)
    event.remove(connection, "before_cursor_execute", explain)
    return "\n".join(str(row[-1]) for row in plans)


def test_the_ladder_ends_with_the_coordinator() -> None:
    up = Escalation(to="owner", after=Period(5, "workdays"))
    rule = FollowUpRule(
        name="ask", when=Moment("contact", Period(0, "days")), to="referrer",
        do=Titles(nl="Vraag", en="Ask"), escalate=up,
    )  # fmt: skip
    assert next_in_line(rule, "referrer") == "owner"
    assert next_in_line(rule, "owner") == "coordinator"
    assert next_in_line(rule, "coordinator") is None
    alone = rule.model_copy(update={"escalate": None})
    assert next_in_line(alone, "referrer") == "owner"
    assert next_in_line(alone, "owner") is None
    high = rule.model_copy(update={"escalate": Escalation(to="coordinator", after=up.after)})
    assert next_in_line(high, "referrer") == "coordinator"


def test_a_route_that_opens_another_published_one_is_read_as_published(session: Session) -> None:
    """It was checked when it was published; it need not open a built-in route."""
    text = builtin("open-door").replace("name: open-door", "name: own", 1)
    opening = text.replace("opens: language-to-digital", "opens: other")
    other = text.replace("name: own", "name: other", 1)
    routes.publish(session, other, by="test", now=NOW)
    version = routes.publish(session, opening, by="test", now=NOW)
    assert definition_of(session, version.id).moves["cross"].opens == "other"
