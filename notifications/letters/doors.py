"""What was asked for on a page: a code to read who it is about, a new link for an old one."""

from notifications.composing import Writing
from notifications.letter import Letter
from notifications.views import CodeView, NewLinkView
from storage.queries import cases, follow_ups, reading_codes, referrals
from storage.tables import Participant


def code(writing: Writing) -> Letter | None:
    """A fresh code, which stands nowhere but in its mail; none when that could not go in time."""
    waited = (writing.now - writing.message.created_at).total_seconds() / 60
    if waited > reading_codes.MINUTES:
        return None
    fresh = reading_codes.fresh(writing.session, writing.message.detail["link"], writing.now)
    view = CodeView(code=fresh, minutes=reading_codes.MINUTES)
    return writing.letter("code", {"code": view})


def new_link(writing: Writing) -> Letter | None:
    """A new link to the same page, when there still is something to say there."""
    url = _url(writing)
    if url is None:
        return None
    view = NewLinkView(name=writing.name, url=url)
    return writing.letter("new_link", {"link": view})


def _url(writing: Writing) -> str | None:
    purpose, subject = writing.message.detail["purpose"], writing.message.detail["subject"]
    if purpose == "follow_up":
        row = follow_ups.by_number(writing.session, subject)
        if row is None:
            return None
        [case] = cases.standing(writing.session, [row.case_id])
        to = writing.staff if writing.message.staff_id else writing.contact
        return writing.links.follow_up(subject, case.version, to)
    if purpose == "referral":
        sent = referrals.locked(writing.session, subject)
        return writing.links.referral(subject, sent.version, writing.contact) if sent else None
    holder = writing.receiver
    return None if isinstance(holder, Participant) else writing.links.preferences(holder)
