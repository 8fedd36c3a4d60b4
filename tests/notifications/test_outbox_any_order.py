"""Whatever workers and clocks do in whatever order: nothing is lost, and a cut costs one double."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from notifications import outbox
from notifications.outcomes import Delivered, Later, Outcome, Uncertain, Unreachable
from storage.engine import transaction
from storage.queries.outbox import Begun, Outgoing
from tests.notifications.mails import Office

MAILS = 4
ENDS: dict[str, Outcome] = {
    "delivered": Delivered(),
    "cut after": Uncertain("cut"),
    "cut before": Uncertain("cut"),
    "later": Later("451"),
    "away": Unreachable("gone"),
}
ACTS = ("claim", "start", "pass time", "release", "die", *ENDS)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 99)), max_size=40))
def test_nothing_is_lost_and_a_cut_costs_one_double(
    engine: Engine, acts: list[tuple[str, int]]
) -> None:
    world = _World(Office(engine, port=1, library=_library(engine), coordinator=1))
    for act, choice in acts:
        world.do(act, choice)
        world.check()
    world.run_out()


def _library(engine: Engine) -> int:
    """One library for all examples; each begins with an empty outbox."""
    office = Office(engine, port=1) if not _rows(engine) else None
    with transaction(engine) as session:
        session.connection().exec_driver_sql("DELETE FROM message")
    return office.library if office else 1


def _rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM organisation").scalar_one())


class _World:
    """Two workers, a mail server that counts, and a clock that is moved."""

    def __init__(self, office: Office):
        self.office = office
        self.numbers = office.queue(MAILS)
        #: what each worker believes to hold: claimed, and begun
        self.claimed: list[list[Outgoing]] = [[], []]
        self.begun: list[list[Outgoing]] = [[], []]
        self.arrived: Counter[int] = Counter()
        #: deliveries of which nobody could write down that they were made
        self.untold: Counter[int] = Counter()

    def do(self, act: str, choice: int) -> None:
        worker = choice % 2
        now = self.office.clock.at
        if act == "pass time":
            self.office.clock.on(minutes=(choice % 30) - 3)
        elif act == "die":
            if choice % 3 == 0:
                # the mail server took what the worker was at, and nobody wrote so down
                for mail in self.begun[worker]:
                    self.arrived[mail.id] += 1
                    self.untold[mail.id] += 1
            self.claimed[worker], self.begun[worker] = [], []
        elif act == "release":
            with transaction(self.office.engine) as session:
                outbox.release(session, now)
        elif act == "claim":
            with transaction(self.office.engine) as session:
                self.claimed[worker] += outbox.claim(session, now, limit=1 + choice % 3)
        elif act == "start":
            self._start(worker, choice)
        elif self.begun[worker]:
            self._end(self.begun[worker].pop(choice % len(self.begun[worker])), act)

    def _start(self, worker: int, choice: int) -> None:
        if not self.claimed[worker]:
            return
        mail = self.claimed[worker].pop(choice % len(self.claimed[worker]))
        with (
            suppress(outbox.Overtaken),
            transaction(self.office.engine) as session,
        ):
            outbox.start_data(session, [Begun(mail, "a@b.nl", "<1@b>")], self.office.clock.at)
            self.begun[worker].append(mail)

    def _end(self, mail: Outgoing, act: str) -> None:
        came = act in ("delivered", "cut after")
        self.arrived[mail.id] += came
        with transaction(self.office.engine) as session:
            state = outbox.settle(session, mail, ENDS[act], self.office.clock.at)
        if came and state != "sent":
            self.untold[mail.id] += 1

    def check(self) -> None:
        for row in self.office.rows():
            number = row.id or 0
            assert self.arrived[number] - 1 <= self.untold[number]
            if row.state == "sent":
                assert self.arrived[number]
            held = row.state in ("claimed", "data_started")
            assert held is (row.claim_token is not None) is (row.lease_until is not None)

    def run_out(self) -> None:
        """The workers die, time goes by, and another one does what is left."""
        for _ in range(40):
            self.office.clock.on(hours=1)
            self.do("release", 0)
            self.do("claim", 2)
            while self.claimed[0] or self.begun[0]:
                self.do("start", 0)
                self.do("delivered", 0)
                self.check()
        self.office.clock.at += timedelta(days=1)
        assert self.office.states() == ["sent"] * MAILS
        assert all(self.arrived[number] for number in self.numbers)
