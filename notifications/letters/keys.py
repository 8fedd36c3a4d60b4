"""What lets staff choose a password, the first one or a new one; the link is made with its mail."""

from datetime import timedelta

from core import clock
from notifications.composing import Writing
from notifications.letter import Letter
from notifications.views import KeyView
from storage.queries import accounts, key_links


def invitation(writing: Writing) -> Letter | None:
    """The first password; none when it was chosen meanwhile."""
    row = accounts.secrets_of(writing.session, writing.staff.id or 0)
    return None if row and row.password_hash else _letter(writing, "invitation")


def reset(writing: Writing) -> Letter | None:
    """A new password; none when the mail could not go while somebody waited for it."""
    late = writing.now - writing.message.created_at > timedelta(hours=2)
    return None if late else _letter(writing, "reset")


def _letter(writing: Writing, kind: str) -> Letter:
    last = writing.now + key_links.LASTS[kind]
    view = KeyView(
        name=writing.name,
        url=writing.links.key(writing.session, kind, writing.staff),
        last_day=clock.local_day(last, writing.library.zone),
    )
    return writing.letter(kind, {"key": view})
