"""The ticks: every 15 seconds each job looks in the database for what is due; the one scheduler.

It keeps nothing: what it misses while it is down is found at the next tick, and any number of
processes may tick over one database.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from threading import Event

from apscheduler.schedulers.background import (  # type: ignore[import-untyped]
    BackgroundScheduler,
)

from core import clock
from notifications.mishaps import where

log = logging.getLogger("brug.ticks")
Job = Callable[[], object]
#: plan what must be done, put it into digests, take back what workers left, send
NAMES = ("plan", "digest", "release", "send")
SECONDS = 15.0


@dataclass(frozen=True)
class Ran:
    """What one job came to: its result, or what went wrong."""

    name: str
    result: object = None
    error: Exception | None = None


class Ticking:
    """Jobs that run at each tick, in threads beside this one, until they are stopped."""

    def __init__(self, jobs: Mapping[str, Job], stop: Event, seconds: float):
        self._stop = stop
        self._scheduler = BackgroundScheduler(timezone=UTC)
        for name, job in jobs.items():
            self._scheduler.add_job(
                _run, "interval", (name, job), seconds=seconds, id=name, next_run_time=clock.now(),
                coalesce=True, max_instances=1, misfire_grace_time=None,
            )  # fmt: skip
        self._scheduler.start()

    def stop(self) -> None:
        """Tell the jobs to end, and wait until they have: a mail under way is finished."""
        self._stop.set()
        self._scheduler.shutdown(wait=True)


def start(jobs: Mapping[str, Job], *, stop: Event | None = None, every: float = SECONDS) -> Ticking:
    """Start ticking; the first tick is now. `stop` is what long jobs look at to end early."""
    # it says at each tick that a job still runs, and what a mistake was, with its words
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    return Ticking(jobs, stop or Event(), every)


def once(jobs: Mapping[str, Job]) -> list[Ran]:
    """One tick here and now, one job after another; a job that fails does not stop the next."""
    return [_run(name, job) for name, job in jobs.items()]


def _run(name: str, job: Job) -> Ran:
    try:
        return Ran(name, job())
    except Exception as error:
        # tried again at the next tick
        log.error("%s failed: %s", name, where(error))
        return Ran(name, error=error)
