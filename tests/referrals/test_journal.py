"""The journal: numbers and codes, never a name."""

from sqlmodel import Session

from referrals import answering, case_changes, consent, follow_ups, journal, moving, undoing
from referrals.doubles import Person
from referrals.journal import Line
from referrals.moving import Answers
from storage.tables import FollowUp, JournalEntry
from tests.builders import NOW, TODAY, a_case, a_library, a_participant
from tests.looking import rows_of


def test_lines_are_kept_as_they_are_written(session: Session) -> None:
    library = a_library(session)
    line = Line(library, NOW, None, "case.tested", "case", 7, {"seq": 3, "from": None})
    journal.write(session, [line])
    [row] = rows_of(session, JournalEntry)
    assert row.model_dump(exclude={"id"}) == line._asdict()


def test_whatever_is_done_for_a_person_their_name_is_not_in_it(session: Session) -> None:
    library = a_library(session)
    person = Person("Zwaantje", "Geheimnaam", 1961, "+31612345678", "z@geheim.nl", "9999")
    who = a_participant(session, library, person=person)
    case = a_case(session, library, "referred", participant=who)
    case_changes.add_note(session, case, "Zwaantje belt", by=None, now=NOW)
    case_changes.change_owner(session, case, None, by=None, now=NOW)
    follow_ups.plan_by_hand(
        session, case, "Bel Zwaantje", TODAY, assignee_id=None, by=None, now=NOW
    )
    answering.answer(session, case, "declined", by=None, now=NOW, note="Zwaantje wil niet")
    answers = Answers(reason="personal", note="Zwaantje is ziek")
    moving.move_cases(session, [case], "stop", by=None, now=NOW, answers=answers)
    undoing.undo(session, case, by=None, now=NOW)
    for row in rows_of(session, FollowUp, case_id=case, state="open"):
        follow_ups.do(session, row.id or 0, by=None, now=NOW, outcome="Zwaantje blij")
    consent.withdraw_consent(session, who.id, by=None, now=NOW)

    lines = rows_of(session, JournalEntry)
    assert {line.what for line in lines} >= {
        "case.opened", "case.moved", "case.undone", "case.owner", "referral.sent",
        "referral.declined", "follow_up.planned", "follow_up.done", "consent.withdrawn",
    }  # fmt: skip
    said = " ".join(str(line.model_dump()) for line in lines)
    for secret in ("Zwaantje", "Geheim", "612345678", "geheim.nl"):
        assert secret not in said
