"""An event log is replayed whole, from CSV as from XES; only what is new comes in again."""

import gzip
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from sqlalchemy import Engine

from core.errors import FaultyFile, NotFound
from referrals import routes
from referrals.exchange.event_imports import import_events
from referrals.exchange.report import ImportReport
from referrals.reach import settling
from referrals.reach.counting import Question
from storage.engine import reading, transaction
from storage.queries import cases
from storage.tables import Case, ImportKey, Participant, StageEntry
from tests.looking import assert_whole, counted, rows_of
from tests.referrals.exchange.importing import NOW, all_rows, people_in
from workflows import discovery
from workflows.event_logs import read_traces

Log = dict[str, list[tuple[str, datetime]]]
ACTIVITIES = ("Ticket in", "Beoordelen", "Wachten & zien", 'Terug "naar" <klant>', "Klaar")
START = datetime(2017, 11, 27, 8, 0, tzinfo=UTC)


def a_log(count: int = 150, seed: int = 7) -> Log:
    """Cases that wander between activities, more than once through some, over four months."""
    chance = random.Random(seed)
    log: Log = {}
    for number in range(count):
        at = START + timedelta(hours=chance.randrange(3_000))
        log[f"zaak {number}"] = [
            (chance.choice(ACTIVITIES), at + timedelta(hours=chance.randrange(48) + 48 * step))
            for step in range(chance.randrange(1, 8))
        ]
    return log


def as_csv(path: Path, log: Log) -> Path:
    lines = ["Case ID;Activity;Complete Timestamp"]
    for case, events in log.items():
        for activity, at in events:
            told = activity.replace('"', '""')
            lines.append(f'{case};"{told}";{at.isoformat()}')
    content = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def as_xes(path: Path, log: Log) -> Path:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', '<log xes.version="1.0">']
    for case, events in log.items():
        parts.append(f'<trace><string key="concept:name" value={quoteattr(case)}/>')
        for activity, at in events:
            parts.append(
                f'<event><string key="concept:name" value={quoteattr(activity)}/>'
                f'<date key="time:timestamp" value="{at.isoformat()}"/></event>'
            )
        parts.append("</trace>")
    content = "\n".join([*parts, "</log>"]).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def _publish(engine: Engine, path: Path, name: str) -> None:
    text = discovery.discover(read_traces(path, zone="Europe/Amsterdam"), name)
    with transaction(engine) as session:
        routes.publish(session, text, by="test", now=NOW)


def _import(engine: Engine, library: int, path: Path, name: str, **options: Any) -> ImportReport:
    return import_events(
        engine, path, **{"route": name, "organisation_id": library, "now": NOW, **options}
    )


def cases_per_activity(log: Log) -> dict[str, int]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for case, events in log.items():
        for activity, _ in events:
            found[activity].add(case)
    return {activity: len(some) for activity, some in found.items()}


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", "log.xes", "log.xes.gz"])
def test_every_activity_has_its_distinct_cases(
    engine: Engine, library: int, tmp_path: Path, name: str
) -> None:
    log = a_log()
    write = as_csv if "csv" in name else as_xes
    path = write(tmp_path / name, log)
    _publish(engine, path, "helpdesk")
    heard: list[int] = []
    report = _import(engine, library, path, "helpdesk", progress=heard.append)

    events = sum(len(some) for some in log.values())
    assert (report.rows, report.accepted, report.events) == (events, events, events)
    assert (report.cases, report.people, report.refused) == (len(log), len(log), [])
    assert heard == [events]
    assert people_in(engine, "helpdesk") == cases_per_activity(log)
    with transaction(engine) as session:
        rows = counted(session, Question(route="helpdesk"))
        assert all(row.people == row.participations for row in rows)
        # what was summed up at once is what a summary made anew would hold
        settling.rebuild(session)
        assert set(rows) == counted(session, Question(route="helpdesk"))
        for case in rows_of(session, Case)[:5]:
            assert_whole(session, case.id or 0)


