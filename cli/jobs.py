"""The jobs of every tick, put together: plan, digest, release, what came back, send."""

from collections.abc import Mapping
from email.utils import parseaddr
from threading import Event
from urllib.parse import urlsplit

from sqlalchemy import Engine

from core import clock
from core.settings import Settings
from notifications import bounces, composing, digest, outbox, rendering, rules, sending
from notifications.desk import Desk
from notifications.letter import Address
from notifications.relay import Relay
from notifications.ticks import Job
from notifications.writing import Post
from storage.engine import transaction
from storage.queries import tidying


def jobs(engine: Engine, settings: Settings, stop: Event | None = None) -> Mapping[str, Job]:
    """What a tick does, by the names of `notifications.ticks.NAMES`."""
    post = post_of(settings)
    return {
        "plan": lambda: plan(engine, settings.due_hour),
        "digest": lambda: digests(engine, settings.due_hour),
        "release": lambda: _release(engine),
        **_bounces(engine, settings),
        "send": lambda: sending.send_due(
            engine, post, connections=settings.smtp_connections, stop=stop
        ),
    }


def _bounces(engine: Engine, settings: Settings) -> Mapping[str, Job]:
    """Reading what came back, where there is a folder for it."""
    folder = settings.bounce_folder
    if folder is None:
        return {}
    return {"bounces": lambda: bounces.read_folder(engine, folder, clock.now()).total()}


def post_of(settings: Settings) -> Post:
    """How mails are written and who takes them."""
    return Post(
        desk=Desk(settings.base_url, sender_of(settings)),
        relay=relay_of(settings),
        compose=composing.compose,
        render=rendering.render,
        now=clock.now,
    )


def sender_of(settings: Settings) -> Address:
    """The sender of all mails."""
    name, email = parseaddr(settings.mail_from)
    return Address(name, email)


def relay_of(settings: Settings) -> Relay:
    """The mail server that takes our mails."""
    return Relay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        security=settings.smtp_security,
        only_to=settings.mail_only_to,
        hello=urlsplit(settings.base_url).hostname or "localhost",
    )


def plan(engine: Engine, due_hour: int) -> int:
    """Escalate and ask again until nothing is left, a transaction for each batch."""
    planned = 0
    while True:
        with transaction(engine) as session:
            batch = rules.plan(session, clock.now(), due_hour)
        planned += batch
        if batch < rules.BATCH:
            return planned


def digests(engine: Engine, due_hour: int) -> int:
    """Queue the digests whose hour has come, and ask people at partners."""
    with transaction(engine) as session:
        return digest.plan(session, clock.now()) + digest.ask_partners(
            session, clock.now(), due_hour
        )


def _release(engine: Engine) -> int:
    with transaction(engine) as session:
        tidying.tidy(session, clock.now())
        return outbox.release(session, clock.now())
