"""Entering a stage: history, reach, follow-ups and journal, for many as for one."""

from datetime import date

from sqlmodel import Session

from referrals import entering, routes
from referrals.entering import Entering
from storage.queries import cases
from storage.tables import FollowUp, JournalEntry, ReachEntry, StageEntry
from tests.builders import NOW, TODAY, a_case, a_colleague, a_library
from tests.looking import rows_of


def _entering(
    session: Session, case: int, stage: str, by: int | None = None, seq: int = 2
) -> Entering:
    [row] = cases.standing(session, [case])
    return Entering(row, seq, "move", "x", "contact", stage, NOW, TODAY, by=by, note="n")


def test_history_and_reach_are_written_together(session: Session) -> None:
    library = a_library(session)
    entries = [_entering(session, a_case(session, library), "screened") for _ in range(45)]
    published = routes.newest(session, "open-door")
    entering.write_entries(session, entries, {published.id: published}, NOW)
    assert len(rows_of(session, StageEntry, seq=2)) == 45
    reached = rows_of(session, ReachEntry, seq=2)
    assert {(row.stage, row.level, row.day) for row in reached} == {("screened", 1, TODAY)}


def test_an_undoing_reaches_nothing(session: Session) -> None:
    case = a_case(session, a_library(session))
    entering.write_history(session, [_entering(session, case, "contact")], NOW)
    assert len(rows_of(session, StageEntry)) == 2
    assert len(rows_of(session, ReachEntry)) == 1


def test_follow_ups_go_to_whom_the_rule_names(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, owner=bo)
    published = routes.newest(session, "open-door")
    wanted = (
        ("agreed", "owner", bo), ("referred", "referrer", None), ("waiting", "coordinator", None),
    )  # fmt: skip
    for seq, (stage, receiver, assignee) in enumerate(wanted, 2):
        entry = _entering(session, case, stage, seq=seq)
        planned = entering.plan(
            session, [entry], {published.id: published}, {}, now=NOW, due_hour=8
        )
        item, norm = planned[case]
        assert norm.rule == "norm"
        [row] = rows_of(session, FollowUp, rule=item.rule)
        assert (row.receiver, row.assignee_id, row.due_on) == (receiver, assignee, item.due_on)


def test_a_rule_that_counts_from_an_unknown_date_waits(session: Session) -> None:
    case = a_case(session, a_library(session))
    published = routes.newest(session, "open-door")
    version = {published.id: published}
    entry, another = (_entering(session, case, "intake", seq=seq) for seq in (2, 3))
    planned = entering.plan(session, [entry], version, {}, now=NOW, due_hour=8)
    assert [item.rule for item in planned[case]] == ["norm"]
    dates = {case: {"appointment": date(2018, 5, 31)}}
    planned = entering.plan(session, [another], version, dates, now=NOW, due_hour=8)
    days = {item.rule: item.due_on for item in planned[case]}
    assert days == {"before_intake": date(2018, 5, 30), "norm": date(2018, 4, 17)}


def test_the_journal_has_a_line_for_each(session: Session) -> None:
    library = a_library(session)
    bo = a_colleague(session, library, "bo@voorbeeld.nl")
    entries = [_entering(session, a_case(session, library), "trust", by=bo) for _ in range(3)]
    entering.write_journal(session, "case.tested", entries, NOW)
    lines = rows_of(session, JournalEntry, what="case.tested")
    assert [line.subject_id for line in lines] == [entry.case.id for entry in entries]
    assert {(line.by_staff_id, line.at) for line in lines} == {(bo, NOW)}
    assert all(line.detail == {"from": "contact", "to": "trust", "seq": 2} for line in lines)
