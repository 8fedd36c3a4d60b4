"""Transactions: all or nothing, writers in turn, and errors in words."""

import multiprocessing
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from core.errors import DatabaseUnready
from storage.engine import at_once, open_engine, reading, rehearsal, transaction
from storage.tables import Organisation
from tests.builders import NOW, a_library
from tests.looking import rows_of

WRITERS, SECONDS = 16, 2.0


def _add(session: Session, name: str) -> None:
    session.add(Organisation(short_name=name, name=name, created_at=NOW))
    session.flush()


def _names(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [row.short_name for row in rows_of(session, Organisation)]


def test_what_ends_well_is_committed_and_what_raises_is_undone(engine: Engine) -> None:
    with transaction(engine) as session:
        _add(session, "kept")
    with pytest.raises(KeyError), transaction(engine) as session:
        _add(session, "lost")
        raise KeyError
    with pytest.raises(IntegrityError), transaction(engine) as session:
        _add(session, "lost as well")
        _add(session, "kept")
    assert _names(engine) == ["kept"]


def test_a_rehearsal_shows_what_would_happen_and_leaves_nothing(engine: Engine) -> None:
    with rehearsal(engine) as session:
        _add(session, "tried")
        assert rows_of(session, Organisation)
    assert _names(engine) == []


def test_after_an_error_the_next_transaction_finds_the_database_free(engine: Engine) -> None:
    for number in range(30):
        with pytest.raises(RuntimeError), transaction(engine) as session:
            _add(session, f"lost {number}")
            raise RuntimeError
    with transaction(engine) as session:
        _add(session, "kept")
    assert _names(engine) == ["kept"]


def test_readers_do_not_wait_for_a_writer_and_see_what_was_committed(engine: Engine) -> None:
    with transaction(engine) as session:
        _add(session, "pending")
        assert _names(engine) == []
    assert _names(engine) == ["pending"]


def test_a_reader_sees_one_moment_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    engine = _copy(sqlite_template, tmp_path)
    with reading(engine) as before:
        assert rows_of(before, Organisation) == []
        with transaction(engine) as session:
            _add(session, "later")
        assert rows_of(before, Organisation) == []
    engine.dispose()


def _copy(template: Path, tmp_path: Path) -> Engine:
    path = tmp_path / "own.sqlite"
    path.write_bytes(template.read_bytes())
    return open_engine(f"sqlite:///{path}")


def test_sqlite_survives_a_power_cut_and_checks_its_keys(
    sqlite_template: Path, tmp_path: Path
) -> None:
    engine = _copy(sqlite_template, tmp_path)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_sixteen_writers_get_their_turn_and_nobody_hears_that_it_is_locked(
    engine: Engine,
) -> None:
    """Each writer holds the lock for a moment, as moves do; on SQLite they queue in order."""
    with transaction(engine) as session:
        _add(session, "counter")
    stop = time.monotonic() + SECONDS
    turns = [0] * WRITERS
    longest = [0.0] * WRITERS
    errors: list[Exception] = []

    def write(place: int) -> None:
        while time.monotonic() < stop and not errors:
            asked = time.monotonic()
            try:
                with transaction(engine) as session:
                    longest[place] = max(longest[place], time.monotonic() - asked)
                    session.connection().execute(
                        text("UPDATE organisation SET closed_days = closed_days || 'x'")
                    )
                    turns[place] += 1
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with reading(engine) as session:
        [row] = rows_of(session, Organisation)
        assert len(row.closed_days) == sum(turns)
    if engine.dialect.name == "sqlite":
        assert max(longest) < 1.0, longest
        assert min(turns) * 4 >= max(turns), turns


def _hammer(address: str, seconds: float, results: "multiprocessing.Queue[object]") -> None:
    engine = open_engine(address)
    stop, turns, longest = time.monotonic() + seconds, 0, 0.0
    try:
        while time.monotonic() < stop:
            asked = time.monotonic()
            with transaction(engine) as session:
                longest = max(longest, time.monotonic() - asked)
                session.connection().execute(
                    text("UPDATE organisation SET closed_days = closed_days || 'x'")
                )
                turns += 1
        results.put((turns, longest))
    except Exception as error:
        results.put(repr(error))


def test_processes_on_one_sqlite_file_take_turns_too(sqlite_template: Path, tmp_path: Path) -> None:
    engine = _copy(sqlite_template, tmp_path)
    with transaction(engine) as session:
        _add(session, "counter")
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[object] = context.Queue()
    address = engine.url.render_as_string()
    processes = [context.Process(target=_hammer, args=(address, 1.0, results)) for _ in range(3)]
    for process in processes:
        process.start()
    found = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert all(isinstance(each, tuple) for each in found), found
    with reading(engine) as session:
        [row] = rows_of(session, Organisation)
        assert len(row.closed_days) == sum(each[0] for each in found)  # type: ignore[index]
    engine.dispose()


def test_a_new_sqlite_file_and_those_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    engine = open_engine(f"sqlite:///{tmp_path}/brug.sqlite")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE people (name TEXT)")
        modes = {
            path.name.removeprefix("brug.sqlite"): stat.S_IMODE(path.stat().st_mode)
            for path in tmp_path.iterdir()
        }
    os.umask(before)
    engine.dispose()
    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


def test_a_database_in_memory_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = open_engine("sqlite:///:memory:")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE people (name TEXT)")
    engine.dispose()
    assert not list(tmp_path.iterdir())


def test_a_sqlite_file_that_was_there_keeps_who_may_read_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o640)
    engine = open_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        _add(session, "kept")
    engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("address", "word"),
    [("nonsense", "sqlite:///"), ("mysql://x/y", "PostgreSQL"), ("", "sqlite:///")],
)
def test_an_address_that_is_none_is_refused_with_an_example(address: str, word: str) -> None:
    with pytest.raises(DatabaseUnready) as refusal:
        open_engine(address)
    assert word in refusal.value.remedy


def test_a_database_that_cannot_be_opened_is_told_in_words(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/nowhere/brug.sqlite")
    with pytest.raises(DatabaseUnready) as refusal, transaction(engine):
        pass
    assert "doctor" in refusal.value.remedy
    with pytest.raises(DatabaseUnready) as refusal, reading(engine):
        pass
    assert "doctor" in refusal.value.remedy
    engine.dispose()


def test_an_error_of_the_database_does_not_repeat_what_was_written(engine: Engine) -> None:
    with pytest.raises(DatabaseUnready) as refusal, transaction(engine):
        raise OperationalError("SELECT 'Fatima'", {"name": "Fatima"}, Exception("disk is full"))
    assert "disk is full" in str(refusal.value) and "Fatima" not in str(refusal.value)
    with pytest.raises(DatabaseUnready) as refusal, transaction(engine):
        raise engine.dialect.loaded_dbapi.OperationalError("disk is full")
    assert refusal.value.thing == "disk is full"


def test_a_mark_waits_for_nobody(engine: Engine) -> None:
    """While somebody writes at length it is left for the next time; afterwards it is made."""
    if engine.dialect.name == "sqlite":
        with transaction(engine), at_once(engine) as nothing:
            assert nothing is None
    with at_once(engine) as session:
        assert session is not None
        a_library(session)
    with reading(engine) as session:
        assert len(rows_of(session, Organisation)) == 1
