"""Moves: what they write, what they refuse, and what happens when two people make one."""

from sqlmodel import Session

from referrals import moving
from storage.queries import cases
from tests.builders import NOW, a_case, a_colleague, a_library


def test_a_move_puts_the_case_at_the_next_stage(session: Session) -> None:
    library = a_library(session)
    case = a_case(session, library)

    outcome = moving.move_cases(session, [case], "know", by=None, now=NOW)

    assert [each.to_stage for each in outcome.moved] == ["trust"]
    [row] = cases.standing(session, [case])
    assert (row.stage, row.seq, row.version) == ("trust", 2, 2)


def test_a_path_from_first_contact_to_the_end(session: Session) -> None:
    library = a_library(session)
    owner = a_colleague(session, library, "bo@voorbeeld.nl")
    case = a_case(session, library, "completed", owner=owner)
    assert [each.to_stage for each in cases.history(session, case)] == [
        "contact", "agreed", "referred", "spoken", "intake", "started", "completed",
    ]  # fmt: skip
