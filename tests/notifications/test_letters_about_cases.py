"""A colleague asks to look at cases: the mail names those that are still the receiver's."""

from sqlmodel import Session

from core.references import reference
from notifications.views import AboutCasesView
from referrals import bulk, case_changes
from storage.queries.outbox import Outgoing
from storage.tables import Message
from tests.builders import NOW, a_case, a_library, a_staff
from tests.looking import rows_of
from tests.notifications.post import claimed, letter, needed, written


def _asked(session: Session) -> tuple[int, int, list[int], Outgoing]:
    library = a_library(session)
    ann, bas = (a_staff(session, library, name) for name in ("Anna", "Bas"))
    cases = [a_case(session, library, owner=bas) for _ in range(12)]
    bulk.ask_owners(session, cases, by=ann, now=NOW)
    [message] = rows_of(session, Message, kind="about_cases")
    return ann, bas, cases, claimed(session, message)


def test_it_names_ten_and_counts_the_others(session: Session) -> None:
    _, _, cases, message = _asked(session)
    view = needed(session, message).values["asked"]
    assert isinstance(view, AboutCasesView)
    assert (view.name, view.by, view.number, view.not_shown) == ("Bas", "Anna", 12, 2)
    assert view.references == tuple(map(reference, cases[:10]))
    assert "/cases?owner=mine" in written(session, message).text


def test_what_went_to_somebody_else_is_left_out_and_at_last_the_mail_too(session: Session) -> None:
    ann, _, cases, message = _asked(session)
    for case in cases[1:]:
        case_changes.change_owner(session, case, ann, by=ann, now=NOW)
    view = needed(session, message).values["asked"]
    assert isinstance(view, AboutCasesView) and view.number == 1
    case_changes.change_owner(session, cases[0], ann, by=ann, now=NOW)
    assert letter(session, message) is None


def test_nobody_mails_themselves(session: Session) -> None:
    library = a_library(session)
    ann = a_staff(session, library, "Anna")
    case = a_case(session, library, owner=ann)
    assert bulk.ask_owners(session, [case], by=ann, now=NOW) == {}
    assert not rows_of(session, Message, kind="about_cases")