def test_a_case_stands_where_its_last_event_left_it(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    log = a_log(20)
    path = as_csv(tmp_path / "log.csv", log)
    _publish(engine, path, "helpdesk")
    _import(engine, library, path, "helpdesk")
    with reading(engine) as session:
        for key in rows_of(session, ImportKey, source="events:helpdesk"):
            history = cases.histories(session, [key.case_id])[key.case_id]
            expected = sorted(log[key.key], key=lambda event: event[1])
            assert [(entry.to_stage, entry.at) for entry in history] == expected
            [case] = rows_of(session, Case, id=key.case_id)
            assert case.stage == expected[-1][0]


def test_a_log_by_months_counts_on_the_local_day(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    last_minute = datetime(2017, 12, 31, 23, 30, tzinfo=UTC)
    path = as_csv(tmp_path / "log.csv", {"1": [("Klaar", last_minute)]})
    _publish(engine, path, "helpdesk")
    _import(engine, library, path, "helpdesk")
    with transaction(engine) as session:
        january = Question(first=date(2018, 1, 1), last=date(2018, 1, 31))
        assert {row.reached for row in counted(session, january)} == {"Klaar"}


def test_importing_again_adds_only_what_is_new(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    log = a_log(60)
    path = as_csv(tmp_path / "log.csv", log)
    _publish(engine, path, "helpdesk")
    _import(engine, library, path, "helpdesk")
    before = all_rows(engine)
    again = _import(engine, library, path, "helpdesk")
    events = sum(len(some) for some in log.values())
    assert (again.already, again.events, again.cases, again.people) == (events, 0, 0, 0)
    assert all_rows(engine) == before

    log["zaak 3"].append(("Klaar", NOW - timedelta(days=1)))
    log["zaak 4"].insert(0, ("Ticket in", START - timedelta(days=9)))
    log["heel nieuw"] = [("Ticket in", START)]
    more = _import(engine, library, as_xes(tmp_path / "log.xes", log), "helpdesk")
    assert (more.events, more.already, more.cases, more.people) == (3, events, 1, 1)
    assert people_in(engine, "helpdesk") == cases_per_activity(log)
    with reading(engine) as session:
        [key] = rows_of(session, ImportKey, key="zaak 3")
        [case] = rows_of(session, Case, id=key.case_id)
        assert case.stage == "Klaar"


def test_an_activity_that_the_route_does_not_have_is_refused_with_the_reason(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    log = a_log(10)
    _publish(engine, as_csv(tmp_path / "log.csv", log), "helpdesk")
    log["zaak 1"].append(("Onbekend", NOW))
    log["alleen onbekend"] = [("Onbekend", NOW)]
    report = _import(engine, library, as_csv(tmp_path / "log.csv", log), "helpdesk")
    assert len(report.refused) == 2 and report.cases == 10
    assert all("Onbekend" in r.why and "discover" in r.remedy for r in report.refused)
    assert report.accepted == report.rows - 2


def test_lines_that_cannot_be_read_are_refused_with_their_number(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", a_log(5))
    _publish(engine, path, "helpdesk")
    path.write_text(path.read_text() + "\nzaak 9;Klaar;gisteren\n;Klaar;2018-01-01\n")
    report = _import(engine, library, path, "helpdesk")
    assert [refusal.row > 5 for refusal in report.refused] == [True, True]
    assert report.rows == report.accepted + 2 and report.cases == 5


def test_a_path_that_the_route_does_not_have_is_taken_and_told(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    log: Log = {"1": [("Ticket in", START), ("Klaar", START + timedelta(hours=1))]}
    path = as_csv(tmp_path / "log.csv", log)
    _publish(engine, path, "helpdesk")
    log["2"] = [("Klaar", START), ("Ticket in", START + timedelta(hours=1))]
    report = _import(engine, library, as_csv(path, log), "helpdesk")
    assert report.accepted == 4
    assert [str(warning)[0] for warning in report.warnings] == ["1"]


def test_a_dry_run_writes_nothing(engine: Engine, library: int, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "log.csv", a_log(20))
    _publish(engine, path, "helpdesk")
    before = all_rows(engine)
    report = _import(engine, library, path, "helpdesk", dry_run=True)
    assert (report.cases, report.dry_run) == (20, True)
    assert all_rows(engine) == before


def test_when_it_breaks_off_half_way_nothing_remains(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", a_log(20))
    _publish(engine, path, "helpdesk")
    before = all_rows(engine)

    def breaks(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(engine, library, path, "helpdesk", progress=breaks)
    assert all_rows(engine) == before
    assert people_in(engine, "helpdesk") == {}


def test_the_people_of_a_log_are_nameless_and_nothing_is_planned_for_them(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", a_log(8))
    _publish(engine, path, "helpdesk")
    _import(engine, library, path, "helpdesk")
    with reading(engine) as session:
        assert all(row.first_name is None for row in rows_of(session, Participant))
        assert {row.kind for row in rows_of(session, StageEntry)} == {"history"}
    assert all_rows(engine)["follow_up"] == 0


def test_what_is_no_log_or_no_route_changes_nothing(
    engine: Engine, library: int, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "log.csv", a_log(3))
    before = all_rows(engine)
    with pytest.raises(NotFound):
        _import(engine, library, path, "helpdesk")
    _publish(engine, path, "helpdesk")
    path.write_text("a;b;c\n1;2;3\n")
    with pytest.raises(FaultyFile):
        _import(engine, library, path, "helpdesk")
    assert all_rows(engine) == {**before, "workflow_version": before["workflow_version"] + 1}
