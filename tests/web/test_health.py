"""Probes: alive, ready, and whether mail gets out."""

from datetime import timedelta

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from storage.engine import transaction
from storage.queries import mail_health, messages
from storage.queries.messages import Queued
from storage.tables import Message
from tests.looking import rows_of
from tests.web.town import Town, Visitor
from web.app import create_app
from web.site import Site


def _queue(town: Town, **values: object) -> None:
    with transaction(town.engine) as session:
        mail = Queued(town.library, "digest:1", "digest", town.now, staff_id=town.ann)
        messages.queue(session, [mail], town.now)
        [row] = rows_of(session, Message)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def test_it_lives_and_is_ready(visitor: Visitor) -> None:
    assert visitor.client.get("/livez").json() == {"live": True}
    ready = visitor.client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "database": "ok", "mail": "ok"}


def test_probes_may_ask_by_number_and_with_head(visitor: Visitor) -> None:
    headers = {"host": "10.0.0.7:8000"}
    for path in ("/livez", "/readyz"):
        assert visitor.client.get(path, headers=headers).status_code == 200
        assert visitor.client.head(path, headers=headers).status_code == 200


def test_a_mail_server_in_trouble_is_shown_and_takes_no_page_away(
    town: Town, visitor: Visitor
) -> None:
    _queue(town, fault="unreachable", next_at=town.now + timedelta(minutes=4))
    ready = visitor.client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["mail"] == "unreachable"
    assert "voorbeeld" not in ready.text


def test_other_trouble_of_a_mail_is_none_of_the_server(town: Town, visitor: Visitor) -> None:
    _queue(town, fault="refused", state="failed")
    assert visitor.client.get("/readyz").json()["mail"] == "ok"


def test_an_old_trouble_is_over(town: Town, session: Session) -> None:
    mail = Queued(town.library, "digest:1", "digest", town.now, staff_id=town.ann)
    messages.queue(session, [mail], town.now)
    [row] = rows_of(session, Message)
    row.fault = "unreachable"
    session.add(row)
    session.flush()
    assert mail_health.in_trouble(session, town.now + timedelta(minutes=59))
    assert not mail_health.in_trouble(session, town.now + timedelta(minutes=61))


def test_a_database_that_is_not_there_or_too_old_is_not_ready(town: Town) -> None:
    for address, found in (
        ("sqlite://", "not migrated"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "unreachable"),
    ):
        broken = Town.__new__(Town)
        broken.base_url = town.base_url
        broken.app = create_app(Site(town.base_url), _engine(address), lambda: town.now)
        visitor = broken.visitor()
        reply = visitor.client.get("/readyz")
        assert reply.status_code == 503
        assert reply.json() == {"ready": False, "database": found, "mail": "unknown"}
        assert visitor.client.get("/livez").status_code == 200


def test_without_a_database_pages_say_so(town: Town) -> None:
    engine = _engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    town.app = create_app(Site(town.base_url), engine, lambda: town.now)
    page = town.visitor().open("/a/" + "x" * 43)
    assert page.status == 503
    assert page.title == "Dit werkt even niet"


def _engine(address: str) -> Engine:
    return create_engine(address)
