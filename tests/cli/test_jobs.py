"""The jobs of a tick, put together: what is due is planned, told, sent, and what hangs let go."""

from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine

from cli import jobs
from core import clock
from core.settings import Settings
from notifications import rules
from notifications.desk import Desk
from notifications.letter import Address
from notifications.sending import Sent
from notifications.ticks import NAMES
from storage.engine import reading, transaction
from storage.tables import FollowUp, Message
from tests.builders import NOW, a_case, a_contact, a_library, a_partner, a_staff
from tests.looking import rows_of
from tests.notifications.mails import Moving
from tests.notifications.moments import DUE, at
from tests.notifications.servers import Sink, sink

__all__ = ["sink"]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Moving:
    """The clock, which a test moves."""
    moving = Moving(NOW)
    monkeypatch.setattr(clock, "now", moving)
    return moving


@pytest.fixture
def settings(sink: Sink) -> Settings:
    return Settings(
        smtp_host="127.0.0.1", smtp_port=sink.port, base_url="https://brug.voorbeeld.nl",
        mail_from="Brug <brug@voorbeeld.nl>", mail_only_to=(),
    )  # fmt: skip


@pytest.fixture
def library(engine: Engine) -> int:
    """A library where somebody owns a case, and a school was promised to hear from us."""
    with transaction(engine) as session:
        library = a_library(session)
        a_case(session, library, owner=a_staff(session, library, "Bas"))
        school = a_partner(session, library, "Basisschool De Ster (verzonnen)", "school")
        a_contact(session, school, "school@voorbeeld.nl")
        a_case(session, library, "referred", partner=school)
        return library


def test_there_is_a_job_for_every_name_in_that_order(engine: Engine, settings: Settings) -> None:
    assert list(jobs.jobs(engine, settings)) == list(NAMES)


def test_what_came_back_is_read_where_there_is_a_folder_for_it(
    engine: Engine, settings: Settings, library: int, time: Moving, tmp_path: Path
) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    folder = settings.model_copy(update={"bounce_folder": tmp_path})
    assert set(jobs.jobs(engine, folder)) == {*NAMES, "bounces"}
    assert jobs.jobs(engine, folder)["bounces"]() == 0


def test_a_tick_brings_what_is_due_to_the_mail_server(
    engine: Engine, settings: Settings, library: int, time: Moving, sink: Sink
) -> None:
    work = jobs.jobs(engine, settings)
    time.at = at(DUE, 8)
    assert (work["plan"](), work["digest"](), work["release"]()) == (0, 2, 0)
    sent = work["send"]()
    assert isinstance(sent, Sent) and sent.states == {"sent": 2}
    assert {mail.receivers[0] for mail in sink.accepted} == {
        "bas@voorbeeld.nl",
        "school@voorbeeld.nl",
    }
    # the next tick finds nothing
    assert (work["plan"](), work["digest"](), work["send"]()) == (0, 0, Sent())


def test_planning_goes_on_until_nothing_is_left(
    engine: Engine, settings: Settings, library: int, time: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BATCH", 2)
    monkeypatch.setattr(rules.plan, "__defaults__", (2,))
    time.at = at(date(2018, 4, 24), 8)
    assert jobs.plan(engine, 8) == 4
    with reading(engine) as session:
        assert len(rows_of(session, FollowUp, receiver="coordinator")) == 3
    assert jobs.plan(engine, 8) == 0


def test_what_a_worker_that_died_had_in_hands_goes_to_the_next(
    engine: Engine, settings: Settings, library: int, time: Moving, sink: Sink
) -> None:
    work = jobs.jobs(engine, settings)
    time.at = at(DUE, 8)
    work["digest"]()
    with transaction(engine) as session:
        for row in rows_of(session, Message):
            row.state, row.claim_token = "claimed", "gone"
            row.lease_until = time.at + timedelta(minutes=1)
    assert work["send"]() == Sent()
    assert work["release"]() == 0
    time.on(minutes=2)
    assert work["release"]() == 2
    assert work["send"]().states == {"sent": 2}  # type: ignore[attr-defined]


def test_whoever_is_told_to_stop_sends_nothing_more(
    engine: Engine, settings: Settings, library: int, time: Moving, sink: Sink
) -> None:
    stop = Event()
    work = jobs.jobs(engine, settings, stop)
    time.at = at(DUE, 8)
    work["digest"]()
    stop.set()
    work["send"]()
    assert sink.accepted == []


def test_the_post_is_made_from_the_settings() -> None:
    settings = Settings(
        base_url="https://brug.voorbeeld.nl:8443/x", mail_from="Het Taalhuis <huis@voorbeeld.nl>",
        smtp_host="mail.voorbeeld.nl", smtp_port=587, smtp_user="brug", smtp_security="starttls",
        smtp_password="geheim", mail_only_to=("@voorbeeld.nl",),
    )  # fmt: skip
    post = jobs.post_of(settings)
    sender = Address("Het Taalhuis", "huis@voorbeeld.nl")
    assert post.desk == Desk("https://brug.voorbeeld.nl:8443/x", sender)
    relay = post.relay
    assert (relay.host, relay.port, relay.user) == ("mail.voorbeeld.nl", 587, "brug")
    assert (relay.password, relay.security) == ("geheim", "starttls")
    assert (relay.only_to, relay.hello) == (("@voorbeeld.nl",), "brug.voorbeeld.nl")
    assert relay.may_mail("wim@voorbeeld.nl") and not relay.may_mail("wim@elders.nl")
