"""The link to choose a password is made with its mail, and comes while it is of use."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from notifications.views import KeyView
from referrals import invitations
from storage.queries import key_links
from storage.tables import KeyLink, Message, Staff
from tests.builders import NOW, a_library, a_staff
from tests.looking import rows_of
from tests.notifications.post import a_message, letter, needed, written


def _url(session: Session, kind: str) -> str:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    message = a_message(session, library, kind, staff_id=bas)
    view = needed(session, message).values["key"]
    assert isinstance(view, KeyView)
    return view.url


@pytest.mark.parametrize("kind", ["invitation", "reset"])
def test_the_link_opens_for_its_receiver_and_is_kept_as_a_fingerprint(
    session: Session, kind: str
) -> None:
    url = _url(session, kind)
    token = url.rpartition("/")[2]
    assert f"/{kind}/" in url
    opened = key_links.opened(session, token, kind, NOW)
    assert opened is not None and opened.person.name == "Bas"
    kept = " ".join(row.hash for row in rows_of(session, KeyLink))
    assert token not in kept and token not in str(rows_of(session, Message)[0])


@pytest.mark.parametrize(
    ("kind", "language", "day"),
    [
        ("invitation", "nl", "dinsdag 10 april"),
        ("invitation", "en", "Tuesday 10 April"),
        ("reset", "nl", "één uur"),
        ("reset", "en", "one hour"),
    ],
)
def test_the_mail_says_until_when_it_works(
    session: Session, kind: str, language: str, day: str
) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas", language=language)
    mail = written(session, a_message(session, library, kind, staff_id=bas))
    assert day in mail.text and mail.to_email == "bas@voorbeeld.nl"


def test_an_invitation_is_not_needed_once_a_password_was_chosen(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    message = a_message(session, library, "invitation", staff_id=bas)
    invitations.set_password(session, session.get_one(Staff, bas), "een paarse fiets", NOW)
    assert letter(session, message) is None


def test_a_mail_for_a_new_password_comes_within_two_hours_or_not_at_all(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas")
    message = a_message(session, library, "reset", staff_id=bas)
    assert letter(session, message, NOW + timedelta(hours=2)) is not None
    assert letter(session, message, NOW + timedelta(hours=2, seconds=1)) is None


def test_somebody_who_left_gets_no_link(session: Session) -> None:
    library = a_library(session)
    bas = a_staff(session, library, "Bas", active=False)
    for kind in ("invitation", "reset"):
        assert letter(session, a_message(session, library, kind, staff_id=bas)) is None
    assert not rows_of(session, KeyLink)
