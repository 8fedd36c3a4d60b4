"""From what is due to a mail in a maildir, through its link in a browser, to done and back."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from cli import jobs
from core.settings import Settings
from notifications import digest
from notifications.sending import send_due
from notifications.writing import Post
from storage.engine import transaction
from storage.tables import ContactPerson, FollowUp, Staff
from tests.looking import rows_of, the_case
from tests.notifications.postfix import Postfix, postfix
from tests.notifications.servers import certificate
from tests.web.conftest import served
from tests.web.town import Town

__all__ = ["certificate", "postfix", "served"]


@pytest.fixture
def post(served: Town, postfix: Postfix) -> Post:
    """The mail of the town, through a real mail server; Ann and the teacher have a box there."""
    with transaction(served.engine) as session:
        ann = session.get_one(Staff, served.ann)
        teacher = session.get_one(ContactPerson, served.teacher)
        ann.email, teacher.email = postfix.address("ann"), postfix.address("wim")
        session.add_all([ann, teacher])
    settings = Settings(
        base_url=served.base_url, smtp_host="127.0.0.1", smtp_port=postfix.port,
        mail_from=f"Brug <{postfix.address('joke')}>",
    )  # fmt: skip
    made = jobs.post_of(settings)
    return Post(made.desk, made.relay, made.compose, made.render, now=lambda: served.now)


def _sent(served: Town, post: Post) -> dict[str, int]:
    """Send in a thread of its own: the browser of a test keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return dict(pool.submit(send_due, served.engine, post).result().states)


def _arrived(postfix: Postfix, name: str, subject: str) -> EmailMessage:
    """The newest mail of somebody whose subject holds these words."""
    found = [mail for mail in postfix.mails(name) if subject in str(mail["Subject"])]
    return found[-1]


def _links(mail: EmailMessage) -> tuple[list[str], list[str]]:
    """The links to answer with: those of the text, and those of the page."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    pattern = re.compile(r"http://localhost:\d+/a/[\w-]+")
    return pattern.findall(plain.get_content()), pattern.findall(html.get_content())


def _on(served: Town, day: datetime) -> None:
    served.now = day


def test_a_line_of_the_digest_is_done_and_undone(
    served: Town, post: Post, postfix: Postfix, window: Window
) -> None:
    case = served.case()
    row = served.follow_up(case, "first_call")
    _on(served, row.due_at + timedelta(hours=1))
    with transaction(served.engine) as session:
        assert digest.plan(session, served.now) == 1
    assert _sent(served, post) == {"sent": 1}

    mail = _arrived(postfix, "ann", "Vandaag te doen")
    assert "@" not in str(mail["Subject"]) and "Kanarie" not in str(mail["Subject"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    in_text, in_page = _links(mail)
    assert in_text and set(in_page) == set(in_text)

    window.goto(in_text[0])
    window.get_by_role("button", name="Gedaan").click()
    assert _state(served, row) == "done"
    window.get_by_role("button", name="ongedaan").click()
    expect(window.get_by_role("heading", level=1)).to_be_visible()
    assert _state(served, row) == "open"


def _state(served: Town, row: FollowUp) -> str:
    with transaction(served.engine) as session:
        return rows_of(session, FollowUp, id=row.id)[0].state


def test_a_provider_accepts_from_the_mail_and_the_case_moves(
    served: Town, post: Post, postfix: Postfix, window: Window
) -> None:
    case = served.case("referred")
    _on(served, served.now + timedelta(minutes=5))
    assert _sent(served, post)["sent"] >= 1
    mail = _arrived(postfix, "wim", "erwijzing")
    assert "Kanarie" not in mail.as_string()
    [link] = set(_links(mail)[0])

    # whoever only looks changes nothing, however often
    for _ in range(3):
        window.goto(link)
    assert _stage(served, case) == "referred"
    window.get_by_text("Aangenomen", exact=False).first.click()
    button = window.get_by_role("button", name="Aangenomen")
    if button.count():
        button.first.click()
    expect(window.get_by_role("heading", level=1)).to_be_visible()
    assert _stage(served, case) == "placed"


def _stage(served: Town, case: int) -> str:
    with transaction(served.engine) as session:
        return the_case(session, case).stage
