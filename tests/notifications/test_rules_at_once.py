"""Two workers plan a thing once, and never overwrite what somebody does right now."""

from datetime import date

import pytest
from sqlalchemy import Engine

from notifications import digest, rules
from referrals import follow_ups
from storage.engine import transaction
from storage.tables import FollowUp
from tests.builders import a_case, a_contact, a_library, a_partner
from tests.looking import rows_of
from tests.notifications.moments import DUE, at

#: five workdays after the first call was due
WEEK = at(date(2018, 4, 17), 8)
#: ten workdays after somebody at a partner was asked
LATER = at(date(2018, 4, 24), 8)


def test_two_workers_at_once_plan_it_once(engine: Engine) -> None:
    with transaction(engine) as session:
        case = a_case(session, a_library(session))
    if engine.dialect.name == "sqlite":
        # a second writer waits, and finds nothing left
        for _ in range(2):
            with transaction(engine) as session:
                rules.plan(session, WEEK, due_hour=8)
    else:
        with transaction(engine) as one, transaction(engine) as other:
            other.connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            assert rules.plan(one, WEEK, due_hour=8) == 2
            assert rules.plan(other, WEEK, due_hour=8) == 0
    with transaction(engine) as session:
        rows = rows_of(session, FollowUp, case_id=case, rule="first_call")
        assert [row.receiver for row in rows] == ["owner", "coordinator"]


# on SQLite only one writes at a time
@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_what_somebody_answers_right_now_is_not_overwritten(engine: Engine) -> None:
    with transaction(engine) as session:
        library = a_library(session)
        school = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
        a_contact(session, school)
        case = a_case(session, library, "referred", partner=school)
        digest.ask_partners(session, at(DUE, 8), due_hour=8)
        [asked] = rows_of(session, FollowUp, case_id=case, rule="contact_made")
    with transaction(engine) as session, transaction(engine) as other:
        other.connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        follow_ups.do(session, asked.id or 0, by=None, now=LATER, outcome="Ja")
        assert rules.plan(other, LATER, due_hour=8) == 0
    with transaction(engine) as session:
        rules.plan(session, LATER, due_hour=8)
        [row] = rows_of(session, FollowUp, case_id=case, rule="contact_made")
        assert (row.state, row.outcome) == ("done", "Ja")
