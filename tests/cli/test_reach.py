"""`brug reach`: how many people got how far, with the definition, and verified."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.engine import transaction
from storage.queries import staff
from storage.tables import ReachCell
from tests.builders import NOW, a_case, a_participant, a_pilot
from tests.cli.running import Brug
from tests.looking import rows_of


@pytest.fixture
def counted(brug: Brug, engine: Engine) -> Brug:
    """Two people with three cases, on two routes, one of them in a pilot."""
    with transaction(engine) as session:
        [library] = staff.organisations(session)
        assert library.id is not None
        pilot = a_pilot(session, library.id, "Katwijk")
        who = a_participant(session, library.id)
        a_case(session, library.id, "screened", participant=who, pilot=pilot)
        a_case(session, library.id, route="parents", participant=who, channel="school")
        a_case(
            session, library.id, municipality="GM0537", now=NOW - timedelta(days=40),
            participant=a_participant(session, library.id),
        )  # fmt: skip
    return brug


def _rows(brug: Brug, *words: object) -> list[tuple[Any, ...]]:
    found = brug.json("reach", *words)
    assert set(found) >= {"definition", "from", "to", "as_known_on", "rows"}
    return [tuple(row.values()) for row in found["rows"]]


def test_people_and_participations_per_stage(counted: Brug) -> None:
    found = counted.json("reach", "--by", "stage")
    assert found["rows"] == [
        {"stage": "contact", "people": 2, "participations": 3},
        {"stage": "trust", "people": 1, "participations": 1},
        {"stage": "screened", "people": 1, "participations": 1},
    ]
    assert found["definition"]


def test_every_split_can_be_asked_for(counted: Brug) -> None:
    assert _rows(counted, "--by", "level", "--by", "route") == [
        ("contacted", "open-door", 2, 2), ("contacted", "parents", 1, 1),
        ("known", "open-door", 1, 1),
    ]  # fmt: skip
    assert ("contact", "Katwijk", 1, 1) in _rows(counted, "--by", "stage", "--by", "pilot")
    assert ("contact", "school", 1, 1) in _rows(counted, "--by", "channel")
    assert ("contact", "GM0537", 1, 1) in _rows(counted, "--by", "municipality")
    assert _rows(counted, "--by", "month")[:2] == [
        ("contact", "2018-02", 1, 1), ("contact", "2018-04", 1, 2),
    ]  # fmt: skip


def test_a_route_and_a_period_can_be_asked_for(counted: Brug) -> None:
    assert _rows(counted, "--route", "parents") == [("contact", 1, 1)]
    period = ("--from", "2018-02-01", "--to", "2018-02-28")
    assert _rows(counted, *period) == [("contact", 1, 1)]
    assert _rows(counted, "--from", "2018-04-03", "--to", "9999-12-31")[0] == ("contact", 1, 2)
    long_ago = date(2018, 1, 1)
    assert _rows(counted, "--as-known-on", long_ago) == []
    assert _rows(counted, "--as-known-on", "9999-12-31")[0] == ("contact", 2, 3)


def test_people_see_a_table_with_the_definition(counted: Brug) -> None:
    shown = counted("reach", "--by", "stage", "--by", "pilot")
    assert "Katwijk" in shown and "Contact" in shown
    assert len(counted("reach").splitlines()) >= 5


def test_what_cannot_be_asked_is_refused(counted: Brug) -> None:
    counted("reach", "--by", "stage", "--by", "level", code=2)
    counted("reach", "--by", "pilot", "--by", "month", code=2)
    for day in ("31-12-2018", "2018-13-01"):
        counted("reach", "--from", day, code=2)
        assert day in counted.complaint and "2018-03-31" in counted.complaint
    counted("reach", "--from", "2018-02-01", "--to", "2018-01-01", code=2)
    counted("reach", "--route", "nowhere", code=1)


def test_a_summary_is_verified_found_wrong_and_mended(counted: Brug, engine: Engine) -> None:
    before = _rows(counted)
    found = counted.json("reach", "--verify")
    asked = {(each["by"], each["split"]) for each in found}
    assert len(asked) == len(found) >= 12
    assert not any(each["differences"] for each in found)
    with transaction(engine) as session:
        for cell in rows_of(session, ReachCell):
            cell.people += 1
            session.add(cell)
    wrong = counted.json("reach", "--verify", code=1)
    assert any(each["differences"] for each in wrong)
    counted("reach", "--verify", "--mend")
    counted("reach", "--verify")
    assert _rows(counted) == before


def test_a_move_counts_at_once_and_an_undone_one_no_more(counted: Brug) -> None:
    reference = counted.json("case", "open")["reference"]
    counted("case", "move", reference, "-m", "lose_touch")
    assert ("unreachable", 1, 1) in _rows(counted)
    counted("case", "undo", reference)
    assert "unreachable" not in {row[0] for row in _rows(counted)}
