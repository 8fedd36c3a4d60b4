"""Verifying: a recount by another road finds every difference, and none where there is none."""

from sqlmodel import Session

from referrals.reach import settling, verifying
from referrals.reach.counting import SPLITS, Question, Row
from storage.tables import ReachCell
from tests.builders import a_case, a_library, a_pilot
from tests.looking import rows_of


def test_a_sound_summary_has_no_differences_on_any_question(session: Session) -> None:
    library = a_library(session)
    a_case(session, library, "started", pilot=a_pilot(session, library), municipality="GM0537")
    found = list(verifying.verify(session))
    assert {(asked.by, asked.split) for asked, _ in found} == {
        (kind, split) for kind in ("stage", "level") for split in (None, *SPLITS)
    }
    assert not any(differences for _, differences in found)


def test_a_cell_that_was_tampered_with_is_found(session: Session) -> None:
    a_case(session, a_library(session), "screened")
    settling.settle(session)
    [cell] = [
        row
        for row in rows_of(session, ReachCell, cube="stage", reached="screened")
        if row.month == 0
    ]
    cell.people = 2
    session.add(cell)
    session.flush()
    [difference] = verifying.compare(session, Question())
    assert difference.summed == Row("screened", "", 2, 1)
    assert difference.counted == Row("screened", "", 1, 1)


def test_a_row_that_one_of_the_two_lacks_is_found(session: Session) -> None:
    a_case(session, a_library(session))
    settling.settle(session)
    for cell in rows_of(session, ReachCell, cube="stage"):
        session.delete(cell)
    session.flush()
    [difference] = verifying.compare(session, Question())
    assert (difference.summed, difference.counted) == (None, Row("contact", "", 1, 1))
