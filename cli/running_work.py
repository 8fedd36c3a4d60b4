"""What `brug serve`, `worker` and `tick` do: pages and ticks, until somebody stops them."""

import signal
from collections.abc import Sequence
from threading import Event
from typing import Any

from cli import printing, serve_work
from cli.composition import Program
from cli.jobs import jobs
from cli.language import t
from core import clock
from core.words import Told
from notifications import ticks
from notifications.sending import Sent
from notifications.ticks import Ran, Ticking
from workflows.lifecycles import CALLED

#: what each job is called for people
_JOBS = {
    "plan": Told("passed on"),
    "digest": Told("mails planned"),
    "release": Told("taken back"),
    "bounces": Told("came back"),
    "send": Told("mails"),
}


def serve(program: Program, *, host: str, port: int, with_worker: bool) -> None:
    """Serve the pages; raises what a command raises when the database is not ready."""
    engine, settings = program.engine, program.settings
    stop = Event()

    def start() -> Ticking:
        return ticks.start(jobs(engine, settings, stop), stop=stop)

    printing.say("The pages are at {address}. Stop with Ctrl-C.", address=settings.base_url)
    serve_work.serve(
        settings, engine, clock.now, host=host, port=port, start=start if with_worker else None,
        proxies=settings.proxies,
    )  # fmt: skip


def work(program: Program) -> None:
    """Tick until SIGTERM or Ctrl-C; the mail that is under way is finished."""
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    ticking = ticks.start(jobs(program.engine, program.settings, stop), stop=stop)
    printing.say("The worker runs. Stop with Ctrl-C.")
    stop.wait()
    ticking.stop()


def tick(program: Program) -> list[Ran]:
    """One tick, one job after another."""
    return ticks.once(jobs(program.engine, program.settings))


def show(ran: Sequence[Ran]) -> None:
    """What each job came to."""
    printing.table(("What", "Found"), ((t(_JOBS[each.name]), _found(each)) for each in ran))


def as_json(ran: Sequence[Ran]) -> dict[str, Any]:
    """What each job came to, for programs."""
    return {each.name: _plain(each) for each in ran}


def _found(ran: Ran) -> str:
    if ran.error is not None:
        return f"✗ {t(str(ran.error))}"
    if isinstance(ran.result, Sent):
        states = [f"{t(CALLED.get(name, name))}: {n}" for name, n in ran.result.states.items()]
        return ", ".join([*states, *([ran.result.unreachable] if ran.result.unreachable else [])])
    return str(ran.result)


def _plain(ran: Ran) -> Any:
    if ran.error is not None:
        return {"error": str(ran.error)}
    if isinstance(ran.result, Sent):
        return {**ran.result.states, "unreachable": ran.result.unreachable}
    return ran.result
