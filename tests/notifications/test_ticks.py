"""Ticks: each job comes again and again, one that fails or hangs disturbs no other."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from notifications import ticks


def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_every_job_comes_again_and_the_first_time_at_once() -> None:
    runs: Counter[str] = Counter()
    jobs = {name: lambda name=name: runs.update([name]) for name in ticks.NAMES}
    ticking = ticks.start(jobs, every=0.05)
    until(lambda: all(runs[name] >= 3 for name in ticks.NAMES))
    ticking.stop()
    after = dict(runs)
    time.sleep(0.15)
    assert runs == after


def test_a_job_that_fails_is_logged_without_its_words_and_comes_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries: list[int] = []

    def failing() -> None:
        tries.append(1)
        raise ValueError("Fatima woont in Leiden")

    well: list[int] = []
    with caplog.at_level(logging.DEBUG):
        ticking = ticks.start({"plan": failing, "send": lambda: well.append(1)}, every=0.05)
        until(lambda: len(tries) >= 2 and len(well) >= 2)
        ticking.stop()
    assert "plan failed: ValueError in failing (test_ticks.py" in caplog.text
    assert "Fatima" not in caplog.text


def test_a_job_that_hangs_runs_once_and_disturbs_no_other() -> None:
    stop, hanging, well = threading.Event(), [], []

    def hang() -> None:
        hanging.append(1)
        stop.wait(10)

    ticking = ticks.start({"send": hang, "plan": lambda: well.append(1)}, stop=stop, every=0.03)
    until(lambda: len(well) >= 5)
    assert len(hanging) == 1
    ticking.stop()


def test_stopping_waits_for_what_is_under_way() -> None:
    stop, done = threading.Event(), []

    def slow() -> None:
        stop.wait(10)
        time.sleep(0.1)
        done.append(1)

    ticking = ticks.start({"send": slow}, stop=stop, every=10)
    time.sleep(0.05)
    ticking.stop()
    assert done == [1]


def test_one_tick_runs_every_job_in_order_whatever_happens() -> None:
    ran = ticks.once({"plan": lambda: 1, "digest": lambda: 1 / 0, "send": lambda: 3})
    assert [(each.name, each.result) for each in ran] == [
        ("plan", 1),
        ("digest", None),
        ("send", 3),
    ]
    assert isinstance(ran[1].error, ZeroDivisionError)


def test_what_was_missed_is_done_once() -> None:
    """A machine that slept ticks once when it wakes, not for every tick that it missed."""
    ticking = ticks.start({"send": lambda: None})
    job = ticking._scheduler.get_job("send")
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert job.trigger.interval.total_seconds() == 15
    ticking.stop()
